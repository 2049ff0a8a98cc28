//! The documents are what a postmaster can act on, and hide what is nobody's business.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod golden;
mod report;
mod schemas;
mod secrets;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mail_parser::{HeaderName, MessageParser};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/samples/mail.log");

/// The time at which the documents are written: some hours after the newest refusal.
const NOW: &str = "1791194400";

fn draft(out: &Path, more: &[&str], log: &str) -> Output {
    let mut arguments = vec!["draft", "--no-check", "--out", out.to_str().unwrap(), "--tz", "UTC"];
    arguments.extend(more);
    arguments.push(log);
    let home = out.join("home");
    Command::new(env!("CARGO_BIN_EXE_reprieve")).args(arguments).env("XDG_DATA_HOME", &home).env("SOURCE_DATE_EPOCH", NOW).output().unwrap()
}

const FACTS: [&str; 14] = [
    "--company",
    "Northwind Traders AB",
    "--domain",
    "northwind.example",
    "--from",
    "Maria Lind <maria.lind@fjordit.example>",
    "--cause",
    "one account abused",
    "--fixed",
    "2026-10-03 14:40 password reset",
    "--mail-kind",
    "invoices",
    "--ref",
    "NW-1042",
];

#[test]
fn the_letter_of_the_sample_is_ready_and_right() {
    let out = tempfile::tempdir().unwrap();
    let output = draft(out.path(), &FACTS, SAMPLE);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("ready to send"));
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    let titles = [
        "1. Company name",
        "2. Email domain",
        "3. IP addresses of the affected mail servers",
        "4. SMTP errors received from iCloud mail servers",
        "5. Detailed description of the issue, including when it started",
    ];
    let places: Vec<_> = titles.iter().map(|title| letter.find(title).unwrap_or_else(|| panic!("{title}"))).collect();
    assert!(places.is_sorted());
    assert!(letter.contains("Subject: I would like to open a deliverability ticket - northwind.example - 203.0.113.25 [HCM2] - ref NW-1042"));
    assert!(letter.contains("\n550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. https://support.apple.com/en-us/HT204137\n"));
    assert!(letter.contains("last accepted 2026-10-03 09:11:02, first refused 2026-10-03 09:16:37"));
    assert!(!letter.contains("over quota") && !letter.contains("Gmail") && !letter.contains("TO FILL IN"));
    assert!((30..=45).contains(&letter.lines().count()) && letter.len() < 3500);
}

#[test]
fn the_draft_opens_as_one_that_was_not_sent() {
    let out = tempfile::tempdir().unwrap();
    draft(out.path(), &[], SAMPLE);
    let raw = fs::read(out.path().join("ticket.eml")).unwrap();
    let message = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("icloudadmin@apple.com"));
    assert!(message.date().is_none() && message.message_id().is_none() && message.from().is_none());
    assert_eq!(message.header(HeaderName::Other("X-Unsent".into())).unwrap().as_text(), Some("1"));
    assert!(raw.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).all(|line| line.ends_with(b"\r")));
    let text = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    let body = message.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(body.trim(), text.split_once("\n\n").unwrap().1.trim());
}

#[test]
fn what_is_missing_is_asked_for_by_name() {
    let out = tempfile::tempdir().unwrap();
    let output = draft(out.path(), &[], SAMPLE);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("MISSING: give --company") && said.contains("not ready"));
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert!(letter.matches("[TO FILL IN:").count() >= 4);
}

#[test]
fn recipients_are_hidden_everywhere() {
    let out = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let line = "2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<secretperson@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HM99] =x <secretperson@icloud.com> no (in reply to RCPT TO command))\n";
    fs::write(&log, line).unwrap();
    draft(out.path(), &FACTS, log.to_str().unwrap());
    for name in ["ticket.txt", "ticket.eml", "evidence.json", "attempts.csv"] {
        let text = fs::read_to_string(out.path().join(name)).unwrap();
        assert!(!text.contains("secretperson") && !text.contains(folder.path().to_str().unwrap()), "{name}");
    }
    assert!(fs::read_to_string(out.path().join("ticket.txt")).unwrap().contains("[removed-"));
    draft(out.path(), &["--force", "--redact", "none"], log.to_str().unwrap());
    assert!(fs::read_to_string(out.path().join("attempts.csv")).unwrap().contains("secretperson"));
}

#[test]
fn an_existing_file_is_kept() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("ticket.txt"), "mine").unwrap();
    let output = draft(out.path(), &FACTS, SAMPLE);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--force"));
    assert_eq!(fs::read_to_string(out.path().join("ticket.txt")).unwrap(), "mine");
}

#[test]
fn a_block_at_another_door_makes_no_letter_to_apple() {
    let (out, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = folder.path().join("mail.log");
    let line = "2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 Mail from IP 198.51.100.7 was rejected due to listing in Spamhaus PBL. For details please see http://www.spamhaus.org/query/bl?ip=198.51.100.7 (in reply to RCPT TO command))\n";
    fs::write(&log, line).unwrap();
    let output = draft(out.path(), &FACTS, log.to_str().unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("belong at another door"));
}

#[test]
fn the_letter_claims_only_what_the_evidence_shows() {
    let out = tempfile::tempdir().unwrap();
    draft(out.path(), &["--company", "Fabrikam", "--domain", "fabrikam.example", "--ip", "198.51.100.7"], SAMPLE);
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert!(letter.contains("\nfabrikam.example\n") && letter.contains("\n198.51.100.7   ours\n"), "{letter}");
    draft(out.path(), &["--force", "--domain", "northwind.example", "--ip", "203.0.113.25"], SAMPLE);
    let letter = fs::read_to_string(out.path().join("ticket.txt")).unwrap();
    assert!(
        letter.contains("northwind.example (envelope sender of the refused mail)") && letter.contains("203.0.113.25   ours; named in iCloud's own replies")
    );
}
