//! The one door to everything: the command line and the window come in here.
//!
//! It opens sources, asks the clock and the zone, and turns results into the JSON that scripts rely on.
#![allow(clippy::disallowed_methods, reason = "the door knows the clock, the zone and the user's own files")]

mod again;
#[cfg(feature = "report")]
mod bundle;
mod check;
mod checked;
mod declared;
mod draft;
mod error;
mod explain;
mod folder;
mod howto;
mod investigation;
mod journal;
mod letter;
mod lines;
mod lists;
#[cfg(feature = "post")]
mod post;
mod remark;
#[cfg(feature = "report")]
mod report;
mod rules;
mod schema;
mod shapes;
mod verdict;
mod view;
mod wire;

#[cfg(feature = "post")]
pub use self::post::{AccountView, Handover, Preview, declare, file, has_secret, open_document, open_mail, preview, send};
pub use casework::journal::{Entry, What};
pub use casework::{Facts, Form, ReportFacts};
pub use check::{CheckQuery, Checked, audit_spf, check, check_spf, of_file, of_message, services, with_mail, with_own};
pub use checked::spf_text;
pub use checks::{Control, List, Sender};
pub use declared::{Declaration, answers, declarations};
pub use diagnosis::SourceSummary;
pub use draft::{Draft, DraftQuery, draft, note_overrule};
pub use error::Error;
pub use explain::{Question, explain, explain_text};
pub use folder::save;
pub use howto::{Card, card, cards};
pub(crate) use investigation::timestamp;
pub use investigation::today;
pub use investigation::{Assumptions, Glimpse, Investigation, Query, Scan};
pub use journal::Journal;
pub use letter::{DocumentKind, DoorLetterView, FactsView, LetterView};
pub use lines::{Choice, LineView, LinesView};
pub use lists::{Blocklist, Wanted, blocklists, lists};
pub use remark::Remark;
pub use rules::{check_rules, formats, knowledge};
pub use scan::{Input, Progress};
pub use schema::schema;
pub use shapes::{CaseView, CheckView, SourceView};
pub use smtp::escape_controls;
pub use ticket::{Language, moment_of};
pub use verdict::{Kind, Verdict, judge};
