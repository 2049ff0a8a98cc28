//! What is known of those who receive mail: how each is recognised, what its replies mean, whose door to knock at.
//!
//! The knowledge is data in `assets/providers/` and `assets/lists/`; this crate reads it, proves it and applies it.
//! It deliberately opens no file: the built-in rules are part of the program, a user's own are handed in as text.

mod check;
mod explain;
mod knowledge;
mod model;
mod pattern;
mod pool;
mod recognise;

pub use check::{Complaint, check};
pub use explain::Explanation;
pub use knowledge::{Knowledge, RuleFileError};
pub use model::{Confidence, Door, ListOwner, MatchedBy, Provider, ProviderId, Rank, Rule, RuleId, Source};
pub use pool::Pool;
pub use recognise::Recogniser;
