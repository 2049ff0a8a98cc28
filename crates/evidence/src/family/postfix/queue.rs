//! Lines of the queue: where a message is born, who sent it, when it ends.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use smtp::strip_angles;

use super::split_id;
use crate::{Fact, Reading, What};

/// What a line says of a message.
#[inline]
fn of<'a>(id: &'a [u8], what: What, text: &'a [u8]) -> Reading<'a> {
    Reading::Fact(Fact::Message { id, what, text })
}

static LOGIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(", sasl_username="));

/// `qmgr`: `ID: from=<a>, size=1, nrcpt=1 (queue active)`, `ID: removed`, `ID: from=<a>, status=expired, …`.
#[inline]
pub fn manager(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(message) else { return Reading::Idle };
    if rest == b"removed" {
        return of(id, What::Ended, b"");
    }
    match rest.strip_prefix(b"from=").and_then(sender) {
        Some(sender) => of(id, What::Sender, sender),
        None => Reading::Idle,
    }
}

/// `cleanup`: `ID: message-id=<…>`.
#[inline]
pub fn cleanup(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(message) else { return Reading::Idle };
    match rest.strip_prefix(b"message-id=") {
        Some(message_id) => of(id, What::MessageId, message_id.trim_ascii()),
        None => Reading::Idle,
    }
}

/// `smtpd`: `ID: client=host[ip]…` opens a queue file; everything else is about mail that comes in.
#[inline]
pub fn daemon(message: &[u8]) -> Reading<'_> {
    match split_id(message) {
        Some((id, rest)) if rest.starts_with(b"client=") => login(rest).map_or(of(id, What::Born, b""), |login| of(id, What::Login, login)),
        _ => Reading::Idle,
    }
}

/// The name in `client=host[ip], sasl_method=PLAIN, sasl_username=anna`; most clients are other servers and have none.
fn login(rest: &[u8]) -> Option<&[u8]> {
    // The name nearly always stands last.
    let last = rest.get(memchr::memrchr(b',', rest)?..)?;
    let name = match last.strip_prefix(LOGIN.needle()) {
        Some(name) => name,
        None => rest.get(LOGIN.find(rest)? + LOGIN.needle().len()..)?,
    };
    name.get(..memchr::memchr(b',', name).unwrap_or(name.len())).filter(|name| !name.is_empty())
}

/// `pickup`: `ID: uid=33 from=<a>` opens a queue file.
pub fn pickup(message: &[u8]) -> Reading<'_> {
    match split_id(message) {
        Some((id, rest)) if rest.starts_with(b"uid=") => user(rest).map_or(of(id, What::Born, b""), |user| of(id, What::Script, user)),
        _ => Reading::Idle,
    }
}

/// The address that the program gave, or else the number of its user.
fn user(rest: &[u8]) -> Option<&[u8]> {
    let (uid, rest) = rest.get(4..)?.split_at_checked(memchr::memchr(b' ', rest)?.checked_sub(4)?)?;
    let from = rest.strip_prefix(b" from=").map(strip_angles);
    from.filter(|from| !from.is_empty()).or(Some(uid))
}

/// `error` and `retry` repeat an old reply without a connection: that is no attempt.
pub fn suspended(message: &[u8]) -> Reading<'_> {
    if split_id(message).is_some() { Reading::Fact(Fact::Aside) } else { Reading::Idle }
}

/// The address in `<a@b>, size=…`, which may be quoted and hold commas.
fn sender(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr_iter(b'>', text).find(|end| text.get(end + 1..).is_some_and(|rest| rest.starts_with(b", "))).map(|end| end + 1);
    let end = end.or_else(|| memchr::memchr(b',', text))?;
    text.get(..end).map(strip_angles)
}
