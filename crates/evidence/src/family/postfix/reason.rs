//! Why a delivery went as it did: who said what, and at which stage.

use smtp::{Code, Disposition, Stage};

use smtp::bytes::{find, find_word};

/// The text in parentheses behind the status, or the whole of a line without `to=`.
#[derive(Clone, Copy, Default)]
pub struct Reason<'a> {
    /// The host that answered or failed to.
    pub host: Option<&'a [u8]>,
    /// Its address, as written.
    pub ip: Option<&'a [u8]>,
    /// What it was answering.
    pub stage: Stage,
    /// Its reply.
    pub reply: Option<&'a [u8]>,
    /// Postfix's own words.
    pub note: Option<&'a [u8]>,
}

/// Reads the reason of a final status: `250 2.0.0 Ok)`, `host mx[ip] said: … (in reply to …))`.
///
/// A line cut at 2,000 bytes has lost its closing parentheses.
pub fn last(text: &[u8], disposition: Disposition) -> Reason<'_> {
    let text = text.strip_suffix(b")").unwrap_or(text);
    if disposition == Disposition::Sent {
        return Reason { stage: Stage::EndOfData, reply: Some(text), ..Reason::default() };
    }
    early(text).unwrap_or_else(|| own_words(text))
}

/// Reads what Postfix logs of a host that is not the last to be tried; other lines are no reason.
pub fn early(text: &[u8]) -> Option<Reason<'_>> {
    said(text).or_else(|| lost(text)).or_else(|| refused_tls(text))
}

/// `host NAME[IP] said: REPLY (in reply to STAGE)`, `host NAME[IP] refused to talk to me: REPLY`.
fn said(text: &[u8]) -> Option<Reason<'_>> {
    let (host, ip, rest) = peer(text.strip_prefix(b"host ")?)?;
    if let Some(reply) = rest.strip_prefix(b" refused to talk to me: ") {
        return Some(Reason { host, ip, stage: Stage::Connect, reply: Some(reply), note: None });
    }
    let (reply, stage) = in_reply_to(rest.strip_prefix(b" said: ")?);
    Some(Reason { host, ip, stage, reply: Some(reply), note: None })
}

/// Splits `REPLY (in reply to RCPT TO command)`; a reply that was cut has no stage.
fn in_reply_to(text: &[u8]) -> (&[u8], Stage) {
    const MARK: &[u8] = b" (in reply to ";
    let opening = memchr::memrchr_iter(b'(', text).filter_map(|at| at.checked_sub(1));
    let mut marks = opening.filter(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(MARK)));
    let Some(at) = marks.next() else { return (text, Stage::Unknown) };
    let (reply, words) = text.split_at_checked(at).unwrap_or_default();
    (reply, command(words.get(MARK.len()..).unwrap_or_default()))
}

/// The stage that a command's name stands for, as in `smtp_chat` of Postfix.
fn command(words: &[u8]) -> Stage {
    match words {
        _ if words.starts_with(b"MAIL FROM") => Stage::Mail,
        _ if words.starts_with(b"RCPT TO") => Stage::Rcpt,
        _ if words.starts_with(b"end of DATA") => Stage::EndOfData,
        _ if words.starts_with(b"DATA") => Stage::Data,
        _ if words.starts_with(b"STARTTLS") => Stage::StartTls,
        _ if words.starts_with(b"EHLO") || words.starts_with(b"HELO") => Stage::Helo,
        _ => Stage::Unknown,
    }
}

/// `lost connection with NAME[IP] while …`, `conversation with NAME[IP] timed out while …`.
fn lost(text: &[u8]) -> Option<Reason<'_>> {
    let rest = text.strip_prefix(b"lost connection with ").or_else(|| text.strip_prefix(b"conversation with "))?;
    let (host, ip, rest) = peer(rest)?;
    let stage = find_word(b"while ", rest).and_then(|at| rest.get(at + 6..)).map_or(Stage::Unknown, doing);
    Some(Reason { host, ip, stage, reply: None, note: Some(text) })
}

/// The stage that "while …" describes.
fn doing(words: &[u8]) -> Stage {
    let what = [
        (&b"receiving the initial"[..], Stage::Connect),
        (b"performing the", Stage::Helo),
        (b"sending MAIL FROM", Stage::Mail),
        (b"sending RCPT TO", Stage::Rcpt),
        (b"sending DATA", Stage::Data),
        (b"sending message body", Stage::EndOfData),
        (b"sending end of data", Stage::EndOfData),
    ];
    what.iter().find(|(start, _)| words.starts_with(start)).map_or(Stage::Unknown, |(_, stage)| *stage)
}

/// `TLS is required, but host NAME[IP] refused to start TLS: REPLY` and its siblings.
fn refused_tls(text: &[u8]) -> Option<Reason<'_>> {
    let is_tls = text.starts_with(b"TLS is required") || text.starts_with(b"Cannot start TLS") || text.starts_with(b"Server certificate");
    if !is_tls {
        return None;
    }
    let peer = find_word(b"host ", text).and_then(|at| peer(text.get(at + 5..)?));
    let reply = find_word(b": ", text).and_then(|at| text.get(at + 2..)).filter(|reply| Code::split(reply).is_some());
    let (host, ip) = peer.map_or((None, None), |(host, ip, _)| (host, ip));
    Some(Reason { host, ip, stage: Stage::StartTls, reply, note: reply.is_none().then_some(text) })
}

/// Postfix's own reasons: no route, no name, no answer. Some name the host they were for.
fn own_words(text: &[u8]) -> Reason<'_> {
    let peer = text.strip_prefix(b"connect to ").and_then(peer);
    let stage = if peer.is_some() { Stage::Connect } else { Stage::Unknown };
    let (host, ip) = peer.map_or((None, None), |(host, ip, _)| (host, ip));
    Reason { host, ip, stage, reply: None, note: Some(text) }
}

/// A host's name and address, and what follows them.
type Peer<'a> = (Option<&'a [u8]>, Option<&'a [u8]>, &'a [u8]);

/// Reads `NAME[IP]`, with `:PORT` where there is one.
fn peer(text: &[u8]) -> Option<Peer<'_>> {
    // No name holds a space.
    let (name, rest) = text.split_at_checked(find(*b"[ ", text)?)?;
    let rest = rest.strip_prefix(b"[").filter(|_| !name.is_empty())?;
    let (ip, rest) = rest.split_at_checked(find([b']'], rest)?)?;
    Some((Some(name), Some(ip), rest.get(1..)?))
}
