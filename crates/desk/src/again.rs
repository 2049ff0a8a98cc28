//! A second reading: lines behind numbers of which only counts were kept, fetched when somebody asks for them.

use std::sync::PoisonError;

use chrono::DateTime;
use diagnosis::{Attempts, Ledger, Options, Wanted, diagnose, quarters};
use scan::{Input, Progress, ScanOptions};

use crate::lines::Choice;
use crate::{Error, Scan};

/// What a second reading found.
#[derive(Debug)]
pub(crate) struct Again {
    choice: Choice,
    pub ledger: Ledger,
    /// The attempts that the choice holds for, with their times, in the order of time.
    pub attempts: Attempts,
}

impl Scan {
    /// Does something with a second reading for a choice; the last one is kept, because pages of it follow each other.
    pub(crate) fn with_again<T>(&self, choice: &Choice, then: impl FnOnce(&Again) -> T) -> Result<T, Error> {
        let mut kept = self.again.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|again| again.choice != *choice) {
            *kept = Some(self.read_again(choice)?);
        }
        kept.as_ref().map(then).ok_or_else(|| Error::new("lines", "nothing was read", "", "read the sources again"))
    }

    fn read_again(&self, choice: &Choice) -> Result<Again, Error> {
        if self.inputs.contains(&Input::Stdin) {
            return Err(Error::new("lines", "standard input cannot be read twice", "-", "save it as a file and read that"));
        }
        let hour = choice.hour.as_deref().and_then(|hour| DateTime::parse_from_rfc3339(hour).ok()).map(|hour| hour.timestamp());
        let found = quarters(&self.ledger, &self.diagnosis, &self.options, hour);
        let wanted = match self.options.provider {
            Some(but) if choice.control => Wanted::Others(but, &found.stamps),
            _ => Wanted::NotUnderstood,
        };
        let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let ledger = scan::read(&self.inputs, &self.knowledge, &ScanOptions::new(wanted, threads), &Progress::default());
        let options = Options { provider: None, ..self.options.clone() };
        let mut attempts = diagnose(&ledger, &self.knowledge, &options).attempts;
        if choice.control {
            attempts.retain(|_, time| time.is_some_and(|time| found.times.contains(&(time.div_euclid(900) * 900))));
        }
        attempts.retain(|index, time| ledger.events.get(index).is_some_and(|event| choice.holds(&event, time)));
        Ok(Again { choice: choice.clone(), ledger, attempts })
    }
}
