//! Scan and ticket in one: the documents of a request.

use casework::{Facts, Readiness};
use serde_json::{Value, json};
use ticket::{Brief, Language, Letter, Redactor};

use crate::{Checked, DocumentKind, Error, Scan, investigation};

/// The documents, by file name, and what they lack.
pub struct Draft {
    /// File names and contents.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// The letter.
    pub letter: Letter,
}

impl Draft {
    /// What is there and what is not.
    pub fn readiness(&self) -> &Readiness {
        &self.letter.readiness
    }
}

/// What the documents are written from, beside what was read.
pub struct DraftQuery<'a> {
    /// What the user says.
    pub facts: &'a Facts,
    /// Whether the local parts of recipients are replaced.
    pub redact: bool,
    /// The language of the client's report.
    pub language: Language,
    /// The answers of the check, where it was run.
    pub checked: Option<&'a Checked>,
}

/// Writes the letter of a scan and everything that goes with it.
pub fn draft(scan: &Scan, query: &DraftQuery<'_>) -> Result<Draft, Error> {
    let file = |kind: &DocumentKind| Ok((kind.file_name(), document(scan, query, *kind)?));
    let files = DocumentKind::ALL.iter().map(file).collect::<Result<_, Error>>()?;
    Ok(Draft { files, letter: letter(scan, query.facts, query.redact) })
}

/// The letter alone, as it is written anew with every key.
pub(crate) fn letter(scan: &Scan, facts: &Facts, redact: bool) -> Letter {
    ticket::write(&brief(scan, facts, &scan.redactor(redact)))
}

/// One document, ready to be written.
pub(crate) fn document(scan: &Scan, query: &DraftQuery<'_>, kind: DocumentKind) -> Result<Vec<u8>, Error> {
    let redactor = scan.redactor(query.redact);
    let letter = ticket::write(&brief(scan, query.facts, &redactor));
    match kind {
        DocumentKind::Text => Ok(format!("To: {}\nSubject: {}\n\n{}", letter.to, letter.subject, letter.body).into_bytes()),
        DocumentKind::Eml => ticket::eml(&letter, query.facts.from.as_deref(), &query.facts.cc).map_err(|error| Error::new("draft", error, "", "")),
        DocumentKind::Json => Ok(evidence(scan, &letter, &redactor)),
        DocumentKind::Csv => Ok(ticket::attempts_csv(&scan.ledger, &scan.diagnosis, &redactor)),
        #[cfg(feature = "report")]
        DocumentKind::Pdf => crate::report::pdf(scan, query, &redactor, &letter),
    }
}

/// What every document is written from.
pub(crate) fn brief<'a>(scan: &'a Scan, facts: &'a Facts, redactor: &'a Redactor) -> Brief<'a> {
    Brief { ledger: &scan.ledger, diagnosis: &scan.diagnosis, knowledge: &scan.knowledge, facts, redactor, now: investigation::now() }
}

fn evidence(scan: &Scan, letter: &Letter, redactor: &Redactor) -> Vec<u8> {
    let mut document = scan.json(redactor);
    without_folders(&mut document);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("schema".to_owned(), json!("reprieve.evidence/1"));
        fields.insert("program".to_owned(), json!(concat!("reprieve ", env!("CARGO_PKG_VERSION"))));
        fields.insert("redacted".to_owned(), json!(redactor.is_on()));
        fields.insert("letter".to_owned(), json!({"to": letter.to, "subject": letter.subject}));
    }
    let mut text = serde_json::to_vec_pretty(&document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// Names sources by file alone: the folders of this machine are nobody else's business.
fn without_folders(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(path) if key == "path" || key == "source" => *path = ticket::file_name(path).to_owned(),
                    field => without_folders(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_folders),
        _ => {}
    }
}
