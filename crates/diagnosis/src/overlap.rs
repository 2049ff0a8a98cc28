//! Logs that hold some of the same lines: the same log copied twice, under other names, at other times. What both hold
//! counts once. Copies of the whole are the ledger's own affair.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::net::IpAddr;

use evidence::Stamp;
use foldhash::fast::{FixedState, RandomState};
use hashbrown::{HashMap, HashSet};

use crate::distinct::Distinct;
use crate::{Event, Ledger, MessageRef, Problem, TextId, Texts};

/// What tells one attempt from another, whatever source it stands in.
type Name<'t> = (Option<Stamp>, &'t [u8], Option<TextId>, Option<IpAddr>, Option<TextId>, Option<TextId>);

/// An attempt, and the later sources that hold it too.
struct Standing {
    place: usize,
    again: Vec<u32>,
}

/// The attempts of one name: the first of equal lines in one source is the first in another, and so on.
#[derive(Default)]
struct Known {
    standings: Vec<Standing>,
    source: u32,
    next: usize,
}

impl Known {
    /// Which of the equal lines of its source the next one is; the ledger holds source after source.
    fn nth(&mut self, source: u32) -> usize {
        if self.source != source {
            (self.source, self.next) = (source, 0);
        }
        self.next += 1;
        self.next - 1
    }
}

/// Attempts of a later source that stand in an earlier one too.
#[derive(Default)]
struct Repeats {
    events: Distinct,
    messages: HashMap<MessageRef, (u32, MessageRef), RandomState>,
    attempts: u64,
}

/// What goes, and the messages that what stays belongs to.
#[derive(Default)]
struct Settled {
    gone: Distinct,
    messages: HashMap<(u32, MessageRef), MessageRef, RandomState>,
}

/// Lets the lines of later sources go that an earlier one holds.
pub(crate) fn settle(ledger: &mut Ledger) {
    if !may_overlap(ledger) {
        return;
    }
    let mut pairs = repeats(ledger);
    pairs.retain(|(earlier, later), repeats| holds_all(ledger, *earlier, *later, repeats));
    let mut settled = Settled::default();
    for ((earlier, later), repeats) in pairs {
        take_off(ledger, earlier, later, repeats.attempts);
        settled.add(later, &repeats);
    }
    settled.apply(ledger);
}

/// Whether the spans of two sources meet by more than an end: most sets of logs follow one another.
fn may_overlap(ledger: &Ledger) -> bool {
    let mut spans: Vec<_> = ledger.sources.iter().filter(|source| source.attempts > 0 && source.counts.lines() > 1).filter_map(|source| source.span).collect();
    spans.sort_unstable();
    spans.windows(2).any(|pair| matches!(pair, [(_, end), (begin, _)] if begin < end))
}

/// Every attempt that an earlier source tells of as well, by the two sources; of equal lines in one source each counts.
fn repeats(ledger: &Ledger) -> BTreeMap<(u32, u32), Repeats> {
    let shared = shared(ledger);
    let may_repeat = |event: &Event| !shared.is_empty() && number(&ledger.texts, event).is_some_and(|number| shared.contains(&number));
    let mut seen: HashMap<Name<'_>, Known, RandomState> = HashMap::default();
    let mut found: BTreeMap<(u32, u32), Repeats> = BTreeMap::new();
    for (place, event) in ledger.events.iter().enumerate().filter(|(_, event)| may_repeat(event)) {
        let known = seen.entry(name(&ledger.texts, &event)).or_default();
        let nth = known.nth(event.source);
        let Some(standing) = known.standings.get_mut(nth) else {
            known.standings.push(Standing { place, again: Vec::new() });
            continue;
        };
        let Some(first) = ledger.events.get(standing.place) else { continue };
        for holder in std::iter::once(first.source).chain(standing.again.iter().copied()) {
            found.entry((holder, event.source)).or_default().add(place, &event, &first);
        }
        standing.again.push(event.source);
    }
    found
}

/// The numbers of attempts that may stand in two sources: servers that ran side by side have next to none.
fn shared(ledger: &Ledger) -> HashSet<u64, RandomState> {
    let numbers = ledger.events.iter().filter_map(|event| Some((number(&ledger.texts, &event)?, event.source)));
    let mut numbers: Vec<(u64, u32)> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.windows(2).filter_map(|pair| matches!(pair, [(a, _), (b, _)] if a == b).then_some(pair.first()?.0)).collect()
}

/// A number made of what is known of every attempt; nothing where it has no time.
fn number(texts: &Texts, event: &Event) -> Option<u64> {
    Some(FixedState::default().hash_one((event.stamp?, texts.text(event.id), event.recipient)))
}

impl Repeats {
    fn add(&mut self, place: usize, event: &Event, first: &Event) {
        self.events.add(place);
        self.messages.insert(event.message, (first.source, first.message));
        self.attempts += u64::from(event.times);
    }
}

fn name<'t>(texts: &'t Texts, event: &Event) -> Name<'t> {
    (event.stamp, texts.text(event.id), event.recipient, event.remote_ip, event.words(), event.note)
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

/// Takes what the earlier source counts off the later one's counts, and says so.
fn take_off(ledger: &mut Ledger, earlier: u32, later: u32, attempts: u64) {
    let Some(tally) = ledger.sources.get_mut(later as usize).map(|source| std::mem::take(&mut source.tally)) else { return };
    let Some((name, left)) = ledger.sources.get(earlier as usize).map(|source| (source.name.clone(), tally.without(&source.tally))) else { return };
    let Some(source) = ledger.sources.get_mut(later as usize) else { return };
    source.attempts = source.attempts.saturating_sub(tally.attempts() - left.attempts());
    source.tally = left;
    let what = format!("{attempts} of its attempts stand in {name} too");
    source.problems.push(Problem { code: "overlap", line: None, times: attempts, what, hint: "they are counted once".to_owned() });
}

impl Settled {
    fn add(&mut self, later: u32, repeats: &Repeats) {
        self.gone.absorb(&repeats.events);
        for (own, first) in &repeats.messages {
            // The earliest source comes first: what its message became is known by now.
            let first = self.messages.get(first).copied().unwrap_or(first.1);
            self.messages.entry((later, *own)).or_insert(first);
        }
    }

    fn apply(&self, ledger: &mut Ledger) {
        let mut place = 0;
        ledger.events.retain(|event| {
            let stays = !self.gone.holds(place);
            place += 1;
            if let Some(message) = self.messages.get(&(event.source, event.message)) {
                event.message = *message;
            }
            stays
        });
    }
}
