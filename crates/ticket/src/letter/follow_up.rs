//! The follow-up: the same thread, and only what is new since the letter.

use std::collections::BTreeSet;
use std::net::IpAddr;

use casework::Gap;
use diagnosis::Finding;

use super::text::{ask, one_line, quoted, signature};
use super::{Brief, thousands};
use crate::date;
use crate::quote::{self, Quote};

pub(super) fn body(brief: &Brief<'_>, ips: &[IpAddr], since: i64, gaps: &mut Vec<Gap>) -> String {
    let list = if ips.is_empty() { "our mail server".to_owned() } else { ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") };
    let reference = brief.facts.reference.as_ref().map(|reference| format!(" (ref {})", one_line(reference))).unwrap_or_default();
    let (refused, tried) = counts(brief, since);
    let newest = newest(brief, since, ips);
    let mut lines = vec![
        "Hello,".to_owned(),
        format!("on {} we wrote about {list}{reference}. Mail from it is still refused; this is what is new.", date(since)),
        String::new(),
        format!("Since then {} of {} messages were refused. The newest replies, verbatim (UTC):", thousands(refused), thousands(tried)),
    ];
    lines.extend(newest.iter().zip('a'..='z').flat_map(|(quote, letter)| quoted(brief, quote, letter)));
    lines.push(format!("Changed:  {}", ask(brief.facts.fixed.as_ref(), "fixed", "what was stopped or changed since the letter, and when", gaps)));
    lines.push(format!("Request:  please review {list} again, or tell us what still needs correcting."));
    lines.push(String::new());
    lines.push(signature(brief.facts, gaps));
    lines.join("\n") + "\n"
}

/// Messages that were refused at the provider's own door since a time, and those that were tried.
fn counts(brief: &Brief<'_>, since: i64) -> (u64, u64) {
    let later = |time: &Option<i64>| time.is_some_and(|time| time > since);
    let message = |index: usize| brief.ledger.events.get(index).map(|event| event.message);
    let tried: BTreeSet<_> = brief.diagnosis.attempts.iter().filter(|(_, time)| later(time)).filter_map(|(index, _)| message(index)).collect();
    let blocks = brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding));
    let refused: BTreeSet<_> =
        blocks.flat_map(|finding| finding.events.iter()).filter(|(_, time)| later(time)).filter_map(|(index, _)| message(index)).collect();
    (refused.len() as u64, tried.len() as u64)
}

/// The newest reply of each kind since a time, three at most.
fn newest(brief: &Brief<'_>, since: i64, ips: &[IpAddr]) -> Vec<Quote> {
    const MOST: usize = 3;
    let only = if let [ip] = ips { Some(*ip) } else { None };
    let later = |finding: &&Finding| brief.is_apples(finding) && finding.last.is_some_and(|last| last > since);
    let quotes = brief.diagnosis.findings.iter().filter(later).flat_map(|finding| {
        let quotes = quote::choose(brief.ledger, std::iter::once(finding), only);
        let newest = quotes.into_iter().rfind(|quote| quote.time.is_some_and(|time| time > since))?;
        let later = finding.events.iter().filter(|(_, time)| time.is_some_and(|time| time > since));
        let messages: BTreeSet<_> = later.filter_map(|(event, _)| brief.ledger.events.get(event)).map(|event| event.message).collect();
        Some(Quote { messages: messages.len(), ..newest })
    });
    quotes.take(MOST).collect()
}
