//! Why a delivery went as it did: which host said what, and at which stage.

use std::sync::LazyLock;

use bstr::ByteSlice;
use memchr::memmem::Finder;
use smtp::Stage;
use smtp::bytes::places;

use super::fields::{self, Fields, host_in};

/// What stands in front of the stage. Its beginning is looked for: longer words are found more slowly.
const SMTP_ERROR: &[u8] = b"SMTP error from remote mail server after ";

/// Set up once: it is looked for in every line that is about a refusal.
static AFTER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("SMTP error from remote"));

/// What a line says of a host's answer.
#[derive(Clone, Copy, Default)]
pub struct Reason<'a> {
    /// The host that answered or failed to.
    pub host: Option<&'a [u8]>,
    /// Its address, as written.
    pub ip: Option<&'a [u8]>,
    /// What it was answering.
    pub stage: Stage,
    /// Its reply; lines are parted by the two characters `\n`.
    pub reply: Option<&'a [u8]>,
    /// Exim's own words where there is no reply.
    pub note: Option<&'a [u8]>,
    /// The address that the mail was sent from, as written.
    pub local: Option<&'a [u8]>,
}

/// Reads what follows a recipient.
pub fn read(fields: &[u8]) -> Option<Reason<'_>> {
    if let Some(at) = after(fields) {
        return refused(fields, at);
    }
    let colon = colon(fields)?;
    let Fields { host, local, .. } = fields::read(fields.get(..colon)?);
    let host = host.unwrap_or_default();
    Some(Reason { host: host.name, ip: host.ip, note: fields.get(colon + 2..), local, ..Reason::default() })
}

/// Reads a line that names no recipient; nothing for one that is about no host.
pub fn early(line: &[u8]) -> Option<Reason<'_>> {
    if let Some(at) = after(line) {
        return refused(line, at);
    }
    let Fields { host, local, .. } = if line.starts_with(b"H=") { fields::read(line) } else { return None };
    let host = host?;
    let note = line.find_byte(b']').and_then(|at| line.get(at + 1..)).map(|rest| rest.trim_start_with(|each| each == ':' || each == ' '));
    let failed =
        note.is_some_and(|note| [&b"Connection"[..], b"No route", b"Remote host closed", b"timed out", b"Network"].iter().any(|words| note.starts_with(words)));
    failed.then_some(Reason { host: host.name, ip: host.ip, note, local, ..Reason::default() })
}

/// Where the words in front of a stage begin.
fn after(line: &[u8]) -> Option<usize> {
    AFTER.find_iter(line).find(|at| line.get(*at..).is_some_and(|rest| rest.starts_with(SMTP_ERROR)))
}

/// `SMTP error from remote mail server after STAGE: [host NAME [IP]: ]REPLY`, where the host may stand in front.
fn refused(line: &[u8], at: usize) -> Option<Reason<'_>> {
    let rest = line.get(at + SMTP_ERROR.len()..)?;
    let (stage, reply) = stage(rest)?;
    let Fields { host: before, local, .. } = fields::read(line.get(..at)?);
    let before = before.unwrap_or_default();
    let inside = reply.strip_prefix(b"host ").and_then(|rest| {
        let end = rest.find(b"]: ")?;
        Some((host_in(rest.get(..end + 1)?)?, rest.get(end + 3..)?))
    });
    let (host, reply) = inside.map_or((before, reply), |(host, reply)| (host, reply));
    let reply = without_times(reply);
    Some(Reason { host: host.name, ip: host.ip, stage, reply: Some(reply), note: None, local })
}

/// Splits `RCPT TO:<anna@icloud.com>: ` from the reply: an address in the stage may hold the same signs.
fn stage(text: &[u8]) -> Option<(Stage, &[u8])> {
    let command = text.strip_prefix(b"pipelined ").unwrap_or(text);
    let after = if command.starts_with(b"MAIL FROM:") || command.starts_with(b"RCPT TO:") { command.find_byte(b'>')? } else { 0 };
    let end = after + colon(command.get(after..)?)?;
    Some((named(command), command.get(end + 2..)?))
}

/// A reply without ` QT=5s DT=0.1s`, which the selectors for times put behind it.
fn without_times(reply: &[u8]) -> &[u8] {
    let last = memchr::memrchr(b' ', reply).and_then(|space| reply.split_at_checked(space));
    match last {
        Some((rest, [b' ', b'D' | b'Q', b'T', b'=', .., b's'])) => without_times(rest),
        _ => reply,
    }
}

/// Where `: ` stands.
fn colon(text: &[u8]) -> Option<usize> {
    places(b':', text).find(|at| text.get(at + 1) == Some(&b' '))
}

fn named(command: &[u8]) -> Stage {
    match command {
        _ if command.starts_with(b"initial connection") => Stage::Connect,
        _ if command.starts_with(b"EHLO") || command.starts_with(b"HELO") => Stage::Helo,
        _ if command.starts_with(b"STARTTLS") => Stage::StartTls,
        _ if command.starts_with(b"MAIL FROM") => Stage::Mail,
        _ if command.starts_with(b"RCPT TO") => Stage::Rcpt,
        _ if command.starts_with(b"end of data") => Stage::EndOfData,
        _ if command.starts_with(b"DATA") || command.starts_with(b"sending data block") => Stage::Data,
        _ => Stage::Unknown,
    }
}
