//! Whole cases: every text that comes out of a log and some answers, word for word. `UPDATE=1` writes them anew; they are
//! then read as the receiver would read them.

use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

use crate::draft;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/documents/cases");

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// The texts that people read; tables, archives and pictures are looked at elsewhere.
fn is_text(name: &str) -> bool {
    name == "ticket.txt" || name == "note.md" || name.starts_with("letter-") || name == "said"
}

#[test]
fn every_case_reads_as_it_was_read() {
    let cases = cases();
    assert!(cases.len() >= 10);
    for case in cases {
        let out = tempfile::tempdir().unwrap();
        let arguments = fs::read_to_string(case.join("arguments")).unwrap();
        let arguments: Vec<&str> = arguments.lines().filter(|line| !line.is_empty()).collect();
        let output = draft(out.path(), &arguments, case.join("mail.log").to_str().unwrap());
        let said = String::from_utf8_lossy(&output.stdout).replace(out.path().to_str().unwrap(), "OUT");
        fs::write(out.path().join("said"), said).unwrap();
        same_texts(&case, out.path());
        same_mail(out.path());
    }
}

fn texts(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| is_text(name)).collect();
    names.sort();
    names
}

fn same_texts(case: &Path, out: &Path) {
    if std::env::var_os("UPDATE").is_some() {
        texts(case).iter().for_each(|name| fs::remove_file(case.join(name)).unwrap());
        for name in texts(out) {
            fs::copy(out.join(&name), case.join(&name)).unwrap();
        }
    }
    assert_eq!(texts(out), texts(case), "{}", case.display());
    for name in texts(case) {
        let (found, kept) = (fs::read_to_string(out.join(&name)).unwrap(), fs::read_to_string(case.join(&name)).unwrap());
        assert!(found == kept, "{}/{name}; UPDATE=1 writes it anew\n{found}", case.display());
    }
}

/// The draft says what the text says: to mail-parser, and to Python's own mail package.
fn same_mail(out: &Path) {
    let text = fs::read_to_string(out.join("ticket.txt")).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let subject = head.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let raw = fs::read(out.join("ticket.eml")).unwrap();
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!((mail.subject(), mail.attachment_count()), (Some(subject), 0));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").trim(), body.trim());
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    let script = "import email, email.policy, json, sys\nm = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\nprint(json.dumps([str(m['subject']), m.get_content(), len(list(m.iter_attachments())), m.defects == []]))";
    let python = std::process::Command::new("python3").args(["-c", script, out.join("ticket.eml").to_str().unwrap()]).output().unwrap();
    let [theirs, content, attachments, sound] =
        serde_json::from_slice::<[serde_json::Value; 4]>(&python.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&python.stderr)));
    assert_eq!((theirs.as_str(), attachments.as_u64(), sound.as_bool()), (Some(subject), Some(0), Some(true)));
    assert_eq!(content.as_str().unwrap().replace("\r\n", "\n").trim(), body.trim());
}

#[test]
fn attachments_go_along_by_choice_and_the_text_stays() {
    let out = tempfile::tempdir().unwrap();
    draft(out.path(), &[&crate::FACTS[..], &["--attach", "pdf", "--attach", "bundle"]].concat(), crate::SAMPLE);
    let raw = fs::read(out.path().join("ticket.eml")).unwrap();
    let mail = MessageParser::default().parse(&raw).unwrap();
    let files: Vec<(String, Vec<u8>)> =
        mail.attachments().map(|part| (mail_parser::MimeHeaders::attachment_name(part).unwrap().to_owned(), part.contents().to_vec())).collect();
    for ((name, content), wanted) in files.iter().zip(["report.pdf", "evidence.zip"]) {
        assert_eq!((name.as_str(), content), (wanted, &fs::read(out.path().join(wanted)).unwrap()));
    }
    assert_eq!(files.len(), 2);
    let text = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").trim(), text.split_once("\n\n").unwrap().1.trim());
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
}

#[test]
fn hostile_words_change_no_header_and_add_no_part() {
    let (out, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = folder.path().join("mail.log");
    let line = "2026-10-05T07:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HM08] \rBcc: b@x.example\r--boundary =?utf-8?q?=0d=0aBcc:_c@x.example?= \u{202e}\u{1b}[31m (in reply to RCPT TO command))\n";
    fs::write(&log, line).unwrap();
    let hostile = "Evil\r\nBcc: victim@x.example\r\n\r\n--boundary\r\nContent-Type: text/html";
    let facts = [
        "--company",
        hostile,
        "--domain",
        "x.example\r\nBcc: v@x.example",
        "--ref",
        "1\r\nBcc: w@x.example",
        "--from",
        "\"=?utf-8?q?=0d=0aBcc:_c@x.example?=\" <a@x.example>",
        "--cause",
        hostile,
    ];
    let output = draft(out.path(), &facts, log.to_str().unwrap());
    let raw = fs::read(out.path().join("ticket.eml")).unwrap();
    let mail = MessageParser::default().parse(&raw).unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert!(mail.bcc().is_none() && mail.parts.len() == 1 && mail.attachment_count() == 0);
    let names: Vec<String> = mail.headers().iter().map(|header| header.name().to_lowercase()).collect();
    let expected = ["from", "to", "subject", "mime-version", "content-type", "content-transfer-encoding", "x-unsent"];
    assert!(names.iter().all(|name| expected.contains(&name.as_str())), "{names:?}");
    let body = mail.body_text(0).unwrap();
    assert!(!body.contains('\u{1b}') && !body.contains('\u{202e}') && body.contains("\\u{202e}"), "{body}");
}
