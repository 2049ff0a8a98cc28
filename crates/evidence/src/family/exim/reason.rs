//! Why a delivery went as it did: which host said what, and at which stage.

use bstr::ByteSlice;
use smtp::Stage;

use super::place;

const SMTP_ERROR: &[u8] = b"SMTP error from remote mail server after ";

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
}

/// A host's name and address.
#[derive(Clone, Copy, Default)]
pub struct Host<'a> {
    pub name: Option<&'a [u8]>,
    pub ip: Option<&'a [u8]>,
}

/// Reads what follows a recipient.
pub fn read(fields: &[u8]) -> Option<Reason<'_>> {
    if let Some(at) = fields.find(SMTP_ERROR) {
        return refused(fields, at);
    }
    let colon = fields.find(b": ")?;
    let host = host(fields.get(..colon)?).unwrap_or_default();
    Some(Reason { host: host.name, ip: host.ip, note: fields.get(colon + 2..), ..Reason::default() })
}

/// Reads a line that names no recipient; nothing for one that is about no host.
pub fn early(line: &[u8]) -> Option<Reason<'_>> {
    if let Some(at) = line.find(SMTP_ERROR) {
        return refused(line, at);
    }
    let host = host(line).filter(|_| line.starts_with(b"H="))?;
    let note = line.find(b"]").and_then(|at| line.get(at + 1..)).map(|rest| rest.trim_start_with(|each| each == ':' || each == ' '));
    let failed =
        note.is_some_and(|note| [&b"Connection"[..], b"No route", b"Remote host closed", b"timed out", b"Network"].iter().any(|words| note.starts_with(words)));
    failed.then_some(Reason { host: host.name, ip: host.ip, note, ..Reason::default() })
}

/// `SMTP error from remote mail server after STAGE: [host NAME [IP]: ]REPLY`, where the host may stand in front.
fn refused(line: &[u8], at: usize) -> Option<Reason<'_>> {
    let rest = line.get(at + SMTP_ERROR.len()..)?;
    let (stage, reply) = stage(rest)?;
    let before = host(line.get(..at)?).unwrap_or_default();
    let inside = reply.strip_prefix(b"host ").and_then(|rest| {
        let end = rest.find(b"]: ")?;
        Some((host_in(rest.get(..end + 1)?)?, rest.get(end + 3..)?))
    });
    let (host, reply) = inside.map_or((before, reply), |(host, reply)| (host, reply));
    Some(Reason { host: host.name, ip: host.ip, stage, reply: Some(reply), note: None })
}

/// Splits `RCPT TO:<anna@icloud.com>: ` from the reply: an address in the stage may hold the same signs.
fn stage(text: &[u8]) -> Option<(Stage, &[u8])> {
    let command = text.strip_prefix(b"pipelined ").unwrap_or(text);
    let after = if command.starts_with(b"MAIL FROM:") || command.starts_with(b"RCPT TO:") { command.find_byte(b'>')? } else { 0 };
    let end = after + command.get(after..)?.find(b": ")?;
    Some((named(command), command.get(end + 2..)?))
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

/// The host in ` H=NAME [IP]`, or in `H=NAME [IP]` at the beginning of a line.
pub fn host(fields: &[u8]) -> Option<Host<'_>> {
    let at = if fields.starts_with(b"H=") { 0 } else { place(*b" H=", fields)? + 1 };
    host_in(fields.get(at + 2..)?)
}

/// Reads `NAME [IP]`, or `[IP]` alone.
fn host_in(text: &[u8]) -> Option<Host<'_>> {
    let open = text.find_byte(b'[')?;
    let ip = text.get(open + 1..)?;
    let ip = ip.get(..ip.find_byte(b']')?)?;
    let name = text.get(..open)?.trim_ascii();
    Some(Host { name: Some(name).filter(|name| !name.is_empty() && !name.contains(&b' ')), ip: Some(ip) })
}

/// The address that the mail was sent from, in ` I=[IP]`, where both selectors for interfaces are on.
pub fn local(fields: &[u8]) -> Option<&[u8]> {
    let rest = fields.get(place(*b" I=[", fields)? + 4..)?;
    rest.get(..rest.find_byte(b']')?)
}
