//! Hands a draft over, on the user's word alone: to a submission server, into a Drafts folder, to the mail program of
//! this machine. It keeps passwords in the system's keyring and nowhere else, and it decides nothing about what is sent.

#![allow(clippy::disallowed_methods, reason = "an adapter: the user names a file of certificates")]

mod account;
mod imap;
mod keyring;
mod program;
mod smtp;

pub use account::{Account, Mechanism, Security};
pub use imap::{FileError, file};
pub use keyring::{KeyringError, forget, recall, remember};
pub use program::{mailto, open};
pub use smtp::{Handed, submit};
