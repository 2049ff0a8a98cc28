//! What a part found: everything that is known of a run of lines without those before it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use evidence::config::Setting;
use evidence::family::FAMILIES;
use evidence::{Birth, Counts, Join, Key, Stamp, Turns};
use providers::ProviderId;

use crate::protection::TlsCount;
use crate::{Event, Group, Tally, TextId, Texts};

/// An event whose message is known only as far as its own part can tell.
#[derive(Debug)]
pub(crate) struct Pending {
    pub event: Event,
    pub key: Key,
    pub birth: Birth,
    /// What tells the same bounce apart from another one; lines of logs have none.
    pub fingerprint: Option<u128>,
    /// The host and the instance of a refusal whose sending address is not known.
    pub left_by: Option<(u64, TextId)>,
}

/// An address that a receiver who is not asked about named in a refusal.
#[derive(Debug)]
pub(crate) struct PendingEcho {
    pub left_by: (u64, TextId),
    pub ip: IpAddr,
    pub provider: ProviderId,
    pub key: Key,
    pub birth: Birth,
    pub sender: Option<TextId>,
}

/// Everything that a part found.
#[derive(Debug, Default)]
pub struct PartResult {
    pub(crate) counts: Counts,
    pub(crate) attempts: u64,
    pub(crate) join: Join,
    pub(crate) texts: Texts,
    pub(crate) groups: Vec<Group>,
    pub(crate) events: Vec<Pending>,
    /// Addresses that other receivers named.
    pub(crate) echoes: Vec<PendingEcho>,
    /// What a configuration says of where mail leaves.
    pub(crate) settings: Vec<Setting>,
    /// Addresses that bounces came from.
    pub(crate) received: Vec<IpAddr>,
    pub(crate) tally: Tally,
    pub(crate) turns: Turns,
    pub(crate) span: Option<((i32, Stamp), (i32, Stamp))>,
    pub(crate) yearless: bool,
    pub(crate) zoneless: bool,
    pub(crate) not_understood: Vec<(&'static str, u64, u64)>,
    /// Lines or mails of each family, by the families' places.
    pub(crate) families: [u64; FAMILIES.len()],
    /// Mails that were set aside, by reason.
    pub(crate) asides: BTreeMap<&'static str, u64>,
    /// Domains that signed returned messages, as `selector:domain`.
    pub(crate) signers: BTreeSet<String>,
    /// How connections to the provider were protected.
    pub(crate) tls: TlsCount,
    /// Queue ids of the message that is asked for by its Message-ID.
    pub(crate) queue_ids: BTreeSet<Vec<u8>>,
    /// Names of the hosts that wrote its lines, as far as others may look them up.
    pub(crate) hosts: BTreeSet<String>,
}

impl PartResult {
    /// How many of its lines are of a known family.
    pub fn of_family(&self) -> u64 {
        self.counts.of_family()
    }
}
