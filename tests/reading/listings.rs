//! What is no log: listings of a queue, and logs that come as one JSON array.

use std::fs;

use serde_json::json;

use crate::{LINE, reprieve, scan};

fn attempts(path: &std::path::Path) -> Vec<serde_json::Value> {
    let output = reprieve(&["scan", "--attempts", "--tz", "UTC", path.to_str().unwrap()]);
    output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect()
}

const SAID: &str = "host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Service unavailable - try again later (in reply to RCPT TO command)";

#[test]
fn a_queue_says_what_the_last_try_came_to_and_not_when() {
    let folder = tempfile::tempdir().unwrap();
    let listing = folder.path().join("mailq.txt");
    let head = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n";
    let entry =
        format!("4D2F09CE4FB*    5120 Mon Oct  5 07:14:07  maria@northwind.example\n({SAID})\n                                         anna@icloud.com\n\n");
    // Longer than what is held of a source that may be words.
    let many = format!(
        "{head}{entry}{}",
        "4D2F09CE4FC     5120 Mon Oct  5 07:14:08  MAILER-DAEMON\n                                         new@icloud.com\n\n".repeat(4000)
    );
    fs::write(&listing, many).unwrap();
    let found = attempts(&listing);
    assert_eq!(found.len(), 1, "{found:?}");
    let expected = json!({
        "time": null, "year": "stated", "zone": "stated", "source": listing.to_str().unwrap(), "line": 4, "format": "queue", "message": "4D2F09CE4FB",
        "sender": "maria@northwind.example", "recipient": "anna@icloud.com", "remote_host": "mx01.mail.icloud.com", "remote_ip": "17.57.154.33",
        "sending_ip": null, "stage": "rcpt", "outcome": "deferred", "disposition": "deferred", "code": 451, "enhanced": "4.7.1",
        "reply": "451 4.7.1 Service unavailable - try again later", "note": null, "marker": null, "txn": null, "provider": "icloud", "matched_by": "remote_host",
    });
    assert_eq!(found[0], expected);
    let log = folder.path().join("mail.log");
    fs::write(&log, format!("2026-10-05T07:20:00Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=4.7.1, status=deferred ({SAID})\n")).unwrap();
    let (document, ..) = scan(folder.path(), &[]);
    assert_eq!(document["totals"]["attempts"], 1, "what the log holds counts once");
}

#[test]
fn json_of_a_queue_says_the_same_and_exims_says_that_it_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let listing = folder.path().join("queue.json");
    let entry = json!({"queue_name": "deferred", "queue_id": "4D2F09CE4FB", "arrival_time": 1790000000, "sender": "maria@northwind.example", "recipients": [{"address": "anna@icloud.com", "delay_reason": SAID}]});
    fs::write(&listing, format!("{entry}\n")).unwrap();
    assert_eq!((attempts(&listing).len(), &attempts(&listing)[0]["stage"]), (1, &json!("rcpt")));
    fs::write(&listing, " 25m  2.9K 1wtcTj-00000008OnA-0eY6 <maria@northwind.example>\n          anna@icloud.com\n\n").unwrap();
    let (document, ..) = scan(&listing, &[]);
    assert_eq!((&document["totals"]["attempts"], &document["intake"]["sources"][0]["problems"][0]["code"]), (&json!(0), &json!("aside_bare_queue")));
}

#[test]
fn an_array_of_objects_is_read_like_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (_, message) = LINE.trim().split_once(": ").unwrap();
    let entry = |time: i64| json!({"time": time.to_string(), "priority": "info", "program": "postfix/smtp", "message": message});
    for (name, text) in [
        ("compact.json", serde_json::to_string(&[entry(1790000000), entry(1790000060)]).unwrap()),
        ("pretty.json", serde_json::to_string_pretty(&[entry(1790000000), entry(1790000060)]).unwrap()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let found = attempts(&path);
        assert_eq!(found.len(), 2, "{name}");
        assert_eq!((&found[1]["time"], &found[1]["marker"], &found[1]["zone"]), (&json!("2026-09-21T14:14:20Z"), &json!("HCM2"), &json!("stated")), "{name}");
    }
}

fn remark<'d>(document: &'d serde_json::Value, code: &str) -> Option<&'d serde_json::Value> {
    document["verdict"]["remarks"].as_array().unwrap().iter().find(|remark| remark["code"] == code)
}

#[test]
fn a_missing_rotation_is_said_and_a_quiet_night_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let day = |day: u32, hours: std::ops::Range<u32>| {
        (hours.flat_map(|hour| (0..4).map(move |quarter| LINE.replace("2026-10-03T09:14:07Z", &format!("2026-10-{day:02}T{hour:02}:{:02}:07Z", quarter * 15)))))
            .collect::<String>()
    };
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("mail.log.2", day(1, 8..18));
    write("mail.log.1", day(2, 8..18));
    write("mail.log", day(3, 8..18));
    assert_eq!(remark(&scan(folder.path(), &[]).0, "hole").map(|hole| &hole["figures"]), Some(&json!([14])), "nothing inside of a log is as silent");
    write("mail.log.1", day(2, 8..9) + &day(2, 17..18));
    assert_eq!(remark(&scan(folder.path(), &[]).0, "hole"), None, "a log is as silent by itself");
    fs::remove_file(folder.path().join("mail.log.1")).unwrap();
    let (document, ..) = scan(folder.path(), &[]);
    assert_eq!(remark(&document, "hole").unwrap()["names"], json!(["2026-10-01 17:45:07", "2026-10-03 08:00:07"]));
}

#[test]
fn clocks_that_disagree_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let log = "Oct  5 09:14:07 mail postfix/smtp[1]: 4D2F09CE4FB: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 554 5.7.1 [HM08] no (in reply to RCPT TO command))\n";
    fs::write(folder.path().join("mail.log"), log).unwrap();
    let bounce = "From: MAILER-DAEMON@mail.northwind.example\nTo: maria@northwind.example\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 5 Oct 2026 07:14:09 +0000\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n<a@icloud.com>: host mx01.mail.icloud.com[17.57.154.33] said: 554 5.7.1 [HM08] no (in reply to RCPT TO command)\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.northwind.example\nX-Postfix-Queue-ID: 4D2F09CE4FB\n\nFinal-Recipient: rfc822; a@icloud.com\nAction: failed\nStatus: 5.7.1\nRemote-MTA: dns; mx01.mail.icloud.com\nDiagnostic-Code: smtp; 554 5.7.1 [HM08] no\n\n--b--\n";
    fs::write(folder.path().join("bounce.eml"), bounce).unwrap();
    let (document, ..) = scan(folder.path(), &[]);
    assert_eq!(document["totals"]["attempts"], 1);
    let apart = remark(&document, "apart").unwrap_or_else(|| panic!("{document}"));
    assert_eq!((&apart["names"], &apart["figures"]), (&json!(["mail.log", "bounce.eml"]), &json!([120])));
    let output = reprieve(&["scan", "--json", "--tz", "Europe/Stockholm", "--until-year", "2026", folder.path().to_str().unwrap()]);
    let right: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(remark(&right, "apart"), None, "in the right zone they agree");
}

#[test]
fn a_log_copied_twice_counts_once_and_two_servers_count_twice() {
    let folder = tempfile::tempdir().unwrap();
    let attempt = |number: u64, to: &str, host: &str| {
        let (hour, minute) = (8 + number / 60, number % 60);
        format!(
            "2026-10-05T{hour:02}:{minute:02}:07Z mail postfix/smtp[1]: 4D2F09C{number:04X}: to=<a{number}@{to}>, relay={host}:25, dsn=5.7.1, status=bounced (host {host} said: 550 5.7.1 no (in reply to RCPT TO command))\n"
        )
    };
    let of = |number: u64| match number % 3 {
        0 => attempt(number, "icloud.com", "mx01.mail.icloud.com[17.57.154.33]"),
        _ => attempt(number, "gmail.com", "gmail-smtp-in.l.google.com[142.250.110.26]"),
    };
    let log: Vec<u8> = (0..480).map(of).collect::<String>().into_bytes();
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let piece = |range: std::ops::Range<usize>| lines[range].concat();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    let figures =
        |document: &serde_json::Value| ["attempts", "messages", "recipients", "delivered", "deferred", "rejected"].map(|key| document["totals"][key].clone());
    write("mail.log", &log);
    let (whole, ..) = scan(folder.path(), &[]);
    // Yesterday's copy of the first half, under another name, beside what was copied today.
    let (third, half) = (lines.len() / 3, lines.len() / 2);
    write("copied-yesterday.log", &piece(0..half));
    write("mail.log", &piece(third..lines.len()));
    let (both, ..) = scan(folder.path(), &[]);
    assert_eq!(figures(&both), figures(&whole));
    assert_eq!(both["control"], whole["control"]);
    let problems = |document: &serde_json::Value| {
        document["intake"]["sources"][1]["problems"].as_array().unwrap().iter().filter(|problem| problem["code"] == "overlap").count()
    };
    assert_eq!(problems(&both), 1);
    // Three days' copies, each of which meets both others.
    let (fifth, most) = (lines.len() * 2 / 5, lines.len() * 3 / 4);
    write("copied-1.log", &piece(0..half));
    write("copied-2.log", &piece(third..most));
    write("copied-3.log", &piece(fifth..lines.len()));
    fs::remove_file(folder.path().join("copied-yesterday.log")).unwrap();
    fs::remove_file(folder.path().join("mail.log")).unwrap();
    let (three, ..) = scan(folder.path(), &[]);
    assert_eq!(figures(&three), figures(&whole));
    assert_eq!(three["control"], whole["control"]);
    for copy in ["copied-1.log", "copied-2.log", "copied-3.log"] {
        fs::remove_file(folder.path().join(copy)).unwrap();
    }
    // Another server's log of the same hours only happens to be busy at the same time.
    let mut other = Vec::new();
    crate::generator::write(&mut other, 400_000, 22).unwrap();
    write("a-other.log", &other);
    write("mail.log", &log);
    let (two, ..) = scan(folder.path(), &[]);
    assert_eq!(problems(&two), 0);
    let sum = |document: &serde_json::Value| document["totals"]["attempts"].as_u64().unwrap();
    fs::remove_file(folder.path().join("mail.log")).unwrap();
    assert_eq!(sum(&two), sum(&whole) + sum(&scan(folder.path(), &[]).0));
}

#[test]
fn a_journal_exported_as_fields_is_read_like_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let records = [
        ("postfix/qmgr", "4D2F09CE4FB: from=<maria@northwind.example>, size=5120, nrcpt=1 (queue active)".to_owned()),
        ("postfix/smtp", format!("4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=4.7.1, status=deferred ({SAID})")),
    ];
    let (mut export, mut lines) = (Vec::new(), String::new());
    for (program, message) in &records {
        let micros = "1791184447000000";
        export.extend_from_slice(format!("__CURSOR=s=1\n__REALTIME_TIMESTAMP={micros}\n_HOSTNAME=mail\nSYSLOG_IDENTIFIER={program}\nMESSAGE\n").as_bytes());
        export.extend_from_slice(&(message.len() as u64).to_le_bytes());
        export.extend_from_slice(format!("{message}\n_PID=7\n\n").as_bytes());
        lines += &format!("{}\n", json!({"__REALTIME_TIMESTAMP": micros, "_HOSTNAME": "mail", "SYSLOG_IDENTIFIER": program, "MESSAGE": message}));
    }
    let (one, other) = (folder.path().join("mail.export"), folder.path().join("mail.json"));
    fs::write(&one, export).unwrap();
    fs::write(&other, lines).unwrap();
    let without_source = |path: &std::path::Path| {
        let mut found = attempts(path);
        found.iter_mut().for_each(|attempt| attempt["source"] = json!(null));
        found
    };
    assert_eq!(without_source(&one).len(), 1);
    assert_eq!(without_source(&one), without_source(&other));
    assert_eq!(without_source(&one)[0]["sender"], "maria@northwind.example");
}
