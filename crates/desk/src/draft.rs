//! Scan and ticket in one: the documents of a request.

use casework::{Facts, Readiness};
use serde_json::{Value, json};
use ticket::{Brief, Letter, Redactor};

use crate::{Error, Scan, investigation};

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

/// Writes the documents of a scan.
pub fn draft(scan: &Scan, facts: &Facts, redact: bool) -> Result<Draft, Error> {
    let redactor = scan.redactor(redact);
    let brief = Brief { ledger: &scan.ledger, diagnosis: &scan.diagnosis, knowledge: &scan.knowledge, facts, redactor: &redactor, now: investigation::now() };
    let letter = ticket::write(&brief);
    let eml = ticket::eml(&letter, facts.from.as_deref(), &facts.cc).map_err(|error| Error::new("draft", error, "", ""))?;
    let text = format!("To: {}\nSubject: {}\n\n{}", letter.to, letter.subject, letter.body);
    let evidence = evidence(scan, &letter, &redactor);
    let files = vec![
        ("ticket.txt", text.into_bytes()),
        ("ticket.eml", eml),
        ("evidence.json", evidence),
        ("attempts.csv", ticket::attempts_csv(&scan.ledger, &scan.diagnosis, &redactor)),
    ];
    Ok(Draft { files, letter })
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
