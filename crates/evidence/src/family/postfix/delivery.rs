//! Lines of the SMTP client: a delivery with its status, or a host that was not the last to be tried.

use smtp::Disposition;
use smtp::bytes::{find, find_word, rfind};

use super::reason::{self, Reason};
use super::split_id;
use crate::{Attempt, Channel, Fact, Reading};

/// Reads what `postfix/smtp` wrote.
pub fn read(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(message) else { return without_id(message) };
    if rest.starts_with(b"to=") {
        return delivery(id, rest);
    }
    match reason::early(rest) {
        Some(reason) => Reading::Attempt(attempt(id, (None, None), (None, None), Disposition::Unknown, reason)),
        None => Reading::Idle,
    }
}

/// `connect to mx[ip]:25: Connection timed out` names no message; the summary that follows repeats it.
fn without_id(message: &[u8]) -> Reading<'_> {
    match message.first() {
        Some(b'c') if message.starts_with(b"connect to ") => Reading::Fact(Fact::Aside),
        Some(b'T' | b'U' | b'V' | b'A' | b'S') => connection(message).map_or(Reading::Idle, Reading::Fact),
        _ => Reading::Idle,
    }
}

/// `Trusted TLS connection established to mx[ip]:25: TLSv1.3 with cipher …`; `SSL_connect error to mx[ip]:25: …`. At
/// `smtp_tls_loglevel = 1` and above (`src/tls/tls_client.c`).
fn connection(message: &[u8]) -> Option<Fact<'_>> {
    if let Some(rest) = message.strip_prefix(b"SSL_connect error to ") {
        let to = relay(rest)?;
        return Some(Fact::Connection { host: to.name, ip: to.ip, version: None });
    }
    let (trust, rest) = message.split_at_checked(find([b' '], message)?)?;
    let rest = rest.strip_prefix(b" TLS connection established to ")?;
    if !matches!(trust, b"Trusted" | b"Untrusted" | b"Verified" | b"Anonymous") {
        return None;
    }
    let to = relay(rest)?;
    let (_port, version) = to.port.split_at_checked(find([b':'], to.port)?)?;
    let version = version.strip_prefix(b": ")?;
    let version = version.get(..find([b' '], version).unwrap_or(version.len()));
    Some(Fact::Connection { host: to.name, ip: to.ip, version })
}

/// `to=<a>[, orig_to=<b>], relay=host[ip]:25[, …], dsn=5.7.1, status=bounced (reason)`, in any order.
fn delivery<'a>(id: &'a [u8], fields: &'a [u8]) -> Reading<'a> {
    let Some((recipient, rest)) = fields.strip_prefix(b"to=").and_then(mailbox) else {
        return Reading::NotUnderstood("the recipient is cut off");
    };
    let Some((keys, status)) = status(rest) else { return Reading::NotUnderstood("the status is cut off") };
    let (word, text) = status.split_at_checked(find([b' '], status).unwrap_or(status.len())).unwrap_or_default();
    let Some(disposition) = disposition(word) else { return aside_or_unknown(word) };
    let Some(text) = text.strip_prefix(b" (") else { return Reading::NotUnderstood("the reason is cut off") };
    let relay = after_relay(keys).and_then(relay).unwrap_or_default();
    if is_content_filter(relay) || text.starts_with(b"delivery temporarily suspended: ") {
        return Reading::Fact(Fact::Aside);
    }
    let reason = reason::last(text, disposition);
    Reading::Attempt(attempt(id, (Some(recipient), original(keys)), (relay.name, relay.ip), disposition, reason))
}

/// Splits what stands before `status=` from what follows it.
fn status(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    // Nearly always it stands between the enhanced code, of a few letters, and the first parenthesis.
    if let Some(open) = find([b'('], rest)
        && let Some(before) = rest.get(..open)
        && let Some(at) = rfind(b'=', before)
        && let Some(keys) = before.get(..at).and_then(|before| before.strip_suffix(b"status"))
    {
        return Some((keys, rest.get(at + 1..)?));
    }
    let (keys, status) = rest.split_at_checked(find_word(b"status=", rest)?)?;
    Some((keys, status.get(7..)?))
}

/// The reason knows which host answered; the relay is the one that was chosen last.
fn attempt<'a>(
    id: &'a [u8],
    (recipient, original): (Option<&'a [u8]>, Option<&'a [u8]>),
    relay: (Option<&'a [u8]>, Option<&'a [u8]>),
    disposition: Disposition,
    reason: Reason<'a>,
) -> Attempt<'a> {
    Attempt {
        id,
        recipient,
        original,
        remote_host: reason.host.or(relay.0),
        remote_ip: reason.ip.or(relay.1),
        local_ip: None,
        stage: reason.stage,
        disposition,
        reply: reason.reply,
        note: reason.note,
        channel: Channel::Unsaid,
    }
}

fn disposition(word: &[u8]) -> Option<Disposition> {
    match word {
        b"sent" => Some(Disposition::Sent),
        b"deferred" => Some(Disposition::Deferred),
        b"bounced" => Some(Disposition::Bounced),
        b"expired" | b"force-expired" => Some(Disposition::Expired),
        _ => None,
    }
}

/// Address probes (`deliverable`, `undeliverable…`) hand over no message.
fn aside_or_unknown(word: &[u8]) -> Reading<'static> {
    if word.starts_with(b"deliverable") || word.starts_with(b"undeliverable") {
        return Reading::Fact(Fact::Aside);
    }
    Reading::NotUnderstood("the status is not one that Postfix is known to write")
}

/// Splits `<a@b>, ` from the rest; a quoted local part may hold commas and spaces.
fn mailbox(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let Some(angled) = text.strip_prefix(b"<") else {
        let end = find_word(b", ", text)?;
        return Some((text.get(..end)?, text.get(end + 2..)?));
    };
    let mut end = find([b'>'], angled)?;
    loop {
        let (mailbox, rest) = angled.split_at_checked(end)?;
        match rest.strip_prefix(b">, ") {
            Some(rest) => return Some((mailbox, rest)),
            None => end += find([b'>'], rest.get(1..)?)? + 1,
        }
    }
}

/// What follows `relay=`, which comes first unless there is an `orig_to=`.
fn after_relay(keys: &[u8]) -> Option<&[u8]> {
    keys.strip_prefix(b"relay=").or_else(|| keys.get(find_word(b"relay=", keys)? + 6..))
}

/// The address in `orig_to=<b>, relay=…`, which an alias or a forward has replaced.
fn original(keys: &[u8]) -> Option<&[u8]> {
    keys.strip_prefix(b"orig_to=").and_then(mailbox).map(|(original, _)| original)
}

#[derive(Clone, Copy, Default)]
struct Relay<'a> {
    name: Option<&'a [u8]>,
    ip: Option<&'a [u8]>,
    port: &'a [u8],
}

/// Reads `host[ip]:port, …`; `none` is nobody. The port is followed by what follows it.
fn relay(text: &[u8]) -> Option<Relay<'_>> {
    let (name, rest) = text.split_at_checked(find(*b"[,", text).unwrap_or(text.len()))?;
    let name = Some(name).filter(|name| *name != b"none");
    let Some(rest) = rest.strip_prefix(b"[") else { return Some(Relay { name, ..Relay::default() }) };
    let (ip, rest) = rest.split_at_checked(find(*b"],", rest).unwrap_or(rest.len()))?;
    Some(Relay { name, ip: Some(ip), port: rest.strip_prefix(b"]:").unwrap_or_default() })
}

/// A hop to a filter on the same machine is no delivery: `relay=127.0.0.1[127.0.0.1]:10024`.
fn is_content_filter(relay: Relay<'_>) -> bool {
    let local = relay.ip.is_some_and(|ip| ip.starts_with(b"127.") || ip == b"::1");
    let unnamed = relay.name == relay.ip || relay.name == Some(b"localhost");
    local && (unnamed || !relay.port.starts_with(b"25,")) || relay.ip.is_some_and(|ip| ip.starts_with(b"/"))
}
