//! `=>`, `**`, `==`: what became of a message for one recipient; and the lines of hosts that were not the last tried.

use bstr::ByteSlice;
use smtp::{Disposition, Stage, strip_angles};

use super::place;
use super::reason::{self, Reason};
use crate::{Attempt, Channel, Fact, Reading};

/// `=> RCPT [<ORIGINAL>] … R=… T=… H=mx [ip] … C="250 …"`. Without a host it was delivered on this machine.
pub fn accepted<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    let (recipient, fields) = recipient(rest);
    let Some(host) = reason::host(fields) else { return Reading::Fact(Fact::Aside) };
    let answer = place(*b" C=\"", fields).and_then(|at| fields.get(at + 4..));
    let answer = answer.and_then(|text| text.get(..text.rfind_byte(b'"').unwrap_or(text.len())));
    // Without the selector for confirmations the line itself says that the remote took it.
    let reason = Reason { host: host.name, ip: host.ip, stage: Stage::EndOfData, reply: Some(answer.unwrap_or(b"250")), ..Reason::default() };
    Reading::Attempt(Attempt { channel: channel(fields), ..attempt(id, recipient, reason, reason::local(fields), Disposition::Sent) })
}

/// `X=TLS1.3:TLS_AES_256_GCM_SHA384:256`; Exim leaves the field out where there was no TLS (`tls_cipher`, on by default).
fn channel(fields: &[u8]) -> Channel<'_> {
    let version = place(*b" X=", fields).and_then(|at| fields.get(at + 3..)?.split(|byte| *byte == b':' || *byte == b' ').next());
    version.map_or(Channel::Plain, Channel::Tls)
}

/// `** RCPT … : SMTP error from remote mail server after STAGE: 550 …`.
pub fn failed<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    if place(*b": retry timeout exceeded", rest).is_some() {
        return Reading::Fact(Fact::Aside);
    }
    told(id, rest, Disposition::Bounced)
}

/// `== RCPT … defer (-46) … : SMTP error …`. A host whose time has not come was not asked.
pub fn deferred<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    if place(*b"defer (-53)", rest).is_some() || place(*b"defer (-54)", rest).is_some() || place(*b"retry time not reached", rest).is_some() {
        return Reading::Fact(Fact::Aside);
    }
    told(id, rest, Disposition::Deferred)
}

/// A line without a recipient about a host that was not the last to be tried.
pub fn by_host<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    match reason::early(rest) {
        Some(reason) => Reading::Attempt(attempt(id, Recipient::default(), reason, reason::local(rest), Disposition::Unknown)),
        None => Reading::Idle,
    }
}

fn told<'a>(id: &'a [u8], rest: &'a [u8], disposition: Disposition) -> Reading<'a> {
    let (recipient, fields) = recipient(rest);
    if recipient.address.is_none() {
        return Reading::NotUnderstood("the recipient is cut off");
    }
    let Some(reason) = reason::read(fields) else { return Reading::NotUnderstood("the reason is cut off") };
    Reading::Attempt(attempt(id, recipient, reason, reason::local(fields), disposition))
}

fn attempt<'a>(id: &'a [u8], recipient: Recipient<'a>, reason: Reason<'a>, local: Option<&'a [u8]>, disposition: Disposition) -> Attempt<'a> {
    Attempt {
        id,
        recipient: recipient.address,
        original: recipient.original,
        remote_host: reason.host,
        remote_ip: reason.ip,
        local_ip: local,
        stage: reason.stage,
        disposition,
        reply: reason.reply,
        note: reason.note,
        channel: Channel::Unsaid,
    }
}

#[derive(Clone, Copy, Default)]
struct Recipient<'a> {
    address: Option<&'a [u8]>,
    original: Option<&'a [u8]>,
}

/// Splits `anna@icloud.com (info@x.example) <info@x.example>` from what follows.
fn recipient(rest: &[u8]) -> (Recipient<'_>, &[u8]) {
    let end = if rest.starts_with(b"\"") { rest.find(b"\"@").unwrap_or(0) } else { 0 };
    let stop = rest.get(end..).and_then(|tail| tail.find_byteset(b" ").map(|at| end + at)).unwrap_or(rest.len());
    let (address, mut fields) = rest.split_at_checked(stop).unwrap_or_default();
    let address = address.strip_suffix(b":").unwrap_or(address);
    let mut original = None;
    while let Some((inside, after)) = bracketed(fields) {
        (original, fields) = (Some(inside), after);
    }
    // `anna@icloud.com: reason` has no fields, and the colon belongs to the reason.
    let fields =
        if fields.len() == rest.len() - stop && stop > 0 && rest.get(stop - 1) == Some(&b':') { rest.get(stop - 1..).unwrap_or_default() } else { fields };
    let address = Some(strip_angles(address)).filter(|address| address.contains(&b'@'));
    (Recipient { address, original: original.map(strip_angles).filter(|original| Some(*original) != address) }, fields)
}

/// What stands in ` (…)` or ` <…>`, and what follows it.
fn bracketed(fields: &[u8]) -> Option<(&[u8], &[u8])> {
    let close = match fields.get(..2)? {
        b" (" => b')',
        b" <" => b'>',
        _ => return None,
    };
    let end = fields.find_byte(close)?;
    Some((fields.get(2..end)?, fields.get(end + 1..)?))
}
