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

/// The samples of tests/reading, by name.
fn samples() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reading/samples");
    let texts = ["postfix", "exim", "bounce", "queue"].map(|family| std::fs::read_to_string(folder.join(family).with_extension("txt")).unwrap());
    let blocks = texts.iter().flat_map(|text| text.split("=== ").filter_map(|block| block.split_once('\n')));
    blocks.map(|(name, body)| (name.to_owned(), body.to_owned())).collect()
}

/// Whatever reads whole texts reads any bytes.
fn whole(text: &[u8]) {
    let _ = (evidence::bounce::read(text), evidence::queue::read(text), evidence::config::read(text));
    let _ = evidence::bounce::read_text(&String::from_utf8_lossy(text));
}

#[test]
fn every_sample_cut_at_every_byte_is_read() {
    for (name, body) in samples() {
        for cut in 0..body.len() {
            let piece = body.as_bytes().get(..cut).unwrap();
            laws::line(piece);
            // Texts are long, and reading one takes longer than reading a line.
            if cut % 7 == 0 || body.len() < 1000 {
                whole(piece);
                laws::cuts(&[&[1], piece].concat());
            }
        }
        assert!(!name.is_empty());
    }
}

#[test]
fn samples_glued_and_shuffled_are_read() {
    let samples = samples();
    for (place, (_, one)) in samples.iter().enumerate() {
        let (_, other) = &samples[(place * 7 + 3) % samples.len()];
        let glued = [one.as_bytes().get(..one.len() / 2).unwrap(), other.as_bytes().get(other.len() / 2..).unwrap()].concat();
        whole(&glued);
        laws::cuts(&[&[2], glued.as_slice()].concat());
        let mut lines: Vec<&str> = one.lines().chain(other.lines()).collect();
        let length = lines.len().max(1);
        lines.sort_by_key(|line| (line.len() * 31 + place) % length);
        let shuffled = lines.join("\n");
        whole(shuffled.as_bytes());
        laws::cuts(&[&[3], shuffled.as_bytes()].concat());
    }
}
