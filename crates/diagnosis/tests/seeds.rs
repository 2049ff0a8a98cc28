//! The seeds of the fuzz targets, replayed through the same laws.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

#[path = "../../../fuzz/laws.rs"]
mod laws;

fn replay(target: &str, law: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let seeds: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(seeds.len() > 3, "{} holds the seeds of {target}", folder.display());
    seeds.iter().for_each(|seed| law(&std::fs::read(seed).unwrap()));
}

#[test]
fn lines() {
    replay("line", laws::line);
}

#[test]
fn cuts() {
    replay("cuts", laws::cuts);
}

#[test]
fn replies() {
    replay("reply", laws::reply);
}

#[test]
fn rules() {
    replay("rules", laws::rules);
}
