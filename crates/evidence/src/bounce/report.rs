//! The machine-readable part of a bounce: RFC 3464.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use smtp::{Code, Disposition};

use super::{Aside, Bounce, Failure, human, words};
use crate::Stamp;

/// A group of fields, each with its lines unfolded.
type Fields = Vec<(String, String)>;

/// Whether a part is a delivery status.
pub fn is_report(part: &MessagePart<'_>) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.subtype());
    subtype.is_some_and(|subtype| subtype.eq_ignore_ascii_case("delivery-status") || subtype.eq_ignore_ascii_case("global-delivery-status"))
}

/// Reads the delivery status of a mail, if it has one.
pub fn read(message: &Message<'_>) -> Option<Bounce> {
    let part = message.parts.iter().find(|part| is_report(part))?;
    let text = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => return None,
    };
    let mut groups = groups(&text).into_iter();
    let about = groups.next()?;
    // Some servers leave the group about the message out.
    let first = about.iter().any(|(name, _)| name == "final-recipient").then(|| about.clone());
    let recipients: Vec<Fields> =
        first.into_iter().chain(groups).filter(|group| field(group, "action").is_some() || field(group, "status").is_some()).collect();
    // A report that names no recipient tells nothing: its words may.
    if recipients.is_empty() {
        return None;
    }
    let told = words(message).map(|text| human::failures(&text)).unwrap_or_default();
    let failed = recipients.iter().filter(|group| !matches!(action(group).as_str(), "delayed" | "delivered" | "relayed" | "expanded"));
    let failures: Vec<Failure> = failed.map(|group| failure(group, &told)).collect();
    Some(Bounce {
        aside: failures.is_empty().then(|| aside(&recipients)),
        failures,
        reporter: field(&about, "reporting-mta").map(|name| bare(name).to_owned()),
        id: field(&about, "x-postfix-queue-id").unwrap_or_default().to_owned(),
        stamp: recipients.iter().find_map(|group| stamp(field(group, "last-attempt-date")?)),
        ..Bounce::default()
    })
}

/// Groups of fields between empty lines.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups: Vec<Fields> = vec![Vec::new()];
    for line in text.lines() {
        let Some(group) = groups.last_mut() else { break };
        match line.split_once(':') {
            _ if line.trim().is_empty() => groups.push(Vec::new()),
            _ if line.starts_with([' ', '\t']) => {
                if let Some((_, value)) = group.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            Some((name, value)) => group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            None => {}
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn field<'f>(group: &'f Fields, name: &str) -> Option<&'f str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn action(group: &Fields) -> String {
    field(group, "action").unwrap_or("failed").split([' ', '(']).next().unwrap_or_default().to_ascii_lowercase()
}

fn aside(recipients: &[Fields]) -> Aside {
    if recipients.iter().any(|group| action(group) == "delayed") { Aside::Delay } else { Aside::Success }
}

/// What follows `dns;`, `smtp;` or `rfc822;`, without the comment in parentheses behind it.
fn bare(value: &str) -> &str {
    let value = value.split_once(';').map_or(value, |(_, value)| value).trim();
    value.split([' ', '(']).next().unwrap_or_default()
}

/// One recipient's failure, with the remote's address and the stage from the words for people.
fn failure(group: &Fields, told: &[Failure]) -> Failure {
    let recipient = field(group, "final-recipient").or_else(|| field(group, "original-recipient")).map(|value| bare(value).trim_matches(['<', '>']).to_owned());
    let original =
        field(group, "original-recipient").map(|value| bare(value).trim_matches(['<', '>']).to_owned()).filter(|name| Some(name) != recipient.as_ref());
    let same = |told: &&Failure| told.recipient.as_deref().is_some_and(|name| recipient.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)));
    let told = told.iter().find(same).or_else(|| told.first().filter(|_| told.len() == 1));
    let diagnostic = field(group, "diagnostic-code").or_else(|| field(group, "status").and_then(comment));
    let reply = diagnostic.and_then(reply).or_else(|| told.and_then(|told| told.reply.clone()));
    Failure {
        recipient: recipient.or_else(|| told.and_then(|told| told.recipient.clone())),
        original,
        remote_host: field(group, "remote-mta")
            .map(|name| bare(name).trim_end_matches('.').to_owned())
            .or_else(|| told.and_then(|told| told.remote_host.clone())),
        remote_ip: field(group, "remote-mta").and_then(address).or_else(|| told.and_then(|told| told.remote_ip.clone())),
        stage: told.map(|told| told.stage).unwrap_or_default(),
        disposition: Disposition::Bounced,
        note: if reply.is_none() { diagnostic.map(|text| text.split_once(';').map_or(text, |(_, text)| text).trim().to_owned()) } else { None },
        reply,
    }
}

/// The reply in `smtp; 554 5.7.1 …`. Some wrap it in words of their own: what follows the code counts.
fn reply(diagnostic: &str) -> Option<String> {
    let (kind, text) = diagnostic.split_once(';').unwrap_or(("smtp", diagnostic));
    if kind.trim().eq_ignore_ascii_case("x-postfix") {
        return None;
    }
    let text = text.trim();
    Code::split(text.as_bytes()).is_some().then(|| text.to_owned()).or_else(|| human::reply_in(text))
}

/// What stands in the parentheses behind a status, as mox writes it.
fn comment(status: &str) -> Option<&str> {
    status.split_once('(').map(|(_, rest)| rest.strip_suffix(')').unwrap_or(rest))
}

/// The address in `dns; mx.example (192.0.2.17)` or `dns; mx.example [192.0.2.17]`.
fn address(remote: &str) -> Option<String> {
    let inside = remote.split(['(', '[']).nth(1)?.split([')', ']', ':']).next()?;
    smtp::address(inside.trim().as_bytes()).map(|_| inside.trim().to_owned())
}

fn stamp(date: &str) -> Option<Stamp> {
    let header = format!("Date: {date}\r\n\r\n");
    let parsed = mail_parser::MessageParser::default().parse_headers(header.as_bytes())?.date()?.to_timestamp();
    Stamp::from_epoch_micros(parsed.checked_mul(1_000_000)?)
}
