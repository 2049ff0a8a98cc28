//! Findings: all attempts that got the same kind of reply.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use providers::{Door, Knowledge};
use smtp::Stage;

use crate::diagnose::{Timed, Timeline};
use crate::session::Causes;
use crate::{Attempts, Group, GroupId, Ledger, TextId};

/// One attempt of a finding that can be shown whole.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Its place in the ledger's events.
    pub event: usize,
    /// The whole line.
    pub line: TextId,
}

/// All attempts that got the same kind of reply.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What they have in common.
    pub group: Group,
    /// Who can lift it, as far as that is known.
    pub door: Option<Door>,
    /// Whether the recipients do not exist.
    pub unknown_recipient: bool,
    /// Attempts.
    pub attempts: u64,
    /// Messages.
    pub messages: u64,
    /// Different recipients.
    pub recipients: u64,
    /// The earliest time, in seconds since 1970.
    pub first: Option<i64>,
    /// The latest time.
    pub last: Option<i64>,
    /// The stages it was seen at.
    pub stages: Vec<Stage>,
    /// The senders, the most frequent first.
    pub senders: Vec<TextId>,
    /// The sending addresses.
    pub sending_ips: Vec<IpAddr>,
    /// Every attempt, as places in the ledger's events with their times, in the order of time.
    pub events: Attempts,
    /// The attempts that can be shown whole, in the order of time.
    pub samples: Vec<Sample>,
}

#[derive(Default)]
struct Gathered {
    attempts: u64,
    stages: BTreeSet<Stage>,
    senders: HashMap<TextId, u64, RandomState>,
    sending_ips: BTreeSet<IpAddr>,
    events: Attempts,
    samples: Vec<Sample>,
}

impl Gathered {
    fn take(&mut self, attempt: &Timed) {
        let event = attempt.event;
        self.attempts += u64::from(event.times);
        self.stages.insert(event.stage);
        self.sending_ips.extend(event.sending.map(|(ip, _)| ip));
        self.events.push(attempt.index, attempt.time);
        self.samples.extend(event.raw.map(|line| Sample { event: attempt.index, line }));
        if let Some(sender) = event.sender {
            *self.senders.entry(sender).or_insert(0) += u64::from(event.times);
        }
    }

    fn finish(self, group: Group, knowledge: &Knowledge, ledger: &Ledger) -> Finding {
        let mut senders: Vec<(TextId, u64)> = self.senders.into_iter().collect();
        senders.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| ledger.texts.text(*a).cmp(ledger.texts.text(*b))));
        let times = || self.events.iter().filter_map(|(_, time)| time);
        // They are looked at once more, so that what is different need not be kept of all findings at once.
        let told = || self.events.iter().filter_map(|(index, _)| ledger.events.get(index));
        let (messages, recipients) = (different(told().map(|event| event.message)), different(told().filter_map(|event| event.recipient)));
        Finding {
            group,
            door: door(knowledge, &group),
            unknown_recipient: is_unknown(knowledge, &group),
            attempts: self.attempts,
            messages,
            recipients,
            first: times().min(),
            last: times().max(),
            stages: self.stages.into_iter().collect(),
            senders: senders.into_iter().map(|(sender, _)| sender).collect(),
            sending_ips: self.sending_ips.into_iter().collect(),
            samples: self.samples,
            events: self.events,
        }
    }
}

/// How many of them are different.
fn different<T: Ord>(all: impl Iterator<Item = T>) -> u64 {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}

/// The findings, the most frequent first.
pub(crate) fn of(ledger: &Ledger, knowledge: &Knowledge, timed: Timeline<'_>) -> Vec<Finding> {
    let causes = Causes::of(ledger, timed);
    let mut gathered: BTreeMap<GroupId, Gathered> = BTreeMap::new();
    for attempt in timed.iter() {
        if let Some(group) = causes.group(attempt.index, &attempt.event) {
            gathered.entry(group).or_default().take(&attempt);
        }
    }
    let finished = gathered.into_iter().filter_map(|(id, gathered)| {
        let group = ledger.groups.get(id.0 as usize)?;
        Some(gathered.finish(*group, knowledge, ledger))
    });
    let mut findings: Vec<Finding> = finished.collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.attempts), finding.first));
    findings
}

/// Whether a kind of reply says that the recipient does not exist: by its rule, or by 5.1.1 in a permanent reply.
fn is_unknown(knowledge: &Knowledge, group: &Group) -> bool {
    let by_rule = group.rule.and_then(|rule| knowledge.rule(rule)).is_some_and(|rule| rule.kind == "recipient_unknown");
    let by_code = group.code.is_some_and(smtp::Code::is_permanent) && group.enhanced.is_some_and(|code| code.to_string() == "5.1.1");
    by_rule || by_code
}

/// Whose door a kind of reply is. What would be the receiver's or a list owner's is the operator's in between, where
/// another host gave the answer: it is that host's address that is refused, or its own rule that refuses.
fn door(knowledge: &Knowledge, group: &Group) -> Option<Door> {
    let door = group.rule.and_then(|rule| knowledge.rule(rule)).map(|rule| rule.door);
    match door {
        Some(Door::Provider | Door::ListOwner) if group.by_other => Some(Door::Relay),
        None if group.by_other && group.code.is_some() => Some(Door::Relay),
        door => door,
    }
}

impl Finding {
    /// Whether the reply is a block, and not the recipient's affair or passing trouble.
    ///
    /// A reply that no rule knows is one if it is permanent and not about an address (X.1.Z) or a mailbox (X.2.Z).
    pub fn is_block(&self) -> bool {
        match self.door {
            Some(door) => matches!(door, Door::Provider | Door::ListOwner | Door::Relay | Door::Outage),
            None => {
                let enhanced = self.group.enhanced.map(|code| code.to_string()).unwrap_or_default();
                let of_recipient = enhanced.starts_with("5.1.") || enhanced.starts_with("5.2.");
                self.group.code.is_some_and(|code| code.is_permanent()) && !of_recipient
            }
        }
    }
}
