//! Whose door a whole case belongs at: logs written for one question each, read by the program as a technician would.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use chrono::DateTime;
use serde_json::Value;

const ICLOUD: &str = "mx01.mail.icloud.com[17.57.154.33]:25";
const HCM2: &str = "550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. https://support.apple.com/en-us/HT204137";
const HM08: &str = "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137";
const START: &str = "2026-10-03T09:00:00Z";
const HOUR: i64 = 3600;

/// A Postfix log that is written a message at a time.
struct Log {
    text: String,
    messages: u32,
}

/// One message: when, how it came, from whom, to whom, and what became of it.
#[derive(Clone, Copy)]
struct Mail<'a> {
    hours: f64,
    origin: &'a str,
    from: &'a str,
    to: &'a str,
    original: &'a str,
    relay: &'a str,
    said: &'a str,
}

const MAIL: Mail<'_> = Mail {
    hours: 0.0,
    origin: "client=mail.example[192.0.2.7]",
    from: "maria@northwind.example",
    to: "anna@icloud.com",
    original: "",
    relay: ICLOUD,
    said: HCM2,
};

impl Log {
    fn new() -> Log {
        Log { text: String::new(), messages: 0 }
    }

    fn at(hours: f64) -> String {
        let start = DateTime::parse_from_rfc3339(START).unwrap().timestamp();
        DateTime::from_timestamp(start + (hours * HOUR as f64) as i64, 0).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn line(&mut self, hours: f64, program: &str, text: &str) {
        let _ = writeln!(self.text, "{} mail {program}[1]: {text}", Log::at(hours));
    }

    fn id(&mut self) -> String {
        self.messages += 1;
        format!("{:011X}", 0x4D2_0000_0000_u64 + u64::from(self.messages))
    }

    fn send(&mut self, mail: Mail<'_>) {
        let id = self.id();
        let daemon = if mail.origin.starts_with("uid=") { "postfix/pickup" } else { "postfix/smtpd" };
        self.line(mail.hours, daemon, &format!("{id}: {}", mail.origin));
        self.line(mail.hours, "postfix/qmgr", &format!("{id}: from=<{}>, size=100, nrcpt=1 (queue active)", mail.from));
        self.deliver(&id, mail);
        self.line(mail.hours, "postfix/qmgr", &format!("{id}: removed"));
    }

    fn deliver(&mut self, id: &str, mail: Mail<'_>) {
        let original = if mail.original.is_empty() { String::new() } else { format!("orig_to=<{}>, ", mail.original) };
        let host = mail.relay.rsplit_once(':').map_or(mail.relay, |(host, _)| host);
        let (status, reason) = match mail.said.as_bytes().first() {
            Some(b'2') => ("sent", format!("({})", mail.said)),
            Some(b'5') => ("bounced", format!("(host {host} said: {} (in reply to end of DATA command))", mail.said)),
            Some(b'4') => ("deferred", format!("(host {host} said: {} (in reply to MAIL FROM command))", mail.said)),
            _ => ("deferred", format!("({})", mail.said)),
        };
        self.line(
            mail.hours,
            "postfix/smtp",
            &format!("{id}: to=<{}>, {original}relay={}, delay=1, delays=0/0/0/1, dsn=5.7.1, status={status} {reason}", mail.to, mail.relay),
        );
    }

    /// The scan of the log.
    fn scan(&self, more: &[&str]) -> Value {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.log");
        fs::write(&path, &self.text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_reprieve")).args(["scan", "--json"]).args(more).arg(&path).stdin(Stdio::null()).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn kind(document: &Value) -> &str {
    document["verdict"]["kind"].as_str().unwrap()
}

fn codes(document: &Value, list: &str) -> Vec<String> {
    document["verdict"][list].as_array().unwrap().iter().map(|remark| remark["code"].as_str().unwrap().to_owned()).collect()
}

fn remark<'d>(document: &'d Value, list: &str, code: &str) -> &'d Value {
    let remarks = document["verdict"][list].as_array().unwrap();
    remarks.iter().find(|remark| remark["code"] == code).unwrap_or_else(|| panic!("no {code} in {remarks:?}"))
}

#[test]
fn a_case_of_several_doors_names_each_with_its_share_and_what_comes_first() {
    let mut log = Log::new();
    let sbl = "550 5.7.1 Mail from IP 203.0.113.25 was rejected due to listing in Spamhaus SBL. For details please see http://www.spamhaus.org/query/bl?ip=203.0.113.25";
    let dmarc = "554 5.7.1 Your message was rejected due to northwind.example's DMARC policy. See https://support.apple.com/en-us/HT204137 for info";
    for (number, said) in [(60, HCM2), (20, sbl), (10, dmarc), (10, "550 5.1.1 <anna@icloud.com>: user does not exist")] {
        (0..number).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, said, ..MAIL }));
    }
    let document = log.scan(&[]);
    assert_eq!(kind(&document), "provider");
    let doors = document["verdict"]["doors"].as_array().unwrap();
    let told: Vec<_> = doors
        .iter()
        .map(|door| (door["door"].as_str().unwrap(), door["who"].as_str(), door["messages"].as_u64().unwrap(), door["share"].as_f64().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("provider", Some("Apple"), 60, 0.6), ("list_owner", Some("Spamhaus"), 20, 0.2), ("sender", None, 10, 0.1), ("recipient", None, 10, 0.1)]
    );
    assert!(doors.iter().all(|door| !door["next_step"].as_str().unwrap().is_empty()));
    assert_eq!(codes(&document, "before_writing"), ["own_spam", "first_list_owner", "first_sender"]);
    assert!(remark(&document, "before_writing", "first_list_owner")["text"].as_str().unwrap().contains("Spamhaus"));
}

/// Ten ordinary days: two messages an hour from three people, accepted.
fn ordinary(log: &mut Log, until: f64) {
    let mut hour = -240.0;
    while hour < until {
        for (minute, login) in ["maria", "nils", "olga"].iter().enumerate() {
            let origin = format!("client=pc[192.0.2.7], sasl_method=PLAIN, sasl_username={login}@northwind.example");
            let mail =
                Mail { hours: hour + minute as f64 / 60.0, from: &format!("{login}@northwind.example"), said: "250 2.0.0 Ok: queued", origin: &origin, ..MAIL };
            log.send(mail);
        }
        hour += 1.0;
    }
}

#[test]
fn a_stolen_account_stands_out_before_the_first_refusal_and_ordinary_mail_does_not() {
    let mut log = Log::new();
    ordinary(&mut log, -1.5);
    let stolen = Mail { origin: "client=x[198.51.100.99], sasl_method=LOGIN, sasl_username=nils@northwind.example", from: "nils@northwind.example", ..MAIL };
    for number in 0..400 {
        let (to, said) =
            (format!("user{number}@icloud.com"), if number % 3 == 0 { "550 5.1.1 <user@icloud.com>: user does not exist" } else { "250 2.0.0 Ok" });
        log.send(Mail { hours: -1.4 + f64::from(number) / 400.0, to: &to, said, ..stolen });
    }
    (0..30).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, origin: stolen.origin, ..MAIL }));
    let document = log.scan(&[]);
    assert_eq!(codes(&document, "before_writing"), ["suspect_login", "unknown_users"]);
    let suspect = remark(&document, "before_writing", "suspect_login");
    assert_eq!(suspect["names"][0], "nils@northwind.example");
    assert!(suspect["figures"][0].as_u64().unwrap() > 400 && suspect["text"].as_str().unwrap().contains("password"), "{suspect}");
    let conduct = &document["conduct"];
    assert_eq!((conduct["before"]["hours"].as_f64(), conduct["week_before"]["hours"].as_f64()), (Some(72.0), Some(168.0)));
    assert_eq!(conduct["before"]["unknown_recipients"], 134);
    assert!(conduct["before"]["recipients"].as_u64().unwrap() > 400);
    assert_eq!(conduct["top"].as_array().unwrap().iter().filter(|talker| talker["suspect"] == true && talker["kind"] == "login").count(), 1);
    let hidden = log.scan(&["--redact", "recipients"]);
    assert!(!hidden["verdict"].to_string().contains("nils@") && !hidden["conduct"].to_string().contains("nils@"));

    let mut quiet = Log::new();
    ordinary(&mut quiet, 0.0);
    (0..30).for_each(|minute| quiet.send(Mail { hours: f64::from(minute) / 60.0, ..MAIL }));
    assert_eq!(codes(&quiet.scan(&[]), "before_writing"), ["own_spam"], "nobody stands out, so only the advice that such a block needs");
}

#[test]
fn mostly_forwarded_mail_is_no_case_for_a_letter() {
    let mut log = Log::new();
    for number in 0..40 {
        let original = if number < 25 { "info@northwind.example" } else { "" };
        log.send(Mail { hours: f64::from(number) / 60.0, original, said: HM08, from: &format!("a{number}@elsewhere.example"), ..MAIL });
    }
    let document = log.scan(&[]);
    assert_eq!(kind(&document), "forwarding");
    assert_eq!(remark(&document, "before_writing", "forwarding")["figures"], serde_json::json!([25, 40]));
    assert_eq!(document["conduct"]["forwarded"], serde_json::json!({"messages": 25, "of": 40}));
    let streams: Vec<_> =
        document["block_follows"]["cells"].as_array().unwrap().iter().map(|cell| (cell["stream"].as_str().unwrap(), cell["tried"].as_u64().unwrap())).collect();
    assert_eq!(streams, [("forwarded", 25), ("mail", 15)]);
}

#[test]
fn another_host_with_apples_words_is_a_relay_in_between() {
    let mut log = Log::new();
    let smarthost = Mail { relay: "smtp.relay.example[198.51.100.9]:587", ..MAIL };
    (0..10).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, said: HM08, ..smarthost }));
    (0..10).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, said: "250 2.0.0 Ok: queued", ..smarthost }));
    let document = log.scan(&[]);
    assert_eq!((kind(&document), document["verdict"]["doors"][0]["who"].as_str()), ("relay", Some("smtp.relay.example")));
    assert_eq!(remark(&document, "remarks", "relays")["figures"], serde_json::json!([20, 20]));
    assert_eq!(document["findings"][0]["door"]["kind"], "relay");

    let mut log = Log::new();
    let forwarder = Mail { to: "bob@fabrikam.example", relay: "mx.fabrikam.example[198.51.100.20]:25", said: HM08, ..MAIL };
    (0..10).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, ..forwarder }));
    let document = log.scan(&[]);
    assert_eq!((kind(&document), document["findings"][0]["matched_by"].as_str()), ("relay", Some("reply_text")));
}

#[test]
fn handing_over_with_an_icloud_account_is_no_delivery_to_icloud() {
    let mut log = Log::new();
    let submission =
        Mail { relay: "smtp.mail.me.com[17.57.155.25]:587", to: "bob@icloud.com", said: "550 5.7.0 From address is not one of your addresses", ..MAIL };
    (0..10).for_each(|_| log.send(submission));
    log.line(0.0, "postfix/smtpd", "NOQUEUE: reject: RCPT from pv50p00im-ztdg10011301.me.com[17.58.6.40]: 554 5.7.1 <bob@northwind.example>: Recipient address rejected; from=<anna@icloud.com> to=<bob@northwind.example> proto=ESMTP helo=<pv50p00im-ztdg10011301.me.com>");
    let document = log.scan(&[]);
    assert_eq!((kind(&document), &document["totals"]["attempts"]), ("nothing", &0.into()));
    let theirs = log.scan(&["--provider", "icloud_submission"]);
    assert_eq!((kind(&theirs), theirs["findings"][0]["rule"].as_str()), ("sender", Some("submission-foreign-from")));
}

#[test]
fn an_outage_is_called_one_only_under_strict_conditions() {
    let all_at_once = |log: &mut Log| (0..40).for_each(|minute| log.send(Mail { hours: f64::from(minute) / 60.0, said: HM08, ..MAIL }));
    let mut log = Log::new();
    all_at_once(&mut log);
    let document = log.scan(&[]);
    assert_eq!((kind(&document), codes(&document, "remarks").contains(&"alike".to_owned())), ("provider", true), "from one address the two look alike");
    let confirmed = log.scan(&["--outage"]);
    assert_eq!((kind(&confirmed), confirmed["incident"]["outage"]["condition"].as_str()), ("outage", Some("confirmed")));

    (0..30).for_each(|minute| log.send(Mail { hours: 2.0 + f64::from(minute) / 60.0, said: "250 2.0.0 Ok", ..MAIL }));
    assert_eq!(log.scan(&[])["incident"]["outage"]["condition"], "healed_by_itself");

    let mut log = Log::new();
    for minute in 0..40 {
        for (ip, from) in [("203.0.113.25", "a@northwind.example"), ("198.51.100.7", "b@fabrikam.example")] {
            log.send(Mail { hours: f64::from(minute) / 60.0, from, said: &HCM2.replace("203.0.113.25", ip), ..MAIL });
        }
    }
    assert_eq!(log.scan(&[])["incident"]["outage"]["condition"], "two_networks");
}

#[test]
fn a_wave_of_unknown_users_is_an_outage_only_if_they_were_known_lately() {
    let gone = "550 5.1.1 <anna@icloud.com>: user does not exist";
    let wave =
        |log: &mut Log| (0..30).for_each(|number| log.send(Mail { hours: f64::from(number) / 60.0, to: &format!("u{number}@icloud.com"), said: gone, ..MAIL }));
    let mut old_list = Log::new();
    wave(&mut old_list);
    let document = old_list.scan(&[]);
    assert_eq!((kind(&document), &document["incident"]["outage"]), ("recipient", &Value::Null));
    let mut known = Log::new();
    (0..30).for_each(|number| known.send(Mail { hours: -200.0, to: &format!("u{number}@icloud.com"), said: "250 2.0.0 Ok", ..MAIL }));
    wave(&mut known);
    let document = known.scan(&[]);
    assert_eq!((kind(&document), document["incident"]["outage"]["condition"].as_str()), ("outage", Some("known_addresses")));
}

#[test]
fn what_follows_from_an_earlier_reply_counts_with_it() {
    let mut log = Log::new();
    let id = log.id();
    log.line(0.0, "postfix/qmgr", &format!("{id}: from=<maria@northwind.example>, size=100, nrcpt=3 (queue active)"));
    log.line(
        0.0,
        "postfix/smtp",
        &format!("{id}: host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)"),
    );
    log.deliver(&id, Mail { said: "503 5.5.1 Error: need MAIL command", ..MAIL });
    let document = log.scan(&[]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!((findings.len(), findings[0]["rule"].as_str(), findings[0]["attempts"].as_u64()), (1, Some("icloud-service-unavailable"), Some(2)));

    let mut log = Log::new();
    let id = log.id();
    let host = "mx01.mail.icloud.com[17.57.154.33]";
    log.line(0.0, "postfix/smtp", &format!("{id}: to=<a@icloud.com>, relay={ICLOUD}, delay=1, dsn=5.1.1, status=bounced (host {host} said: 550 5.1.1 <a@icloud.com>: user does not exist (in reply to RCPT TO command))"));
    log.line(
        0.0,
        "postfix/smtp",
        &format!("{id}: to=<b@icloud.com>, relay={ICLOUD}, delay=1, dsn=4.4.2, status=deferred (lost connection with {host} while sending RCPT TO)"),
    );
    let document = log.scan(&[]);
    assert_eq!((document["findings"].as_array().unwrap().len(), document["findings"][0]["attempts"].as_u64()), (1, Some(2)));
}

#[test]
fn streams_are_told_apart_and_one_may_be_what_the_block_follows() {
    let mut log = Log::new();
    let kinds = [
        ("client=pc[192.0.2.7], sasl_method=PLAIN, sasl_username=maria", "maria@northwind.example", "", "250 2.0.0 Ok"),
        ("uid=33 from=<www-data>", "www-data@northwind.example", "", HM08),
        ("client=app[192.0.2.8]", "bounce+anna=icloud.com@northwind.example", "", "250 2.0.0 Ok"),
        ("client=app[192.0.2.8]", "", "", "250 2.0.0 Ok"),
        ("client=app[192.0.2.8]", "SRS0=ab=QR=x.example=nils@northwind.example", "", "250 2.0.0 Ok"),
    ];
    for minute in 0..10 {
        for (origin, from, original, said) in kinds {
            log.send(Mail { hours: f64::from(minute) / 60.0, origin, from, original, said, ..MAIL });
        }
    }
    let document = log.scan(&[]);
    let follows = &document["block_follows"];
    let mut streams: Vec<_> = follows["cells"].as_array().unwrap().iter().map(|cell| cell["stream"].as_str().unwrap()).collect();
    streams.sort_unstable();
    assert_eq!(streams, ["forwarded", "list", "null_sender", "person", "script"]);
    assert_eq!((follows["what"].as_str(), follows["red"].clone()), (Some("stream"), serde_json::json!(["script"])));
    assert!(follows["sentence"].as_str().unwrap().contains("script red, other mail not"));
}

#[test]
fn what_was_accepted_leads_to_junk_and_not_to_a_letter() {
    let mut log = Log::new();
    (0..10).for_each(|_| log.send(Mail { said: "250 2.0.0 Ok", ..MAIL }));
    let document = log.scan(&[]);
    assert_eq!((kind(&document), codes(&document, "remarks")), ("clear", vec!["junk".to_owned()]));
}

#[test]
fn other_providers_in_the_same_hours_are_the_strongest_sentence() {
    let mut log = Log::new();
    for minute in 0..50 {
        log.send(Mail { hours: f64::from(minute) / 60.0, ..MAIL });
        let said = if minute == 7 { "550 5.7.1 no" } else { "250 2.0.0 Ok" };
        (0..20).for_each(|_| {
            log.send(Mail { hours: f64::from(minute) / 60.0, to: "bob@gmail.com", relay: "gmail-smtp-in.l.google.com[192.0.2.26]:25", said, ..MAIL })
        });
    }
    let text = remark(&log.scan(&[]), "remarks", "control")["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "In the same quarters of an hour 980 of 1,000 attempts at other providers were accepted, 2.0 % refused.");
}

#[test]
fn rules_in_the_settings_folder_count_without_being_named() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("reprieve/rules");
    fs::create_dir_all(&folder).unwrap();
    let rule = r#"
id = "icloud"
name = "iCloud Mail"
operator = "Apple"
contact = "icloudadmin@apple.com"
sources = [{ what = "own logs", date = "2026-10-01" }]
recognise.hosts = ["mail.icloud.com"]
[[rule]]
id = "own-xy01"
pattern = "[XY01] Message refused"
kind = "policy_block"
door = "sender"
escalate = "no"
meaning = "Our own word for it."
confidence = "low"
advice = []
sources = [{ what = "own logs", date = "2026-10-01" }]
samples = ["554 5.7.1 [XY01] Message refused"]
"#;
    fs::write(folder.join("own.toml"), rule).unwrap();
    let explain = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reprieve"));
        command.args(["explain", "--json", "--host", "mx01.mail.icloud.com", "554 5.7.1 [XY01] Message refused"]).env("XDG_CONFIG_HOME", home.path());
        command.output().unwrap()
    };
    let answer: Value = serde_json::from_slice(&explain().stdout).unwrap();
    assert_eq!((answer["rule"].as_str(), answer["meaning"].as_str()), (Some("own-xy01"), Some("Our own word for it.")));
    fs::write(folder.join("own.toml"), rule.replace("date = \"2026-10-01\" }]\nsamples", "date = \"soon\" }]\nsamples")).unwrap();
    let output = explain();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["rule"], "icloud-undocumented-marker", "the built-in rules stay in force");
    assert!(String::from_utf8(output.stderr).unwrap().contains("own.toml line "));
}

#[test]
fn cards_say_where_the_evidence_is_and_ask_for_it() {
    let howto = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_reprieve")).arg("howto").args(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (code, all) = howto(&[]);
    assert_eq!(code, 0);
    let names: Vec<&str> = all.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for name in ["postfix", "plesk", "cpanel", "exim", "mailcow", "exchange", "microsoft365", "bounce", "esp", "egress"] {
        assert!(names.contains(&name), "{name}");
        let (code, card) = howto(&[name]);
        assert!(code == 0 && card.contains("Ask: ") && card.contains("\n1. "), "{card}");
    }
    assert!(howto(&["cpanel"]).1.contains("+outgoing_interface"));
    assert!(howto(&["Plesk", "--mail"]).1.starts_with("Subject: "));
    assert_eq!(howto(&["nowhere"]).0, 2);
}

#[test]
fn bounces_alone_claim_nothing_about_what_was_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bounce.eml");
    let bounce = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.northwind.example\r\nTo: maria@northwind.example\r\nDate: Sat, 3 Oct 2026 09:14:09 +0000\r\nSubject: Undelivered\r\nMessage-ID: <b1@mail.northwind.example>\r\n\r\n<anna@icloud.com>: host mx01.mail.icloud.com[17.57.154.33] said: {HCM2} (in reply to RCPT TO command)\r\n"
    );
    fs::write(&path, bounce).unwrap();
    let out = folder.path().join("case");
    let output = Command::new(env!("CARGO_BIN_EXE_reprieve")).args(["draft", "--no-check", "--out"]).arg(&out).arg(&path).output().unwrap();
    assert!(output.status.code() == Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let letter = fs::read_to_string(out.join("ticket.txt")).unwrap();
    assert!(letter.contains("Scale:    1 message came back; bounces do not show what was accepted"), "{letter}");
    assert!(letter.contains("known from bounces") && !letter.contains("our log begins") && !letter.contains(" of 1 messages refused"), "{letter}");
    assert!(!letter.contains("queue ID") && !letter.contains("b1@mail"), "the bounce's own name is nobody's queue id: {letter}");
    let output = Command::new(env!("CARGO_BIN_EXE_reprieve")).args(["scan", "--json"]).arg(&path).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!codes(&document, "remarks").iter().any(|code| code == "alike" || code == "short"), "{document}");
}
