//! A change of an SPF record that covers what it does not cover, and takes nothing away from anybody.
//!
//! The record that is there is edited, never joined by a second one; its end is kept. The change is offered only after the
//! walker has evaluated it for every sender that is known: who passed before passes after.

use std::net::IpAddr;

use super::{Publish, Remedy};
use crate::dns::{Answer, Kind, Pending, Question, Questions, Record, Way};
use crate::spf::{Evaluation, Input, Mechanism, SpfRecord, SpfResult, Term, audit, evaluate, find_record};
use crate::subject::Service;

/// How many terms may ask DNS.
const MOST_LOOKUPS: u32 = 10;

/// How many terms may ask for what is not there.
const MOST_VOID: usize = 2;

/// The longest record that is offered: more may not fit into one answer beside the others.
const LONGEST: usize = 450;

/// Who may be added to a record.
#[derive(Clone, Copy, Debug)]
pub struct Addable<'s> {
    /// Addresses that the user confirmed as own and static.
    pub own: &'s [IpAddr],
    /// Addresses that belong to services which many share, with the services' includes.
    pub services: &'s [Service],
}

/// Why no change can be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody who is not covered may be added: no address is confirmed, and none belongs to a known service.
    NobodyConfirmed,
    /// The record is broken or there are several: that has to be mended first.
    Broken,
    /// With the change too many terms would ask DNS.
    TooManyLookups(u32),
    /// With the change the record would be too long.
    TooLong(usize),
    /// The change would not do, or would take a pass away from somebody.
    NoHelp,
}

/// The change of a domain's record that covers those of some senders who do not pass.
pub fn cover(dns: &mut Questions, domain: &str, senders: &[Input], addable: Addable<'_>) -> Result<Result<Remedy, Refusal>, Pending> {
    let answer = dns.ask(domain, Kind::Txt)?;
    let Ok(published) = find_record(&answer) else { return Ok(Err(Refusal::Broken)) };
    let before = each(dns, senders)?;
    let missing: Vec<IpAddr> = senders.iter().zip(&before).filter(|(_, found)| found.result != SpfResult::Pass).map(|(input, _)| input.ip).collect();
    let terms = terms(&missing, addable);
    if terms.is_empty() {
        return Ok(Err(Refusal::NobodyConfirmed));
    }
    let Some(text) = changed(published.as_deref(), &terms) else { return Ok(Err(Refusal::Broken)) };
    if text.len() > LONGEST {
        return Ok(Err(Refusal::TooLong(text.len())));
    }
    // The change is tried beside what is known; what the trial asks besides is asked in earnest.
    let mut trial = dns.fork();
    trial.answer(Question { name: domain.to_ascii_lowercase(), kind: Kind::Txt, way: Way::Resolver }, with_record(&answer, &text));
    let tried = (each(&mut trial, senders), audit(&mut trial, domain));
    dns.join(trial);
    let (after, tree) = (tried.0?, tried.1?);
    if tree.lookups > MOST_LOOKUPS || tree.void.len() > MOST_VOID {
        return Ok(Err(Refusal::TooManyLookups(tree.lookups)));
    }
    let pass = |found: &Evaluation| found.result == SpfResult::Pass;
    let keeps = before.iter().zip(&after).all(|(before, after)| !pass(before) || pass(after));
    let helps = senders.iter().zip(before.iter().zip(&after)).any(|(_, (before, after))| !pass(before) && pass(after));
    if !keeps || !helps || !tree.broken.is_empty() {
        return Ok(Err(Refusal::NoHelp));
    }
    Ok(Ok(remedy(domain, published.as_deref(), text, tree.lookups)))
}

fn each(dns: &mut Questions, senders: &[Input]) -> Result<Vec<Evaluation>, Pending> {
    let begun: Vec<Result<Evaluation, Pending>> = senders.iter().map(|input| evaluate(dns, input)).collect();
    begun.into_iter().collect()
}

/// The terms that are to be added: an own address as it is, a service's by the service's include.
fn terms(missing: &[IpAddr], addable: Addable<'_>) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for ip in missing {
        let service = addable.services.iter().find(|service| service.ip == *ip);
        let term = match (service, addable.own.contains(ip)) {
            (Some(service), _) => format!("include:{}", service.include),
            (None, true) if ip.is_ipv4() => format!("ip4:{ip}"),
            (None, true) => format!("ip6:{ip}"),
            (None, false) => continue,
        };
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// The record with terms added before the term that holds for everybody; a new record where there is none.
fn changed(published: Option<&[u8]>, terms: &[String]) -> Option<String> {
    let Some(published) = published else { return Some(format!("v=spf1 {} ~all", terms.join(" "))) };
    let record = SpfRecord::parse(published).ok()?;
    let is_all = |term: &Term| matches!(term, Term::Mechanism(_, Mechanism::All, _));
    let text = |term: &Term| match term {
        Term::Mechanism(.., text) | Term::Modifier(_, text) => text.clone(),
    };
    // An explicit refusal of the very address stands before the end; what is added has to come before it.
    let own = |term: &Term| matches!(term, Term::Mechanism(qualifier, Mechanism::Ip(..), _) if *qualifier != crate::spf::Qualifier::Pass);
    let place = record.terms.iter().position(|term| is_all(term) || own(term)).unwrap_or(record.terms.len());
    let (before, after) = record.terms.split_at_checked(place)?;
    let words = before.iter().map(text).chain(terms.iter().cloned()).chain(after.iter().map(text));
    Some(std::iter::once("v=spf1".to_owned()).chain(words).collect::<Vec<_>>().join(" "))
}

/// An answer with another SPF record, all other texts kept.
fn with_record(answer: &Answer, text: &str) -> Answer {
    let others = answer.records.iter().filter(|record| !matches!(record, Record::Txt(strings) if crate::spf::is_spf(&strings.concat())));
    let records = others.cloned().chain([Record::Txt(vec![text.as_bytes().to_vec()])]).collect();
    Answer { chain: answer.chain.clone(), ttl: answer.ttl, ..Answer::of(records) }
}

fn remedy(domain: &str, published: Option<&[u8]>, text: String, lookups: u32) -> Remedy {
    let replaces = published.map(|published| String::from_utf8_lossy(published).into_owned());
    let first = "First ask who else sends for this domain: newsletter, invoicing, ticket system, web shop, website.";
    Remedy {
        text: match replaces {
            Some(_) => format!(
                "{first} Then put this text in the place of the SPF record that is there; a domain has one. It uses {lookups} of {MOST_LOOKUPS} look-ups, and everybody who passed before still passes."
            ),
            None => format!(
                "{first} Then publish one record that names them all. This one names only what was seen; it ends in ~all, so that whoever was forgotten is doubted and not refused. It uses {lookups} of {MOST_LOOKUPS} look-ups."
            ),
        },
        records: vec![Publish { name: domain.to_owned(), kind: "TXT", value: text, replaces }],
        may_break: Some(
            "Nothing that passed before. Who sends for the domain and is not in the record fails as before; so do forwarders, whom SPF never covers."
                .to_owned(),
        ),
        verify: Some(format!("After the TTL: reprieve check --domain {domain} with the same --ip; the row spf.covers passes.")),
        ..Remedy::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_go_before_the_end_and_the_end_stays() {
        let add = |text: &str| changed(Some(text.as_bytes()), &["ip4:203.0.113.25".to_owned()]);
        assert_eq!(add("v=spf1 mx ~all").as_deref(), Some("v=spf1 mx ip4:203.0.113.25 ~all"));
        assert_eq!(add("v=spf1 mx -all exp=why.example").as_deref(), Some("v=spf1 mx ip4:203.0.113.25 -all exp=why.example"));
        assert_eq!(add("v=spf1 redirect=_spf.example").as_deref(), Some("v=spf1 redirect=_spf.example ip4:203.0.113.25"));
        assert_eq!(add("v=spf1 -ip4:203.0.113.0/24 mx ?all").as_deref(), Some("v=spf1 ip4:203.0.113.25 -ip4:203.0.113.0/24 mx ?all"));
        assert_eq!(add("v=spf1 ip4:1.2.3.4/99 -all"), None);
    }
}
