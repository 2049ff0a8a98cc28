//! The incident: the story in time.

use std::collections::BTreeMap;

use smtp::Outcome;

use crate::control::{ControlGroup, hour};
use crate::diagnose::{Timed, Timeline};
use crate::distinct::Distinct;
use crate::outage::Wave;
use crate::tally::Outcomes;
use crate::{Finding, Ledger, Outage, outage};

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Its beginning, in seconds since 1970.
    pub start: i64,
    /// The provider's attempts.
    pub outcomes: Outcomes,
    /// Other providers' attempts in the same quarters of an hour.
    pub control: Outcomes,
}

/// The story in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// The last message taken before the first refusal, in seconds since 1970.
    pub last_delivered_before: Option<i64>,
    /// The first refusal that is a block.
    pub first_refused: Option<i64>,
    /// The newest refusal that is a block.
    pub last_refused: Option<i64>,
    /// Hour by hour.
    pub hours: Vec<Hour>,
    /// Messages that met the block since the first refusal.
    pub messages_refused: u64,
    /// Messages tried since the first refusal.
    pub messages_tried: u64,
    /// Messages refused, and tried, in the day before; nothing where the evidence does not reach back a day.
    pub day_before: Option<(u64, u64)>,
    /// The time of the first attempt.
    pub begins: Option<i64>,
    /// What looks like an outage.
    pub outage: Option<Outage>,
}

/// The story of the findings that are blocks; where there are none, of all.
pub(crate) fn of(ledger: &Ledger, timed: Timeline<'_>, findings: &[Finding], control: &ControlGroup, confirmed: bool) -> Incident {
    let blocks = findings.iter().any(Finding::is_block);
    let counted = || findings.iter().filter(|finding| finding.is_block() || !blocks);
    let refused: Distinct = counted().flat_map(|finding| finding.events.iter().map(|(index, _)| index)).collect();
    let (first, last) = (counted().filter_map(|finding| finding.first).min(), counted().filter_map(|finding| finding.last).max());
    let delivered = |attempt: &Timed| attempt.event.outcome == Outcome::Delivered;
    let before = |time: &i64| first.is_some_and(|first| *time <= first);
    let (messages_refused, messages_tried) = first.map_or((0, 0), |first| messages(timed, &refused, first, i64::MAX));
    Incident {
        last_delivered_before: timed.iter().filter(delivered).filter_map(|attempt| attempt.time).filter(before).max(),
        first_refused: first,
        last_refused: last,
        hours: hours(timed, control),
        messages_refused,
        messages_tried,
        day_before: first.and_then(|first| day_before(timed, &refused, first)),
        begins: timed.iter().find_map(|attempt| attempt.time),
        outage: first.zip(last).and_then(|(first, last)| outage::of(ledger, Wave { timed, refused: &refused, first, last }, findings, confirmed)),
    }
}

/// Messages refused and tried in a span of time, its end excluded.
fn messages(timed: Timeline<'_>, refused: &Distinct, from: i64, to: i64) -> (u64, u64) {
    let inside = timed.iter().filter(|attempt| attempt.time.is_some_and(|time| (from..to).contains(&time)));
    let (mut met, mut tried) = (Distinct::default(), Distinct::default());
    for attempt in inside {
        let message = attempt.event.message.0 as usize;
        tried.add(message);
        if refused.holds(attempt.index) {
            met.add(message);
        }
    }
    (met.len(), tried.len())
}

fn day_before(timed: Timeline<'_>, refused: &Distinct, first: i64) -> Option<(u64, u64)> {
    let day = first - 24 * 3600;
    let reaches_back = timed.iter().any(|attempt| attempt.time.is_some_and(|time| time <= day));
    reaches_back.then(|| messages(timed, refused, day, first))
}

fn hours(timed: Timeline<'_>, control: &ControlGroup) -> Vec<Hour> {
    let mut hours: BTreeMap<i64, Outcomes> = BTreeMap::new();
    for attempt in timed.iter() {
        if let Some(time) = attempt.time {
            hours.entry(hour(time)).or_default().add(attempt.event.outcome, u64::from(attempt.event.times));
        }
    }
    let of_control = |start: i64| control.by_hour.get(&start).copied().unwrap_or_default();
    hours.into_iter().map(|(start, outcomes)| Hour { start, outcomes, control: of_control(start) }).collect()
}
