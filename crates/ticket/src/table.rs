//! The table of attempts, safe to open in a spreadsheet.

use std::collections::HashMap;

use diagnosis::{Diagnosis, Event, Ledger, TextId};

use crate::{Redactor, file_name, rfc3339};

/// The columns of the table of attempts.
pub const COLUMNS: [&str; 14] =
    ["time_utc", "source", "line", "message", "sender", "recipient", "remote_host", "remote_ip", "sending_ip", "stage", "outcome", "code", "reply", "note"];

/// All attempts in question as CSV (RFC 4180), recipients redacted, formulas neutralised.
pub fn attempts_csv(ledger: &Ledger, diagnosis: &Diagnosis, redactor: &Redactor) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for row in attempt_rows(ledger, diagnosis, redactor) {
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// The attempts in question, a row each, in the order of [`COLUMNS`]; recipients redacted, nothing neutralised yet.
pub fn attempt_rows<'a>(ledger: &'a Ledger, diagnosis: &'a Diagnosis, redactor: &'a Redactor) -> impl Iterator<Item = [String; 14]> + 'a {
    let mut names = Names { redactor, known: HashMap::new() };
    diagnosis.attempts.iter().filter_map(move |(index, time)| Some(names.row(ledger, &ledger.events.get(index)?, time)))
}

/// Texts as they are shown: each is redacted once, however many attempts share it.
struct Names<'a> {
    redactor: &'a Redactor,
    known: HashMap<(TextId, Role), String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Role {
    Plain,
    Sender,
    Host,
    Hidden,
}

impl Names<'_> {
    fn row(&mut self, ledger: &Ledger, event: &Event, time: Option<i64>) -> [String; 14] {
        let source = ledger.sources.get(event.source as usize).map(|source| file_name(&source.name).to_owned()).unwrap_or_default();
        let code = ledger.reply(event).and_then(|reply| smtp::Reply::parse(&reply).code());
        [
            time.map(rfc3339).unwrap_or_default(),
            source,
            event.line.to_string(),
            self.text(ledger, Some(event.id), Role::Plain),
            self.text(ledger, event.sender, Role::Sender),
            self.text(ledger, event.recipient, Role::Hidden),
            self.text(ledger, event.remote_host, Role::Host),
            event.remote_ip.map(|ip| self.redactor.redact(&ip.to_string())).unwrap_or_default(),
            event.sending.map(|(ip, _)| ip.to_string()).unwrap_or_default(),
            event.stage.word().to_owned(),
            event.outcome.word().to_owned(),
            code.map(|code| code.to_string()).unwrap_or_default(),
            self.reply(ledger, event),
            self.text(ledger, event.note, Role::Hidden),
        ]
    }

    /// The reply; one with which a message was taken is like no other.
    fn reply(&mut self, ledger: &Ledger, event: &Event) -> String {
        match event.words() {
            None => ledger.reply(event).map(|reply| self.redactor.redact(&smtp::escape_controls(&reply))).unwrap_or_default(),
            words => self.text(ledger, words, Role::Hidden),
        }
    }

    fn text(&mut self, ledger: &Ledger, id: Option<TextId>, role: Role) -> String {
        let Some(id) = id else { return String::new() };
        let redactor = self.redactor;
        let shown = || {
            let text = smtp::escape_controls(ledger.texts.text(id));
            match role {
                Role::Plain => text,
                Role::Sender => redactor.redact_sender(&text),
                Role::Host => redactor.redact_host(&text),
                Role::Hidden => redactor.redact(&text),
            }
        };
        self.known.entry((id, role)).or_insert_with(shown).clone()
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        assert_eq!(harmless("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(harmless("550 no"), "550 no");
    }
}
