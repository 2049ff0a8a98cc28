//! Laws of reading that hold for every family: exact counts of generated logs, and work that grows no faster than its input.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{bounce, cuts, generator, scan};

#[test]
fn a_generated_exim_log_is_read_exactly_however_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exim_mainlog");
    let mut bytes = Vec::new();
    let truth = generator::write_exim(&mut bytes, 3 << 20, 7).unwrap();
    fs::write(&log, &bytes).unwrap();
    let (reference, ..) = scan(&log, &["--threads", "1"]);
    let found = ["attempts", "delivered", "deferred", "rejected"].map(|key| reference["totals"][key].as_u64().unwrap());
    assert_eq!(found, [truth.attempts, truth.delivered, truth.deferred, truth.rejected]);
    assert_eq!(
        (reference["intake"]["sources"][0]["lines"].as_u64(), reference["intake"]["sources"][0]["not_understood"].as_u64()),
        (Some(truth.lines), Some(0))
    );
    cuts::change_nothing(&log);
}

/// Instructions that reading a file takes, counted by callgrind: the same on every machine, however busy it is.
fn instructions(path: &Path) -> u64 {
    let program = env!("CARGO_BIN_EXE_reprieve");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", program, "scan", "--json", "--tz", "UTC", "--threads", "1"])
        .arg(path)
        .output()
        .expect("valgrind");
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split("Collected : ").nth(1)).unwrap_or_else(|| panic!("{told}"));
    collected.trim().parse().unwrap()
}

#[test]
fn twice_the_input_is_no_more_than_twice_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, write: &dyn Fn(&mut Vec<u8>, u64)| {
        let count = |bytes: u64| {
            let path = folder.path().join(name);
            let mut content = Vec::new();
            write(&mut content, bytes);
            fs::write(&path, content).unwrap();
            instructions(&path)
        };
        let (once, twice) = (count(8 << 20), count(16 << 20));
        println!("{name}: {once} and {twice} instructions, {:.2} x", twice as f64 / once as f64);
        assert!(twice * 10 <= once * 22, "{name}: {once} and {twice}");
    };
    of("mail.log", &|out, bytes| {
        generator::write(out, bytes, 7).unwrap();
    });
    of("exim_mainlog", &|out, bytes| {
        generator::write_exim(out, bytes, 7).unwrap();
    });
    of("bounces.mbox", &|out, bytes| {
        let mut number = 0;
        while (out.len() as u64) < bytes / 4 {
            number += 1;
            out.extend_from_slice(b"From MAILER-DAEMON Mon Oct  5 07:14:09 2026\n");
            out.extend_from_slice(bounce(&format!("{number:011X}"), "a@icloud.com").as_bytes());
            out.extend_from_slice(b"\n\n");
        }
    });
}
