//! Nothing personal gets out: addresses, names and places are sown in every clothes a log has, and looked for in every
//! document, unpacked and as text.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use crate::{FACTS, draft};

/// What must be in no document.
const SECRETS: [&str; 9] = [
    "annasecret",
    "linneasecret",
    "secretfamily",
    "10.20.30.40",
    "mailhost.secretlan.local",
    "secretsubject",
    "/home/secretuser",
    "secretlogin",
    "secretfolder",
];

fn log(folder: &Path) -> String {
    let place = folder.join("secretfolder-of-anna");
    fs::create_dir_all(&place).unwrap();
    let path = place.join("mail.log");
    let mut text = String::new();
    for (at, recipient) in ["annasecret@icloud.com", "AnnaSecret@icloud.com", "linneasecret@secretfamily.example", "o@secretfamily.example"].iter().enumerate()
    {
        let (id, second) = (format!("4D2F09CE0{at:02}"), 10 + at);
        let said = format!("550 5.7.1 [HCM2] Your mail from 203.0.113.25 to <{recipient}> was rejected. Mail=annasecret%40icloud.com secretfamily.example");
        text += &format!(
            "2026-10-05T07:14:{second}Z mailhost.secretlan.local postfix/smtpd[7]: {id}: client=pc.mailhost.secretlan.local[10.20.30.40], sasl_method=PLAIN, sasl_username=secretlogin\n\
             2026-10-05T07:14:{second}Z mailhost.secretlan.local postfix/cleanup[8]: {id}: warning: header Subject: secretsubject from local; from=<news@northwind.example>\n\
             2026-10-05T07:14:{second}Z mailhost.secretlan.local postfix/qmgr[9]: {id}: from=<bounce+annasecret=icloud.com@northwind.example>, size=1, nrcpt=1 (queue active)\n\
             2026-10-05T07:14:{second}Z mailhost.secretlan.local postfix/smtp[1]: {id}: to=<{recipient}>, orig_to=<linneasecret@northwind.example>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: {said} (in reply to RCPT TO command))\n\
             2026-10-05T07:14:{second}Z mailhost.secretlan.local postfix/pickup[2]: {id}: uid=33 from=<annasecret> cwd=/home/secretuser/www\n"
        );
    }
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A document as text, archives unpacked.
fn readable(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    match path.extension().and_then(|end| end.to_str()) {
        Some("pdf") => {
            let run = |program: &str, arguments: &[&str]| String::from_utf8_lossy(&Command::new(program).args(arguments).output().unwrap().stdout).into_owned();
            let name = path.to_str().unwrap();
            // Words that the layout breaks are put together again.
            let text = run("pdftotext", &[name, "-"]);
            text.replace('\n', "") + &run("pdfinfo", &[name]) + &run("qpdf", &["--qdf", name, "-"])
        }
        Some("zip" | "xlsx") => unpacked(bytes),
        Some("eml") => mail_parser::MessageParser::default().parse(&bytes).unwrap().body_text(0).unwrap().into_owned() + &String::from_utf8_lossy(&bytes),
        _ => String::from_utf8(bytes).unwrap(),
    }
}

fn unpacked(bytes: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        text += &member.name().unwrap();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        let is_archive = content.starts_with(b"PK");
        text += &if is_archive { unpacked(content) } else { String::from_utf8_lossy(&content).into_owned() };
    }
    text
}

#[test]
fn no_document_holds_a_secret() {
    let (out, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    draft(out.path(), &FACTS, &log(folder.path()));
    let files: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        let text = readable(&file).to_lowercase();
        assert!(text.len() > 100, "{}", file.display());
        for secret in SECRETS {
            let at = text.find(secret);
            assert!(at.is_none(), "{} holds {secret}: {:?}", file.display(), at.map(|at| text.get(at.saturating_sub(80)..(at + 80).min(text.len()))));
        }
    }
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert!(letter.contains("[removed-") && letter.contains("[custom domain #1]"), "{letter}");
}

#[test]
fn the_same_recipient_has_the_same_mark_everywhere_and_the_user_can_lift_it() {
    let (out, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = log(folder.path());
    draft(out.path(), &FACTS, &log);
    let marks = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(out.path().join(name)).unwrap();
        text.match_indices("[removed-").filter_map(|(at, _)| text.get(at..at + 25)).filter(|mark| mark.ends_with("]@icloud.com")).map(str::to_owned).collect()
    };
    let (table, letter) = (marks("attempts.csv"), marks("ticket.txt"));
    assert!(!letter.is_empty() && letter.iter().all(|mark| table.contains(mark)), "{letter:?} {table:?}");
    draft(out.path(), &[&FACTS[..], &["--redact", "none", "--force"]].concat(), &log);
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert!(letter.contains("annasecret@icloud.com") && !letter.contains("removed by us"));
}
