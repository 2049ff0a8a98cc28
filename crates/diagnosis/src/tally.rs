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
    counts: HashMap<(Slot, u8), Outcomes, RandomState>,
}

impl Tally {
    /// Counts attempts of a provider in a slot.
    pub(crate) fn add(&mut self, slot: Slot, provider: u8, outcome: Outcome, times: u64) {
        self.counts.entry((slot, provider)).or_default().add(outcome, times);
    }

    /// Adds a later part's tally, whose turns count from `turn`.
    pub(crate) fn absorb(&mut self, later: Tally, turn: i32) {
        for ((slot, provider), outcomes) in later.counts {
            let slot = Slot { turn: slot.turn + turn, ..slot };
            *self.counts.entry((slot, provider)).or_default() += outcomes;
        }
    }

    /// Every count, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, u8, Outcomes)> {
        self.counts.iter().map(|((slot, provider), outcomes)| (*slot, *provider, *outcomes))
    }
}
