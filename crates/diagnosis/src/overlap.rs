//! Logs that hold some of the same lines: the same log copied twice, under other names, at other times. What both hold
//! counts once. Copies of the whole are the ledger's own affair.

use std::collections::BTreeMap;
use std::net::IpAddr;

use evidence::Stamp;
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::distinct::Distinct;
use crate::tally::Tally;
use crate::{Event, Ledger, MessageRef, Problem, TextId};

/// What tells one attempt from another, whatever source it stands in.
type Name = (Option<Stamp>, TextId, Option<TextId>, Option<IpAddr>, Option<TextId>, Option<TextId>);

/// Attempts that a later source repeats from an earlier one.
#[derive(Default)]
struct Repeats {
    events: Distinct,
    messages: HashMap<MessageRef, MessageRef, RandomState>,
    attempts: u64,
}

/// Lets the lines of later sources go that an earlier one holds.
pub(crate) fn settle(ledger: &mut Ledger) {
    if !may_overlap(ledger) {
        return;
    }
    for ((earlier, later), repeats) in repeats(ledger) {
        if holds_all(ledger, earlier, later, &repeats) {
            fold(ledger, earlier, later, &repeats);
        }
    }
}

/// Whether the spans of two sources meet by more than an end: most sets of logs follow one another.
fn may_overlap(ledger: &Ledger) -> bool {
    let mut spans: Vec<_> = ledger.sources.iter().filter(|source| source.attempts > 0 && source.counts.lines() > 1).filter_map(|source| source.span).collect();
    spans.sort_unstable();
    spans.windows(2).any(|pair| matches!(pair, [(_, end), (begin, _)] if begin < end))
}

/// Every attempt that another source tells of as well, by the two sources; of equal lines in one source each counts.
fn repeats(ledger: &Ledger) -> BTreeMap<(u32, u32), Repeats> {
    let mut seen: HashMap<Name, Vec<(u32, MessageRef)>, RandomState> = HashMap::default();
    let mut found: BTreeMap<(u32, u32), Repeats> = BTreeMap::new();
    for (place, event) in ledger.events.iter().enumerate().filter(|(_, event)| event.stamp.is_some()) {
        let known = seen.entry(name(event)).or_default();
        match known.iter().position(|(source, _)| *source != event.source) {
            Some(at) => {
                let (earlier, message) = known.swap_remove(at);
                let repeats = found.entry((earlier, event.source)).or_default();
                repeats.events.add(place);
                repeats.messages.insert(event.message, message);
                repeats.attempts += u64::from(event.times);
            }
            None => known.push((event.source, event.message)),
        }
    }
    found
}

fn name(event: &Event) -> Name {
    (event.stamp, event.id, event.recipient, event.remote_ip, event.reply, event.note)
}

/// Whether all that the later source has in the earlier one's span stands there too: else they are logs of two servers.
fn holds_all(ledger: &Ledger, earlier: u32, later: u32, repeats: &Repeats) -> bool {
    let Some(((_, begin), (_, end))) = ledger.sources.get(earlier as usize).and_then(|source| source.span) else { return false };
    let inside = |event: &Event| event.source == later && event.stamp.is_some_and(|stamp| begin <= stamp && stamp <= end);
    let count = ledger.events.iter().filter(|event| inside(event)).count() as u64;
    // The second in which the copy was made may be cut in two.
    let last = ledger.events.iter().filter(|event| inside(event) && event.stamp == Some(end)).count() as u64;
    repeats.events.len() >= count.saturating_sub(last)
}

fn fold(ledger: &mut Ledger, earlier: u32, later: u32, repeats: &Repeats) {
    let mut place = 0;
    ledger.events.retain_mut(|event| {
        let stays = !repeats.events.holds(place);
        place += 1;
        if let Some(message) = repeats.messages.get(&event.message).filter(|_| event.source == later) {
            event.message = *message;
        }
        stays
    });
    let name = ledger.sources.get(earlier as usize).map(|source| source.name.clone()).unwrap_or_default();
    let both = ledger.sources.get(earlier as usize).map(|source| source.tally.iter().collect::<Vec<_>>()).unwrap_or_default();
    let Some(source) = ledger.sources.get_mut(later as usize) else { return };
    let before = source.tally.attempts();
    source.tally = std::mem::take(&mut source.tally).without(&both);
    source.attempts = source.attempts.saturating_sub(before - source.tally.attempts());
    let what = format!("{} of its attempts stand in {name} too", repeats.attempts);
    source.problems.push(Problem { code: "overlap", line: None, times: repeats.attempts, what, hint: "they are counted once".to_owned() });
}

impl Tally {
    /// All attempts.
    fn attempts(&self) -> u64 {
        self.iter().map(|(.., outcomes)| outcomes.attempts()).sum()
    }

    /// What is left when the counts that another tally has in the same slots are taken off.
    fn without(self, others: &[(crate::Slot, u8, crate::Outcomes)]) -> Tally {
        let mut left = Tally::default();
        for (slot, provider, outcomes) in self.iter() {
            let other = others.iter().find(|(known, by, _)| *known == slot && *by == provider).map(|(.., outcomes)| *outcomes).unwrap_or_default();
            left.set(slot, provider, outcomes.less(other));
        }
        left
    }
}
