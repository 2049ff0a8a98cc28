//! The reference reader: a log read as simply as can be, whole, line by line, with nothing remembered between two lines
//! but what joins the lines of a message, in maps of texts. What the program finds must be the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use evidence::envelope::{Opener, trim};
use evidence::family::exim::Arrival;
use evidence::{Attempt, Fact, Reading, Record, What, family};
use serde_json::Value;

use crate::{bounce, cuts, generator, reprieve};

/// An attempt: its line, and what the line and the lines before it say.
type Told = (u64, String, Option<String>, Option<String>, String, String, String);

/// What is known of an id on a host.
#[derive(Clone, Default)]
struct Message {
    born: u64,
    sender: Option<String>,
    closed: bool,
}

#[derive(Default)]
struct Reference {
    line: u64,
    messages: BTreeMap<(Vec<u8>, Vec<u8>), Message>,
    attempts: Vec<Told>,
    distinct: BTreeSet<(Vec<u8>, Vec<u8>, u64)>,
    /// The host of the line before, and how many attempts it told of.
    before: (Vec<u8>, usize),
    pieces: Vec<u8>,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Reference {
    fn read(log: &[u8]) -> Reference {
        let mut reference = Reference::default();
        for line in log.strip_suffix(b"\n").unwrap_or(log).split(|byte| *byte == b'\n') {
            reference.line += 1;
            match Opener::default().open(trim(line)) {
                Some(record) => reference.record(&record),
                None => reference.before = Default::default(),
            }
        }
        reference
    }

    fn record(&mut self, record: &Record<'_>) {
        if let Some((piece, of, words)) = family::piece(family::Program::of(record.program), record) {
            if piece == 1 {
                self.pieces.clear();
            }
            self.pieces.extend_from_slice(words);
            if piece == of {
                let whole = std::mem::take(&mut self.pieces);
                self.reading(&Record { message: &whole, ..*record }, 1);
            }
            return;
        }
        match family::repeated(record) {
            Some((times, None)) if self.before.0 == record.host => {
                let again = self.attempts.last().cloned().filter(|_| self.before.1 > 0);
                self.attempts.extend(again.into_iter().flat_map(|again| std::iter::repeat_n(again, times as usize)));
            }
            Some((_, None)) => {}
            Some((times, Some(inner))) => self.reading(&inner, times as usize),
            None => self.reading(record, 1),
        }
    }

    fn reading(&mut self, record: &Record<'_>, times: usize) {
        self.before = (record.host.to_vec(), 0);
        match family::read(family::Program::of(record.program), record) {
            Reading::Fact(fact) => self.fact(record.host, fact),
            Reading::Attempt(attempt) => {
                self.before.1 = times;
                self.attempt(record.host, &attempt, times);
            }
            _ => {}
        }
    }

    fn fact(&mut self, host: &[u8], fact: Fact<'_>) {
        let born = self.line;
        let new = |sender| Message { born, sender, closed: false };
        let Fact::Message { id, what, text: said } = fact else { return };
        let message = match what {
            What::Born | What::Login | What::Script => new(None),
            What::Arrived => new(Some(text(Arrival::read(said).sender))),
            What::Ended => Message { closed: true, ..new(None) },
            What::Sender => Message { sender: Some(text(said)), ..self.live(host, id).clone() },
            What::MessageId => self.live(host, id).clone(),
        };
        self.messages.insert((host.to_vec(), id.to_vec()), message);
    }

    fn live(&mut self, host: &[u8], id: &[u8]) -> &mut Message {
        let new = Message { born: self.line, ..Message::default() };
        let message = self.messages.entry((host.to_vec(), id.to_vec())).or_insert_with(|| new.clone());
        if message.closed {
            *message = new;
        }
        message
    }

    fn attempt(&mut self, host: &[u8], attempt: &Attempt<'_>, times: usize) {
        let message = self.live(host, attempt.id).clone();
        self.distinct.insert((host.to_vec(), attempt.id.to_vec(), message.born));
        let (stage, outcome) = (attempt.stage.word().to_owned(), attempt.outcome().word().to_owned());
        let told = (self.line, text(attempt.id), message.sender, attempt.recipient.map(text), stage, outcome, attempt.disposition.word().to_owned());
        self.attempts.extend(std::iter::repeat_n(told, times));
    }
}

/// What the program finds.
fn found(path: &Path, more: &[&str]) -> Vec<Told> {
    let arguments = [&["scan", "--attempts", "--provider", "all", "--tz", "UTC", path.to_str().unwrap()], more].concat();
    let output = reprieve(&arguments);
    let lines = String::from_utf8(output.stdout).unwrap();
    let told = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| line[key].as_str().map(str::to_owned);
        let sure = |key: &str| word(key).unwrap_or_default();
        (line["line"].as_u64().unwrap(), sure("message"), word("sender"), word("recipient"), sure("stage"), sure("outcome"), sure("disposition"))
    };
    let mut found: Vec<Told> = lines.lines().map(told).collect();
    found.sort();
    found
}

fn is_read_as_the_reference_does(path: &Path) {
    let mut reference = Reference::read(&fs::read(path).unwrap());
    reference.attempts.sort();
    assert!(reference.attempts.len() > 100, "{}: {} attempts", path.display(), reference.attempts.len());
    for more in [&["--threads", "1", "--part", "999999999"][..], &["--threads", "2", "--part", "4096"]] {
        let found = found(path, more);
        let differs = reference.attempts.iter().zip(&found).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{}", path.display());
        assert_eq!(reference.attempts.len(), found.len(), "{}", path.display());
    }
    let document: Value = serde_json::from_slice(&reprieve(&["scan", "--json", "--provider", "all", "--tz", "UTC", path.to_str().unwrap()]).stdout).unwrap();
    assert_eq!(document["totals"]["messages"].as_u64(), Some(reference.distinct.len() as u64), "{}", path.display());
    cuts::change_nothing(path);
}

/// The lines in an order that a seed tells.
fn shuffled(log: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let mut state: u64 = 7;
    for place in (1..lines.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lines.swap(place, (state >> 33) as usize % (place + 1));
    }
    lines.concat()
}

#[test]
fn the_program_finds_what_the_simplest_reader_finds() {
    let folder = tempfile::tempdir().unwrap();
    let (mut postfix, mut exim, mut other) = (Vec::new(), Vec::new(), Vec::new());
    generator::write(&mut postfix, 400_000, 7).unwrap();
    generator::write_exim(&mut exim, 400_000, 7).unwrap();
    generator::write_on("mx2.northwind.example", &mut other, 200_000, 8).unwrap();
    // Ids are used on two hosts, months turn back, and one log ends in the middle of a line that another continues.
    let glued = [&postfix[..], &exim[..exim.len() / 2 + 17], &other, &postfix[postfix.len() / 3..], &exim].concat();
    let modern: Vec<u8> = text(&postfix)
        .lines()
        .map(|line| match line.split_at_checked(16) {
            Some((stamp, rest)) if !line.starts_with('\0') => {
                format!("2026-12-{:02}T{}.{:06}+01:00 {rest}\n", 1 + line.len() % 28, stamp.get(7..15).unwrap_or_default(), line.len())
            }
            _ => format!("{line}\n"),
        })
        .collect::<String>()
        .into_bytes();
    let logs = [
        ("postfix", postfix.clone()),
        ("exim", exim.clone()),
        ("shuffled", shuffled(&glued)),
        ("glued", glued),
        ("modern", modern),
        ("shuffled-exim", shuffled(&exim)),
    ];
    for (name, log) in logs {
        let path = folder.path().join(name);
        fs::write(&path, log).unwrap();
        is_read_as_the_reference_does(&path);
    }
}

/// The lines of `scan --attempts` with a choice of a message, or with none.
fn attempts(path: &Path, message: Option<&str>) -> Vec<String> {
    let mut arguments = vec!["scan", "--attempts", "--provider", "all", "--tz", "UTC", "--until-year", "2026", path.to_str().unwrap()];
    arguments.extend(message.into_iter().flat_map(|message| ["--message", message]));
    String::from_utf8(reprieve(&arguments).stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_story_of_a_message_is_the_same_as_if_all_had_been_read() {
    let folder = tempfile::tempdir().unwrap();
    let (mut postfix, mut exim) = (Vec::new(), Vec::new());
    generator::write(&mut postfix, 600_000, 21).unwrap();
    generator::write_exim(&mut exim, 300_000, 21).unwrap();
    // Lines of other months in the middle of a block: the year turns and turns back.
    let odd = b"May  1 00:00:00 mail postfix/qmgr[1]: x\nOct  2 00:00:00 mail postfix/qmgr[1]: x\n";
    let middle = postfix.iter().skip(300_000).position(|byte| *byte == b'\n').unwrap() + 300_001;
    let odd = [&postfix[..middle], odd, &postfix[middle..]].concat();
    let json: Vec<u8> =
        text(&postfix).lines().map(|line| format!("{}\n", serde_json::json!({"log": line, "time": "2026-10-03T09:14:07.5Z"}))).collect::<String>().into_bytes();
    let glued = [&exim[..], &odd, &json[..json.len() / 2], &postfix].concat();
    for (name, log) in [("postfix", postfix), ("exim", exim), ("odd", odd), ("json", json), ("glued", glued.clone()), ("shuffled", shuffled(&glued))] {
        let path = folder.path().join(name);
        fs::write(&path, log).unwrap();
        let all = attempts(&path, None);
        let id = |line: &String| serde_json::from_str::<Value>(line).unwrap()["message"].as_str().unwrap().to_owned();
        let ids: BTreeSet<String> = all.iter().map(id).collect();
        for wanted in ids.iter().step_by(ids.len() / 12 + 1) {
            let expected: Vec<&String> = all.iter().filter(|line| id(line) == *wanted).collect();
            assert_eq!(attempts(&path, Some(wanted)).iter().collect::<Vec<_>>(), expected, "{name}: {wanted}");
        }
    }
    let path = folder.path().join("postfix");
    let log = text(&fs::read(&path).unwrap());
    for line in log.lines().filter(|line| line.contains("message-id=<")).step_by(150).take(5) {
        let (_, rest) = line.split_once("]: ").unwrap();
        let (id, message_id) = rest.split_once(": message-id=").unwrap();
        let (by_id, by_message_id) = (attempts(&path, Some(id)), attempts(&path, Some(message_id)));
        assert!(!by_message_id.is_empty() && by_message_id.iter().all(|line| by_id.contains(line)), "{message_id}");
    }
}

#[test]
fn looking_for_a_message_passes_over_no_bounce_and_takes_no_text_for_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let (mail, notes) = (folder.path().join("a.eml"), folder.path().join("notes.txt"));
    fs::write(&mail, bounce("4D2F09CE4FB", "anna@icloud.com")).unwrap();
    for name in ["4D2F09CE4FB", "<m4D2F09CE4FB@northwind.example>"] {
        assert_eq!(attempts(&mail, Some(name)), attempts(&mail, None), "{name}");
    }
    fs::write(&notes, "what we did\nwent through the notes\nand waited\n").unwrap();
    let output = reprieve(&["scan", "--message", "4D2F09CE4FB", notes.to_str().unwrap()]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("no line of a mail log that is known was found"), "{told}");
}
