//! What the sender's own house looks like to a receiver: SPF, DKIM, DMARC and names, each answer with its evidence.
//!
//! Everything here is logic over [`Questions`]: no network, no clock, no thread. It knows who asks for what, and
//! deliberately not how a question travels.

pub mod dns;
pub mod spf;

pub use dns::{Answer, Kind, Outcome, Pending, Question, Questions, Record};
