//! Which replies a letter quotes: of each kind and address the first and the newest, five at most.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diagnosis::{Event, Finding, Ledger, TextId};
use providers::Door;

/// The most replies that one letter quotes.
const MOST_QUOTES: usize = 5;

/// A reply to quote.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The attempt, as a place in the ledger's events.
    pub event: usize,
    /// When, in seconds since 1970.
    pub time: Option<i64>,
    /// The address the mail was sent from, where it is known.
    pub sending: Option<IpAddr>,
    /// How many messages met this kind of reply from this address.
    pub messages: usize,
}

/// Whether a finding belongs into a letter to the provider: the recipient's affairs and other doors stay out.
pub(crate) fn belongs(finding: &Finding) -> bool {
    finding.is_block() && matches!(finding.door, None | Some(Door::Provider))
}

/// The replies of these findings to quote, in the order of time.
pub(crate) fn choose<'f>(ledger: &Ledger, findings: impl Iterator<Item = &'f Finding>, only: Option<IpAddr>) -> Vec<Quote> {
    let mut kinds: BTreeMap<(Option<TextId>, Option<IpAddr>), Vec<(usize, Option<i64>)>> = BTreeMap::new();
    for finding in findings {
        for (index, time) in finding.events.iter() {
            let Some(event) = ledger.events.get(index).filter(|event| event.reply.is_some()) else { continue };
            let kind = finding.group.marker.or(finding.group.skeleton).or(event.words());
            kinds.entry((kind, address(&event).or(only))).or_default().push((index, time));
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().map(|((_, sending), events)| (sending, events)).collect();
    kinds.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
    let quote = |sending: &Option<IpAddr>, (event, time): (usize, Option<i64>), messages| Quote { event, time, sending: *sending, messages };
    let firsts = kinds.iter().filter_map(|(sending, events)| Some(quote(sending, first(events)?, messages(ledger, events))));
    let newest =
        kinds.iter().filter(|(_, events)| events.len() > 1).filter_map(|(sending, events)| Some(quote(sending, last(events)?, messages(ledger, events))));
    let mut quotes: Vec<Quote> = firsts.take(MOST_QUOTES).collect();
    quotes.extend(newest.take(MOST_QUOTES - quotes.len()));
    quotes.sort_by_key(|quote| (quote.time, quote.event));
    quotes
}

fn address(event: &Event) -> Option<IpAddr> {
    event.sending.map(|(ip, _)| ip)
}

fn first(events: &[(usize, Option<i64>)]) -> Option<(usize, Option<i64>)> {
    events.iter().copied().min_by_key(|(event, time)| (*time, *event))
}

fn last(events: &[(usize, Option<i64>)]) -> Option<(usize, Option<i64>)> {
    events.iter().copied().max_by_key(|(event, time)| (*time, *event))
}

fn messages(ledger: &Ledger, events: &[(usize, Option<i64>)]) -> usize {
    let found = events.iter().filter_map(|(event, _)| ledger.events.get(*event)).map(|event| event.message);
    found.collect::<std::collections::BTreeSet<_>>().len()
}
