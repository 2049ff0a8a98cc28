//! Lines of the queue: where a message is born, who sent it, when it ends.

use smtp::strip_angles;

use super::split_id;
use crate::{Fact, Reading};

/// `qmgr`: `ID: from=<a>, size=1, nrcpt=1 (queue active)`, `ID: removed`, `ID: from=<a>, status=expired, …`.
pub fn manager(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(message) else { return Reading::Idle };
    if rest == b"removed" {
        return Reading::Fact(Fact::Ended { id });
    }
    match rest.strip_prefix(b"from=").and_then(sender) {
        Some(sender) => Reading::Fact(Fact::Sender { id, sender }),
        None => Reading::Idle,
    }
}

/// `cleanup`: `ID: message-id=<…>`.
pub fn cleanup(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(message) else { return Reading::Idle };
    match rest.strip_prefix(b"message-id=") {
        Some(message_id) => Reading::Fact(Fact::MessageId { id, message_id: message_id.trim_ascii() }),
        None => Reading::Idle,
    }
}

/// `smtpd`: `ID: client=host[ip]…` opens a queue file; everything else is about mail that comes in.
pub fn daemon(message: &[u8]) -> Reading<'_> {
    match split_id(message) {
        Some((id, rest)) if rest.starts_with(b"client=") => Reading::Fact(Fact::Born { id }),
        _ => Reading::Idle,
    }
}

/// `pickup`: `ID: uid=33 from=<a>` opens a queue file.
pub fn pickup(message: &[u8]) -> Reading<'_> {
    match split_id(message) {
        Some((id, rest)) if rest.starts_with(b"uid=") => Reading::Fact(Fact::Born { id }),
        _ => Reading::Idle,
    }
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
