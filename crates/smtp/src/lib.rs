//! What a mail server says, in the words of RFC 5321 and RFC 3463.
//!
//! This crate knows the shape of replies, hosts and mailboxes. It deliberately does not know who answered or
//! what a reply means: that is `providers`. It reads no file, asks no network and looks at no clock.

pub mod bytes;
mod code;
mod host;
mod mailbox;
mod outcome;
mod reply;
mod stage;
mod text;

pub use code::{Code, Enhanced};
pub use host::{address, is_public, is_under};
pub use mailbox::{domain_of, local_part_of, strip_angles};
pub use outcome::{Disposition, Outcome};
pub use reply::Reply;
pub use stage::Stage;
pub use text::{escape_controls, normalise};
