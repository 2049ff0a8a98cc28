//! Laws of reading: no line panics, lines are the sum of classes, cuts between parts change nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use diagnosis::{Ledger, Part, Wanted};
use proptest::prelude::*;
use providers::{Knowledge, Recogniser};

/// What the laws compare: counts, and of each attempt its line, message, sender and turn of the year.
fn account(lines: &[Vec<u8>], cuts: &[usize]) -> (u64, Vec<String>) {
    let knowledge = Knowledge::built_in().unwrap();
    let mut recogniser = Recogniser::new(&knowledge);
    let mut ledger = Ledger::default();
    let source = ledger.begin("log".to_owned(), "plain", None);
    let mut offset = 0;
    let mut part = Part::new(&knowledge, &mut recogniser, Wanted::All, source, 0);
    let mut done = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let may_cut = !line.windows(8).any(|word| word == b"repeated");
        if may_cut && cuts.contains(&index) {
            done.push(part.finish());
            part = Part::new(&knowledge, &mut recogniser, Wanted::All, source, 0);
        }
        part.line(line, offset);
        offset += line.len() as u64 + 1;
    }
    done.push(part.finish());
    done.into_iter().for_each(|part| ledger.absorb(source, part, 0));
    let text = |id: Option<diagnosis::TextId>| id.map(|id| ledger.texts.string(id));
    let events = ledger.events.iter().map(|event| {
        format!(
            "{} x{} {:?} {:?} {:?} turn {} raw {:?}",
            event.line,
            event.times,
            event.message,
            text(event.sender),
            (event.message_id.is_some(), ledger.message_id(&event).map(|id| String::from_utf8_lossy(&id).into_owned())),
            event.turn,
            text(event.raw)
        )
    });
    (ledger.sources[0].counts.lines(), events.collect())
}

/// Lines that touch each other: few ids, every kind of fact, repetitions, months that turn, and noise.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let id = prop::sample::select(vec!["4D2F09CE4F1", "4D2F09CE4F2", "4D2F09CE4F3"]);
    let host = prop::sample::select(vec!["mail", "relay"]);
    let month = prop::sample::select(vec!["Nov", "Dec", "Jan"]);
    let what = prop::sample::select(vec![
        "qmgr[1]: ID: from=<a@x.example>, size=1, nrcpt=1 (queue active)",
        "qmgr[1]: ID: from=<>, size=1, nrcpt=1 (queue active)",
        "qmgr[1]: ID: removed",
        "cleanup[1]: ID: message-id=<1@x.example>",
        "smtpd[1]: ID: client=app[10.0.0.1]",
        "smtp[1]: ID: to=<b@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HCM2] no (in reply to RCPT TO command))",
        "smtp[1]: ID: to=<b@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)",
        "smtp[1]: ID: host mx02.mail.icloud.com[17.57.155.25] said: 451 4.7.1 later (in reply to MAIL FROM command)",
        "smtp[1]: ID: to=<b@icloud",
    ]);
    let known =
        (id, host, month, what).prop_map(|(id, host, month, what)| format!("{month}  3 09:14:07 {host} postfix/{}", what.replace("ID", id)).into_bytes());
    let again = prop::sample::select(vec!["Dec  3 09:14:08 mail last message repeated 2 times"]).prop_map(|line| line.as_bytes().to_vec());
    let noise = prop::collection::vec(any::<u8>().prop_filter("a line has no end inside", |byte| *byte != b'\n'), 0..80);
    prop_oneof![8 => known, 1 => again, 1 => noise]
}

proptest! {
    #[test]
    fn cuts_change_nothing(lines in prop::collection::vec(line(), 1..60), cuts in prop::collection::vec(0usize..60, 0..6)) {
        let whole = account(&lines, &[]);
        prop_assert_eq!(whole.0, lines.len() as u64);
        prop_assert_eq!(account(&lines, &cuts), whole);
    }

    #[test]
    fn broken_lines_are_counted_and_nothing_panics(line in line(), at in 0usize..300, byte in any::<u8>()) {
        let mut broken = line.clone();
        if let Some(place) = broken.get_mut(at) {
            *place = byte;
        }
        let cut = line.get(..at).unwrap_or(&line).to_vec();
        prop_assert_eq!(account(&[broken, cut], &[1]).0, 2);
    }
}
