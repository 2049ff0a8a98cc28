//! A mail that was sent, against RFC 5322 and what receivers ask of a mail's form and content.
//!
//! Rules for bulk mail hold for bulk mail only. Whether people want the mail is not seen here.

mod content;
mod form;
mod list;

use mail_parser::MessageParser;

use crate::check::Check;
use crate::mail::{Field, Mail};
use crate::signature::Verdict;
use crate::subject::Sender;

/// What is looked at, taken apart once.
pub(crate) struct Subject<'m> {
    mail: &'m Mail,
    fields: Vec<Field>,
    name: String,
    bulk: Option<bool>,
    text: String,
}

/// The checks of the mail at hand; without one each says so.
pub(crate) fn checks(sender: &Sender, chain: Option<&Verdict>) -> Vec<Check> {
    let Some(mail) = &sender.mail else {
        let rows = form::ROWS.iter().chain(list::ROWS).chain(content::ROWS);
        return rows.map(|row| row.unknown(&sender.domain, "A mail that was sent shows it: add one.")).collect();
    };
    let parsed = mail.whole.then(|| MessageParser::default().parse(&mail.raw)).flatten();
    let subject = Subject {
        fields: mail.fields(),
        name: named(mail),
        bulk: sender.bulk,
        text: parsed.as_ref().and_then(|message| message.body_text(0)).unwrap_or_default().into_owned(),
        mail,
    };
    [form::checks(&subject), list::checks(&subject, chain), content::checks(&subject)].concat()
}

/// The hosts that a mail's links lead to: what UTS 39 calls payload domains.
pub(crate) fn link_hosts(mail: &Mail) -> Vec<String> {
    const MOST: usize = 20;
    mail.markup.iter().flat_map(|markup| &markup.links).filter_map(|link| content::host(&link.to)).take(MOST).collect()
}

/// What a mail is called in a sentence.
fn named(mail: &Mail) -> String {
    mail.all("message-id").into_iter().next().unwrap_or_else(|| "the mail".to_owned())
}

impl Subject<'_> {
    fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|field| field.name == name).map(|field| field.value.as_str()).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;
    use crate::mail::{Link, Markup};

    const GOOD: &str = "From: Maria Lind <maria@northwind.example>\r\nTo: anna@icloud.com\r\nSubject: Invoice 1042\r\nDate: Mon, 05 Oct 2026 07:14:07 +0000\r\nMessage-ID: <1@mail.northwind.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!DOCTYPE html><html><head><title>Invoice</title></head><body><p>Hello Anna, see <a href=\"https://northwind.example/i/1042\">the invoice</a>.</p></body></html>\r\n";

    fn status(mail: &str, id: &str, bulk: Option<bool>) -> (Status, String) {
        let sender = Sender {
            domain: "northwind.example".into(),
            mail: Some(Mail { raw: mail.as_bytes().to_vec(), whole: true, markup: None }),
            bulk,
            ..Sender::default()
        };
        let found = checks(&sender, None).into_iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no {id}"));
        (found.status, found.summary)
    }

    #[test]
    fn a_clean_mail_gives_no_warning() {
        let sender = |bulk| Sender {
            domain: "northwind.example".into(),
            mail: Some(Mail { raw: GOOD.as_bytes().to_vec(), whole: true, markup: None }),
            bulk,
            ..Sender::default()
        };
        for check in checks(&sender(Some(false)), None) {
            assert!(matches!(check.status, Status::Pass | Status::NotApplicable), "{check:?}");
        }
        let newsletter = GOOD.replace("Subject", "List-Unsubscribe: <https://northwind.example/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: <news.northwind.example>\r\nDKIM-Signature: v=1; d=northwind.example; s=a; h=from:list-unsubscribe:list-unsubscribe-post; bh=a; b=a\r\nSubject").replace("</p>", " <a href=\"https://northwind.example/u/1\">Unsubscribe</a></p>");
        let all = checks(&Sender { mail: Some(Mail { raw: newsletter.into_bytes(), whole: true, markup: None }), ..sender(Some(true)) }, None);
        assert!(all.iter().all(|check| matches!(check.status, Status::Pass | Status::NotApplicable)), "{all:#?}");
    }

    #[test]
    fn each_fault_of_form_is_found() {
        for (id, mail, words) in [
            ("message.from", GOOD.replace("From: Maria Lind <maria@northwind.example>\r\n", ""), "no From"),
            ("message.from", GOOD.replace("maria@northwind.example>", "maria@northwind.example>, b@x.example"), "2 addresses"),
            ("message.once", GOOD.replace("To: ", "To: b@x.example\r\nTo: "), "to"),
            ("message.date", GOOD.replace("Date: Mon, 05 Oct 2026 07:14:07 +0000\r\n", ""), "no Date"),
            ("message.date", GOOD.replace("Mon, 05 Oct 2026 07:14:07 +0000", "yesterday"), "no date"),
            ("message.id", GOOD.replace("Message-ID: <1@mail.northwind.example>\r\n", ""), "no Message-ID"),
            ("message.id", GOOD.replace("<1@mail.northwind.example>", "1042"), "form"),
            ("message.bytes", GOOD.replace("Invoice 1042", "Räksmörgås"), "8-bit"),
            ("message.bytes", GOOD.replace("Hello", &"x".repeat(1200)), "998"),
            ("message.bytes", GOOD.replace("charset=utf-8\r\n", "charset=utf-8\n"), "bare"),
            ("message.header_size", GOOD.replace("Subject", &format!("X-Long: {}\r\nSubject", format!("{}\r\n ", "y".repeat(900)).repeat(130))), "bytes"),
        ] {
            let (found, summary) = status(&mail, id, None);
            assert!(found <= Status::Warning && summary.contains(words), "{id}: {found:?} {summary}");
        }
    }

    #[test]
    fn each_fault_of_content_is_found() {
        for (id, mail, words) in [
            ("message.foreign_from", GOOD.replace("maria@northwind.example", "maria@gmail.com"), "gmail.com"),
            ("message.reply", GOOD.replace("Invoice 1042", "Re: your order"), "answer"),
            ("message.display_name", GOOD.replace("Maria Lind", "=?utf-8?q?Maria_=E2=9C=85?="), "sign"),
            ("message.display_name", GOOD.replace("Maria Lind", "\"service@bank.example\""), "bank.example"),
        ] {
            let (found, summary) = status(&mail, id, Some(false));
            assert!(found <= Status::Warning && summary.contains(words), "{id}: {found:?} {summary}");
        }
        let link = Link { to: "https://x.example/1".into(), text: "https://bank.example/login".into() };
        for (id, markup) in [
            ("message.html", Markup { faults: vec!["Unexpected token".into()], ..Markup::default() }),
            ("message.hidden", Markup { hidden: 300, ..Markup::default() }),
            ("message.links", Markup { links: vec![link], ..Markup::default() }),
        ] {
            let mail = Mail { raw: GOOD.as_bytes().to_vec(), whole: true, markup: Some(markup) };
            let all = checks(&Sender { mail: Some(mail), ..Sender::default() }, None);
            assert!(all.into_iter().any(|check| check.id == id && check.status == Status::Warning), "{id}");
        }
        assert_eq!(
            status(&GOOD.replace("Invoice 1042", "Re: x").replace("Subject", "In-Reply-To: <2@x.example>\r\nSubject"), "message.reply", None).0,
            Status::Pass
        );
    }

    #[test]
    fn bulk_rules_hold_for_bulk_only() {
        assert_eq!(status(GOOD, "message.unsubscribe", Some(true)).0, Status::Fail);
        assert_eq!(status(GOOD, "message.unsubscribe", Some(false)).0, Status::NotApplicable);
        assert_eq!(status(GOOD, "message.unsubscribe", None).0, Status::Unknown);
        let mail = GOOD.replace("Subject", "List-Unsubscribe: <mailto:u@northwind.example>\r\nSubject");
        assert!(status(&mail, "message.unsubscribe", Some(true)).1.contains("https"));
        assert_eq!(status(&mail, "message.list_id", None).0, Status::Warning);
        assert_eq!(status(&GOOD.replace("From:", "Return-Path: <SRS0=a=b=x.example=c@northwind.example>\r\nFrom:"), "message.arc", None).0, Status::Warning);
        let chain = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=x.example; s=a; b=a\r\nARC-Message-Signature: i=1; a=rsa-sha256; d=x.example; s=a; b=a\r\nARC-Authentication-Results: i=1; x.example; spf=pass\r\nFrom:";
        assert_eq!(status(&GOOD.replace("From:", chain), "message.arc", None).0, Status::Pass);
        assert_eq!(status(&GOOD.replace("From:", &chain.replace("cv=none", "cv=fail")), "message.arc", None).0, Status::Warning);
    }
}
