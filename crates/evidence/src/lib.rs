//! Records of mail logs become attempts: one try to hand one message to a remote host.
//!
//! Everything here is pure and sees one record at a time; only [`Join`] remembers, and only what links the lines
//! of one message. This crate deliberately does not know providers, files, threads, time zones or the year.

mod attempt;
pub mod bounce;
mod class;
pub mod config;
pub mod dmarc;
pub mod envelope;
pub mod family;
mod join;
mod key;
mod past;
pub mod queue;
mod stamp;

pub use attempt::{Attempt, Channel, Fact, Origin, Reading, What};
pub use class::{Class, Counts};
pub use envelope::Record;
pub use join::{Birth, Join, Owner};
pub use key::Key;
pub use past::Past;
pub use stamp::{Stamp, Turns};
