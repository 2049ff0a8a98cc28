//! The letter as the window shows it while it is being written, and the documents that are saved from it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use casework::{Declared, Facts, Form, Gap, ReportFacts};
use serde::{Deserialize, Serialize};
use ticket::Note;
#[cfg(test)]
use ts_rs::TS;

use crate::draft::{self, Setting};
use crate::{Checked, DraftQuery, Error, Language, Scan};

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
    /// Which form the letter takes: `operator`, `pool` or `host`; empty where the evidence decides.
    pub form: String,
    /// Who operates the pool of addresses that is shared with others.
    pub pool: String,
    /// What else is to be said of the addresses.
    pub ip_note: String,
    /// What explains the blockers that the check found.
    pub explained: String,
    /// Why the letter goes out although something stands in the way.
    pub overrule: String,
    /// When the letter that this one follows went out.
    pub follow_up: String,
    /// The Message-ID of that letter.
    pub thread: String,
    /// What goes along with the e-mail draft.
    pub attach: Vec<DocumentKind>,
    /// The language of the client's report.
    pub language: String,
    /// The version of the report.
    pub version: String,
    /// Who wrote the report.
    pub author: String,
    /// Who approved it.
    pub approval: String,
    /// When it was approved.
    pub approval_date: String,
    /// When it is to be reviewed.
    pub review_date: String,
    /// The name on top of it.
    pub brand: String,
    /// The colour of its headings.
    pub colour: String,
    /// A picture for its top, by its path.
    pub logo: String,
    /// Where questions go, by telephone.
    pub phone: String,
    /// Where questions go, by mail.
    pub mail: String,
    /// Where questions go, by chat.
    pub chat: String,
    /// What the sender states of what cannot be measured, by the questions' names.
    pub declared: BTreeMap<String, String>,
    /// Who states it.
    pub declared_by: String,
}

impl FactsView {
    /// The statements, dated today.
    fn declared(&self) -> BTreeMap<String, Declared> {
        let one =
            |(id, answer): (&String, &String)| Some((id.clone(), Declared { answer: some(answer)?, by: some(&self.declared_by), on: Some(crate::today()) }));
        self.declared.iter().filter_map(one).collect()
    }

    fn query<'a>(&'a self, facts: &'a Facts, checked: Option<&'a Checked>) -> DraftQuery<'a> {
        DraftQuery { facts, redact: self.redact, language: Language::of(&self.language).unwrap_or_default(), checked, attach: &self.attach }
    }

    fn report(&self) -> ReportFacts {
        ReportFacts {
            version: some(&self.version),
            author: some(&self.author),
            approval: some(&self.approval),
            approval_date: some(&self.approval_date),
            review_date: some(&self.review_date),
            brand: some(&self.brand),
            // A colour that is half typed is none yet.
            colour: some(&self.colour).filter(|colour| colour.len() == 7),
            logo: some(&self.logo).map(PathBuf::from),
            phone: some(&self.phone),
            mail: some(&self.mail),
            chat: some(&self.chat),
        }
    }
}

/// What was typed; nothing where it is empty.
fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
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
    /// Whether it may be sent.
    pub ready: bool,
    /// Whether something stands in the way, and the user said why it goes out all the same.
    pub overruled: bool,
    /// The form it takes: `operator`, `pool` or `host`.
    pub form: String,
    /// Letters and forms for the other doors of the case.
    pub letters: Vec<DoorLetterView>,
    /// Facts that are missing, lines to fill in, assumptions to confirm.
    pub missing: Vec<MissingView>,
    /// What a careful colleague would say.
    pub notes: Vec<NoteView>,
}

/// A letter or a form for a door that is not Apple's.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct DoorLetterView {
    /// A short name, as in `spamhaus`.
    pub id: String,
    /// What it is, in English.
    pub title: String,
    /// An address, or the page of a form.
    pub to: String,
    /// The whole of it.
    pub text: String,
}

/// Something that is missing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct MissingView {
    /// The field it is about.
    pub field: String,
    /// `fact`, `fill`, `confirm` or `obstacle`.
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

    /// The document of a word, as in `pdf`.
    pub fn of(word: &str) -> Option<DocumentKind> {
        serde_json::from_value(serde_json::Value::from(word)).ok()
    }

    /// What kind of file it is (RFC 6838).
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            DocumentKind::Eml => "message/rfc822",
            DocumentKind::Json => "application/json",
            DocumentKind::Csv => "text/csv",
            DocumentKind::Markdown => "text/markdown",
            DocumentKind::Text | DocumentKind::Note | DocumentKind::Handover => "text/plain",
            #[cfg(feature = "report")]
            DocumentKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            #[cfg(feature = "report")]
            DocumentKind::Pdf => "application/pdf",
            #[cfg(feature = "report")]
            DocumentKind::Bundle => "application/zip",
        }
    }

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
    pub fn letter(&self, facts: &FactsView, checked: Option<&Checked>) -> Result<LetterView, Error> {
        let own = self.facts(facts);
        let setting = Setting::of(self, &facts.query(&own, checked));
        let brief = setting.brief(self, &own);
        let letter = ticket::write(&brief);
        let letters = ticket::letters(&brief).map_err(|error| Error::new("draft", error, "", "this is a fault of Reprieve"))?;
        let readiness = &letter.readiness;
        let missing = |field: &str, kind: &str| MissingView { field: field.to_owned(), kind: kind.to_owned() };
        let gaps = |gaps: &[Gap], kind: &str| gaps.iter().map(|gap| missing(gap.field, kind)).collect::<Vec<_>>();
        let facts = readiness.facts.iter().filter(|fact| !fact.present).map(|fact| missing(fact.field, "fact"));
        let note = |note: &Note| NoteView { code: note.code.to_owned(), figures: note.figures.clone() };
        Ok(LetterView {
            ready: readiness.is_ready(),
            missing: facts
                .chain(gaps(&readiness.to_fill, "fill"))
                .chain(gaps(&readiness.to_confirm, "confirm"))
                .chain(gaps(&readiness.obstacles, "obstacle"))
                .collect(),
            overruled: readiness.is_ready() && !readiness.is_complete(),
            form: letter.form.word().to_owned(),
            letters: letters.into_iter().map(|letter| DoorLetterView { id: letter.id, title: letter.title, to: letter.to, text: letter.text }).collect(),
            notes: letter.lint.iter().map(note).collect(),
            seen_domain: letter.seen_domain,
            to: letter.to,
            subject: letter.subject,
            body: letter.body,
        })
    }

    /// A document with these facts, ready to be written.
    pub fn document(&self, kind: DocumentKind, facts: &FactsView, checked: Option<&Checked>) -> Result<Vec<u8>, Error> {
        let own = self.facts(facts);
        draft::document(self, &facts.query(&own, checked), kind)
    }

    /// The facts of a form.
    pub fn facts(&self, view: &FactsView) -> Facts {
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
            ip_note: some(&view.ip_note),
            form: Form::of(&view.form),
            pool: some(&view.pool),
            explained: some(&view.explained),
            overrule: some(&view.overrule),
            // A time that is half typed is none yet.
            follow_up: some(&view.follow_up).filter(|time| ticket::moment_of(time).is_some()),
            thread: some(&view.thread),
            declared: view.declared(),
            report: view.report(),
        }
    }
}
