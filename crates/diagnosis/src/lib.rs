//! Attempts and knowledge become findings, an incident, and the addresses mail was sent from.
//!
//! A [`Part`] reads a run of lines; the [`Ledger`] puts parts together in file order; [`diagnose()`] looks at the
//! whole. Where a file is cut into parts changes nothing. This crate opens no file, reads no clock and knows
//! nothing of documents.

mod calendar;
mod control;
mod diagnose;
mod distinct;
mod event;
mod findings;
mod follows;
mod incident;
mod ledger;
mod part;
mod sending;
mod tally;
mod texts;

pub use calendar::{Basis, Calendar, Clock};
pub use control::Control;
pub use diagnose::{Diagnosis, Options, Totals, diagnose};
pub use event::{Event, Group, GroupId, MessageRef};
pub use findings::{Finding, Sample};
pub use follows::{Cell, Follows, What};
pub use incident::{Hour, Incident, Outage};
pub use ledger::{Ledger, Problem, SourceSummary};
pub use part::{Part, PartResult, Wanted};
pub use sending::{SendingBasis, SendingIp};
pub use tally::{Slot, Tally};
pub use texts::{TextId, Texts};
