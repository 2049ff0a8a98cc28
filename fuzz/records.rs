// The laws of records in DNS, as functions of raw bytes: the fuzz targets try them on anything, and `make test` replays the
// seeds in `fuzz/seeds/` through them.

use checks::dkim::KeyRecord;
use checks::dmarc::{DmarcRecord, Place};
use checks::spf::{Input, SpfRecord, audit, evaluate};
use checks::{Answer, Kind, Outcome, Question, Questions, Record};

/// An SPF record of any bytes is read, or refused with the term that breaks it.
pub fn spf(text: &[u8]) {
    match SpfRecord::parse(&[b"v=spf1 ", text].concat()) {
        Ok(record) => assert!(record.mechanisms().count() <= record.terms.len()),
        Err(fault) => assert!(!fault.term.is_empty() && !fault.why.is_empty()),
    }
}

/// A walk through an SPF record of any bytes, wherever it leads back to itself, ends within the limits.
pub fn walk(text: &[u8]) {
    let record = [b"v=spf1 ", text].concat();
    if SpfRecord::parse(&record).is_err() {
        return;
    }
    let answer = |question: &Question| match question.kind {
        Kind::Txt => Answer::of(vec![Record::Txt(vec![record.clone()])]),
        _ => Answer::empty(Outcome::NoName),
    };
    let input = Input {
        ip: std::net::IpAddr::from([203, 0, 113, 25]),
        mail_from: "maria@northwind.example".to_owned(),
        helo: "mail.northwind.example".to_owned(),
        receiver: "receiver.example".to_owned(),
    };
    let found = Questions::default().settle(answer, |dns| evaluate(dns, &input));
    assert!(found.lookups <= 11 && found.void_lookups <= 3, "{found:?}");
    let tree = Questions::default().settle(answer, |dns| audit(dns, "northwind.example"));
    assert!(tree.trace.len() < 1 << 16);
}

/// A DKIM key of any bytes is read or refused with a reason.
pub fn dkim(text: &[u8]) {
    match KeyRecord::parse(text) {
        Ok(record) => assert!(record.bits.is_none_or(|bits| bits <= text.len() * 8)),
        Err(why) => assert!(!why.is_empty()),
    }
}

/// A DMARC record of any bytes is read or none; whatever it says, the policy is one of three.
pub fn dmarc(text: &[u8]) {
    for text in [text, &[b"v=DMARC1;", text].concat()] {
        let Some(record) = DmarcRecord::parse(text) else { continue };
        for place in [Place::Own, Place::Below, Place::BelowAbsent] {
            let policy = record.policy(place).map(str::to_ascii_lowercase);
            assert!(policy.is_none_or(|policy| ["none", "quarantine", "reject"].contains(&policy.as_str())));
        }
        let _ = (record.mode("adkim"), record.is_testing());
    }
}
