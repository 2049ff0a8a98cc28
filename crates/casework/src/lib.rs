//! What only people know about a case, and what a request still lacks.
//!
//! This crate deliberately knows no document and no store: it holds facts and says which are missing.

mod facts;
pub mod journal;
mod readiness;

pub use facts::{Declared, Facts, FactsError, Form, ReportFacts};
pub use readiness::{Fact, Gap, Readiness};
