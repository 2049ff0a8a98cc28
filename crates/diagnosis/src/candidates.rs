//! Candidates for the sending address, where the evidence names none: what other receivers' replies, a configuration or a
//! bounce's own way names. None of them is taken before the user confirms it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use providers::{Knowledge, ProviderId};

use crate::{Ledger, SendingIp};

/// From where a candidate is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateBasis {
    /// Another receiver named it in a refusal of the same domain, server, instance and family.
    OtherReply,
    /// A configuration beside the log names it.
    Configuration,
    /// A bounce came from it.
    Received,
    /// DNS names it for a name of the server, which the user had looked up.
    Name,
}

impl CandidateBasis {
    /// The word used in JSON and by the page's catalogue.
    pub fn word(self) -> &'static str {
        match self {
            CandidateBasis::OtherReply => "other_reply",
            CandidateBasis::Configuration => "configuration",
            CandidateBasis::Received => "received",
            CandidateBasis::Name => "name",
        }
    }
}

/// An address that may be the sending one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The address.
    pub ip: IpAddr,
    /// From where it is known.
    pub basis: CandidateBasis,
    /// Who or what names it: receivers, parameters, or nobody by name.
    pub by: Vec<String>,
    /// How often.
    pub times: u64,
}

/// The way a message takes out of a house: host, instance, the sender's domain, and the family of the address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trail {
    pub host: u64,
    pub instance: Vec<u8>,
    pub domain: Vec<u8>,
    pub v6: bool,
}

/// What the ledger collects on the way.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The trails of refused mail whose sending address is not known.
    pub trails: BTreeSet<Trail>,
    /// Addresses that other receivers named, by trail.
    pub echoes: BTreeMap<(Trail, IpAddr, ProviderId), u64>,
    /// Addresses that configurations name.
    pub configured: BTreeSet<(IpAddr, String)>,
    /// Addresses that bounces came from.
    pub received: BTreeMap<IpAddr, u64>,
    /// Addresses that DNS gave for names of the server.
    pub looked_up: BTreeSet<(IpAddr, String)>,
}

/// The candidates, the best known first; what is known to be a sending address is none.
pub(crate) fn of(ledger: &Ledger, knowledge: &Knowledge, known: &[SendingIp]) -> Vec<Candidate> {
    let named = &ledger.named;
    let mut found: BTreeMap<(CandidateBasis, IpAddr), (BTreeSet<String>, u64)> = BTreeMap::new();
    let mut note = |basis, ip, by: Option<String>, times| {
        let candidate = found.entry((basis, ip)).or_default();
        candidate.0.extend(by);
        candidate.1 += times;
    };
    for ((trail, ip, provider), times) in named.echoes.iter().filter(|((trail, ..), _)| named.trails.contains(trail)) {
        debug_assert_eq!(trail.v6, ip.is_ipv6());
        note(CandidateBasis::OtherReply, *ip, knowledge.provider(*provider).map(|provider| provider.name.clone()), *times);
    }
    named.configured.iter().for_each(|(ip, name)| note(CandidateBasis::Configuration, *ip, Some(name.clone()), 1));
    named.received.iter().for_each(|(ip, times)| note(CandidateBasis::Received, *ip, None, *times));
    named.looked_up.iter().for_each(|(ip, name)| note(CandidateBasis::Name, *ip, Some(name.clone()), 1));
    let is_new = |ip: &IpAddr| known.iter().all(|known| known.ip != *ip);
    let candidate = |((basis, ip), (by, times)): ((_, IpAddr), (BTreeSet<String>, u64))| Candidate { ip, basis, by: by.into_iter().collect(), times };
    found.into_iter().filter(|((_, ip), _)| is_new(ip)).map(candidate).collect()
}
