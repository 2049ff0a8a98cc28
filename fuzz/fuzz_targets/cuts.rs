//! Where a log is cut into parts changes nothing, and lines are the sum of classes.
#![no_main]

use std::sync::LazyLock;

use diagnosis::{Ledger, Part, Wanted};

static KNOWLEDGE: LazyLock<providers::Knowledge> = LazyLock::new(|| providers::Knowledge::built_in().expect("the built-in rules"));

fn account(lines: &[&[u8]], cut: usize) -> (u64, Vec<String>) {
    let mut recogniser = providers::Recogniser::new(&KNOWLEDGE);
    let mut ledger = Ledger::default();
    let source = ledger.begin(String::new(), "plain", None);
    let cut = (cut.min(lines.len())..lines.len()).find(|at| !lines[*at].windows(8).any(|word| word == b"repeated")).unwrap_or(lines.len());
    let mut offset = 0;
    for run in [&lines[..cut], &lines[cut..]] {
        let mut part = Part::new(&KNOWLEDGE, &mut recogniser, Wanted::All, source, 0);
        for line in run {
            part.line(line, offset);
            offset += line.len() as u64 + 1;
        }
        let part = part.finish();
        ledger.absorb(source, part, 0);
    }
    let sender = |id: Option<diagnosis::TextId>| id.map(|id| ledger.texts.string(id));
    let events = ledger.events.iter().map(|event| format!("{} {} {:?} {:?} {}", event.line, event.times, event.message, sender(event.sender), event.turn));
    (ledger.sources[0].counts.lines(), events.collect())
}

libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    let lines: Vec<&[u8]> = input.1.split(|byte| *byte == b'\n').collect();
    let whole = account(&lines, lines.len());
    assert_eq!(whole.0, lines.len() as u64);
    assert_eq!(account(&lines, usize::from(input.0)), whole);
});
