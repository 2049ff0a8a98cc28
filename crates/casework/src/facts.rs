//! The facts of a client and its case, from options or from a file.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;
use thiserror::Error;

/// A file of facts that could not be used.
#[derive(Debug, Error)]
#[error("the client's file cannot be read: {0}")]
pub struct FactsError(String);

/// What the user says of the client and the case.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    /// Whose mail it is.
    pub company: Option<String>,
    /// The e-mail domain.
    pub domain: Option<String>,
    /// The sending addresses.
    pub ip: Vec<IpAddr>,
    /// What else is to be said of the addresses, as in "dedicated to this domain since 2023-05".
    pub ip_note: Option<String>,
    /// The person who writes, as `NAME <ADDRESS>`.
    pub from: Option<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who runs the server, when it is not the company.
    pub operator: Option<String>,
    /// By what right the operator writes.
    pub authority: Option<String>,
    /// What kind of mail it is, and how much.
    pub mail_kind: Option<String>,
    /// What caused the block.
    pub cause: Option<String>,
    /// What was done about it, and when.
    pub fixed: Option<String>,
    /// What was checked, and when.
    pub checked: Option<String>,
    /// When it started, where the evidence begins later.
    pub started: Option<String>,
    /// The writer's own reference.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Which of the three forms the letter takes, where the user chooses it.
    pub form: Option<Form>,
    /// Who operates the pool of addresses that is shared with others.
    pub pool: Option<String>,
    /// What explains the blockers that the check found.
    pub explained: Option<String>,
    /// Why the letter goes out although something is missing.
    pub overrule: Option<String>,
    /// When the letter that this one follows went out: RFC 3339, or a date.
    pub follow_up: Option<String>,
    /// The Message-ID of the letter that this one follows.
    pub thread: Option<String>,
    /// What the sender states of what cannot be measured, by the questions' names.
    pub declared: BTreeMap<String, Declared>,
    /// How the client's report is signed and looks.
    pub report: ReportFacts,
}

/// A statement of the sender's about what cannot be measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Declared {
    /// The answer.
    pub answer: String,
    /// Who gave it.
    pub by: Option<String>,
    /// On which day.
    pub on: Option<String>,
}

/// Who writes to the provider, and about what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The operator of the address, about the address.
    Operator,
    /// The sender, about a domain or content on a pool that is shared with others.
    Pool,
    /// A host of many domains, or a forwarder.
    Host,
}

impl Form {
    /// The form of a name, as in `pool`.
    pub fn of(name: &str) -> Option<Form> {
        [Form::Operator, Form::Pool, Form::Host].into_iter().find(|form| form.word() == name)
    }

    /// The name.
    pub fn word(self) -> &'static str {
        match self {
            Form::Operator => "operator",
            Form::Pool => "pool",
            Form::Host => "host",
        }
    }
}

/// How the client's report is signed and looks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportFacts {
    /// The version of the document.
    pub version: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Who approved it.
    pub approval: Option<String>,
    /// When it was approved.
    pub approval_date: Option<String>,
    /// When it is to be reviewed.
    pub review_date: Option<String>,
    /// The name on top of it, as of a managed-service provider.
    pub brand: Option<String>,
    /// The colour of its headings, as in `#1d4f6e`.
    pub colour: Option<String>,
    /// A picture: PNG, JPEG or SVG.
    pub logo: Option<PathBuf>,
    /// Where questions go, by telephone.
    pub phone: Option<String>,
    /// Where questions go, by mail.
    pub mail: Option<String>,
    /// Where questions go, by chat.
    pub chat: Option<String>,
}

impl Facts {
    /// Reads facts from a client's file.
    pub fn from_toml(text: &str) -> Result<Facts, FactsError> {
        toml::from_str(text).map_err(|error| FactsError(error.to_string()))
    }

    /// These facts, and another's where these have none.
    pub fn or(self, other: Facts) -> Facts {
        let list = |own: Vec<String>, other| if own.is_empty() { other } else { own };
        Facts {
            company: self.company.or(other.company),
            domain: self.domain.or(other.domain),
            ip: if self.ip.is_empty() { other.ip } else { self.ip },
            ip_note: self.ip_note.or(other.ip_note),
            from: self.from.or(other.from),
            cc: list(self.cc, other.cc),
            operator: self.operator.or(other.operator),
            authority: self.authority.or(other.authority),
            mail_kind: self.mail_kind.or(other.mail_kind),
            cause: self.cause.or(other.cause),
            fixed: self.fixed.or(other.fixed),
            checked: self.checked.or(other.checked),
            started: self.started.or(other.started),
            reference: self.reference.or(other.reference),
            form: self.form.or(other.form),
            pool: self.pool.or(other.pool),
            explained: self.explained.or(other.explained),
            overrule: self.overrule.or(other.overrule),
            follow_up: self.follow_up.or(other.follow_up),
            thread: self.thread.or(other.thread),
            declared: other.declared.into_iter().chain(self.declared).collect(),
            report: if self.report == ReportFacts::default() { other.report } else { self.report },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_win_over_the_file() {
        let file = Facts::from_toml("company = \"Northwind\"\ndomain = \"northwind.example\"\nip = [\"203.0.113.25\"]\nref = \"NW-1\"").unwrap();
        let facts = Facts { company: Some("Fabrikam".to_owned()), ..Facts::default() }.or(file);
        assert_eq!((facts.company.as_deref(), facts.domain.as_deref()), (Some("Fabrikam"), Some("northwind.example")));
        assert_eq!(facts.reference.as_deref(), Some("NW-1"));
        assert!(Facts::from_toml("compny = \"x\"").is_err());
    }
}
