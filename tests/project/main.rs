//! The project keeps its own rules: what may depend on what, under which licences.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PURE: [&str; 7] = ["smtp", "evidence", "providers", "diagnosis", "checks", "casework", "ticket"];
const ADAPTERS_ONLY: [&str; 8] = ["tokio", "tauri", "hickory-resolver", "typst", "rusqlite", "libc", "walkdir", "tempfile"];
const LICENCES: [&str; 14] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "MPL-2.0",
    "0BSD",
    "BSL-1.0",
    "Unlicense",
    "bzip2-1.0.6",
    "MIT-0",
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Everything that a package is made of when it is built by itself: features that others want of a shared crate do not
/// count, nor what its tests and its build scripts use.
fn made_of(package: &str) -> BTreeSet<String> {
    let arguments = ["tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}", "--locked", "--target", "x86_64-unknown-linux-gnu"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_pure_crates_stay_pure() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let links_c: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package["links"].is_string() && !package["name"].as_str().unwrap().starts_with("rayon"))
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    for name in PURE {
        for found in made_of(name) {
            assert!(!ADAPTERS_ONLY.contains(&found.as_str()) && !links_c.contains(found.as_str()), "{name} reaches {found}");
        }
    }
    for (name, may) in [("report", true), ("desk", true), ("scan", false), ("resolver", false), ("post", false)] {
        assert!(may || !made_of(name).contains("typst"), "{name} links Typst");
    }
}

#[test]
fn every_licence_is_on_the_list() {
    for package in metadata()["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        let allowed =
            |term: &str| term.split(" AND ").all(|word| LICENCES.contains(&word.trim_matches(['(', ')', ' '])) || word.contains(" WITH LLVM-exception"));
        assert!(licence.split(" OR ").any(allowed), "{}: {licence}", package["name"]);
    }
}

#[test]
fn one_target_alone_is_called_reprieve() {
    let metadata = metadata();
    let own = metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null());
    let targets = own.flat_map(|package| package["targets"].as_array().unwrap()).filter(|target| target["name"] == "reprieve");
    assert_eq!(targets.count(), 1);
}

/// Codes that the program can give: they stand in `Error::new("…"`, in `code: "…"` and in verdicts on a source.
fn codes() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let all = walk(&root).into_iter().chain(walk(&root.join("../src-tauri")));
    let sources = all.filter(|path| path.extension().is_some_and(|end| end == "rs") && path.iter().any(|part| part == "src"));
    let mut codes = BTreeSet::new();
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        for mark in ["Error::new(\"", "code: \"", "=> Some((\"", "=> Some((\n                \"", "\"code\": \""] {
            let found = text.split(mark).skip(1).filter_map(|rest| rest.split_once('"')).map(|(code, _)| code.to_owned());
            let asides = text.split("\"aside_").skip(1).filter_map(|rest| rest.split_once('"')).map(|(code, _)| format!("aside_{code}"));
            codes.extend(asides);
            codes.extend(found.filter(|code| code.chars().all(|each| each.is_ascii_lowercase() || each == '_')));
        }
    }
    codes
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn nothing_wakes_an_idle_window() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = ["ui/src", "src-tauri", "crates/desk/src"].into_iter().flat_map(|folder| walk(&root.join(folder)));
    let texts = sources.filter(|path| path.extension().is_some_and(|end| ["rs", "ts", "svelte", "css"].iter().any(|known| end == *known)));
    for path in texts {
        let text = fs::read_to_string(&path).unwrap();
        for waker in ["setInterval", "time::interval", "Interval::", "animation-iteration-count: infinite", " infinite;", "thread::sleep"] {
            assert!(!text.contains(waker), "{} holds {waker}", path.display());
        }
    }
}

#[test]
fn every_error_code_is_explained() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md")).unwrap();
    let explained: BTreeSet<String> = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(code, _)| code.to_owned()).collect();
    assert!(explained.len() > 10);
    assert_eq!(codes(), explained);
}

/// The names of all rows of the check: they stand in `Row { id: "…"` and in the list of blocklists.
fn rows() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let named = |text: &str, mark: &str| text.split(mark).skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
    let sources = walk(&root.join("checks/src")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let mut rows: BTreeSet<String> = sources.flat_map(|path| named(&fs::read_to_string(path).unwrap(), "Row { id: \"")).collect();
    let lists = fs::read_to_string(root.join("../assets/checks/lists.toml")).unwrap();
    rows.extend(named(&lists, "\nid = \"").into_iter().map(|id| format!("lists.{id}")));
    rows
}

#[test]
fn every_row_of_the_check_is_explained() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md")).unwrap();
    let first = page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split(" | ").next()).collect::<String>();
    let explained: BTreeSet<String> = first.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(explained.len() > 60);
    assert_eq!(rows(), explained);
}
