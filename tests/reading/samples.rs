//! Samples by section of what is known of logs: every field of every attempt, nulls included, and near misses that give
//! nothing. `UPDATE=1` writes what is expected anew; it is then read line by line.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::reprieve;

const FAMILIES: [&str; 4] = ["postfix", "exim", "bounce", "queue"];

fn file(family: &str, end: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reading/samples")).join(format!("{family}.{end}"))
}

/// The blocks of a file: what stands behind `=== ` names them.
fn blocks(family: &str, end: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(file(family, end)).unwrap_or_default();
    let block = |block: &str| block.split_once('\n').map(|(name, body)| (name.to_owned(), body.to_owned()));
    text.split("=== ").filter_map(block).collect()
}

/// The attempts of a sample, one JSON line each, without the name of the file it was put into.
fn attempts(body: &str, folder: &std::path::Path) -> String {
    let path = folder.join("sample");
    fs::write(&path, body).unwrap();
    let output = reprieve(&["scan", "--attempts", "--provider", "all", "--tz", "UTC", "--until-year", "2026", path.to_str().unwrap()]);
    let mut lines = String::new();
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut attempt: Value = serde_json::from_slice(line).unwrap();
        assert_eq!(attempt.as_object().unwrap().len(), 23, "every field is there: {attempt}");
        attempt["source"] = Value::Null;
        lines += &format!("{attempt}\n");
    }
    lines
}

#[test]
fn every_sample_gives_every_field_and_every_near_miss_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut sections = BTreeSet::new();
    let mut count = 0;
    for family in FAMILIES {
        let samples = blocks(family, "txt");
        let found: Vec<(String, String)> = samples.iter().map(|(name, body)| (name.clone(), attempts(body, folder.path()))).collect();
        if std::env::var_os("UPDATE").is_some() {
            fs::write(file(family, "jsonl"), found.iter().map(|(name, lines)| format!("=== {name}\n{lines}")).collect::<String>()).unwrap();
        }
        let expected = blocks(family, "jsonl");
        for ((name, lines), (known, wanted)) in found.iter().zip(&expected) {
            assert_eq!((name, lines), (known, wanted), "{family}");
            assert_eq!(lines.is_empty(), name.starts_with("miss: "), "{family}: {name}");
        }
        assert_eq!(found.len(), expected.len());
        let misses = found.iter().filter(|(name, _)| name.starts_with("miss: ")).count();
        assert!(misses >= 6, "{family} has {misses} near misses");
        count += found.len();
        sections.extend(found.iter().filter_map(|(name, _)| name.split(' ').next().filter(|section| !section.starts_with("miss")).map(str::to_owned)));
    }
    assert_eq!(sections.into_iter().collect::<Vec<_>>(), ["1.3", "1.4", "1.6", "1.7", "2.1", "2.12", "2.2", "2.3", "4"]);
    assert!(count >= 90, "{count} samples");
}
