//! The letter as the window shows it while it is being written, and the documents that are saved from it.

use casework::{Facts, Gap};
use serde::{Deserialize, Serialize};
use ticket::Note;
#[cfg(test)]
use ts_rs::TS;

use crate::draft::{self, Setting};
use crate::{DraftQuery, Error, Language, Scan};

/// The facts as they stand in a form: what is empty is not known.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(default)]
pub struct FactsView {
    /// Whose mail it is.
    pub company: String,
    /// The e-mail domain.
    pub domain: String,
    /// The person who writes, as `NAME <ADDRESS>`.
    pub from: String,
    /// Who gets a copy, separated by commas.
    pub cc: String,
    /// Who runs the server, when it is not the company.
    pub operator: String,
    /// By what right the operator writes.
    pub authority: String,
    /// What kind of mail it is, and how much.
    pub mail_kind: String,
    /// What caused the block.
    pub cause: String,
    /// What was done about it, and when.
    pub fixed: String,
    /// What was checked, and when.
    pub checked: String,
    /// When it started, where the evidence begins later.
    pub started: String,
    /// The writer's own reference.
    pub reference: String,
    /// Whether the local parts of recipients are replaced.
    pub redact: bool,
    /// The language of the client's report.
    pub language: String,
}

impl FactsView {
    fn query<'a>(&self, facts: &'a Facts) -> DraftQuery<'a> {
        DraftQuery { facts, redact: self.redact, language: Language::of(&self.language).unwrap_or_default(), checked: None }
    }
}

/// A letter, and what it lacks.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LetterView {
    /// Whom it is to.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The domain that all refused senders share, where none was given.
    pub seen_domain: Option<String>,
    /// Whether it may be sent as it is.
    pub ready: bool,
    /// Facts that are missing, lines to fill in, assumptions to confirm.
    pub missing: Vec<MissingView>,
    /// What a careful colleague would say.
    pub notes: Vec<NoteView>,
}

/// Something that is missing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct MissingView {
    /// The field it is about.
    pub field: String,
    /// `fact`, `fill` or `confirm`.
    pub kind: String,
}

/// What a careful colleague would say.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct NoteView {
    /// A stable word.
    pub code: String,
    /// The numbers in it.
    pub figures: Vec<u64>,
}

/// A document that can be saved by itself.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The e-mail draft.
    Eml,
    /// The letter as text.
    Text,
    /// The evidence as JSON.
    Json,
    /// The attempts as a table.
    Csv,
    /// The case on one page, for a ticket system.
    Note,
    /// The same in Markdown.
    Markdown,
    /// The letter for the client to send itself, with how to do it.
    Handover,
    /// The attempts as a workbook.
    #[cfg(feature = "report")]
    Xlsx,
    /// The client's report.
    #[cfg(feature = "report")]
    Pdf,
    /// The evidence in one archive.
    #[cfg(feature = "report")]
    Bundle,
}

impl DocumentKind {
    /// Every kind, in the order in which they are written.
    pub const ALL: &[DocumentKind] = &[
        DocumentKind::Text,
        DocumentKind::Eml,
        DocumentKind::Json,
        DocumentKind::Csv,
        DocumentKind::Note,
        DocumentKind::Markdown,
        DocumentKind::Handover,
        #[cfg(feature = "report")]
        DocumentKind::Xlsx,
        #[cfg(feature = "report")]
        DocumentKind::Pdf,
        #[cfg(feature = "report")]
        DocumentKind::Bundle,
    ];

    /// The name that the file is given.
    pub fn file_name(self) -> &'static str {
        match self {
            DocumentKind::Eml => "ticket.eml",
            DocumentKind::Text => "ticket.txt",
            DocumentKind::Json => "evidence.json",
            DocumentKind::Csv => "attempts.csv",
            DocumentKind::Note => "note.txt",
            DocumentKind::Markdown => "note.md",
            DocumentKind::Handover => "handover.txt",
            #[cfg(feature = "report")]
            DocumentKind::Xlsx => "attempts.xlsx",
            #[cfg(feature = "report")]
            DocumentKind::Pdf => "report.pdf",
            #[cfg(feature = "report")]
            DocumentKind::Bundle => "evidence.zip",
        }
    }
}

impl Scan {
    /// The letter with these facts.
    pub fn letter(&self, facts: &FactsView) -> Result<LetterView, Error> {
        let own = self.facts(facts);
        let letter = ticket::write(&Setting::of(self, &facts.query(&own)).brief(self, &own));
        let readiness = &letter.readiness;
        let missing = |field: &str, kind: &str| MissingView { field: field.to_owned(), kind: kind.to_owned() };
        let gaps = |gaps: &[Gap], kind: &str| gaps.iter().map(|gap| missing(gap.field, kind)).collect::<Vec<_>>();
        let facts = readiness.facts.iter().filter(|fact| !fact.present).map(|fact| missing(fact.field, "fact"));
        let note = |note: &Note| NoteView { code: note.code.to_owned(), figures: note.figures.clone() };
        Ok(LetterView {
            ready: readiness.is_ready(),
            missing: facts.chain(gaps(&readiness.to_fill, "fill")).chain(gaps(&readiness.to_confirm, "confirm")).collect(),
            notes: letter.lint.iter().map(note).collect(),
            seen_domain: letter.seen_domain,
            to: letter.to,
            subject: letter.subject,
            body: letter.body,
        })
    }

    /// A document with these facts, ready to be written.
    pub fn document(&self, kind: DocumentKind, facts: &FactsView) -> Result<Vec<u8>, Error> {
        let own = self.facts(facts);
        draft::document(self, &facts.query(&own), kind)
    }

    /// The facts of a form.
    pub fn facts(&self, view: &FactsView) -> Facts {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Facts {
            company: some(&view.company),
            domain: some(&view.domain),
            ip: self.options.sending_ips.clone(),
            // An address that is half typed is none yet; the field says so.
            from: some(&view.from).filter(|from| ticket::is_mailbox(from)),
            cc: view.cc.split(',').filter_map(some).filter(|copy| ticket::is_mailbox(copy)).collect(),
            operator: some(&view.operator),
            authority: some(&view.authority),
            mail_kind: some(&view.mail_kind),
            cause: some(&view.cause),
            fixed: some(&view.fixed),
            checked: some(&view.checked),
            started: some(&view.started),
            reference: some(&view.reference),
            ..Facts::default()
        }
    }
}
