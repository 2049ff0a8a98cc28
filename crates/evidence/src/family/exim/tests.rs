use smtp::{Disposition, Stage};

use super::*;
use crate::envelope::Opener;
use crate::family::Program;
use crate::{Attempt, Class, Origin};

const NEW: &str = "2026-08-11 05:44:36 1wtcTj-00000008OnA-0eY6 ";
const OLD: &str = "2026-08-11 05:44:36.123 +0200 [811] 1XSLn4-003Fa1-OX ";

/// What a line holds; it is kept for as long as the tests run.
fn reading(line: &str) -> Reading<'static> {
    let line: &'static str = Box::leak(line.to_owned().into_boxed_str());
    let opener: &'static mut Opener = Box::leak(Box::default());
    read(opener.open(line.as_bytes()).unwrap_or_else(|| panic!("{line}")).message)
}

fn attempt(line: &str) -> Attempt<'static> {
    match reading(line) {
        Reading::Attempt(attempt) => attempt,
        other => panic!("{line}: {other:?}"),
    }
}

/// Recipient, original, host, address, local address, stage, reply, note.
type Told<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, Stage, &'a str, &'a str);

fn told(attempt: &Attempt<'static>) -> Told<'static> {
    let of = |bytes: Option<&'static [u8]>| std::str::from_utf8(bytes.unwrap_or_default()).unwrap();
    (
        of(attempt.recipient),
        of(attempt.original),
        of(attempt.remote_host),
        of(attempt.remote_ip),
        of(attempt.local_ip),
        attempt.stage,
        of(attempt.reply),
        of(attempt.note),
    )
}

#[test]
fn deliveries_are_read_in_both_layouts() {
    let hm08 = "554 5.7.1 [HM08] Message rejected due to local policy.";
    let (anna, mx, ip) = ("anna@icloud.com", "mx01.mail.icloud.com", "17.57.154.33");
    let cases: [(&str, Told<'_>, Disposition); 10] = [
        (
            "** anna@icloud.com R=dkim_lookuphost T=dkim_remote_smtp H=mx01.mail.icloud.com [17.57.154.33] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes : SMTP error from remote mail server after end of data: 554 5.7.1 [HM08] Message rejected due to local policy.",
            (anna, "", mx, ip, "", Stage::EndOfData, hm08, ""),
            Disposition::Bounced,
        ),
        (
            "** anna@icloud.com R=dnslookup T=remote_smtp: SMTP error from remote mail server after RCPT TO:<anna@icloud.com>: host mx01.mail.icloud.com [17.57.154.33]: 550-5.1.1 one\\n550 5.1.1 two",
            (anna, "", mx, ip, "", Stage::Rcpt, "550-5.1.1 one\\n550 5.1.1 two", ""),
            Disposition::Bounced,
        ),
        (
            "== anna@icloud.com (info@northwind.example) <info@northwind.example> R=dkim_lookuphost T=dkim_remote_forwarded_smtp defer (-46) H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after end of data: 421 4.7.1 later",
            (anna, "info@northwind.example", mx, ip, "", Stage::EndOfData, "421 4.7.1 later", ""),
            Disposition::Deferred,
        ),
        (
            "** anna@icloud.com F=<maria@northwind.example> R=all T=smtp H=mx01.mail.icloud.com [17.57.154.33]:25 I=[203.0.113.25]:10001 : SMTP error from remote mail server after initial connection: 550 5.7.0 Blocked",
            (anna, "", mx, ip, "203.0.113.25", Stage::Connect, "550 5.7.0 Blocked", ""),
            Disposition::Bounced,
        ),
        (
            "=> anna@icloud.com F=<maria@northwind.example> R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33]* X=TLS1.3:x:256 CV=yes K C=\"250 2.0.0 Ok: queued as D04B3C0008B\" QT=2s DT=1s",
            (anna, "", mx, ip, "", Stage::EndOfData, "250 2.0.0 Ok: queued as D04B3C0008B", ""),
            Disposition::Sent,
        ),
        (
            "-> anna@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33]",
            (anna, "", mx, ip, "", Stage::EndOfData, "250", ""),
            Disposition::Sent,
        ),
        (
            "H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after pipelined MAIL FROM:<maria@northwind.example> SIZE=1758: 451 4.7.1 Service unavailable - try again later",
            ("", "", mx, ip, "", Stage::Mail, "451 4.7.1 Service unavailable - try again later", ""),
            Disposition::Unknown,
        ),
        (
            "SMTP error from remote mail server after end of data: host mx01.mail.icloud.com [17.57.154.33]: 421-4.7.0 slow\\n421 4.7.0 down",
            ("", "", mx, ip, "", Stage::EndOfData, "421-4.7.0 slow\\n421 4.7.0 down", ""),
            Disposition::Unknown,
        ),
        (
            "== anna@icloud.com R=dnslookup T=remote_smtp defer (110) H=mx01.mail.icloud.com [17.57.154.33]: Connection timed out",
            (anna, "", mx, ip, "", Stage::Unknown, "", "Connection timed out"),
            Disposition::Deferred,
        ),
        ("** anna@icloud.com: Unrouteable address", (anna, "", "", "", "", Stage::Unknown, "", "Unrouteable address"), Disposition::Bounced),
    ];
    for head in [NEW, OLD] {
        for (line, expected, disposition) in &cases {
            let found = attempt(&format!("{head}{line}"));
            assert_eq!((told(&found), found.disposition), (*expected, *disposition), "{line}");
        }
    }
}

#[test]
fn an_arrival_says_all_in_one_line_and_a_subject_hides_nothing() {
    let arrived = |sender: &'static str, message_id: Option<&'static str>, origin| Arrival {
        sender: sender.as_bytes(),
        message_id: message_id.map(str::as_bytes),
        origin,
    };
    let cases = [
        (
            "<= maria@northwind.example H=(pc) [192.0.2.7] P=esmtpsa A=dovecot_login:maria@northwind.example S=27356 id=m1@northwind.example T=\"Big Sale => 50% A=x id=y\" from <maria@northwind.example> for anna@icloud.com",
            arrived("maria@northwind.example", Some("m1@northwind.example"), Some(Origin::Login(&b"maria@northwind.example"[..]))),
        ),
        ("<= www-data@northwind.example U=www-data P=local S=800", arrived("www-data@northwind.example", None, Some(Origin::Script(&b"www-data"[..])))),
        ("<= <> R=1XSLn4-003Fa1-OX U=mailnull P=esmtp S=800", arrived("", None, None)),
    ];
    for (line, expected) in cases {
        let whole = format!("{NEW}{line}");
        let Reading::Fact(Fact::Message { id: b"1wtcTj-00000008OnA-0eY6", what: What::Arrived, text: words }) = reading(&whole) else { panic!("{line}") };
        assert_eq!(Arrival::read(words), expected, "{line}");
    }
    for line in ["Completed", "Completed QT=2s"] {
        assert_eq!(reading(&format!("{NEW}{line}")), Reading::Fact(Fact::Message { id: b"1wtcTj-00000008OnA-0eY6", what: What::Ended, text: b"" }), "{line}");
    }
}

#[test]
fn what_is_no_attempt_is_none() {
    let cases = [
        ("== anna@icloud.com R=dkim_lookuphost T=dkim_remote_smtp defer (-54): retry time not reached for any host for 'icloud.com'", Class::Fact),
        ("** anna@icloud.com R=dnslookup T=remote_smtp: retry timeout exceeded", Class::Fact),
        ("=> maria <maria@northwind.example> R=virtual_user T=dovecot_virtual_delivery C=\"250 2.0.0 saved\"", Class::Fact),
        ("*> anna@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33]", Class::Fact),
        ("no immediate delivery: load average 9.00", Class::Idle),
        ("SMTP connection outbound 1410368816 1XSLn4-003Fa1-OX icloud.com anna@icloud.com", Class::Idle),
        ("Frozen (delivery error message)", Class::Idle),
        ("** ", Class::NotUnderstood),
        ("== anna@icloud.com R=x", Class::NotUnderstood),
    ];
    for (line, class) in cases {
        assert_eq!(reading(&format!("{NEW}{line}")).class(), class, "{line}");
    }
}

#[test]
fn near_misses_are_nobodys_lines() {
    for line in [
        "2026-08-11 05:44:36 hello world",
        "2026-08-11 05:44:36 1XSLn4-003Fa1-O ** a@icloud.com",
        "2026-08-11 05:44:36 1XSLn4 003Fa1 OX ** a@icloud.com",
        "2026-13-11 05:44:36 1XSLn4-003Fa1-OX ** a@icloud.com",
        "1XSLn4-003Fa1-OX ** a@icloud.com",
        "2026-08-11 05:44:36 +02 1XSLn4-003Fa1-OX ** a@icloud.com",
    ] {
        let mut opener = Opener::default();
        let program = opener.open(line.as_bytes()).map(|record| record.program.to_vec());
        assert_ne!(program.as_deref(), Some(&b"exim"[..]), "{line}");
    }
}

#[test]
fn a_line_by_syslog_may_come_with_its_own_stamp_and_in_pieces() {
    let lines = ["Oct  3 09:14:07 mail exim[811]: ", "Oct  3 09:14:07 mail exim4[811]: 2026-10-03 09:14:07 "];
    for head in lines {
        let line = format!("{head}1wtcTj-00000008OnA-0eY6 ** anna@icloud.com R=x T=y H=mx [192.0.2.1] : SMTP error from remote mail server after DATA: 550 no");
        let mut opener = Opener::default();
        let record = opener.open(line.as_bytes()).unwrap();
        assert_eq!((Program::of(record.program).family(), crate::family::read(Program::of(record.program), &record).class()), (1, Class::Bears), "{line}");
    }
    assert_eq!(piece(b"[1/3] 1wtcTj-00000008OnA-0eY6 ** a"), Some((1, 3, &b"1wtcTj-00000008OnA-0eY6 ** a"[..])));
    assert_eq!(piece(b"2026-10-03 09:14:07 [2\\3] b"), Some((2, 3, &b"b"[..])));
    assert_eq!(piece(b"[811] x"), None);
}

#[test]
fn every_line_may_be_cut_anywhere() {
    let line = format!(
        "{OLD}== anna@icloud.com (a) <info@northwind.example> R=r T=t defer (-46) H=mx [192.0.2.1] I=[203.0.113.25]: SMTP error from remote mail server after RCPT TO:<anna@icloud.com>: host mx [192.0.2.1]: 550 no"
    );
    for end in 0..line.len() {
        let mut opener = Opener::default();
        if let Some(record) = opener.open(line.as_bytes().get(..end).unwrap()) {
            let _ = crate::family::read(Program::of(record.program), &record);
        }
    }
}
