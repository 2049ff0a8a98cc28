use smtp::{Disposition, Stage};

use super::*;
use crate::{Attempt, Class, Fact, What};

fn reading<'a>(program: &'a str, message: &'a str) -> Reading<'a> {
    read(Daemon::of(program.as_bytes()), message.as_bytes())
}

fn attempt(message: &str) -> Attempt<'_> {
    match reading("postfix/smtp", message) {
        Reading::Attempt(attempt) => attempt,
        other => panic!("{message}: {other:?}"),
    }
}

fn text(bytes: Option<&[u8]>) -> &str {
    std::str::from_utf8(bytes.unwrap_or_default()).unwrap()
}

#[test]
fn a_greeting_refusal_is_a_refusal_though_postfix_defers() {
    let found = attempt(
        r#"D298F2C60812: to=<"user 1234, with space"@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=42, delays=40/0.02/1.9/0, dsn=4.7.0, status=deferred (host mx01.mail.icloud.com[17.57.154.33] refused to talk to me: 550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=203.0.113.25)"#,
    );
    assert_eq!(text(found.recipient), r#""user 1234, with space"@icloud.com"#);
    assert_eq!(text(found.reply), "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=203.0.113.25");
    assert_eq!((found.stage, found.disposition), (Stage::Connect, Disposition::Deferred));
    assert_eq!(found.outcome(), smtp::Outcome::Rejected);
    assert_eq!(text(found.remote_ip), "17.57.154.33");
}

#[test]
fn stages_are_read_from_postfix_words() {
    let said = |stage: &str| format!("4D2F09CE4FB: host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Try (again) (in reply to {stage})");
    let stages = [
        ("MAIL FROM command", Stage::Mail),
        ("RCPT TO command", Stage::Rcpt),
        ("DATA command", Stage::Data),
        ("end of DATA command", Stage::EndOfData),
        ("final RSET command", Stage::Unknown),
    ];
    for (words, stage) in stages {
        let line = said(words);
        let found = attempt(&line);
        assert_eq!((found.stage, found.recipient, text(found.reply)), (stage, None, "451 4.7.1 Try (again)"), "{words}");
    }
    let lost = attempt("4D2F09CE4FB: lost connection with mx01.mail.icloud.com[17.57.154.33] while receiving the initial server greeting");
    assert_eq!((lost.stage, lost.reply), (Stage::Connect, None));
    let slow =
        attempt("4D2F09CE4FB: conversation with mx01.mail.icloud.com[17.57.154.33] timed out while sending end of data -- message may be sent more than once");
    assert_eq!(slow.stage, Stage::EndOfData);
}

#[test]
fn keys_come_in_any_order_and_number() {
    let found = attempt(
        "4br8Qn53tPz20Q07: to=<a@icloud.com>, orig_to=<x, y@z>, relay=mx02.mail.icloud.com[2001:db8::2]:25, conn_use=2, delay=1, delays=0/0/0/1, tls=dane:final, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B)",
    );
    assert_eq!((text(found.reply), found.disposition), ("250 2.0.0 Ok: queued as D04B", Disposition::Sent));
    assert_eq!((text(found.remote_host), text(found.remote_ip)), ("mx02.mail.icloud.com", "2001:db8::2"));
}

#[test]
fn the_host_that_answered_wins_over_the_relay() {
    let found = attempt(
        "2B7CA1F56B: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.152.14]:25, dsn=4.7.0, status=deferred (host mx02.mail.icloud.com[17.57.152.15] said: 451 4.7.1 no (in reply to MAIL FROM command))",
    );
    assert_eq!((text(found.remote_host), text(found.remote_ip)), ("mx02.mail.icloud.com", "17.57.152.15"));
}

#[test]
fn failures_without_a_reply_keep_postfix_words() {
    let found = attempt(
        "2B7CA1F56B: to=<a@icloud.com>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx02.mail.icloud.com[17.57.155.25]:25: Connection timed out)",
    );
    assert_eq!((found.stage, found.reply, text(found.remote_host)), (Stage::Connect, None, "mx02.mail.icloud.com"));
    let found = attempt(
        "2B7CA1F56B: to=<a@icloud.com>, relay=none, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=icloud.com type=MX: Host not found, try again)",
    );
    assert_eq!((found.remote_host, found.stage), (None, Stage::Unknown));
}

#[test]
fn tls_that_was_refused_has_its_stage() {
    let found = attempt(
        "2B7CA1F56B: to=<a@icloud.com>, relay=mx[192.0.2.1]:25, dsn=4.7.4, status=deferred (TLS is required, but host mx.example[192.0.2.1] refused to start TLS: 454 4.7.0 no)",
    );
    assert_eq!((found.stage, text(found.reply), text(found.remote_host)), (Stage::StartTls, "454 4.7.0 no", "mx.example"));
}

#[test]
fn connections_and_signatures_are_facts() {
    let connection = |version| Reading::Fact(Fact::Connection { host: Some(b"mx.example"), ip: Some(b"192.0.2.1"), version });
    for (line, version) in [
        ("Trusted TLS connection established to mx.example[192.0.2.1]:25: TLSv1.3 with cipher X (256/256 bits)", Some(&b"TLSv1.3"[..])),
        ("Anonymous TLS connection established to mx.example[192.0.2.1]:25: TLSv1", Some(b"TLSv1")),
        ("SSL_connect error to mx.example[192.0.2.1]:25: lost connection", None),
    ] {
        assert_eq!(reading("postfix/smtp", line), connection(version), "{line}");
    }
    let signed = reading("opendkim", "2DC5552A34: DKIM-Signature field added (s=s2026, d=northwind.example)");
    assert_eq!(signed, Reading::Fact(Fact::Signed { selector: b"s2026", domain: b"northwind.example" }));
}

#[test]
fn what_is_no_attempt_is_none() {
    let cases = [
        (
            "postfix/retry",
            "2DC5552A34: to=<u@icloud.com>, relay=none, dsn=4.4.2, status=deferred (delivery temporarily suspended: lost connection with mx[192.0.2.1])",
            Class::Fact,
        ),
        ("postfix/smtp", "2DC5552A34: to=<u@icloud.com>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, status=sent (250 2.0.0 from MTA)", Class::Fact),
        ("postfix/smtp", "2DC5552A34: to=<u@icloud.com>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=deliverable (250 ok)", Class::Fact),
        ("postfix/smtp", "connect to mx02.mail.icloud.com[17.57.155.25]:25: Connection timed out", Class::Fact),
        ("postfix/smtp", "Untrusted TLS connection established to mx[192.0.2.1]:25: TLSv1.3", Class::Fact),
        ("opendkim", "2DC5552A34: DKIM-Signature field added (s=s2026, d=northwind.example)", Class::Fact),
        ("opendkim", "2DC5552A34: no signing table match for 'a@b.example'", Class::Foreign),
        ("postfix/smtp", "warning: 11C9513477F0: non-ESMTP response from mx02.mail.icloud.com[17.57.152.5]:25:", Class::Idle),
        ("postfix/lmtp", "2DC5552A34: to=<u@x>, relay=dovecot[private/lmtp], dsn=2.0.0, status=sent (250 ok)", Class::Idle),
        ("postfix/smtpd", "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 no; from=<a> to=<b>", Class::Idle),
        ("postfix/smtp", "2DC5552A34: to=<u@icloud.com>, relay=mx[192.0.2.1]:25, del", Class::NotUnderstood),
        ("postfix/smtp", "2DC5552A34: to=<u@icl", Class::NotUnderstood),
        ("postfix/smtp", "2DC5552A34: to=<u@icloud.com>, status=weird (x)", Class::NotUnderstood),
        ("dovecot", "2DC5552A34: to=<u@icloud.com>, status=sent (250 ok)", Class::Foreign),
        ("acme/other", "2DC5552A34: to=<u@icloud.com>, status=sent (250 ok)", Class::Foreign),
    ];
    for (program, message, class) in cases {
        assert_eq!(reading(program, message).class(), class, "{message}");
    }
}

#[test]
fn the_queue_tells_birth_sender_and_end() {
    let said = |what, text: &'static [u8]| Reading::Fact(Fact::Message { id: b"4D2F09CE4FB", what, text });
    let sender = |message: &'static str| match reading("postfix-out/qmgr", message) {
        Reading::Fact(Fact::Message { what: What::Sender, text, .. }) => std::str::from_utf8(text).unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(sender(r#"4D2F09CE4FB: from=<"a, b"@x.example>, size=1, nrcpt=1 (queue active)"#), r#""a, b"@x.example"#);
    assert_eq!(sender("4D2F09CE4FB: from=<>, status=expired, returned to sender"), "");
    assert_eq!(reading("postfix/qmgr", "4D2F09CE4FB: removed"), said(What::Ended, b""));
    assert_eq!(reading("postfix/smtpd", "4D2F09CE4FB: client=x[192.0.2.1]"), said(What::Born, b""));
    assert_eq!(reading("postfix/smtpd", "4D2F09CE4FB: client=x[192.0.2.1], sasl_method=PLAIN, sasl_username="), said(What::Born, b""));
    let login = "4D2F09CE4FB: client=x[192.0.2.1], sasl_method=PLAIN, sasl_username=anna@northwind.example, sasl_sender=b";
    assert_eq!(reading("postfix/submission/smtpd", login), said(What::Login, b"anna@northwind.example"));
    assert_eq!(reading("postfix/pickup", "4D2F09CE4FB: uid=33 from=<www-data>"), said(What::Script, b"www-data"));
    assert_eq!(reading("postfix/pickup", "4D2F09CE4FB: uid=33 from=<>"), said(What::Script, b"33"));
    assert_eq!(reading("postfix/pickup", "4D2F09CE4FB: uid=33"), said(What::Born, b""));
    assert_eq!(reading("postfix/cleanup", "4D2F09CE4FB: message-id=<a@b>"), said(What::MessageId, b"<a@b>"));
}

#[test]
fn a_line_cut_at_two_thousand_bytes_keeps_what_it_has() {
    let found =
        attempt("2B7CA1F56B: to=<a@icloud.com>, relay=mx[192.0.2.1]:25, dsn=5.7.1, status=bounced (host mx.example[192.0.2.1] said: 554 5.7.1 a very long");
    assert_eq!((text(found.reply), found.stage), ("554 5.7.1 a very long", Stage::Unknown));
}

#[test]
fn a_program_name_cut_at_its_slash_is_told_by_the_line() {
    let class = |message: &str| reading("postfix", message).class();
    assert_eq!(class("4D2F09CE4FB: from=<a@x.example>, size=1, nrcpt=1 (queue active)"), Class::Fact);
    assert_eq!(class("4D2F09CE4FB: to=<a@icloud.com>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)"), Class::Bears);
    assert_eq!(class("4D2F09CE4FB: to=<a@x.example>, relay=local, dsn=2.0.0, status=sent (delivered to mailbox)"), Class::Fact);
    assert_eq!(class("4D2F09CE4FB: to=<a@x.example>, relay=dovecot[private/lmtp], dsn=2.0.0, status=sent (250 saved)"), Class::Fact);
    assert_eq!(class("daemon started -- version 3.7.11"), Class::Idle);
}
