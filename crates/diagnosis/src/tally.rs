//! How many attempts each provider had in each quarter of an hour: commutative, so that parts add up in any order.

use std::ops::AddAssign;

use evidence::Stamp;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smtp::Outcome;

/// A quarter of an hour as written, with the turns of the year before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The turns of the year since the source's first stamp.
    pub turn: i32,
    /// The quarter's first second; nothing where lines have no stamp.
    pub stamp: Option<Stamp>,
}

/// Attempts by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// 2xx.
    pub delivered: u64,
    /// 4xx or no reply.
    pub deferred: u64,
    /// 5xx.
    pub rejected: u64,
}

impl Outcomes {
    /// Counts attempts.
    pub fn add(&mut self, outcome: Outcome, times: u64) {
        match outcome {
            Outcome::Delivered => self.delivered += times,
            Outcome::Deferred => self.deferred += times,
            Outcome::Rejected => self.rejected += times,
        }
    }

    /// All attempts.
    pub fn attempts(&self) -> u64 {
        self.delivered + self.deferred + self.rejected
    }

    /// What is left when others are taken off.
    pub(crate) fn less(self, other: Outcomes) -> Outcomes {
        Outcomes {
            delivered: self.delivered.saturating_sub(other.delivered),
            deferred: self.deferred.saturating_sub(other.deferred),
            rejected: self.rejected.saturating_sub(other.rejected),
        }
    }
}

impl AddAssign for Outcomes {
    fn add_assign(&mut self, other: Outcomes) {
        self.delivered += other.delivered;
        self.deferred += other.deferred;
        self.rejected += other.rejected;
    }
}

/// The number under which receivers that are not known are counted.
pub(crate) const OTHER: u8 = u8::MAX;

/// Attempts of every provider by slot.
#[derive(Debug, Default)]
pub struct Tally {
    /// The slots, in the order in which they were first seen.
    slots: Vec<(Slot, Vec<(u8, Outcomes)>)>,
    places: HashMap<Slot, usize, RandomState>,
    /// The place of the slot that was counted last, which is nearly always the next one's too.
    last: usize,
}

impl Tally {
    /// Counts attempts of a provider in a slot.
    pub(crate) fn add(&mut self, slot: Slot, provider: u8, outcome: Outcome, times: u64) {
        if let Some(outcomes) = self.outcomes(slot, provider) {
            outcomes.add(outcome, times);
        }
    }

    /// Adds a later part's tally, whose turns count from `turn`.
    pub(crate) fn absorb(&mut self, later: Tally, turn: i32) {
        for (slot, providers) in later.slots {
            let slot = Slot { turn: slot.turn + turn, ..slot };
            for (provider, more) in providers {
                if let Some(outcomes) = self.outcomes(slot, provider) {
                    *outcomes += more;
                }
            }
        }
    }

    /// What is left when the counts of another tally are taken off.
    pub(crate) fn without(&self, other: &Tally) -> Tally {
        let mut left = Tally::default();
        for (slot, provider, counts) in self.iter() {
            if let Some(outcomes) = left.outcomes(slot, provider) {
                *outcomes = counts.less(other.counts(slot, provider));
            }
        }
        left
    }

    /// All attempts.
    pub(crate) fn attempts(&self) -> u64 {
        self.iter().map(|(.., outcomes)| outcomes.attempts()).sum()
    }

    fn counts(&self, slot: Slot, provider: u8) -> Outcomes {
        let providers = self.places.get(&slot).and_then(|place| self.slots.get(*place)).map_or(&[][..], |(_, providers)| providers);
        providers.iter().find(|(known, _)| *known == provider).map(|(_, outcomes)| *outcomes).unwrap_or_default()
    }

    /// Every count, by slot in the order in which these were first seen.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, u8, Outcomes)> {
        self.slots.iter().flat_map(|(slot, providers)| providers.iter().map(|(provider, outcomes)| (*slot, *provider, *outcomes)))
    }

    fn outcomes(&mut self, slot: Slot, provider: u8) -> Option<&mut Outcomes> {
        if self.slots.get(self.last).is_none_or(|(last, _)| *last != slot) {
            self.last = *self.places.entry(slot).or_insert(self.slots.len());
            if self.last == self.slots.len() {
                self.slots.push((slot, Vec::new()));
            }
        }
        let (_, providers) = self.slots.get_mut(self.last)?;
        let known = providers.iter().position(|(known, _)| *known == provider);
        let place = known.unwrap_or(providers.len());
        if known.is_none() {
            providers.push((provider, Outcomes::default()));
        }
        providers.get_mut(place).map(|(_, outcomes)| outcomes)
    }
}
