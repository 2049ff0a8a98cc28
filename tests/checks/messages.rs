//! Every row about a mail: one in which it fails, one in which it passes, and none at hand.

use std::collections::BTreeSet;

use crate::world;
use crate::zones::{check, ended, of, signed, zones};

const GOOD: &str = "DKIM-Signature: v=1; a=rsa-sha256; d=good.example; s=s2026; h=from:to:subject:date:list-id:list-unsubscribe:list-unsubscribe-post; bh=eA==; b=eA==\r\nFrom: Maria Lind <maria@good.example>\r\nTo: anna@icloud.com\r\nSubject: News of October\r\nDate: Mon, 05 Oct 2026 07:14:07 +0000\r\nMessage-ID: <1@mail.good.example>\r\nList-Id: <news.good.example>\r\nList-Unsubscribe: <https://good.example/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nARC-Seal: i=1; a=rsa-sha256; cv=none; d=good.example; s=a; b=a\r\nARC-Message-Signature: i=1; a=rsa-sha256; d=good.example; s=a; b=a\r\nARC-Authentication-Results: i=1; good.example; spf=pass\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!DOCTYPE html><html><head><title>News</title></head><body><p>Hello Anna, <a href=\"https://good.example/u/1\">unsubscribe</a>.</p></body></html>\r\n";

#[test]
fn each_row_about_a_mail_fails_passes_and_is_unknown() {
    let server = zones();
    let folder = tempfile::tempdir().unwrap();
    let judged = |mail: &str| {
        let path = world::write(folder.path(), "mail.eml", mail);
        check(server.address, &["--domain", "good.example", "--bulk", "yes", "--message", path.to_str().unwrap()])
    };
    let hidden = format!("<p style=\"display:none\">{}</p></body>", "cheap watches ".repeat(20));
    let without = |field: &str| GOOD.split_inclusive("\r\n").filter(|line| !line.to_lowercase().starts_with(field)).collect::<String>();
    let cases = [
        ("message.from", without("from:")),
        ("message.once", GOOD.replace("To: ", "To: b@x.example\r\nTo: ")),
        ("message.date", without("date:")),
        ("message.id", without("message-id:")),
        ("message.bytes", GOOD.replace("Hello", &"x".repeat(2000))),
        ("message.header_size", GOOD.replace("Subject", &format!("X-Long: {}\r\nSubject", "y\r\n ".repeat(40_000)))),
        ("message.unsubscribe", without("list-unsubscribe:")),
        ("message.list_id", without("list-id:")),
        ("message.arc", GOOD.replace("cv=none", "cv=fail")),
        ("message.foreign_from", GOOD.replace("maria@good.example", "maria@icloud.com")),
        ("message.reply", GOOD.replace("News of", "Re: news of")),
        ("message.display_name", GOOD.replace("Maria Lind", "=?utf-8?q?Maria_=E2=9C=85?=")),
        ("message.html", GOOD.replace("</p></body>", "</div></p></body>")),
        ("message.hidden", GOOD.replace("</body>", &hidden)),
        ("message.links", GOOD.replace(">unsubscribe<", ">www.bank.example/login<")),
    ];
    let right = judged(GOOD);
    let bare = check(server.address, &["--domain", "good.example"]);
    let rows: BTreeSet<String> = ended(&right).into_keys().filter(|id| id.starts_with("message.")).collect();
    assert_eq!(rows, cases.iter().map(|(id, _)| (*id).to_owned()).collect());
    for (id, mail) in &cases {
        assert_eq!(of(&right, id)["status"], "pass", "{:#}", of(&right, id));
        assert_eq!(of(&bare, id)["status"], "unknown");
        let document = judged(mail);
        let found = of(&document, id);
        assert!(["fail", "warning"].contains(&found["status"].as_str().unwrap()), "{found:#}");
    }
}

#[test]
fn the_header_inside_a_bounce_is_judged_as_far_as_it_goes() {
    let server = zones();
    let folder = tempfile::tempdir().unwrap();
    let signed = std::fs::read_to_string(signed().join("relaxed.eml")).unwrap();
    let header = signed.split("\r\n\r\n").next().unwrap();
    let bounce = format!(
        "From: MAILER-DAEMON@mail.good.example\r\nTo: maria@good.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.good.example\r\n\r\nFinal-Recipient: rfc822; anna@icloud.com\r\nAction: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 554 5.7.1 [HM08] Message rejected due to local policy.\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{header}\r\n\r\n--b--\r\n"
    );
    let path = world::write(folder.path(), "bounce.eml", &bounce);
    let document = check(server.address, &["--message", path.to_str().unwrap()]);
    assert_eq!(document["domain"], "good.example");
    let status = |id: &str| of(&document, id)["status"].as_str().unwrap().to_owned();
    assert_eq!(
        (status("message.from"), status("dkim.signed"), status("dkim.verifies"), status("message.html")),
        ("pass".into(), "pass".into(), "unknown".into(), "unknown".into())
    );
}
