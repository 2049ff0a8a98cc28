//! The documents of a case: the letter to the provider, its e-mail draft, and the table of attempts.
//!
//! Text from logs is data here: quoted whole, redacted visibly, neutralised in tables. No file is written.

mod chart;
mod client;
mod doors;
mod draft;
mod handover;
mod letter;
mod note;
mod outgoing;
mod paper;
mod quote;
mod redact;
mod table;
mod time;
mod words;

pub use client::{Client, look_again, report};
pub use doors::{DoorLetter, DoorsError, letters};
pub use draft::{Attachment, DraftError, eml, is_mailbox};
pub use handover::{handover, own_facts};
pub use letter::{APPLE, Brief, Letter, Note, addresses, moment_of, quoted, thousands, write};
pub use note::{Markup, note};
pub use outgoing::{Outgoing, OutgoingError, outgoing};
pub use paper::{Brand, CheckLine, Paper, Part, Rows, Section};
pub use quote::Quote;
pub use redact::{Redactor, file_name};
pub use table::{COLUMNS, attempt_rows, attempts_csv};
pub use time::{calendar, date, moment, rfc3339};
pub use words::{Language, Words};
