//! The letter to the provider, in its three forms, and the follow-up in the same thread.
//!
//! The runbook's subject first, Apple's five titles numbered in Apple's order, replies verbatim and each whole on one
//! line, what only a person knows asked for by name. Nothing below the signature.

mod follow_up;
mod lint;
mod ready;
mod text;

pub(crate) use text::{name_of, one_line, scale, start};

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use casework::{Facts, Form, Gap, Readiness};
use chrono::{DateTime, NaiveDate};
use diagnosis::{Diagnosis, Finding, Ledger};
use providers::{Knowledge, ProviderId};
use smtp::{domain_of, escape_controls, is_public};

use crate::quote::{self, Quote};
use crate::{Redactor, doors};

/// Whom a letter to Apple is to.
pub const APPLE: &str = "icloudadmin@apple.com";

/// Everything a letter is written from.
#[derive(Clone, Copy)]
pub struct Brief<'a> {
    /// What was read.
    pub ledger: &'a Ledger,
    /// What it means.
    pub diagnosis: &'a Diagnosis,
    /// What is known of providers.
    pub knowledge: &'a Knowledge,
    /// What the user says.
    pub facts: &'a Facts,
    /// What hides the recipients.
    pub redactor: &'a Redactor,
    /// Now, in seconds since 1970.
    pub now: i64,
    /// Whose refusals; nothing is everybody's.
    pub provider: Option<ProviderId>,
    /// What the check says is to be mended, with the records to publish.
    pub remedies: &'a [String],
    /// What the check found that has mail refused, by name.
    pub blockers: &'a [String],
    /// When a letter about one of these addresses went out that is not settled yet.
    pub open: Option<i64>,
    /// The Message-ID of that letter.
    pub open_id: Option<&'a str>,
    /// The names of sending addresses, forward-confirmed by the check.
    pub names: &'a [(IpAddr, String)],
    /// Whether it is mail to many, as far as that is known.
    pub bulk: bool,
}

impl Brief<'_> {
    /// Whether a finding belongs into the letter to Apple: the recipient's affairs, other doors and other receivers do not.
    pub(crate) fn is_apples(&self, finding: &Finding) -> bool {
        let provider = finding.group.provider.and_then(|id| self.knowledge.provider(id));
        quote::belongs(finding) && provider.is_none_or(|provider| provider.id == "icloud")
    }

    /// Who operates the addresses, where they are shared with others: the user's word, else what is known of every one of them.
    pub fn pool(&self) -> Option<String> {
        let ips = addresses(self);
        let known: BTreeSet<&str> = ips.iter().filter_map(|ip| self.knowledge.pool(*ip)).map(|pool| pool.name.as_str()).collect();
        let all = !ips.is_empty() && ips.iter().all(|ip| self.knowledge.pool(*ip).is_some());
        self.facts.pool.clone().or_else(|| all.then(|| known.into_iter().collect::<Vec<_>>().join(", ")))
    }

    /// The receiver in question, where it is not iCloud.
    fn elsewhere(&self) -> Option<&str> {
        let provider = self.knowledge.provider(self.provider?)?;
        Some(provider.id.as_str()).filter(|id| *id != "icloud")
    }

    /// Who writes, and about what: what the user chose, else what the block follows and who shares the address.
    pub fn form(&self) -> Form {
        const MANY_DOMAINS: usize = 10;
        let chosen = self.facts.form.or_else(|| self.pool().is_some().then_some(Form::Pool));
        let (forwarded, refused) = self.diagnosis.conduct.forwarded;
        chosen.unwrap_or_else(|| if domains(self).len() >= MANY_DOMAINS || (refused > 0 && forwarded * 5 >= refused) { Form::Host } else { Form::Operator })
    }
}

/// A letter, and what it lacks.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Whom it is to.
    pub to: String,
    /// One line of ASCII, at most 120 characters.
    pub subject: String,
    /// Plain text, lines ended by LF.
    pub body: String,
    /// The domain that all refused senders share, where the user gave none.
    pub seen_domain: Option<String>,
    /// The form it takes.
    pub form: Form,
    /// The Message-ID of the letter that this one follows.
    pub follows: Option<String>,
    /// What is there and what is not.
    pub readiness: Readiness,
    /// What a careful colleague would say of it.
    pub lint: Vec<Note>,
}

/// What a careful colleague would say of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A stable word.
    pub code: &'static str,
    /// The numbers in it, in the order of the text; a time is in seconds since 1970.
    pub figures: Vec<u64>,
    /// The note, in English.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(out)
    }
}

/// Writes the letter: the first one, or what is new since then.
pub fn write(brief: &Brief<'_>) -> Letter {
    match brief.elsewhere() {
        Some(provider) => elsewhere(brief, provider),
        None => to_apple(brief),
    }
}

/// What another receiver wants to know, in its own form; nothing of it goes to Apple.
fn elsewhere(brief: &Brief<'_>, provider: &str) -> Letter {
    let found = doors::letters(brief).unwrap_or_default().into_iter().next();
    let none = || {
        ("".to_owned(), format!("{provider}: nothing to ask for"), "Nothing was refused that anybody but the sender or the recipient can mend.\n".to_owned())
    };
    let (to, subject, body) = found.map_or_else(none, |letter| (letter.to, if letter.subject.is_empty() { letter.title } else { letter.subject }, letter.text));
    let quotes = quote::choose(brief.ledger, brief.diagnosis.findings.iter().filter(|finding| finding.is_block()), None);
    let ips = if brief.facts.ip.is_empty() { brief.diagnosis.sending_ips.iter().map(|found| found.ip).collect() } else { brief.facts.ip.clone() };
    let is_open = body.contains("[TO FILL IN: ");
    let gaps = is_open.then(|| Gap { field: "form", text: "fill in what stands in [TO FILL IN: …]".to_owned() }).into_iter().collect();
    let readiness = ready::of(brief, &ips, &quotes, brief.facts.domain.is_some(), gaps, None);
    Letter { to, subject, body, form: Form::Operator, follows: None, seen_domain: None, readiness, lint: Vec::new() }
}

fn to_apple(brief: &Brief<'_>) -> Letter {
    let ips = addresses(brief);
    let quotes = quotes(brief, &ips);
    let seen_domain = seen_domain(brief).filter(|_| brief.facts.domain.is_none());
    let domain = brief.facts.domain.clone().or_else(|| seen_domain.clone());
    let mut gaps = Vec::new();
    let follows = brief.facts.follow_up.as_deref().and_then(moment_of);
    let body = match follows {
        Some(since) => follow_up::body(brief, &ips, since, &mut gaps),
        None => text::body(brief, &ips, &quotes, domain.as_deref(), &mut gaps),
    };
    let subject = subject(brief, &ips, &quotes, domain.as_deref());
    Letter {
        to: APPLE.to_owned(),
        subject: if follows.is_some() { format!("Re: {subject}") } else { subject },
        seen_domain,
        form: brief.form(),
        follows: brief.facts.thread.clone().or_else(|| brief.open_id.map(str::to_owned)).filter(|_| follows.is_some()),
        readiness: ready::of(brief, &ips, &quotes, domain.is_some() || (brief.form() == Form::Host && !domains(brief).is_empty()), gaps, follows),
        lint: lint::of(brief, &body, &quotes),
        body,
    }
}

/// The replies that the letter quotes.
pub fn quoted(brief: &Brief<'_>) -> Vec<Quote> {
    quotes(brief, &addresses(brief))
}

/// What is quoted. On a pool that is shared the provider can only look up transactions, so these come first.
fn quotes(brief: &Brief<'_>, ips: &[IpAddr]) -> Vec<Quote> {
    let only = if let [ip] = ips { Some(*ip) } else { None };
    let mut quotes = quote::choose(brief.ledger, brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding)), only);
    if brief.form() == Form::Pool {
        let has_txn = |quote: &Quote| {
            let event = brief.ledger.events.get(quote.event);
            event.and_then(|event| brief.ledger.reply(&event)).is_some_and(|reply| smtp::Reply::parse(&reply).txn().is_some())
        };
        quotes.sort_by_key(|quote| !has_txn(quote));
    }
    quotes
}

/// The domains of the refused senders, the most frequent first.
pub(crate) fn domains(brief: &Brief<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for finding in brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding)) {
        for domain in finding.senders.iter().filter_map(|sender| domain_of(brief.ledger.texts.text(*sender))) {
            let domain = escape_controls(&domain.to_ascii_lowercase());
            if !domain.is_empty() && !found.contains(&domain) {
                found.push(domain);
            }
        }
    }
    found
}

/// A point in time as people give it: RFC 3339, or a date.
pub fn moment_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let full = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp());
    full.ok().or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0)).map(|time| time.and_utc().timestamp()))
}

/// The affected addresses: those the user gave, else those that blocked replies name.
pub fn addresses(brief: &Brief<'_>) -> Vec<IpAddr> {
    let given: Vec<IpAddr> = brief.facts.ip.iter().copied().filter(|ip| is_public(*ip)).collect();
    if !given.is_empty() {
        return given;
    }
    let blocks = brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding));
    let named: BTreeSet<IpAddr> = blocks.flat_map(|finding| finding.sending_ips.iter().copied()).collect();
    named.into_iter().collect()
}

/// The one domain that all refused senders share.
pub(crate) fn seen_domain(brief: &Brief<'_>) -> Option<String> {
    let domains = domains(brief);
    if let [only] = domains.as_slice() { Some(only.clone()) } else { None }
}

fn subject(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: Option<&str>) -> String {
    let mut subject = "I would like to open a deliverability ticket".to_owned();
    let marker = quotes.iter().find_map(|quote| marker(brief, quote));
    let address = ips.first().map(ToString::to_string);
    let mark = match (address, marker) {
        (Some(ip), Some(marker)) => Some(format!("{ip} [{marker}]")),
        (Some(ip), None) => Some(ip),
        (None, Some(marker)) => Some(format!("[{marker}]")),
        (None, None) => None,
    };
    let reference = brief.facts.reference.as_ref().map(|reference| format!("ref {reference}"));
    for piece in [domain.map(a_label), mark, reference].into_iter().flatten() {
        subject.push_str(" - ");
        subject.push_str(&piece);
    }
    subject.chars().map(|each| if each.is_ascii() && !each.is_control() { each } else { '?' }).take(120).collect()
}

/// A domain as DNS and mail carry it: a subject is ASCII.
pub(crate) fn a_label(domain: &str) -> String {
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned())
}

fn marker(brief: &Brief<'_>, quote: &Quote) -> Option<String> {
    let event = brief.ledger.events.get(quote.event)?;
    smtp::Reply::parse(&brief.ledger.reply(&event)?).marker().map(escape_controls)
}

/// A number for people: `12,431`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
