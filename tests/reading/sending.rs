//! From where mail was sent: what the evidence proves, what it only suggests, and what is asked for.

use std::fs;

use serde_json::{Value, json};

use crate::scan;

/// A refusal with the line that names its sender.
fn refusal(program: &str, id: &str, sender: &str, recipient: &str, (host, ip): (&str, &str), reply: &str) -> String {
    let id = format!("4D2F09CE{id}");
    format!(
        "2026-10-05T07:14:06Z mail {program}/qmgr[1]: {id}: from=<{sender}>, size=1, nrcpt=1 (queue active)\n\
         2026-10-05T07:14:07Z mail {program}/smtp[2]: {id}: to=<{recipient}>, relay={host}[{ip}]:25, dsn=5.7.1, status=bounced (host {host}[{ip}] said: {reply} (in reply to RCPT TO command))\n"
    )
}

const ICLOUD: (&str, &str) = ("mx01.mail.icloud.com", "17.57.154.33");
const GMAIL: (&str, &str) = ("gmail-smtp-in.l.google.com", "142.250.110.26");
const YAHOO: (&str, &str) = ("mta7.am0.yahoodns.net", "67.195.204.74");
const HM08: &str = "554 5.7.1 [HM08] Message rejected due to local policy.";

fn gmail(ip: &str) -> String {
    format!("550-5.7.1 [{ip}      19] Gmail has detected that this message is 550-5.7.1 likely suspicious. 550 5.7.1 x - gsmtp")
}

fn scanned(files: &[(&str, &str)], more: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    scan(folder.path(), more).0
}

#[test]
fn what_other_receivers_name_is_a_candidate_under_every_condition() {
    let ours = refusal("postfix", "4A1", "maria@northwind.example", "a@icloud.com", ICLOUD, HM08);
    let echo = |program: &str, id: &str, sender: &str, ip: &str| refusal(program, id, sender, "b@gmail.com", GMAIL, &gmail(ip));
    let yahoo = refusal(
        "postfix",
        "4A9",
        "jan@northwind.example",
        "c@yahoo.com",
        YAHOO,
        "421 4.7.0 [TSS04] Messages from 203.0.113.25 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
    );
    let log = [
        ours,
        echo("postfix", "4A2", "Jan@Northwind.example", "203.0.113.25"),
        yahoo,
        // Another domain, another instance, another family, and a private address: none of them says anything.
        echo("postfix", "4A3", "x@fabrikam.example", "198.51.100.1"),
        echo("postfix-out2", "4A4", "jan@northwind.example", "198.51.100.2"),
        echo("postfix", "4A5", "jan@northwind.example", "2001:db8::25"),
        echo("postfix", "4A6", "jan@northwind.example", "10.0.0.9"),
    ]
    .concat();
    for part in ["64", "1048576"] {
        let document = scanned(&[("mail.log", &log)], &["--part", part]);
        assert_eq!(document["sending_ips"], json!([]));
        assert_eq!(
            document["sending_candidates"],
            json!([{"ip": "203.0.113.25", "basis": "other_reply", "by": ["Gmail", "Yahoo"], "times": 2, "pool": null}]),
            "{part}"
        );
        assert!(document["sending_asked"].as_str().unwrap().contains("IPv4 address"));
    }
}

#[test]
fn a_configuration_beside_the_log_names_candidates_and_relays() {
    let log = refusal("postfix", "4A1", "maria@northwind.example", "a@icloud.com", ICLOUD, HM08);
    let config = "alias_maps = hash:/etc/aliases\nsmtp_bind_address = 203.0.113.25\nsmtp_sasl_password_maps = static:maria:secret\nrelayhost = [smtp.sendwell.example]:587\nmyhostname = mail.northwind.example\n";
    let document = scanned(&[("mail.log", &log), ("postconf.txt", config)], &[]);
    assert_eq!(
        document["sending_candidates"][0],
        json!({"ip": "203.0.113.25", "basis": "configuration", "by": ["smtp_bind_address"], "times": 1, "pool": null})
    );
    assert!(document["sending_asked"].as_str().unwrap().contains("smtp.sendwell.example"));
    assert!(!document.to_string().contains("secret"));
    let source = document["intake"]["sources"].as_array().unwrap().iter().find(|source| source["path"].as_str().unwrap().ends_with("postconf.txt")).unwrap();
    assert_eq!((source["problems"].as_array().unwrap().len(), &source["problems"][0]["code"]), (1, &json!("aside_configuration")));
}

#[test]
fn a_bounce_that_travelled_names_whoever_handed_it_over() {
    let bounce = |received: &str| {
        format!(
            "{received}From: MAILER-DAEMON@mail.northwind.example\nTo: maria@northwind.example\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 5 Oct 2026 07:14:09 +0000\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n<a@icloud.com>: host mx01.mail.icloud.com[17.57.154.33] said: {HM08} (in reply to end of DATA command)\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.northwind.example\n\nFinal-Recipient: rfc822; a@icloud.com\nAction: failed\nStatus: 5.7.1\nRemote-MTA: dns; mx01.mail.icloud.com\nDiagnostic-Code: smtp; {HM08}\n\n--b--\n"
        )
    };
    let hop = "Received: from inside.local ([10.0.0.5]) by mx.fjordit.example with ESMTP; Mon, 5 Oct 2026 07:14:11 +0000\nReceived: from mail.northwind.example (mail.northwind.example [203.0.113.25]) by mx.fjordit.example with ESMTP; Mon, 5 Oct 2026 07:14:10 +0000\n";
    let document = scanned(&[("bounce.eml", &bounce(hop))], &[]);
    assert_eq!(document["sending_candidates"], json!([{"ip": "203.0.113.25", "basis": "received", "by": [], "times": 1, "pool": null}]));
    let document = scanned(&[("bounce.eml", &bounce(""))], &[]);
    assert_eq!(document["sending_candidates"], json!([]));
}

#[test]
fn a_shared_pool_is_named_as_not_ones_own_and_gives_the_letter_its_form() {
    let reply = "550 5.7.1 [HCM2] Your mail from 40.107.6.42 was rejected. https://support.apple.com/en-us/HT204137";
    let log = refusal("postfix", "4A1", "maria@northwind.example", "a@icloud.com", ICLOUD, reply);
    let document = scanned(&[("mail.log", &log)], &[]);
    assert_eq!(document["sending_ips"][0]["pool"], "Microsoft 365");
    assert_eq!(document["sending_asked"], Value::Null);
}
