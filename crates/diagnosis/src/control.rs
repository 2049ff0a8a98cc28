//! The control group: what other providers did in the same quarters of an hour.

use std::collections::{BTreeMap, BTreeSet};

use evidence::Stamp;
use foldhash::fast::RandomState;
use hashbrown::HashSet;
use providers::{Knowledge, ProviderId};

use crate::tally::{OTHER, Outcomes};
use crate::{Calendar, Diagnosis, Ledger, Options, Slot};

/// One other provider in the quarters in which the chosen one has attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The provider; nothing is all that are not known.
    pub provider: Option<ProviderId>,
    /// Its attempts by outcome.
    pub outcomes: Outcomes,
}

/// The control group, as a whole and by hour.
#[derive(Debug, Default)]
pub(crate) struct ControlGroup {
    pub providers: Vec<Control>,
    pub by_hour: BTreeMap<i64, Outcomes>,
    /// Attempts to everybody by quarter of an hour, in no order.
    pub everywhere: Vec<(i64, u64)>,
}

/// The control group of a provider; asked for everybody, there is none.
pub(crate) fn of(ledger: &Ledger, knowledge: &Knowledge, calendars: &[Calendar], options: &Options) -> ControlGroup {
    let Some(chosen) = options.provider else { return ControlGroup::default() };
    let counts = resolved(ledger, calendars, options);
    let everywhere = counts.iter().map(|(time, _, outcomes)| (*time, outcomes.attempts())).collect();
    let slots: BTreeSet<i64> = counts.iter().filter(|(_, provider, _)| *provider == chosen.0).map(|(time, ..)| *time).collect();
    let mut totals: BTreeMap<u8, Outcomes> = BTreeMap::new();
    let mut by_hour: BTreeMap<i64, Outcomes> = BTreeMap::new();
    for (time, provider, outcomes) in counts.into_iter().filter(|(time, provider, _)| *provider != chosen.0 && slots.contains(time)) {
        *totals.entry(provider).or_default() += outcomes;
        *by_hour.entry(hour(time)).or_default() += outcomes;
    }
    let id = |number: u8| (number != OTHER).then_some(ProviderId(number)).filter(|id| knowledge.provider(*id).is_some());
    let providers = totals.into_iter().map(|(number, outcomes)| Control { provider: id(number), outcomes }).collect();
    ControlGroup { providers, by_hour, everywhere }
}

/// Quarters of an hour in which the control group is counted.
#[derive(Debug, Default)]
pub struct Quarters {
    /// As the sources write them.
    pub stamps: HashSet<Stamp, RandomState>,
    /// Their first seconds, since 1970.
    pub times: BTreeSet<i64>,
}

/// The quarters in which the chosen provider has attempts: all of them, or those of one hour.
pub fn quarters(ledger: &Ledger, diagnosis: &Diagnosis, options: &Options, hour_of: Option<i64>) -> Quarters {
    let Some(chosen) = options.provider else { return Quarters::default() };
    let counts = resolved(ledger, &diagnosis.calendars, options);
    let theirs = counts.iter().filter(|(time, provider, _)| *provider == chosen.0 && hour_of.is_none_or(|start| hour(*time) == start));
    let times: BTreeSet<i64> = theirs.map(|(time, ..)| *time).collect();
    let slots = ledger.sources.iter().zip(&diagnosis.calendars).flat_map(|(source, calendar)| source.tally().iter().map(move |(slot, ..)| (slot, calendar)));
    let inside = slots.filter(|(slot, calendar)| slot.stamp.and_then(|stamp| calendar.time(stamp, slot.turn)).is_some_and(|time| times.contains(&time)));
    Quarters { stamps: inside.filter_map(|(slot, _)| slot.stamp).collect(), times }
}

/// The beginning of a time's hour.
pub(crate) fn hour(time: i64) -> i64 {
    time.div_euclid(3600) * 3600
}

/// Every count with the time of its quarter.
fn resolved(ledger: &Ledger, calendars: &[Calendar], options: &Options) -> Vec<(i64, u8, Outcomes)> {
    let time = |calendar: &Calendar, slot: Slot| calendar.time(slot.stamp?, slot.turn);
    let each = ledger.sources.iter().zip(calendars);
    let counts = each
        .flat_map(|(source, calendar)| source.tally().iter().filter_map(move |(slot, provider, outcomes)| Some((time(calendar, slot)?, provider, outcomes))));
    counts.filter(|(time, ..)| options.spans(Some(*time)) || options.spans(Some(*time + 899))).collect()
}
