//! What the sender's own house looks like to a receiver: SPF, DKIM, DMARC and names, each answer with its evidence.
//!
//! Everything here is logic over [`Questions`]: no network, no clock, no thread. It knows who asks for what, and
//! deliberately not how a question travels.

mod check;
pub mod dkim;
pub mod dmarc;
pub mod dns;
mod names;
mod run;
mod sender;
pub mod spf;

pub use check::{AskedBy, Check, Evidence, Severity, Status};
pub use dns::{Answer, Kind, Outcome, Pending, Question, Questions, Record};
pub use run::{Control, Report, Sender, run, self_test, unasked};

/// The domain that an organisation registered, by the list of public suffixes; nothing for a suffix itself.
pub fn org_domain(name: &str) -> Option<&str> {
    psl::domain_str(name)
}
