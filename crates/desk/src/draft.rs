//! The documents of a request, each made when it is asked for.

use std::net::IpAddr;

use casework::journal::{self, Entry, What};
use casework::{Facts, Readiness};
use serde_json::{Value, json};
use ticket::{Attachment, Brief, Language, Letter, Markup, Redactor};

use crate::{Checked, DocumentKind, Error, Journal, Scan, investigation, judge};

/// The documents, by file name, and what they lack.
pub struct Draft {
    /// File names and contents.
    pub files: Vec<(String, Vec<u8>)>,
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
    /// What goes along with the e-mail draft; Apple reads no attachments.
    pub attach: &'a [DocumentKind],
}

/// Whether a check is about what somebody publishes in DNS, and not about a mail, a log or a list.
fn is_of_dns(id: &str) -> bool {
    let kinds = ["spf.", "dmarc.", "ip.", "helo.", "return_path.", "from.", "dns.", "dkim.published", "dkim.revoked", "dkim.length", "dkim.syntax"];
    kinds.iter().any(|kind| id.starts_with(kind))
}

/// What every document of a case shares.
pub(crate) struct Setting {
    /// What hides recipients.
    pub redactor: Redactor,
    remedies: Vec<String>,
    blockers: Vec<String>,
    open: Option<Entry>,
    names: Vec<(IpAddr, String)>,
    bulk: bool,
}

impl Setting {
    pub(crate) fn of(scan: &Scan, query: &DraftQuery<'_>) -> Setting {
        let wrong =
            || query.checked.into_iter().flat_map(|checked| &checked.report.checks).filter(|check| check.status == checks::Status::Fail && is_of_dns(check.id));
        let mut setting = Setting {
            redactor: scan.redactor(query.redact),
            remedies: wrong().filter_map(|check| check.remedy.as_ref().map(|remedy| remedy.said())).collect(),
            blockers: query.checked.into_iter().flat_map(Checked::blockers).map(|check| check.id.to_owned()).collect(),
            open: None,
            names: query.checked.map(Checked::names).unwrap_or_default(),
            bulk: scan.is_bulk(),
        };
        // A journal that cannot be read hides no letter: sending says so.
        let entries = Journal::open().map(|journal| journal.entries).unwrap_or_default();
        let ips = ticket::addresses(&setting.brief(scan, query.facts));
        setting.open = journal::open(&entries, ticket::APPLE, &ips, investigation::now()).cloned();
        setting
    }

    /// What every document is written from.
    pub(crate) fn brief<'a>(&'a self, scan: &'a Scan, facts: &'a Facts) -> Brief<'a> {
        Brief {
            ledger: &scan.ledger,
            diagnosis: &scan.diagnosis,
            knowledge: &scan.knowledge,
            facts,
            redactor: &self.redactor,
            now: investigation::now(),
            provider: scan.options.provider,
            remedies: &self.remedies,
            blockers: &self.blockers,
            open: self.open.as_ref().map(|entry| entry.time),
            names: &self.names,
            bulk: self.bulk,
            open_id: self.open.as_ref().and_then(|entry| entry.message_id.as_deref()),
        }
    }
}

/// Writes the letter of a scan and everything that goes with it.
pub fn draft(scan: &Scan, query: &DraftQuery<'_>) -> Result<Draft, Error> {
    let setting = Setting::of(scan, query);
    let brief = setting.brief(scan, query.facts);
    let letter = ticket::write(&brief);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for kind in DocumentKind::ALL {
        let content = made(scan, query, (&setting, &letter, &files), *kind)?;
        files.push((kind.file_name().to_owned(), content));
    }
    let letters = ticket::letters(&brief).map_err(|error| Error::new("draft", error, "", "this is a fault of Reprieve"))?;
    files.extend(letters.into_iter().map(|letter| (format!("letter-{}.txt", letter.id), letter.text.into_bytes())));
    Ok(Draft { files, letter })
}

/// Writes down that a letter goes out although something stands in the way, and why; nothing where nothing does.
pub fn note_overrule(scan: &Scan, query: &DraftQuery<'_>, letter: &Letter) -> Result<(), Error> {
    let Some(reason) = query.facts.overrule.clone().filter(|_| !letter.readiness.is_complete()) else { return Ok(()) };
    let ips = ticket::addresses(&Setting::of(scan, query).brief(scan, query.facts));
    let (to, subject, reference) = (letter.to.clone(), letter.subject.clone(), query.facts.reference.clone());
    Journal::open()?.add(Entry { time: investigation::now(), what: What::Overruled, to, subject, message_id: None, ips, reference, note: Some(reason) })
}

/// One document, ready to be written.
pub(crate) fn document(scan: &Scan, query: &DraftQuery<'_>, kind: DocumentKind) -> Result<Vec<u8>, Error> {
    let setting = Setting::of(scan, query);
    let letter = ticket::write(&setting.brief(scan, query.facts));
    made(scan, query, (&setting, &letter, &[]), kind)
}

/// What a document is made with: what all share, the letter, and the documents that are made already.
pub(crate) type Made<'a> = (&'a Setting, &'a Letter, &'a [(String, Vec<u8>)]);

pub(crate) fn made(scan: &Scan, query: &DraftQuery<'_>, with: Made<'_>, kind: DocumentKind) -> Result<Vec<u8>, Error> {
    let (setting, letter, _) = with;
    let brief = setting.brief(scan, query.facts);
    match kind {
        DocumentKind::Text => Ok(text(letter).into_bytes()),
        DocumentKind::Eml => {
            let attachments = attachments(scan, query, with)?;
            ticket::eml(letter, query.facts.from.as_deref(), &query.facts.cc, &attachments).map_err(|error| Error::new("draft", error, "", ""))
        }
        DocumentKind::Json => Ok(evidence(scan, letter, &setting.redactor)),
        DocumentKind::Csv => Ok(ticket::attempts_csv(&scan.ledger, &scan.diagnosis, &setting.redactor)),
        DocumentKind::Note => Ok(ticket::note(&brief, letter, &verdict(scan), Markup::Plain).into_bytes()),
        DocumentKind::Markdown => Ok(ticket::note(&brief, letter, &verdict(scan), Markup::Markdown).into_bytes()),
        DocumentKind::Handover => Ok(ticket::handover(&setting.brief(scan, &ticket::own_facts(query.facts, None))).1.into_bytes()),
        #[cfg(feature = "report")]
        DocumentKind::Xlsx => crate::bundle::workbook(scan, &setting.redactor),
        #[cfg(feature = "report")]
        DocumentKind::Pdf => crate::report::pdf(scan, query, setting, letter),
        #[cfg(feature = "report")]
        DocumentKind::Bundle => crate::bundle::bundle(scan, query, with),
    }
}

/// The documents that go along with a draft; a draft cannot hold itself.
fn attachments(scan: &Scan, query: &DraftQuery<'_>, with: Made<'_>) -> Result<Vec<Attachment>, Error> {
    let wanted = query.attach.iter().filter(|kind| !matches!(kind, DocumentKind::Eml));
    let attachment =
        |kind: &DocumentKind| Ok(Attachment { name: kind.file_name().to_owned(), kind: kind.media_type(), content: made(scan, query, with, *kind)? });
    wanted.map(attachment).collect()
}

fn text(letter: &Letter) -> String {
    format!("To: {}\nSubject: {}\n\n{}", letter.to, letter.subject, letter.body)
}

/// The verdict in English, for a note.
fn verdict(scan: &Scan) -> String {
    let verdict = judge(&scan.knowledge, &scan.diagnosis);
    let who = scan.diagnosis.doors.first().and_then(|door| door.who.as_deref()).unwrap_or("Apple");
    ticket::Words::new(Language::English).tell(&format!("verdict-{}", verdict.kind.word()), &[("who", who.into())])
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
