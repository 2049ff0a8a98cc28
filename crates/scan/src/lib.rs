//! Reads files, folders and streams, whatever they are compressed with, and drives their lines into a ledger.
//!
//! This crate knows files, threads and decompression. It deliberately does not know what a line means.
#![allow(clippy::disallowed_methods, reason = "this is the adapter to the file system")]

mod ahead;
mod around;
mod array;
mod charset;
mod compression;
mod cut;
mod export;
mod lines;
mod mail;
mod outlook;
mod platform;
mod progress;
mod run;
mod seek;
mod shape;
mod unpack;
mod walk;
mod whole;

pub use around::{Near, around};
pub use compression::Compression;
pub use progress::Progress;
pub use run::{Input, ScanOptions, Watch, read, read_watched};
pub use seek::Seek;
pub use unpack::{Unpacked, unpack};
pub use walk::{Found, Unopened, find};
