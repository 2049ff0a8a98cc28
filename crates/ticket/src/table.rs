//! The table of attempts, safe to open in a spreadsheet.

use diagnosis::{Diagnosis, Ledger, TextId};

use crate::{Redactor, file_name, rfc3339};

const COLUMNS: [&str; 14] =
    ["time_utc", "source", "line", "message", "sender", "recipient", "remote_host", "remote_ip", "sending_ip", "stage", "outcome", "code", "reply", "note"];

/// All attempts in question as CSV (RFC 4180), recipients redacted, formulas neutralised.
pub fn attempts_csv(ledger: &Ledger, diagnosis: &Diagnosis, redactor: &Redactor) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let text = |id: Option<TextId>| id.map(|id| smtp::escape_controls(ledger.texts.text(id))).unwrap_or_default();
    let hidden = |id: Option<TextId>| redactor.redact(&text(id));
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for (index, time) in &diagnosis.attempts {
        let Some(event) = ledger.events.get(*index) else { continue };
        let source = ledger.sources.get(event.source as usize).map(|source| file_name(&source.name).to_owned()).unwrap_or_default();
        let code = event.reply.and_then(|reply| smtp::Reply::parse(ledger.texts.text(reply)).code());
        let row = [
            time.map(rfc3339).unwrap_or_default(),
            source,
            event.line.to_string(),
            text(Some(event.id)),
            redactor.redact_sender(&text(event.sender)),
            hidden(event.recipient),
            text(event.remote_host),
            event.remote_ip.map(|ip| ip.to_string()).unwrap_or_default(),
            event.sending.map(|(ip, _)| ip.to_string()).unwrap_or_default(),
            event.stage.word().to_owned(),
            event.outcome.word().to_owned(),
            code.map(|code| code.to_string()).unwrap_or_default(),
            hidden(event.reply),
            hidden(event.note),
        ];
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().unwrap_or_default()
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
