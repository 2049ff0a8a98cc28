//! Bounces: mail in which a server says that it could not hand over another mail.
//!
//! The machine-readable report (RFC 3464) is read first, then the words for people, which alone name the remote's
//! address and the stage; where there is no report the words are all there is. The reply that counts is that of the
//! server that refused, not that of the one that bounced. What is no failure of the client's own mail is set aside with
//! a reason. This module knows nothing of providers.

mod framing;
mod human;
mod report;
mod returned;
mod transcript;

use std::net::IpAddr;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use smtp::{Disposition, Stage};

use crate::Stamp;

pub use framing::{Framing, begins_mail, framing, unquoted};
pub use returned::Returned;

/// How deep a bounce may lie in other mails.
const DEEPEST: usize = 4;

/// The most failures that one bounce is read for.
const MOST_FAILURES: usize = 1000;

/// Why a mail holds no failure that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aside {
    /// Somebody's vacation reply or another automatic answer.
    AutoReply,
    /// A report of abuse (RFC 5965).
    AbuseReport,
    /// The message is only late; it may still arrive.
    Delay,
    /// The message was delivered, relayed or expanded.
    Success,
    /// The returned message never passed the client's servers: somebody forges its addresses.
    Foreign,
    /// It is an ordinary mail.
    NoBounce,
}

impl Aside {
    /// A stable word.
    pub fn word(self) -> &'static str {
        match self {
            Aside::AutoReply => "aside_auto_reply",
            Aside::AbuseReport => "aside_abuse_report",
            Aside::Delay => "aside_delay",
            Aside::Success => "aside_success",
            Aside::Foreign => "aside_foreign",
            Aside::NoBounce => "aside_no_bounce",
        }
    }
}

/// One recipient that a message did not reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The recipient.
    pub recipient: Option<String>,
    /// The address that the recipient stood for.
    pub original: Option<String>,
    /// The host that refused.
    pub remote_host: Option<String>,
    /// Its address, as written.
    pub remote_ip: Option<String>,
    /// What it was answering.
    pub stage: Stage,
    /// What the bouncing server did.
    pub disposition: Disposition,
    /// The refusing server's reply, with folded lines unfolded.
    pub reply: Option<String>,
    /// The bouncing server's own words where there is no reply.
    pub note: Option<String>,
}

/// What a mail says of a message that did not arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The failures.
    pub failures: Vec<Failure>,
    /// Why there are none that count.
    pub aside: Option<Aside>,
    /// The server that bounced.
    pub reporter: Option<String>,
    /// The bouncing server's id of the message, or else its Message-ID, or that of the bounce.
    pub id: String,
    /// When the last try was, or when the bounce was written.
    pub stamp: Option<Stamp>,
    /// What is known of the message that came back.
    pub returned: Returned,
    /// The public address that handed the bounce to the server of whoever got it: often the bouncing server's own.
    pub handed_by: Option<IpAddr>,
}

/// Reads a mail; nothing is returned for what is none.
pub fn read(raw: &[u8]) -> Option<Bounce> {
    let message = MessageParser::default().parse(raw)?;
    if message.headers().is_empty() {
        return None;
    }
    Some(find(&message, DEEPEST).unwrap_or_else(|| set_aside(&message, Aside::NoBounce)))
}

/// A mail that was sent, as it lies in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What its header fields say.
    pub says: Returned,
    /// Its bytes; of a bounce those of the message that came back.
    pub raw: Vec<u8>,
    /// Whether the body is there too.
    pub is_whole: bool,
}

/// A mail itself, or, in a bounce, the mail that came back.
pub fn sent(raw: &[u8]) -> Option<Sent> {
    let message = MessageParser::default().parse(raw)?;
    let inside = returned::read(&message);
    if inside.from.is_none() {
        return Some(Sent { says: returned::of(&message), raw: raw.to_vec(), is_whole: true });
    }
    let (raw, is_whole) = returned::raw(&message);
    Some(Sent { says: inside, raw, is_whole })
}

/// Reads text without any header: what somebody copied out of a bounce.
pub fn read_text(text: &str) -> Bounce {
    let failures = human::failures(text);
    let aside = failures.is_empty().then_some(Aside::NoBounce);
    Bounce { failures, aside, ..Bounce::default() }
}

/// The bounce that a mail is, or that somebody attached to it or quoted in it.
fn find(message: &Message<'_>, depth: usize) -> Option<Bounce> {
    if let Some(aside) = kind(message) {
        return Some(set_aside(message, aside));
    }
    if let Some(bounce) = report::read(message) {
        return Some(finish(message, bounce));
    }
    let inner = message.parts.iter().filter_map(|part| if let PartType::Message(inner) = &part.body { Some(inner) } else { None });
    let attached = (depth > 0).then(|| inner.filter_map(|inner| find(inner, depth - 1)).find(|found| found.aside != Some(Aside::NoBounce))).flatten();
    attached.or_else(|| {
        let failures = words(message).map(|text| human::failures_of(&text, failed(message))).unwrap_or_default();
        (!failures.is_empty()).then(|| finish(message, Bounce { failures, ..Bounce::default() }))
    })
}

/// The one recipient that Exim and Gmail name in a header field.
fn failed(message: &Message<'_>) -> Option<String> {
    let named = message.header_raw("X-Failed-Recipients")?.trim();
    (!named.contains(',')).then(|| returned::address(named)).flatten()
}

/// What a mail's own header fields say it is, where that is not a failure.
fn kind(message: &Message<'_>) -> Option<Aside> {
    let kind = message.content_type();
    let report = kind.and_then(|kind| kind.attribute("report-type")).unwrap_or_default();
    let submitted = message.header_raw("Auto-Submitted").unwrap_or_default().trim().to_ascii_lowercase();
    let has_report = message.parts.iter().any(report::is_report);
    match () {
        () if report.eq_ignore_ascii_case("feedback-report") => Some(Aside::AbuseReport),
        () if submitted.starts_with("auto-replied") && !has_report && !is_from_daemon(message) => Some(Aside::AutoReply),
        () => None,
    }
}

/// Whether a mail comes from where bounces come from: nobody, or a mailer daemon.
fn is_from_daemon(message: &Message<'_>) -> bool {
    let from = message.header_raw("From").unwrap_or_default().to_ascii_lowercase();
    let path = message.header_raw("Return-Path").map(str::trim);
    path == Some("<>") || ["mailer-daemon", "postmaster", "mail delivery", "microsoftexchange"].iter().any(|name| from.contains(name))
}

fn set_aside(message: &Message<'_>, aside: Aside) -> Bounce {
    finish(message, Bounce { aside: Some(aside), ..Bounce::default() })
}

/// Adds what the mail around the failures says.
fn finish(message: &Message<'_>, mut bounce: Bounce) -> Bounce {
    bounce.failures.truncate(MOST_FAILURES);
    bounce.handed_by = message.received_all().filter_map(|received| received.from_ip()).find(|ip| smtp::is_public(*ip));
    bounce.returned = returned::read(message);
    if let (Some(sender), None) = (message.header_raw("To"), &bounce.returned.sender) {
        bounce.returned.sender = returned::address(sender);
    }
    if bounce.id.is_empty() {
        bounce.id = bounce.returned.message_id.clone().or_else(|| message.message_id().map(str::to_owned)).unwrap_or_default();
    }
    bounce.stamp = bounce.stamp.or_else(|| message.date().and_then(|date| Stamp::from_epoch_micros(date.to_timestamp().checked_mul(1_000_000)?)));
    if bounce.aside.is_none() && bounce.returned.is_foreign(bounce.reporter.as_deref()) {
        bounce.aside = Some(Aside::Foreign);
    }
    bounce
}

/// The words for people, out of whatever part holds them; HTML is read as text.
fn words(message: &Message<'_>) -> Option<String> {
    let bodies = message.parts.iter().filter_map(|part| match &part.body {
        PartType::Text(text) if !is_returned(part) => Some(text.to_string()),
        PartType::Html(html) => Some(mail_parser::decoders::html::html_to_text(html)),
        _ => None,
    });
    let text = bodies.collect::<Vec<_>>().join("\n\n");
    (!text.trim().is_empty()).then_some(text)
}

/// Whether a part holds the header fields of the message that came back, and no words about it.
fn is_returned(part: &mail_parser::MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("rfc822-headers"))) || report::is_report(part)
}

#[cfg(test)]
mod tests;
