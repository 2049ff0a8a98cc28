//! Attempts and knowledge become findings, an incident, and the addresses mail was sent from.
//!
//! A [`Part`] reads a run of lines; the [`Ledger`] puts parts together in file order; [`diagnose()`] looks at the
//! whole. Where a file is cut into parts changes nothing. This crate opens no file, reads no clock and knows
//! nothing of documents.

mod calendar;
mod candidates;
mod clocks;
pub mod conduct;
mod control;
mod diagnose;
mod distinct;
mod doors;
mod event;
mod events;
mod findings;
pub mod follows;
mod found;
pub mod habits;
mod incident;
mod ledger;
mod mail;
mod message_id;
mod messages;
mod outage;
mod overlap;
mod pages;
mod part;
mod protection;
mod sending;
mod session;
mod streams;
mod tally;
mod texts;
mod wanted;

pub use calendar::{Basis, Calendar, Clock};
pub use candidates::{Candidate, CandidateBasis};
pub use clocks::Clocks;
pub use conduct::{Conduct, Span, Talker, TalkerKind};
pub use control::{Control, Quarters, quarters};
pub use diagnose::{Diagnosis, Options, Totals, diagnose};
pub use doors::{DoorShare, behind};
pub use event::{Event, Group, GroupId, MessageRef, Said};
pub use events::{Attempts, Events};
pub use findings::{Finding, Sample};
pub use follows::{Cell, CellName, Follows, Reason, What};
pub use found::PartResult;
pub use incident::{Hour, Incident};
pub use ledger::{Ledger, Problem, SourceSummary};
pub use mail::Mail;
pub use message_id::{MessageId, MessageName};
pub use outage::Outage;
pub use part::Part;
pub use protection::TlsCount;
pub use sending::{SendingBasis, SendingIp};
pub use streams::Stream;
pub use tally::{Outcomes, Slot, Tally};
pub use texts::{TextId, Texts};
pub use wanted::Wanted;
