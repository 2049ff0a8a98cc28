// The laws of reading, as functions of raw bytes: the fuzz targets try them on anything, and `make test` replays the
// seeds in `fuzz/seeds/` through them.

use std::cell::RefCell;
use std::sync::LazyLock;

use diagnosis::{Ledger, Part, TextId, Wanted};
use providers::{Knowledge, ProviderId, Recogniser};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::built_in().expect("the built-in rules"));

thread_local! {
    /// Setting one up takes longer than most inputs.
    static RECOGNISER: RefCell<Recogniser<'static>> = RefCell::new(Recogniser::new(&KNOWLEDGE));
}

/// A line in any envelope is read without panic, and has one class.
pub fn line(line: &[u8]) {
    let mut opener = evidence::envelope::Opener::default();
    for _ in 0..2 {
        if let Some(record) = opener.open(evidence::envelope::trim(line)) {
            let _ = evidence::family::repeated(&record);
            let _ = evidence::family::read(evidence::family::Program::of(record.program), &record).class();
        }
    }
    for program in [&b"postfix/smtp"[..], b"postfix/qmgr", b"postfix"] {
        let record = evidence::Record { program, message: line, ..Default::default() };
        let _ = evidence::family::read(evidence::family::Program::of(record.program), &record).class();
    }
}

/// Where a log is cut into parts changes nothing, and lines are the sum of classes. The first byte says where to cut.
pub fn cuts(input: &[u8]) {
    let Some((cut, log)) = input.split_first() else { return };
    let lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').collect();
    let whole = account(&lines, lines.len());
    assert_eq!(whole.0, lines.len() as u64);
    assert_eq!(account(&lines, usize::from(*cut)), whole);
}

fn account(lines: &[&[u8]], cut: usize) -> (u64, Vec<String>) {
    RECOGNISER.with_borrow_mut(|recogniser| account_with(recogniser, lines, cut))
}

/// Whether a part may begin with a line: not with one that says again, nor with a later piece of one.
fn begins_part(line: &[u8]) -> bool {
    let is_piece = |window: &[u8]| matches!(window, [b'[', b'2'..=b'9', b'/' | b'\\', b'2'..=b'9', b']']);
    !line.windows(8).any(|word| word == b"repeated") && !line.windows(5).any(is_piece)
}

fn account_with(recogniser: &mut Recogniser<'static>, lines: &[&[u8]], cut: usize) -> (u64, Vec<String>) {
    let mut ledger = Ledger::default();
    let source = ledger.begin(String::new(), "plain", None);
    let cut = (cut.min(lines.len())..lines.len()).find(|at| begins_part(lines[*at])).unwrap_or(lines.len());
    let mut offset = 0;
    for run in [&lines[..cut], &lines[cut..]] {
        let mut part = Part::new(&KNOWLEDGE, recogniser, Wanted::All, source, 0);
        for line in run {
            part.line(line, offset);
            offset += line.len() as u64 + 1;
        }
        let part = part.finish();
        ledger.absorb(source, part, 0);
    }
    let text = |id: Option<TextId>| id.map(|id| ledger.texts.string(id));
    let events = ledger.events.iter().map(|event| {
        format!("{} {} {:?} {:?} {:?} {} {:?}", event.line, event.times, event.message, text(event.sender), text(event.raw), event.turn, event.stamp)
    });
    (ledger.sources[0].counts.lines(), events.collect())
}

/// A reply of any bytes is taken apart, explained and escaped without panic.
pub fn reply(raw: &[u8]) {
    let reply = smtp::Reply::parse(raw);
    let _ = (reply.marker(), reply.txn(), reply.ip(), reply.inner(), reply.urls().count(), reply.normalised());
    let shown = smtp::escape_controls(raw);
    assert!(!shown.chars().any(|each| each.is_control() && each != '\n' && each != '\t'));
    let _ = KNOWLEDGE.rule_for(ProviderId(0), raw, smtp::Stage::Unknown);
}

/// A rule file of any text is refused or taken without panic, and what was known stays known.
pub fn rules(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let mut knowledge = Knowledge::built_in().expect("the built-in rules");
    let before = knowledge.rules().count();
    let _ = knowledge.add("fuzz.toml", text);
    assert!(knowledge.rules().count() >= before);
}
