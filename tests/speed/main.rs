//! The guard of speed: reading takes no more instructions than was agreed. Instructions are counted by callgrind, which
//! counts the same on every machine, however busy; seconds are measured by `make bench` and never in a test.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, clippy::print_stdout)]

#[path = "../../crates/scan/benches/generator.rs"]
mod generator;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Instructions for each line of a generated log of 5 MB, with one thread, the program's start taken off. After a change
/// that makes reading faster these are lowered; one that makes it slower says why in `docs/performance.md`.
const AGREED: [(&str, u64); 2] = [("postfix", 1173), ("exim", 1307)];

/// How much more is let pass, in percent: searchers of libraries take other instructions on processors without AVX2.
const MARGIN: u64 = 15;

/// The program as it is delivered for servers, built in release mode.
fn program() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--release", "--locked", "-p", "reprieve-cli", "--no-default-features", "--target-dir"]).arg(&target).current_dir(&root);
    assert!(build.status().unwrap().success(), "the release build failed");
    target.join("release/reprieve")
}

fn instructions(program: &Path, log: &Path, more: &[&str]) -> u64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(["scan", "--json", "--tz", "UTC", "--threads", "1"]);
    let output = command.args(more).arg(log).output().expect("valgrind");
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split("Collected : ").nth(1)).unwrap_or_else(|| panic!("{told}"));
    collected.trim().parse().unwrap()
}

#[test]
fn reading_takes_no_more_instructions_than_agreed() {
    let program = program();
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.log");
    fs::write(&empty, "Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: x\n").unwrap();
    let start = instructions(&program, &empty, &[]);
    for (kind, agreed) in AGREED {
        let mut bytes = Vec::new();
        let write = if kind == "exim" { generator::write_exim } else { generator::write };
        let truth = write(&mut bytes, 5 << 20, 7).unwrap();
        let log = folder.path().join(format!("{kind}.log"));
        fs::write(&log, bytes).unwrap();
        let of_line = |more: &[&str]| (instructions(&program, &log, more) - start) / truth.lines;
        let most = agreed + agreed * MARGIN / 100;
        let (usual, slowed) = (of_line(&[]), of_line(&["--part", "4096"]));
        println!("{kind}: {usual} instructions a line, {agreed} agreed, at most {most}; slowed down on purpose: {slowed}");
        assert!(usual <= most, "{kind}: {usual} instructions a line, {agreed} were agreed and {most} are let pass");
        assert!(usual * (100 + MARGIN) / 100 >= agreed, "{kind}: {usual} instructions a line are fewer than the {agreed} agreed: agree on them");
        // Parts of a few lines each: what a part costs is paid thousands of times.
        assert!(slowed > most, "{kind}: a slow-down that is made on purpose must be noticed: {slowed} against {most}");
    }
}
