//! SPF (RFC 7208), evaluated so that the result can be explained: every term that was looked at, with what it asked
//! and what came of it.

mod audit;
mod cidr;
mod macros;
mod record;
mod walk;

pub use audit::{Audit, audit};
pub(crate) use record::is_spf;
pub use record::{Fault, Mechanism, Modifier, Qualifier, SpfRecord, Term};
pub use walk::{Evaluation, Input, Step, evaluate, find_record};

/// The result of an evaluation (RFC 7208, section 2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpfResult {
    /// There is nothing to evaluate.
    None,
    /// The domain says nothing about the address.
    Neutral,
    /// The address may send for the domain.
    Pass,
    /// The address may not.
    Fail,
    /// The address probably may not.
    SoftFail,
    /// DNS did not answer.
    TempError,
    /// The record is broken.
    PermError,
}

impl SpfResult {
    /// The word that RFC 7208 uses.
    pub fn word(self) -> &'static str {
        match self {
            SpfResult::None => "none",
            SpfResult::Neutral => "neutral",
            SpfResult::Pass => "pass",
            SpfResult::Fail => "fail",
            SpfResult::SoftFail => "softfail",
            SpfResult::TempError => "temperror",
            SpfResult::PermError => "permerror",
        }
    }
}
