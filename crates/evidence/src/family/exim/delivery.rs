//! `=>`, `**`, `==`: what became of a message for one recipient; and the lines of hosts that were not the last tried.

use std::sync::LazyLock;

use bstr::ByteSlice;
use memchr::memmem::Finder;
use smtp::bytes::find;
use smtp::{Disposition, Stage, strip_angles};

use super::fields::{self, Fields};
use super::reason::{self, Reason};
use crate::{Attempt, Channel, Fact, Reading};

/// Set up once: these are looked for in every line that is about a failure.
static GIVEN_UP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(": retry timeout exceeded"));
static DEFER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("defer (-5"));
static NOT_YET: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("retry time not reached"));

/// `=> RCPT [<ORIGINAL>] … R=… T=… H=mx [ip] … C="250 …"`. Without a host it was delivered on this machine.
///
/// Exim leaves `X=` out where there was no TLS (`tls_cipher`, on by default).
pub fn accepted<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    let (recipient, text) = recipient(rest);
    let Fields { host: Some(host), local, tls, answer } = fields::read(text) else { return Reading::Fact(Fact::Aside) };
    // Without the selector for confirmations the line itself says that the remote took it.
    let reply = Some(answer.unwrap_or(b"250"));
    let reason = Reason { host: host.name, ip: host.ip, stage: Stage::EndOfData, reply, note: None, local };
    let channel = tls.map_or(Channel::Plain, Channel::Tls);
    Reading::Attempt(Attempt { channel, ..attempt(id, recipient, reason, Disposition::Sent) })
}

/// `** RCPT … : SMTP error from remote mail server after STAGE: 550 …`.
pub fn failed<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    if GIVEN_UP.find(rest).is_some() {
        return Reading::Fact(Fact::Aside);
    }
    told(id, rest, Disposition::Bounced)
}

/// `== RCPT … defer (-46) … : SMTP error …`. A host whose time has not come (-53, -54) was not asked.
pub fn deferred<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    let code = DEFER.find(rest).and_then(|at| rest.get(at + 9..at + 11));
    if matches!(code, Some(b"3)" | b"4)")) || NOT_YET.find(rest).is_some() {
        return Reading::Fact(Fact::Aside);
    }
    told(id, rest, Disposition::Deferred)
}

/// A line without a recipient about a host that was not the last to be tried.
pub fn by_host<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    match reason::early(rest) {
        Some(reason) => Reading::Attempt(attempt(id, Recipient::default(), reason, Disposition::Unknown)),
        None => Reading::Idle,
    }
}

fn told<'a>(id: &'a [u8], rest: &'a [u8], disposition: Disposition) -> Reading<'a> {
    let (recipient, fields) = recipient(rest);
    if recipient.address.is_none() {
        return Reading::NotUnderstood("the recipient is cut off");
    }
    let Some(reason) = reason::read(fields) else { return Reading::NotUnderstood("the reason is cut off") };
    Reading::Attempt(attempt(id, recipient, reason, disposition))
}

fn attempt<'a>(id: &'a [u8], recipient: Recipient<'a>, reason: Reason<'a>, disposition: Disposition) -> Attempt<'a> {
    Attempt {
        id,
        recipient: recipient.address,
        original: recipient.original,
        remote_host: reason.host,
        remote_ip: reason.ip,
        local_ip: reason.local,
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
    let stop = rest.get(end..).and_then(|tail| find([b' '], tail).map(|at| end + at)).unwrap_or(rest.len());
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
    let end = find([close], fields)?;
    Some((fields.get(2..end)?, fields.get(end + 1..)?))
}
