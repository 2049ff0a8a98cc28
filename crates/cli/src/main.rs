//! The command-line face of Reprieve: it parses what is asked, calls the door, and prints.
#![allow(clippy::disallowed_methods, reason = "a face reads the files it is named")]

mod args;
#[cfg(feature = "post")]
mod hand;
mod print;
mod run;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    run::run(args::Cli::parse())
}
