use super::*;

/// A bounce with a report, the way most servers write it.
fn report(human: &str, fields: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.northwind.example\r\nTo: news@northwind.example\r\nDate: Sat, 3 Oct 2026 09:14:09 +0000\r\nMessage-ID: <b1@mail.northwind.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\r\n\r\n--=b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{human}\r\n--=b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n--=b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--=b--\r\n"
    )
}

const POSTFIX_WORDS: &str = "This is the mail system at host mail.northwind.example.\r\n\r\n<anna@icloud.com>: host mx01.mail.icloud.com[17.57.152.9] said: 554 5.7.1 [HM08]\r\n    Message rejected due to local policy. Please visit\r\n    https://support.apple.com/en-us/HT204137 (in reply to end of DATA command)\r\n";
const POSTFIX_FIELDS: &str = "Reporting-MTA: dns; mail.northwind.example\r\nX-Postfix-Queue-ID: 4D2F09CE4FB\r\nX-Postfix-Sender: rfc822; news@northwind.example\r\nArrival-Date: Sat,  3 Oct 2026 09:14:05 +0000 (UTC)\r\n\r\nFinal-Recipient: rfc822; anna@icloud.com\r\nOriginal-Recipient: rfc822;anna@icloud.com\r\nAction: failed\r\nStatus: 5.7.1\r\nRemote-MTA: dns; mx01.mail.icloud.com\r\nDiagnostic-Code: smtp; 554 5.7.1 [HM08] Message rejected due to local policy.\r\n    Please visit https://support.apple.com/en-us/HT204137\r\n";
const RETURNED: &str = "Return-Path: <news@northwind.example>\r\nReceived: from app (app [192.0.2.8]) by mail.northwind.example (Postfix) with ESMTP id 4D2F09CE4FB; Sat, 3 Oct 2026 09:14:05 +0000\r\nDKIM-Signature: v=1; a=rsa-sha256; d=northwind.example; s=mail; h=from; bh=x; b=y\r\nFrom: News <news@northwind.example>\r\nMessage-ID: <m1@northwind.example>\r\nSubject: Hello\r\n";
const HM08: &str = "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137";

fn told(bounce: &Bounce) -> Vec<(&str, &str, &str, Stage, &str)> {
    let text = |text: &'_ Option<String>| text.as_deref().map_or("", |text| Box::leak(text.to_owned().into_boxed_str()));
    bounce.failures.iter().map(|one| (text(&one.recipient), text(&one.remote_host), text(&one.remote_ip), one.stage, text(&one.reply))).collect()
}

#[test]
fn a_report_gets_address_and_stage_from_the_words_for_people() {
    let bounce = read(report(POSTFIX_WORDS, POSTFIX_FIELDS, RETURNED).as_bytes()).unwrap();
    assert_eq!(told(&bounce), [("anna@icloud.com", "mx01.mail.icloud.com", "17.57.152.9", Stage::EndOfData, HM08)]);
    assert_eq!((bounce.id.as_str(), bounce.reporter.as_deref(), bounce.aside), ("4D2F09CE4FB", Some("mail.northwind.example"), None));
    assert_eq!(bounce.returned.message_id.as_deref(), Some("m1@northwind.example"));
    assert_eq!(bounce.returned.sender.as_deref(), Some("news@northwind.example"));
    assert_eq!(bounce.returned.signatures, [("northwind.example".to_owned(), "mail".to_owned())]);
    assert_eq!(bounce.stamp, Stamp::rfc3339(b"2026-10-03T09:14:09Z").map(|(stamp, _)| stamp));
}

#[test]
fn a_pod_name_a_comment_behind_the_status_and_a_date_of_the_last_try_are_read() {
    let fields = "Reporting-MTA: dns;LO1P265MB0001.GBRP265.PROD.OUTLOOK.COM\r\n\r\nFinal-Recipient: rfc822;anna@icloud.com\r\nAction: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp;554 5.7.1 [CS01] Message rejected due to local policy.\r\nRemote-MTA: dns;p00-iscream-smtp-7b95d6f6c9-64bmv\r\n";
    let bounce = read(report("Your message could not be delivered.", fields, RETURNED).as_bytes()).unwrap();
    assert_eq!(
        told(&bounce),
        [("anna@icloud.com", "p00-iscream-smtp-7b95d6f6c9-64bmv", "", Stage::Unknown, "554 5.7.1 [CS01] Message rejected due to local policy.")]
    );
    let fields = "Reporting-MTA: dns; mail.northwind.example\r\n\r\nFinal-Recipient: rfc822; anna@icloud.com\r\nAction: failed\r\nStatus: 5.7.1 (remote smtp server sent unexpected response status code: got 554, expected 2xx, permanent: 554 5.7.1 [CS01] Message rejected due to local policy.)\r\nRemote-MTA: dns;mx01.mail.icloud.com\r\nLast-Attempt-Date: 30 Sep 2026 15:02:58 +0000\r\n";
    let bounce = read(report("The mail could not be delivered.", fields, RETURNED).as_bytes()).unwrap();
    assert_eq!(told(&bounce)[0].4, "554 5.7.1 [CS01] Message rejected due to local policy.");
    assert_eq!(bounce.stamp, Stamp::rfc3339(b"2026-09-30T15:02:58Z").map(|(stamp, _)| stamp));
}

#[test]
fn words_alone_are_read_in_the_forms_that_servers_write() {
    let unknown = "550 5.1.1 <anna@icloud.com>: user does not exist";
    let cases = [
        (
            "<anna@icloud.com>: host mx6.mail.icloud.com[17.178.97.79] refused to talk to me: 550 5.7.0 Blocked -\n    see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=203.0.113.25",
            (
                "anna@icloud.com",
                "mx6.mail.icloud.com",
                "17.178.97.79",
                Stage::Connect,
                "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=203.0.113.25",
            ),
        ),
        (
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  anna@icloud.com\n    host mx01.mail.icloud.com [17.57.152.9]\n    SMTP error from remote mail server after RCPT TO:<anna@icloud.com>:\n    550 5.1.1 <anna@icloud.com>: user does not exist",
            ("anna@icloud.com", "mx01.mail.icloud.com", "17.57.152.9", Stage::Rcpt, unknown),
        ),
        (
            "  anna@icloud.com\n    SMTP error from remote mail server after end of data:\n    host mx2.me.com.akadns.net [17.172.34.9]: 554 5.7.1 [HM08] Message rejected due to\n    local policy. Please visit https://support.apple.com/en-us/HT204137",
            ("anna@icloud.com", "mx2.me.com.akadns.net", "17.172.34.9", Stage::EndOfData, HM08),
        ),
        (
            "Hi. This is the qmail-send program at mail.northwind.example.\n\n<anna@icloud.com>:\n17.57.152.9 does not like recipient.\nRemote host said: 550 5.1.1 <anna@icloud.com>: user does not exist\nGiving up on 17.57.152.9.",
            ("anna@icloud.com", "", "17.57.152.9", Stage::Rcpt, unknown),
        ),
        (
            "Delivery to the following recipient failed permanently:\n\n     anna@icloud.com\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain icloud.com by mx01.mail.icloud.com. [17.57.152.9].\n\nThe error that the other server returned was:\n550 5.1.1 <anna@icloud.com>: user does not exist",
            ("anna@icloud.com", "mx01.mail.icloud.com", "17.57.152.9", Stage::Unknown, unknown),
        ),
        (
            "Diagnostic information for administrators:\n\nGenerating server: EX1.northwind.example\n\nanna@icloud.com\nmx01.mail.icloud.com\nRemote Server returned \u{2018}550 5.1.1 <anna@icloud.com>: user does not exist\u{2019}",
            ("anna@icloud.com", "", "", Stage::Unknown, unknown),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(told(&read_text(text)), [expected], "{text}");
    }
}

#[test]
fn a_transcript_names_the_refusal_and_not_what_answers_quit() {
    let text = "   ----- The following addresses had permanent fatal errors -----\n<anna@icloud.com>\n    (reason: 554 st11p00im-smtpin013.me.com ESMTP not accepting connections)\n\n   ----- Transcript of session follows -----\n... while talking to mx1.mail.icloud.com.:\n<<< 554 st11p00im-smtpin005.me.com ESMTP not accepting connections\n>>> QUIT\n<<< 421 4.7.0 st11p00im-smtpin005.me.com Error: too many errors\n";
    let bounce = read_text(text);
    assert_eq!(
        told(&bounce),
        [("anna@icloud.com", "mx1.mail.icloud.com", "", Stage::Connect, "554 st11p00im-smtpin005.me.com ESMTP not accepting connections")]
    );
}

#[test]
fn a_passed_on_bounce_is_found_inside() {
    let inner = report(POSTFIX_WORDS, POSTFIX_FIELDS, RETURNED);
    let attached = format!(
        "From: maria@northwind.example\r\nTo: help@fjordit.example\r\nSubject: Fwd: what is this?\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nPlease look at this.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
    );
    assert_eq!(told(&read(attached.as_bytes()).unwrap())[0].4, HM08);
    let quoted: String = POSTFIX_WORDS.lines().map(|line| format!("> {line}\r\n")).collect();
    let inline = format!("From: maria@northwind.example\r\nTo: help@fjordit.example\r\nSubject: Fwd: Undelivered\r\n\r\nLook:\r\n\r\n{quoted}");
    assert_eq!(told(&read(inline.as_bytes()).unwrap()), [("anna@icloud.com", "mx01.mail.icloud.com", "17.57.152.9", Stage::EndOfData, HM08)]);
}

#[test]
fn encodings_do_not_break_codes_and_urls() {
    let html = "From: postmaster@outlook.example\r\nTo: news@northwind.example\r\nSubject: Undeliverable\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Your message to anna@icloud.com couldn=92t be delivered.</p><p>Error: 554 5.7.1 [CS01] Message rejected due to local policy. Please visit=\r\n https://support.apple.com/en-us/HT20=\r\n4137. Txn ID 4fbc0af0-417e-4180-91d8-66754d53a162</p><p>Message rejected by: mx01.mail.icloud.com</p>";
    let bounce = read(html.as_bytes()).unwrap();
    let reply = "554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137. Txn ID 4fbc0af0-417e-4180-91d8-66754d53a162";
    assert_eq!(told(&bounce), [("anna@icloud.com", "mx01.mail.icloud.com", "", Stage::Unknown, reply)]);
}

#[test]
fn what_is_no_failure_of_the_clients_mail_is_set_aside_with_a_reason() {
    let aside = |text: &str| read(text.as_bytes()).unwrap().aside;
    let head = "From: anna@icloud.com\r\nTo: news@northwind.example\r\nSubject: x\r\n";
    assert_eq!(aside(&format!("{head}Auto-Submitted: auto-replied\r\n\r\nI am away. 550 5.1.1 is a code.\r\n")), Some(Aside::AutoReply));
    assert_eq!(
        aside(&format!("{head}Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")),
        Some(Aside::AbuseReport)
    );
    assert_eq!(aside(&format!("{head}\r\nHello, see you on Friday.\r\n")), Some(Aside::NoBounce));
    assert_eq!(aside(&report("It is late.", &POSTFIX_FIELDS.replace("failed", "delayed"), RETURNED)), Some(Aside::Delay));
    assert_eq!(aside(&report("It arrived.", &POSTFIX_FIELDS.replace("failed", "delivered"), RETURNED)), Some(Aside::Success));
    let forged = RETURNED
        .replace("<news@northwind.example>\r\nReceived", "<x@evil.example>\r\nReceived")
        .replace("by mail.northwind.example", "by out.evil.example")
        .replace("d=northwind.example", "d=evil.example");
    let fields = POSTFIX_FIELDS.replace("dns; mail.northwind.example", "dns; out.evil.example");
    assert_eq!(aside(&report(POSTFIX_WORDS, &fields, &forged)), Some(Aside::Foreign));
    assert_eq!(aside(&report(POSTFIX_WORDS, &fields, &forged.replace("DKIM-Signature", "X-Other"))), None, "without a signature nothing is proved");
}

#[test]
fn a_broken_report_leaves_the_words() {
    let fields = POSTFIX_FIELDS.replace("Action", "Acton").replace("Status", "Stats");
    let bounce = read(report(POSTFIX_WORDS, &fields, RETURNED).as_bytes()).unwrap();
    assert_eq!((bounce.aside, bounce.failures.len()), (None, 1));
}

#[test]
fn nothing_makes_the_reader_fail() {
    let whole = report(POSTFIX_WORDS, POSTFIX_FIELDS, RETURNED);
    for end in 0..whole.len() {
        let _ = read(whole.as_bytes().get(..end).unwrap());
    }
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(1000);
    let _ = read(format!("From: a@x.example\r\n{nested}{whole}").as_bytes());
    let received = "Received: from a by b; Sat, 3 Oct 2026 09:14:05 +0000\r\n".repeat(100_000);
    assert_eq!(read(format!("{received}{whole}").as_bytes()).unwrap().failures.len(), 1);
    assert!(read(b"").is_none());
    assert!(read_text("no code 550 here, and 5.7.1 neither: a@x.example").failures.is_empty());
}
