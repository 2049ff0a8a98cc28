//! Whether the evidence's clocks agree, and whether a set of logs has a hole: both are said, neither is mended in silence.

use std::collections::BTreeMap;

use providers::MatchedBy;
use smtp::Outcome;

use crate::diagnose::{Timed, Timeline};
use crate::{Calendar, Ledger, MessageId, TextId};

/// How far two clocks may stand apart before it is said, in seconds.
const AGREED: i64 = 120;

/// The shortest hole that is told of, in seconds: six hours.
const SHORTEST_HOLE: i64 = 6 * 3600;

/// What is wrong with the times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// A source whose clock or zone stands apart from another's, and by how many seconds it is ahead of it.
    pub apart: Option<(String, String, i64)>,
    /// The longest hole in a set of logs: its beginning and its end, in seconds since 1970.
    pub hole: Option<(i64, i64)>,
}

pub(crate) fn of(ledger: &Ledger, calendars: &[Calendar], timed: Timeline<'_>) -> Clocks {
    Clocks { apart: bounced_apart(ledger, calendars).or_else(|| handed_apart(ledger, timed)), hole: hole(ledger, calendars) }
}

/// A bounce is written when the log says that the message bounced: what lies between is the clocks' difference.
fn bounced_apart(ledger: &Ledger, calendars: &[Calendar]) -> Option<(String, String, i64)> {
    let mut by_sources: BTreeMap<(u32, u32), Vec<i64>> = BTreeMap::new();
    for pair in &ledger.told_twice {
        let time = |(source, turn, stamp): (u32, i32, evidence::Stamp)| calendars.get(source as usize)?.time(stamp, turn);
        if let (Some(log), Some(bounce)) = (time(pair.0), time(pair.1)) {
            by_sources.entry((pair.0.0, pair.1.0)).or_default().push(bounce - log);
        }
    }
    let (sources, median) = by_sources.into_iter().map(|(sources, differences)| (sources, median(differences))).max_by_key(|(_, median)| median.abs())?;
    let name = |source: u32| ledger.sources.get(source as usize).map(|source| source.name.clone()).unwrap_or_default();
    (median.abs() > AGREED).then(|| (name(sources.1), name(sources.0), median))
}

/// A message that one server of the house handed to another cannot be tried there before it was taken.
fn handed_apart(ledger: &Ledger, timed: Timeline<'_>) -> Option<(String, String, i64)> {
    // Most evidence is one server's, which hands nothing to itself.
    if ledger.sources.len() < 2 {
        return None;
    }
    let mut taken: BTreeMap<(MessageId, Option<TextId>), (u32, i64)> = BTreeMap::new();
    let is_handed = |attempt: &Timed| attempt.event.outcome == Outcome::Delivered && matches!(attempt.event.provider, Some((_, MatchedBy::RecipientDomain)));
    for attempt in timed.iter().filter(is_handed) {
        if let (Some(name), Some(time)) = (attempt.event.message_id, attempt.time) {
            taken.insert((name.id(&ledger.texts), attempt.event.recipient), (attempt.event.source, time));
        }
    }
    if taken.is_empty() {
        return None;
    }
    let tried_early = timed.iter().filter(|attempt| !is_handed(attempt)).filter_map(|attempt| {
        let (source, time) = taken.get(&(attempt.event.message_id?.id(&ledger.texts), attempt.event.recipient))?;
        let early = time - attempt.time?;
        (*source != attempt.event.source && early > AGREED).then_some((*source, attempt.event.source, early))
    });
    let (first, second, early) = tried_early.max_by_key(|(.., early)| *early)?;
    let name = |source: u32| ledger.sources.get(source as usize).map(|source| source.name.clone()).unwrap_or_default();
    Some((name(first), name(second), early))
}

fn median(mut differences: Vec<i64>) -> i64 {
    differences.sort_unstable();
    differences.get(differences.len() / 2).copied().unwrap_or_default()
}

/// The longest time between two logs of a set, if it is longer than any silence inside of them: a rotated file is missing.
fn hole(ledger: &Ledger, calendars: &[Calendar]) -> Option<(i64, i64)> {
    let logs =
        || ledger.sources.iter().zip(calendars).filter(|(source, _)| source.counts.lines() > 1 && !matches!(source.format(), "bounce" | "queue" | "unknown"));
    let span = |(source, calendar): (&crate::SourceSummary, &Calendar)| {
        let ((first_turn, first), (last_turn, last)) = source.span?;
        Some((calendar.time(first, first_turn)?, calendar.time(last, last_turn)?))
    };
    let mut spans: Vec<(i64, i64)> = logs().filter_map(span).collect();
    spans.sort_unstable();
    let mut end = spans.first()?.1;
    let mut longest = (0, 0);
    for (from, to) in spans {
        if from - end > longest.1 - longest.0 {
            longest = (end, from);
        }
        end = end.max(to);
    }
    let silence = logs().map(|(source, calendar)| longest_silence(source, calendar)).max().unwrap_or_default();
    let length = longest.1 - longest.0;
    (length >= SHORTEST_HOLE && length > 3 * silence).then_some(longest)
}

/// The longest time without any attempt inside one log, in seconds.
fn longest_silence(source: &crate::SourceSummary, calendar: &Calendar) -> i64 {
    let mut times: Vec<i64> = source.tally().iter().filter_map(|(slot, ..)| calendar.time(slot.stamp?, slot.turn)).collect();
    times.sort_unstable();
    times.windows(2).map(|pair| pair.last().unwrap_or(&0) - pair.first().unwrap_or(&0)).max().unwrap_or_default()
}
