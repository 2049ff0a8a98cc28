//! The seeds of the fuzz targets for records, replayed through the same laws.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

#[path = "../../../fuzz/records.rs"]
mod records;

#[test]
fn records_of_any_bytes_are_read_or_refused() {
    for (target, law) in [("spf", records::spf as fn(&[u8])), ("walk", records::walk), ("dkim", records::dkim), ("dmarc", records::dmarc)] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
        let seeds: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        assert!(seeds.len() > 3, "{} holds the seeds of {target}", folder.display());
        for seed in &seeds {
            (0..=seed.len()).for_each(|cut| law(seed.get(..cut).unwrap()));
        }
    }
}
