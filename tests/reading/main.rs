//! The program reads what it is given: hostile logs exactly, bad input without losing the rest.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, clippy::print_stdout)]

mod cuts;
#[path = "../../crates/scan/benches/generator.rs"]
mod generator;
mod laws;
mod listings;
mod reference;
mod samples;
mod sending;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn reprieve(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reprieve")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn scan(path: &Path, more: &[&str]) -> (Value, i32, String) {
    let mut arguments = vec!["scan", "--json", "--tz", "UTC", "--until-year", "2026"];
    arguments.extend(more);
    arguments.push(path.to_str().unwrap());
    let output = reprieve(&arguments);
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (document, output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The document without what differs between two runs.
fn timeless(mut document: Value) -> String {
    document["intake"]["seconds"] = Value::Null;
    serde_json::to_string(&document).unwrap()
}

const LINE: &str = "2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. (in reply to RCPT TO command))\n";

#[test]
fn a_hostile_log_is_read_exactly_however_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let mut bytes = Vec::new();
    let truth = generator::write(&mut bytes, 6 << 20, 7).unwrap();
    fs::write(&log, &bytes).unwrap();
    let whole_file = (bytes.len() + 1).to_string();
    let (reference, ..) = scan(&log, &["--part", &whole_file, "--threads", "1"]);
    let totals = &reference["totals"];
    let found = ["attempts", "delivered", "deferred", "rejected"].map(|key| totals[key].as_u64().unwrap());
    assert_eq!(found, [truth.attempts, truth.delivered, truth.deferred, truth.rejected]);
    assert_eq!(reference["intake"]["sources"][0]["lines"], truth.lines);
    assert_eq!(reference["intake"]["sources"][0]["not_understood"], 0);
    let expected = timeless(reference);
    for part in ["4096", "1048576"] {
        for threads in ["1", "2", "7"] {
            assert_eq!(timeless(scan(&log, &["--part", part, "--threads", threads]).0), expected, "parts of {part}, {threads} threads");
        }
    }
}

#[test]
fn the_smallest_parts_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let mut bytes = Vec::new();
    generator::write(&mut bytes, 200_000, 11).unwrap();
    fs::write(&log, &bytes).unwrap();
    cuts::change_nothing(&log);
}

#[test]
fn attempts_are_joined_the_same_however_the_file_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let mut bytes = Vec::new();
    let truth = generator::write(&mut bytes, 2 << 20, 13).unwrap();
    fs::write(&log, &bytes).unwrap();
    let lines = |part: &str| {
        let output = reprieve(&["scan", "--attempts", "--tz", "UTC", "--until-year", "2026", "--part", part, log.to_str().unwrap()]);
        String::from_utf8(output.stdout).unwrap()
    };
    let whole = lines("99999999");
    assert_eq!(whole.lines().count() as u64, truth.attempts);
    assert!(whole.lines().all(|line| line.contains(r#""sender":"user"#)), "every attempt has its sender");
    assert_eq!(lines("4096"), whole);
}

#[test]
fn compressed_and_plain_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    generator::write(&mut bytes, 300_000, 5).unwrap();
    let plain = folder.path().join("a.log");
    fs::write(&plain, &bytes).unwrap();
    let (expected, ..) = scan(&plain, &[]);
    let packed = folder.path().join("a.log.gz");
    let mut encoder = flate2::write::GzEncoder::new(fs::File::create(&packed).unwrap(), flate2::Compression::fast());
    encoder.write_all(&bytes).unwrap();
    encoder.finish().unwrap();
    for more in [&[][..], &["--part", "4096"]] {
        let (found, code, _) = scan(&packed, more);
        assert_eq!((&found["totals"], &found["incident"], code), (&expected["totals"], &expected["incident"], 0));
        assert_eq!(found["intake"]["sources"][0]["compression"], "gzip");
    }
    let packed = folder.path().join("c.log.zst");
    let (early, late) = bytes.split_at(bytes.len() / 3);
    fs::write(&packed, [early, late].map(|frame| zstd::encode_all(frame, 1).unwrap()).concat()).unwrap();
    assert_eq!(scan(&packed, &[]).0["totals"], expected["totals"], "two frames of zstd");
    for (tool, name) in [("xz", "b.log.xz"), ("bzip2", "b.log.bz2")] {
        let output = Command::new(tool).arg("-c").stdin(fs::File::open(&plain).unwrap()).output().unwrap_or_else(|error| panic!("{tool}: {error}"));
        let packed = folder.path().join(name);
        fs::write(&packed, output.stdout).unwrap();
        assert_eq!(scan(&packed, &[]).0["totals"], expected["totals"], "{tool}");
    }
}

/// Reads one odd source beside a good one: the good one is always found.
fn beside_a_good_log(name: &str, content: &[u8]) -> (Value, i32, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.log"), LINE).unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let (document, code, errors) = scan(folder.path(), &[]);
    assert_eq!(document["totals"]["rejected"], 1, "{name}");
    let odd = document["intake"]["sources"].as_array().unwrap().iter().find(|source| source["path"].as_str().unwrap().ends_with(name)).cloned();
    (odd.unwrap_or_else(|| panic!("{name} is not in the intake")), code, errors)
}

#[test]
fn repetitions_count_as_often_as_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let again = |times: u32| format!("2026-10-03T09:14:08Z mail last message repeated {times} times\n");
    let quoted = LINE.replace(": 4D2F09CE4FB: ", ": message repeated 5 times: [ 4D2F09CE4FB: ").replace("command))", "command))]");
    fs::write(&log, [LINE, &again(3), &again(2), "2026-10-03T09:14:09Z mail sshd[1]: x\n", &again(7), &quoted].concat()).unwrap();
    for part in ["64", "99999999"] {
        let (document, ..) = scan(&log, &["--part", part]);
        assert_eq!((&document["totals"]["attempts"], &document["totals"]["messages"]), (&Value::from(11), &Value::from(1)));
    }
}

#[test]
fn odd_sources_are_named_and_the_rest_is_read() {
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("empty.log", Vec::new(), "empty"),
        ("binary.dat", (0..100_000u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect(), "no_mail_log"),
        ("nginx.log", b"203.0.113.9 - - [03/Oct/2026:09:14:07 +0000] \"GET / HTTP/1.1\" 200 612\n".repeat(50), "no_mail_log"),
        ("huge.log", vec![b'x'; 10 << 20], "not_understood"),
    ];
    for (name, content, code) in cases {
        let (source, exit, errors) = beside_a_good_log(name, &content);
        let codes: Vec<_> = source["problems"].as_array().unwrap().iter().map(|problem| problem["code"].clone()).collect();
        assert!(codes.contains(&Value::from(code)), "{name}: {codes:?}");
        assert!(errors.contains(name) && exit == 0, "{name}: {exit} {errors}");
    }
}

#[test]
fn a_line_of_ten_megabytes_costs_one_line_only() {
    let content = [LINE.as_bytes(), &vec![b'y'; 10 << 20], b"\n", LINE.as_bytes()].concat();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    fs::write(&log, content).unwrap();
    for part in ["1048576", "99999999"] {
        let (document, ..) = scan(&log, &["--part", part]);
        let source = &document["intake"]["sources"][0];
        assert_eq!((&document["totals"]["attempts"], &source["lines"], &source["not_understood"]), (&Value::from(2), &Value::from(3), &Value::from(1)));
    }
}

#[test]
fn a_truncated_archive_gives_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("cut.log.gz");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut bytes = Vec::new();
    generator::write(&mut bytes, 400_000, 3).unwrap();
    encoder.write_all(&bytes).unwrap();
    let whole = encoder.finish().unwrap();
    fs::write(&packed, &whole[..whole.len() / 2]).unwrap();
    let (document, code, errors) = scan(&packed, &[]);
    assert!(document["totals"]["attempts"].as_u64().unwrap() > 0 && errors.contains("cut off"), "{errors}");
    assert_eq!((&document["intake"]["sources"][0]["problems"][0]["code"], code), (&Value::from("unreadable"), 0));
}

#[test]
fn a_growing_file_is_read_to_the_length_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    fs::write(&log, LINE.repeat(20_000)).unwrap();
    let before = fs::metadata(&log).unwrap().len();
    let done = std::sync::atomic::AtomicBool::new(false);
    let (document, code, after) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                file.write_all(LINE.as_bytes()).unwrap();
            }
        });
        let (document, code, _) = scan(&log, &["--part", "65536"]);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        (document, code, fs::metadata(&log).unwrap().len())
    });
    let bytes = document["intake"]["bytes"].as_u64().unwrap();
    assert!((before..=after).contains(&bytes) && code == 0, "{before} {bytes} {after}");
    let (line, attempts) = (LINE.len() as u64, document["totals"]["attempts"].as_u64().unwrap());
    assert!((bytes / line..=bytes.div_ceil(line)).contains(&attempts), "{attempts} attempts in {bytes} bytes");
}

/// Root may read everything, so the program is run as nobody.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told_and_the_rest_is_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (program, secret, open) = (folder.path().join("reprieve"), folder.path().join("secret.log"), folder.path().join("open.log"));
    fs::copy(env!("CARGO_BIN_EXE_reprieve"), &program).unwrap();
    fs::write(&secret, LINE).unwrap();
    fs::write(&open, LINE).unwrap();
    for (path, mode) in [(folder.path(), 0o755), (&program, 0o755), (&secret, 0o000), (&open, 0o644)] {
        allow(path, mode);
    }
    let mut command = Command::new(&program);
    command.args(["scan", "--json"]).args([&secret, &open]).stdin(Stdio::null());
    if Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0" {
        command.uid(65_534);
    }
    let output = command.output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &document["totals"]["attempts"]), (Some(3), &Value::from(1)));
    assert!(errors.contains("secret.log") && errors.contains("read it as root"), "{errors}");
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let mut line = LINE.replace("was rejected.", "was \u{1}rejected.").into_bytes();
    let at = line.iter().position(|byte| *byte == 1).unwrap();
    line[at] = 0xff;
    fs::write(&log, [b"\0\0\0\0".as_slice(), &line, b"\xff\xfe garbage\n"].concat()).unwrap();
    let output = reprieve(&["scan", "--attempts", "--tz", "UTC", log.to_str().unwrap()]);
    let attempt: Value = serde_json::from_slice(output.stdout.trim_ascii()).unwrap();
    assert!(attempt["reply"].as_str().unwrap().contains('\u{fffd}') && attempt["reply_bytes"].is_string());
}

#[test]
fn a_missing_path_is_told_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    fs::write(&log, LINE).unwrap();
    let output = reprieve(&["scan", "--json", log.to_str().unwrap(), "/nowhere/mail.log"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["totals"]["attempts"]), (Some(3), &Value::from(1)));
    assert!(String::from_utf8(output.stderr).unwrap().contains("/nowhere/mail.log"));
}

#[test]
fn nothing_found_is_exit_code_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    fs::write(&log, LINE.replace("icloud.com", "acme.com").replace("17.57.154.33", "198.51.100.9")).unwrap();
    assert_eq!(reprieve(&["scan", log.to_str().unwrap()]).status.code(), Some(1));
    assert_eq!(reprieve(&["scan", folder.path().to_str().unwrap(), "--since", "yesterday"]).status.code(), Some(2));
    let empty = tempfile::tempdir().unwrap();
    let output = reprieve(&["scan", empty.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no file"), "a folder without logs is told");
}

#[test]
fn standard_input_is_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reprieve"))
        .args(["scan", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(LINE.as_bytes()).unwrap();
    let document: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((&document["totals"]["rejected"], &document["intake"]["sources"][0]["path"]), (&Value::from(1), &Value::from("-")));
}

/// A bounce as Postfix writes it.
fn bounce(id: &str, recipient: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.northwind.example\r\nTo: news@northwind.example\r\nDate: Sat, 3 Oct 2026 09:14:09 +0000\r\nMessage-ID: <b{id}@mail.northwind.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\r\n\r\n--=b\r\nContent-Type: text/plain\r\n\r\n<{recipient}>: host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HCM2] Your\r\n    mail from 203.0.113.25 was rejected. (in reply to RCPT TO command)\r\n\r\n--=b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.northwind.example\r\nX-Postfix-Queue-ID: {id}\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.7.1\r\nRemote-MTA: dns; mx01.mail.icloud.com\r\nDiagnostic-Code: smtp; 550 5.7.1 [HCM2] Your mail from 203.0.113.25 was\r\n    rejected.\r\n\r\n--=b\r\nContent-Type: text/rfc822-headers\r\n\r\nReturn-Path: <news@northwind.example>\r\nFrom: news@northwind.example\r\nMessage-ID: <m{id}@northwind.example>\r\n\r\n--=b--\r\n"
    )
}

fn problem<'d>(document: &'d Value, source: usize, code: &str) -> &'d Value {
    let problems = document["intake"]["sources"][source]["problems"].as_array().unwrap();
    problems.iter().find(|problem| problem["code"] == code).unwrap_or_else(|| panic!("no {code} in {problems:?}"))
}

#[test]
fn bounces_are_attempts_and_each_counts_once_in_whatever_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let mbox: String = (1..=3)
        .map(|number| format!("From MAILER-DAEMON Sat Oct  3 09:14:09 2026\r\n{}\r\n", bounce(&format!("4D2F09CE4F{number}"), "anna@icloud.com")))
        .collect();
    fs::write(folder.path().join("a.mbox"), mbox).unwrap();
    fs::write(folder.path().join("b.eml"), bounce("4D2F09CE4F3", "anna@icloud.com")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bounce("4D2F09CE4F4", "bob@icloud.com").as_bytes()).unwrap();
    fs::write(folder.path().join("c.eml.gz"), packed.finish().unwrap()).unwrap();
    fs::write(folder.path().join("d.txt"), "> <carl@icloud.com>: host mx01.mail.icloud.com[17.57.154.33] said: 552 5.2.2\n>   <carl@icloud.com>: user is over quota (in reply to RCPT TO command)\n").unwrap();
    fs::write(folder.path().join("e.eml"), "From: anna@icloud.com\r\nTo: news@northwind.example\r\nSubject: hello\r\n\r\nSee you.\r\n").unwrap();
    let (document, code, _) = scan(folder.path(), &[]);
    let totals = &document["totals"];
    assert_eq!((code, totals["attempts"].as_u64(), totals["messages"].as_u64(), totals["recipients"].as_u64()), (0, Some(5), Some(5), Some(3)));
    assert_eq!(document["intake"]["sources"][0]["format"], "bounce");
    assert_eq!(problem(&document, 1, "aside_again")["times"], 1);
    assert_eq!(problem(&document, 4, "aside_no_bounce")["times"], 1);
    assert_eq!((document["sending_ips"][0]["ip"].as_str(), document["sending_ips"][0]["attempts"].as_u64()), (Some("203.0.113.25"), Some(4)));
    let sample = &document["findings"][0]["samples"][0];
    let text = fs::read_to_string(folder.path().join("a.mbox")).unwrap();
    assert!(sample["text"].as_str().unwrap().starts_with("Diagnostic-Code: smtp; 550 5.7.1 [HCM2]"), "{sample}");
    assert!(text.lines().nth(sample["line"].as_u64().unwrap() as usize - 1).unwrap().starts_with("Diagnostic-Code:"), "{sample}");
}

#[test]
fn a_bounce_of_what_a_log_holds_is_not_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mail.log"), LINE).unwrap();
    fs::write(folder.path().join("a.eml"), bounce("4D2F09CE4FB", "anna@icloud.com")).unwrap();
    fs::write(folder.path().join("b.eml"), bounce("4D2F09CE4FC", "anna@icloud.com")).unwrap();
    let (document, ..) = scan(folder.path(), &[]);
    assert_eq!(document["totals"]["attempts"], 2);
    assert_eq!(problem(&document, 0, "aside_logged")["times"], 1);
}

#[test]
fn bounces_that_prove_no_block_lead_to_no_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let forged = bounce("4D2F09CE4FB", "anna@icloud.com")
        .replace("dns; mail.northwind.example", "dns; out.evil.example")
        .replace("Return-Path: <news@northwind.example>\r\n", "Return-Path: <x@evil.example>\r\nReceived: from a by out.evil.example; Sat, 3 Oct 2026 09:14:05 +0000\r\nDKIM-Signature: v=1; d=evil.example; s=a; b=x\r\n");
    fs::write(folder.path().join("a.eml"), forged).unwrap();
    let (document, code, _) = scan(folder.path(), &[]);
    assert_eq!((code, document["verdict"]["kind"].as_str()), (1, Some("foreign")));
    let by_apple = bounce("4D2F09CE4FB", "bob@fabrikam.example")
        .replace("dns; mail.northwind.example", "dns; mr21p30im-asmtp002.me.com")
        .replace("mx01.mail.icloud.com", "mx.fabrikam.example")
        .replace("[17.57.154.33]", "[198.51.100.7]")
        .replace("[HCM2] Your", "Your");
    fs::write(folder.path().join("a.eml"), by_apple).unwrap();
    let (document, ..) = scan(folder.path(), &[]);
    assert_eq!((document["verdict"]["kind"].as_str(), document["control"].as_array().unwrap().len()), (Some("nothing"), 0));
    assert_eq!(problem(&document, 0, "aside_by_provider")["times"], 1);
}

#[test]
fn an_exim_log_is_read_the_same_however_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exim_mainlog");
    let mut text = String::new();
    for number in 0..400 {
        let (id, minute, second) = (format!("1wtcT{}-0000000{number:04}-0eY6", number % 10), number / 60, number % 60);
        let at = format!("2026-10-03 09:{minute:02}:{second:02}");
        text += &format!(
            "{at} {id} <= user{}@northwind.example H=(pc) [192.0.2.7] P=esmtpsa A=login:user S=1 id=m{number}@northwind.example T=\"a => b\"\n",
            number % 5
        );
        text += &match number % 4 {
            0 => format!("{at} {id} => a{number}@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] C=\"250 2.0.0 Ok\"\n"),
            1 => format!(
                "{at} {id} ** a{number}@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] I=[203.0.113.25] : SMTP error from remote mail server after end of data: 554 5.7.1 [HM08] Message rejected due to local policy.\n"
            ),
            2 => format!(
                "{at} {id} H=mx02.mail.icloud.com [17.57.155.25]: SMTP error from remote mail server after RCPT TO:<a@icloud.com>: 451 4.7.1 Service unavailable - try again later\n{at} {id} == a{number}@icloud.com R=dnslookup T=remote_smtp defer (-44) H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after RCPT TO:<a@icloud.com>: 451 4.7.1 Service unavailable - try again later\n"
            ),
            _ => format!(
                "Oct  3 09:{minute:02}:{second:02} mail exim[811]: [1/2] {id} ** a{number}@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] : SMTP error from remote mail\nOct  3 09:{minute:02}:{second:02} mail exim[811]: [2/2]  server after end of data: 550 5.1.1 <a@icloud.com>: user does not exist\n"
            ),
        };
        text += &format!("{at} {id} Completed\n");
    }
    fs::write(&log, &text).unwrap();
    let (reference, ..) = scan(&log, &["--part", "99999999", "--threads", "1"]);
    let totals = ["attempts", "delivered", "deferred", "rejected", "messages"].map(|key| reference["totals"][key].as_u64().unwrap());
    // The pieces by syslog name another host, so their messages are others than those of Exim's own log.
    assert_eq!(totals, [500, 100, 200, 200, 400]);
    assert_eq!((reference["intake"]["sources"][0]["format"].as_str(), reference["intake"]["sources"][0]["not_understood"].as_u64()), (Some("exim"), Some(0)));
    assert_eq!((reference["sending_ips"][0]["basis"].as_str(), reference["sending_ips"][0]["attempts"].as_u64()), (Some("field"), Some(100)));
    for (part, threads) in [("64", "2"), ("1000", "7"), ("4096", "1")] {
        assert_eq!(timeless(scan(&log, &["--part", part, "--threads", threads]).0), timeless(reference.clone()), "parts of {part}");
    }
}

#[test]
fn a_rotated_log_beside_its_packed_copy_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    generator::write(&mut bytes, 300_000, 17).unwrap();
    fs::write(folder.path().join("mail.log.1"), &bytes).unwrap();
    let (alone, ..) = scan(folder.path(), &[]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&bytes).unwrap();
    fs::write(folder.path().join("mail.log.1.gz"), packed.finish().unwrap()).unwrap();
    fs::write(folder.path().join("mail.log"), LINE).unwrap();
    let (both, ..) = scan(folder.path(), &[]);
    assert_eq!(both["totals"]["attempts"].as_u64().unwrap(), alone["totals"]["attempts"].as_u64().unwrap() + 1);
    assert_eq!(both["control"][0]["attempts"], alone["control"][0]["attempts"]);
    let copies = both["intake"]["sources"].as_array().unwrap().iter().filter(|source| source["problems"].to_string().contains("\"copy\""));
    assert_eq!(copies.count(), 1);
}

/// A zip and a tar.gz of the same three files: an older log, a newer one, and an archive inside.
fn archives(folder: &Path, log: &str) {
    let mut inner = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    inner.start_file("a.eml", plain).unwrap();
    inner.write_all(bounce("4D2F09CE4F9", "bob@icloud.com").as_bytes()).unwrap();
    let inner = inner.finish().unwrap().into_inner();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(log.replace("4D2F09CE4FB", "4D2F09CE4F1").as_bytes()).unwrap();
    let members = [("var/log/mail.log", log.as_bytes().to_vec()), ("var/log/mail.log.1.gz", packed.finish().unwrap()), ("../../bounces.zip", inner)];
    let mut outer = zip::ZipWriter::new(fs::File::create(folder.join("logs.zip")).unwrap());
    for (name, content) in &members {
        outer.start_file(*name, plain).unwrap();
        outer.write_all(content).unwrap();
    }
    outer.finish().unwrap();
    let gz = flate2::write::GzEncoder::new(fs::File::create(folder.join("logs.tgz")).unwrap(), flate2::Compression::default());
    let mut tar = tar::Builder::new(gz);
    for (name, content) in &members {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_791_000_000);
        tar.append_data(&mut header, name.trim_start_matches("../"), content.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}

#[test]
fn archives_are_read_like_the_folders_they_hold() {
    for archive in ["logs.zip", "logs.tgz"] {
        let folder = tempfile::tempdir().unwrap();
        archives(folder.path(), LINE);
        let (document, code, _) = scan(&folder.path().join(archive), &[]);
        assert_eq!((code, document["totals"]["attempts"].as_u64()), (0, Some(3)), "{archive}: {document}");
        let sources = document["intake"]["sources"].as_array().unwrap();
        let names: Vec<&str> = sources.iter().map(|source| source["path"].as_str().unwrap().rsplit_once(archive).unwrap().1).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let older = names.iter().position(|name| name.ends_with("mail.log.1.gz")).unwrap();
        assert!(older < names.iter().position(|name| name.ends_with("mail.log")).unwrap(), "{names:?}");
        assert!(names.iter().any(|name| name.ends_with("bounces.zip/a.eml")), "{names:?}");
    }
}

#[test]
fn an_archive_that_grows_beyond_measure_or_is_broken_is_left_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("bomb.zip")).unwrap());
    zip.start_file("mail.log", zip::write::SimpleFileOptions::default().compression_level(Some(9))).unwrap();
    for _ in 0..64 {
        zip.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    zip.finish().unwrap();
    fs::write(folder.path().join("broken.zip"), b"PK\x03\x04 and nothing behind it").unwrap();
    fs::write(folder.path().join("mail.log"), LINE).unwrap();
    let (document, code, _) = scan(folder.path(), &[]);
    assert_eq!((code, document["totals"]["attempts"].as_u64()), (0, Some(1)));
    for source in [0, 1] {
        assert!(problem(&document, source, "archive")["what"].as_str().unwrap().contains("could not be unpacked"), "{document}");
    }
}

#[test]
fn a_log_that_a_windows_editor_saved_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        (
            "le.log",
            LINE.encode_utf16().fold(vec![0xff, 0xfe], |mut all, unit| {
                all.extend(unit.to_le_bytes());
                all
            }),
        ),
        (
            "be.log",
            LINE.encode_utf16().fold(vec![0xfe, 0xff], |mut all, unit| {
                all.extend(unit.to_be_bytes());
                all
            }),
        ),
        ("bom.log", [&b"\xef\xbb\xbf"[..], LINE.replace('\n', "\r\n").as_bytes()].concat()),
        ("latin1.log", [&b"Oct  3 09:14:07 mail app: caf\xe9\n"[..], LINE.as_bytes()].concat()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let (document, code, _) = scan(&path, &[]);
        assert_eq!((code, document["totals"]["attempts"].as_u64()), (0, Some(1)), "{name}: {document}");
        let sample = document["findings"][0]["samples"][0]["text"].as_str().unwrap();
        assert_eq!(sample.trim_start_matches('\u{feff}').trim_end(), LINE.trim_end(), "{name}");
    }
}

#[test]
fn a_report_that_outlook_saved_is_read_like_any_bounce() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.msg");
    let mut file = cfb::CompoundFile::create(fs::File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap()).unwrap();
    let words = "anna@icloud.com\r\nmx01.mail.icloud.com\r\nRemote Server returned '550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected.'";
    let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_stream("/__substg1.0_1000001F").unwrap().write_all(&wide).unwrap();
    file.flush().unwrap();
    drop(file);
    let (document, code, _) = scan(&path, &[]);
    assert_eq!((code, document["totals"]["rejected"].as_u64(), document["sending_ips"][0]["ip"].as_str()), (0, Some(1), Some("203.0.113.25")));
}

#[test]
fn a_format_that_the_user_names_overrules_recognition() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.log");
    let renamed = LINE.replace("postfix/smtp[1]", "outgoing[1]");
    let exim = "Oct  3 09:14:07 mail mta[1]: 1wtcTj-00000008OnA-0eY6 ** anna@icloud.com R=r T=t H=mx01.mail.icloud.com [17.57.154.33] : SMTP error from remote mail server after DATA: 554 5.7.1 [HM08] no\n";
    let headless = "Final word of a mail without any header: <anna@icloud.com>: host mx01.mail.icloud.com[17.57.154.33] said: 550 5.1.1 no (in reply to RCPT TO command)\n";
    for (text, format) in [(renamed.as_str(), "postfix"), (exim, "exim")] {
        fs::write(&path, text).unwrap();
        let by_itself = scan(&path, &[]).0["intake"]["sources"][0]["format"].clone();
        let (document, ..) = scan(&path, &["--format", format]);
        assert_ne!(by_itself, format, "the program's name does not tell");
        assert_eq!((document["intake"]["sources"][0]["format"].as_str(), document["totals"]["attempts"].as_u64()), (Some(format), Some(1)));
    }
    fs::write(&path, headless).unwrap();
    let attempts = |more: &[&str]| scan(&path, more).0["totals"]["attempts"].as_u64().unwrap();
    assert_eq!((attempts(&[]), attempts(&["--format", "postfix"])), (1, 0), "words are no log");
}
