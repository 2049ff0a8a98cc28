//! One question about the sender's set-up, and its answer.

use crate::dns::{Answer, Kind};
use crate::remedy::Remedy;

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Something is wrong.
    Fail,
    /// Something could be better.
    Warning,
    /// It could not be asked: neither right nor wrong.
    Unknown,
    /// It is as it should be.
    Pass,
    /// It does not apply here.
    NotApplicable,
}

impl Status {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Warning => "warning",
            Status::Unknown => "unknown",
            Status::Pass => "pass",
            Status::NotApplicable => "not_applicable",
        }
    }
}

/// What it does to mail to iCloud if it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Mail is refused for it.
    Blocker,
    /// Mail is likely to be refused or to land in Junk.
    High,
    /// It adds to a bad impression.
    Medium,
    /// It is untidy.
    Low,
    /// It is worth knowing.
    Info,
}

impl Severity {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Blocker => "blocker",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }
}

/// Who asks senders for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// Apple's postmaster page.
    Apple,
    /// The wording of Apple's page since 2025-02-25.
    Apple2025,
    /// Gmail's guidelines for all senders.
    Gmail,
    /// Gmail's guidelines for bulk senders.
    GmailBulk,
    /// A standard.
    Rfc,
}

impl AskedBy {
    /// The name used in JSON and on screens.
    pub fn word(self) -> &'static str {
        match self {
            AskedBy::Apple => "Apple",
            AskedBy::Apple2025 => "Apple (since 2025-02-25)",
            AskedBy::Gmail => "Gmail",
            AskedBy::GmailBulk => "Gmail (bulk)",
            AskedBy::Rfc => "RFC",
        }
    }
}

/// A question that was put to DNS, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// `northwind.example TXT`.
    pub query: String,
    /// The records, or why there are none.
    pub answer: String,
    /// How long it may be kept, in seconds.
    pub ttl: Option<u32>,
}

impl Evidence {
    /// A question with its answer; names that led to the records are shown.
    pub fn of(name: &str, kind: Kind, answer: &Answer) -> Evidence {
        const MOST: usize = 20;
        let records: Vec<String> = answer.records.iter().take(MOST).map(ToString::to_string).collect();
        let more = answer.records.len().saturating_sub(MOST);
        let led = answer.chain.iter().map(|name| format!("CNAME {name}. ")).collect::<String>();
        let text = match records.is_empty() {
            true => answer.outcome.word().to_owned(),
            false if more > 0 => format!("{}; and {more} more", records.join("; ")),
            false => records.join("; "),
        };
        Evidence { query: format!("{name} {kind}"), answer: led + &text, ttl: answer.ttl }
    }
}

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// A stable name, as in `spf.covers`.
    pub id: &'static str,
    /// How it was answered.
    pub status: Status,
    /// What it does to mail to iCloud if it is wrong.
    pub severity: Severity,
    /// What it is about: an address, a name, a domain.
    pub subject: String,
    /// The answer in a sentence.
    pub summary: String,
    /// What was asked for it.
    pub evidence: Vec<Evidence>,
    /// What to do, with the record to publish where there is one.
    pub remedy: Option<Remedy>,
    /// Who asks for it.
    pub asked_by: &'static [AskedBy],
}

/// The fixed side of a check: its name, how much it matters and who asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub id: &'static str,
    pub severity: Severity,
    pub asked_by: &'static [AskedBy],
}

/// Questions that all rest on an answer that could not be had.
pub(crate) fn unknown(rows: &[Row], subject: &str, why: &str, evidence: &Evidence) -> Vec<Check> {
    rows.iter().map(|row| row.unknown(subject, why).with([evidence.clone()])).collect()
}

impl Row {
    fn check(self, status: Status, subject: &str, summary: String) -> Check {
        Check {
            id: self.id,
            status,
            severity: self.severity,
            subject: subject.to_owned(),
            summary,
            evidence: Vec::new(),
            remedy: None,
            asked_by: self.asked_by,
        }
    }

    pub fn pass(self, subject: &str, summary: impl Into<String>) -> Check {
        self.check(Status::Pass, subject, summary.into())
    }

    pub fn fail(self, subject: &str, summary: impl Into<String>) -> Check {
        self.check(Status::Fail, subject, summary.into())
    }

    pub fn warn(self, subject: &str, summary: impl Into<String>) -> Check {
        self.check(Status::Warning, subject, summary.into())
    }

    pub fn unknown(self, subject: &str, summary: impl Into<String>) -> Check {
        self.check(Status::Unknown, subject, summary.into())
    }

    pub fn not_applicable(self, subject: &str, summary: impl Into<String>) -> Check {
        self.check(Status::NotApplicable, subject, summary.into())
    }
}

impl Check {
    /// Whether Apple's own page asks for it.
    pub fn is_asked_by_apple(&self) -> bool {
        self.asked_by.iter().any(|who| matches!(who, AskedBy::Apple | AskedBy::Apple2025))
    }

    /// The same with what was asked.
    pub(crate) fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Check {
        self.evidence.extend(evidence);
        self
    }

    /// The same with what to do.
    pub(crate) fn remedy(mut self, remedy: impl Into<Remedy>) -> Check {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same, mattering more or less than usual.
    pub(crate) fn matters(mut self, severity: Severity) -> Check {
        self.severity = severity;
        self
    }
}
