//! Writes a generated log to a file: `generate postfix|exim MEGABYTES SEED FILE`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods)]

#[path = "../benches/generator.rs"]
mod generator;

use std::fs::File;
use std::io::{self, BufWriter};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (kind, megabytes) = (arguments.next().expect("a kind"), arguments.next().expect("megabytes"));
    let (seed, file) = (arguments.next().expect("a seed"), arguments.next().expect("a file"));
    let (bytes, seed) = (megabytes.parse::<u64>().expect("a number") << 20, seed.parse().expect("a number"));
    let mut out = BufWriter::new(File::create(file)?);
    let write = if kind == "exim" { generator::write_exim } else { generator::write };
    write(&mut out, bytes, seed).map(drop)
}
