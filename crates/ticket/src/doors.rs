//! Letters and forms for the doors that are not Apple's: one for each door of the case, and only for those.
//!
//! What each door wants is data (`assets/letters/doors.toml`); here the case is put into it.

use std::net::IpAddr;

use casework::Form;
use diagnosis::{DoorShare, Finding};
use providers::Door;
use serde::Deserialize;
use smtp::{domain_of, escape_controls};
use thiserror::Error;

use crate::letter::{Brief, name_of, one_line, scale, start};
use crate::{Redactor, moment, quote};

const DOORS: &str = include_str!("../../../assets/letters/doors.toml");

/// Letters that cannot be used.
#[derive(Debug, Error)]
#[error("the letters for other doors cannot be read: {0}")]
pub struct DoorsError(String);

/// A letter or a form for a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorLetter {
    /// A short name, as in `spamhaus`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// An address, or the page of a form.
    pub to: String,
    /// The subject of a mail; empty for a form.
    pub subject: String,
    /// The whole of it: what to do, then the letter or the fields.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Doors {
    letter: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    id: String,
    door: Door,
    provider: Option<String>,
    who: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    /// Only where the sending addresses are a pool that is shared with others.
    #[serde(default)]
    pool: bool,
    #[serde(default)]
    mail: bool,
    title: String,
    to: String,
    #[serde(default)]
    subject: String,
    source: String,
    date: String,
    steps: Vec<String>,
    #[serde(default)]
    fields: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

fn templates() -> Result<Vec<Template>, DoorsError> {
    let wrong = |error: toml::de::Error| DoorsError(error.to_string());
    let doors: Doors = toml::from_str(DOORS).map_err(wrong)?;
    match doors.letter.iter().find(|letter| letter.source.is_empty() || letter.date.is_empty() || letter.steps.is_empty()) {
        Some(letter) => Err(DoorsError(format!("`{}` lacks a source, a date or steps", letter.id))),
        None => Ok(doors.letter),
    }
}

/// The letters of a case, for every door but Apple's, the heaviest first.
pub fn letters(brief: &Brief<'_>) -> Result<Vec<DoorLetter>, DoorsError> {
    let templates = templates()?;
    let mut letters: Vec<DoorLetter> = Vec::new();
    for share in &brief.diagnosis.doors {
        let findings = findings(brief, share);
        let Some(template) = templates.iter().find(|template| template.fits(brief, share, &findings)) else { continue };
        let letter = Filling { brief, share, findings }.letter(template);
        // Two relays are two letters, each with a name of its own.
        let same = letters.iter().filter(|known| known.id.starts_with(&letter.id)).count();
        letters.push(if same > 0 { DoorLetter { id: format!("{}-{}", letter.id, same + 1), ..letter } } else { letter });
    }
    Ok(letters)
}

fn findings<'b>(brief: &Brief<'b>, share: &DoorShare) -> Vec<&'b Finding> {
    share.findings.iter().filter_map(|place| brief.diagnosis.findings.get(*place)).collect()
}

impl Template {
    fn fits(&self, brief: &Brief<'_>, share: &DoorShare, findings: &[&Finding]) -> bool {
        let kind = |finding: &&&Finding| finding.group.rule.and_then(|rule| brief.knowledge.rule(rule)).is_some_and(|rule| self.kinds.contains(&rule.kind));
        let provider = || {
            let first = findings.first().and_then(|finding| finding.events.first()).and_then(|(event, _)| brief.ledger.events.get(event));
            first.and_then(|event| event.provider).and_then(|(id, _)| brief.knowledge.provider(id)).map(|provider| provider.id.as_str())
        };
        share.door == Some(self.door)
            && self.who.as_deref().is_none_or(|who| share.who.as_deref().is_some_and(|share| share.contains(who)))
            && self.provider.as_deref().is_none_or(|wanted| provider() == Some(wanted))
            && (!self.pool || brief.form() == Form::Pool)
            && (self.kinds.is_empty() || findings.iter().any(|finding| kind(&finding)))
    }
}

/// A door of a case, ready to be written to.
struct Filling<'a, 'b> {
    brief: &'a Brief<'b>,
    share: &'a DoorShare,
    findings: Vec<&'b Finding>,
}

impl Filling<'_, '_> {
    fn letter(&self, template: &Template) -> DoorLetter {
        let (title, to, subject) = (self.fill(&template.title), self.fill(&template.to), one_line(&self.fill(&template.subject)));
        let mut text = format!("{title}\nTo: {}\n", if to.is_empty() { "whoever looks after it" } else { &to });
        if template.mail {
            text += &format!("Subject: {subject}\n");
        }
        text += "\nWhat to do\n";
        text.extend(template.steps.iter().zip(1..).map(|(step, number)| format!("{number}. {}\n", self.fill(step))));
        text += "\n";
        text.extend(template.fields.iter().map(|(name, value)| field(name, &self.fill(value))));
        text += self.fill(&template.body).trim_start();
        text += &format!("\n(From {}, as of {}.)\n", template.source, template.date);
        DoorLetter { id: template.id.clone(), title, to, subject, text }
    }

    /// A text with every placeholder filled once: what a log says is never taken for a placeholder.
    fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}').and_then(|(name, behind)| Some((self.value(name)?, behind))) {
                Some((value, behind)) => {
                    out.push_str(&value);
                    rest = behind;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out + rest
    }

    fn value(&self, name: &str) -> Option<String> {
        let facts = self.brief.facts;
        let ask = |fact: &Option<String>, hint: &str| fact.as_deref().map_or_else(|| to_fill(hint), one_line);
        let addresses = || self.addresses().iter().map(ToString::to_string).collect::<Vec<_>>();
        let or = |list: Vec<String>, between: &str, hint: &str| if list.is_empty() { to_fill(hint) } else { list.join(between) };
        Some(match name {
            "company" => ask(&facts.company, "the company whose mail it is"),
            "domain" => ask(&facts.domain.clone().or_else(|| self.domain()), "the domain of the refused mail"),
            "ips" => or(addresses(), ", ", "the public address that sends"),
            "ips_semicolons" => or(addresses(), "; ", "the public address that sends"),
            "errors" => self.errors(),
            "start" => self.findings.iter().filter_map(|finding| finding.first).min().map_or_else(|| start(self.brief), |time| format!("{} UTC", moment(time))),
            "scale" => scale(self.brief),
            "cause" => ask(&facts.cause, "what caused it, or what you checked and did not find"),
            "fixed" => ask(&facts.fixed, "what was stopped or changed, and when"),
            "mail" => ask(&facts.mail_kind, "what kind of mail, and how much a day"),
            "sharing" => self.brief.pool().as_deref().map_or_else(|| "dedicated".to_owned(), |pool| format!("shared, operated by {}", one_line(pool))),
            "pool" => ask(&self.brief.pool(), "who operates it"),
            "name" => name_of(facts).unwrap_or_else(|| to_fill("your name")),
            "address" => facts.from.as_deref().and_then(address_of).unwrap_or_else(|| to_fill("an address at which you read replies")),
            "writer" => self.writer(),
            "reference" => facts.reference.as_deref().map_or_else(|| "none".to_owned(), one_line),
            "who" => self.share.who.as_deref().map_or_else(|| "the operator".to_owned(), one_line),
            "contact" => self.share.contact.clone().unwrap_or_else(|| to_fill("the list's page")),
            "recipient_domain" => self.recipient_domain().unwrap_or_else(|| to_fill("the recipient's domain")),
            "senders" => or(self.senders(), ", ", "the envelope senders"),
            "remedies" => or(self.brief.remedies.to_vec(), "\n\n", "run the check: it says which records to publish"),
            _ => return None,
        })
    }

    /// The addresses of these findings, else those the user gave.
    fn addresses(&self) -> Vec<IpAddr> {
        let seen: std::collections::BTreeSet<IpAddr> = self.findings.iter().flat_map(|finding| finding.sending_ips.iter().copied()).collect();
        if self.brief.facts.ip.is_empty() { seen.into_iter().collect() } else { self.brief.facts.ip.clone() }
    }

    fn senders(&self) -> Vec<String> {
        const MOST: usize = 5;
        let senders = self.findings.iter().flat_map(|finding| &finding.senders).take(MOST);
        senders.map(|sender| self.brief.redactor.redact_sender(&escape_controls(self.brief.ledger.texts.text(*sender)))).collect()
    }

    /// The domain of the sender that was refused most.
    fn domain(&self) -> Option<String> {
        let sender = self.findings.iter().flat_map(|finding| &finding.senders).next()?;
        domain_of(self.brief.ledger.texts.text(*sender)).map(escape_controls)
    }

    fn recipient_domain(&self) -> Option<String> {
        let (event, _) = self.findings.first()?.events.first()?;
        let recipient = self.brief.ledger.events.get(event)?.recipient?;
        let hidden = self.brief.redactor.redact(&escape_controls(self.brief.ledger.texts.text(recipient)));
        hidden.rsplit_once('@').map(|(_, domain)| domain.to_owned())
    }

    /// The replies, word for word, with time and place.
    fn errors(&self) -> String {
        let Brief { ledger, redactor, .. } = self.brief;
        let quotes = quote::choose(ledger, self.findings.iter().copied(), None);
        let line = |quote: quote::Quote| {
            let event = ledger.events.get(quote.event)?;
            let time = quote.time.map_or("time not logged".to_owned(), |time| format!("{} UTC", moment(time)));
            let host = event.remote_host.map(|host| format!(", {}", escape_controls(ledger.texts.text(host)))).unwrap_or_default();
            Some(format!("{time}{host}: {}", told(redactor, &ledger.reply(&event)?)))
        };
        let lines: Vec<String> = quotes.into_iter().filter_map(line).collect();
        if lines.is_empty() { to_fill("the reply of the server, word for word") } else { lines.join("\n") }
    }

    fn writer(&self) -> String {
        let facts = self.brief.facts;
        let company = facts.operator.as_ref().or(facts.company.as_ref()).map(|company| one_line(company));
        let parts = [name_of(facts), company, facts.from.as_deref().and_then(address_of), facts.report.phone.as_deref().map(one_line)];
        let known: Vec<String> = parts.into_iter().flatten().collect();
        if known.is_empty() { to_fill("your name and how to reach you") } else { known.join(", ") }
    }
}

/// A reply on one line, redacted.
fn told(redactor: &Redactor, reply: &[u8]) -> String {
    redactor.redact(&escape_controls(reply).replace('\n', " "))
}

fn to_fill(hint: &str) -> String {
    format!("[TO FILL IN: {hint}]")
}

fn address_of(from: &str) -> Option<String> {
    from.parse::<lettre::message::Mailbox>().ok().map(|mailbox| mailbox.email.to_string())
}

/// A field of a form, ready to be pasted: what has several lines stands under its name.
fn field(name: &str, value: &str) -> String {
    if value.contains('\n') { format!("{name}:\n{value}\n") } else { format!("{name}: {value}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_loads_and_knows_its_placeholders() {
        let templates = templates().unwrap();
        assert!(templates.len() >= 10);
        let known = [
            "company",
            "domain",
            "ips",
            "ips_semicolons",
            "errors",
            "start",
            "scale",
            "cause",
            "fixed",
            "mail",
            "sharing",
            "name",
            "address",
            "writer",
            "reference",
            "who",
            "contact",
            "recipient_domain",
            "senders",
            "remedies",
            "pool",
        ];
        for template in &templates {
            let fields = template.fields.iter().map(|(_, value)| value.as_str());
            let texts =
                fields.chain([template.title.as_str(), &template.to, &template.subject, &template.body]).chain(template.steps.iter().map(String::as_str));
            for name in texts.flat_map(|text| text.split('{').skip(1)).filter_map(|rest| rest.split('}').next()) {
                assert!(known.contains(&name), "{}: {name}", template.id);
            }
            assert!(template.mail != template.body.is_empty(), "{}: a mail has a body, a form has fields", template.id);
        }
    }
}
