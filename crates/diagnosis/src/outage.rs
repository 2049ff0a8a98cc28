//! Outages: when a wave of refusals is trouble at the receiver and no block.
//!
//! From one address an outage and a block look alike, and telling a blocked client to wait is the worst mistake. So
//! only four things count: the user saw it on the receiver's status page, the wave healed by itself, two unrelated
//! networks were hit at once, or addresses that had been accepted within 30 days suddenly did not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smtp::{Outcome, domain_of};

use crate::diagnose::{Timed, Timeline};
use crate::distinct::Distinct;
use crate::{Finding, Ledger, TextId};

/// How long a wave may last that heals by itself and is called an outage, in seconds.
const LONGEST: i64 = 6 * 3600;

/// How many refusals, acceptances or addresses it takes to speak of an outage.
const FEWEST: usize = 20;

/// How far apart two networks may be hit first, in seconds.
const AT_ONCE: i64 = 15 * 60;

/// How long ago an address may have been accepted that is now said not to exist, in seconds.
const LATELY: i64 = 30 * 24 * 3600;

/// A wave of refusals that is more likely trouble at the receiver than a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// The condition that was met: `confirmed`, `healed_by_itself`, `two_networks` or `known_addresses`.
    pub condition: &'static str,
    /// The first refusal, in seconds since 1970.
    pub first: i64,
    /// The last refusal.
    pub last: i64,
}

/// Refusals between two times.
#[derive(Clone, Copy)]
pub(crate) struct Wave<'a> {
    pub timed: Timeline<'a>,
    pub refused: &'a Distinct,
    pub first: i64,
    pub last: i64,
}

/// The outage that a wave of blocks is, if it is one.
pub(crate) fn of(ledger: &Ledger, wave: Wave<'_>, findings: &[Finding], confirmed: bool) -> Option<Outage> {
    let outage = |condition| Some(Outage { condition, first: wave.first, last: wave.last });
    match () {
        () if confirmed => outage("confirmed"),
        () if wave.healed() => outage("healed_by_itself"),
        () if wave.hit_two_networks(ledger) => outage("two_networks"),
        () => known_addresses(wave.timed, findings),
    }
}

impl Wave<'_> {
    /// Everything was refused for some hours, then everything was taken again.
    fn healed(&self) -> bool {
        let short = self.last - self.first <= LONGEST && self.refused.len() >= FEWEST as u64;
        short && self.accepted(self.last, i64::MAX) >= FEWEST && self.accepted(self.first, self.last) == 0
    }

    /// Attempts that were accepted between two times, both excluded.
    fn accepted(&self, from: i64, to: i64) -> usize {
        let inside = |attempt: &Timed| attempt.time.is_some_and(|time| time > from && time < to);
        self.timed.iter().filter(|attempt| attempt.event.outcome == Outcome::Delivered).filter(inside).count()
    }

    /// Nothing was taken, and two networks with different sender domains were first hit within a quarter of an hour.
    fn hit_two_networks(&self, ledger: &Ledger) -> bool {
        if self.accepted(self.first, self.last) > 0 {
            return false;
        }
        let mut networks: BTreeMap<(u8, u128), (i64, BTreeSet<Vec<u8>>, usize)> = BTreeMap::new();
        for attempt in self.timed.iter().filter(|attempt| self.refused.holds(attempt.index)) {
            let domain = attempt.event.sender.and_then(|sender| domain_of(ledger.texts.text(sender)));
            if let (Some((ip, _)), Some(time), Some(domain)) = (attempt.event.sending, attempt.time, domain) {
                let network = networks.entry(network(ip)).or_insert((time, BTreeSet::new(), 0));
                network.1.insert(domain.to_ascii_lowercase());
                network.2 += 1;
            }
        }
        let hit: Vec<_> = networks.into_values().filter(|(.., refused)| *refused >= FEWEST).collect();
        let together = |a: &(i64, BTreeSet<Vec<u8>>, usize), b: &(i64, BTreeSet<Vec<u8>>, usize)| (a.0 - b.0).abs() <= AT_ONCE && a.1.is_disjoint(&b.1);
        hit.iter().enumerate().any(|(place, a)| hit.iter().skip(place + 1).any(|b| together(a, b)))
    }
}

/// The network that an address is in, as far as owners differ: 16 bits of an IPv4 address, 32 of an IPv6 one.
fn network(ip: IpAddr) -> (u8, u128) {
    match ip.to_canonical() {
        IpAddr::V4(ip) => (4, u128::from(u32::from(ip) >> 16)),
        IpAddr::V6(ip) => (6, u128::from(ip) >> 96),
    }
}

/// A wave of "no such user" about addresses that had been accepted within 30 days; otherwise it is an old list.
fn known_addresses(timed: Timeline<'_>, findings: &[Finding]) -> Option<Outage> {
    let unknown: Distinct =
        findings.iter().filter(|finding| finding.unknown_recipient).flat_map(|finding| finding.events.iter().map(|(index, _)| index)).collect();
    if unknown.len() < FEWEST as u64 {
        return None;
    }
    let (mut accepted, mut denied): (HashMap<TextId, i64, RandomState>, HashMap<TextId, (i64, bool), RandomState>) = Default::default();
    for attempt in timed.iter() {
        let (Some(time), Some(recipient)) = (attempt.time, attempt.event.recipient) else { continue };
        if attempt.event.outcome == Outcome::Delivered {
            accepted.insert(recipient, time);
        } else if unknown.holds(attempt.index) {
            let lately = accepted.get(&recipient).is_some_and(|before| time - before <= LATELY);
            denied.entry(recipient).or_insert((time, lately));
        }
    }
    let known: Vec<i64> = denied.values().filter(|(_, lately)| *lately).map(|(time, _)| *time).collect();
    let (first, last) = (*known.iter().min()?, *known.iter().max()?);
    let wave = known.len() >= FEWEST && known.len() * 5 >= denied.len() * 4 && last - first <= LONGEST;
    wave.then_some(Outage { condition: "known_addresses", first, last })
}
