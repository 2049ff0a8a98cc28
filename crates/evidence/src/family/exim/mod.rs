//! Exim (also: cPanel/WHM, DirectAdmin, Hestia, Debian's default).
//!
//! The shapes follow chapter 53 of Exim's specification, "Log files", and `src/deliver.c` of Exim 4.94 to 4.98. The
//! family knows nothing of providers, and nothing of other records of the same message.

mod arrival;
mod delivery;
mod fields;
mod reason;

pub use arrival::Arrival;
use smtp::bytes::alphanumerics;

use super::Family;
use crate::{Fact, Reading, What};

/// What `reprieve formats` says of this family.
pub const FAMILY: Family = Family {
    name: "exim",
    products: "Exim, cPanel/WHM, DirectAdmin, Hestia, Vesta, Debian's default",
    recognised_by: "a stamp and a message id of 6-6-2 or 6-11-4 characters, then <=, =>, ->, >>, *>, ** or ==; by syslog the program exim",
    holds: &[
        "time",
        "message",
        "sender",
        "recipient",
        "remote_host",
        "remote_ip",
        "stage",
        "reply",
        "sending_ip (with +incoming_interface +outgoing_interface)",
    ],
    lacks: &[],
};

/// Reads what Exim wrote.
pub fn read(message: &[u8]) -> Reading<'_> {
    let Some((id, rest)) = split_id(without_stamp(message)) else { return Reading::Idle };
    if !is_id(id) {
        return Reading::Foreign;
    }
    match rest.split_at_checked(3) {
        Some((b"<= ", words)) => Reading::Fact(Fact::Message { id, what: What::Arrived, text: words }),
        Some((b"=> " | b"-> " | b">> ", rest)) => delivery::accepted(id, rest),
        Some((b"** ", rest)) => delivery::failed(id, rest),
        Some((b"== ", rest)) => delivery::deferred(id, rest),
        Some((b"*> ", _)) => Reading::Fact(Fact::Aside),
        _ if rest == b"Completed" || rest.starts_with(b"Completed ") => Reading::Fact(Fact::Message { id, what: What::Ended, text: b"" }),
        _ => delivery::by_host(id, rest),
    }
}

/// Whether a text goes on as a line of Exim's: what looks like a message id, or one of the lines without.
pub(crate) fn begins(text: &[u8]) -> bool {
    const OTHERS: [&[u8]; 7] = [b"cwd=", b"SMTP ", b"Start queue run", b"End queue run", b"exim ", b"no host name found", b"H="];
    split_id(text).is_some() || OTHERS.iter().any(|start| text.starts_with(start))
}

/// Whether a text begins with what looks like a message id.
#[inline]
pub(crate) fn names_message(text: &[u8]) -> bool {
    split_id(text).is_some()
}

/// A line that was too long for syslog comes in pieces, `[1/3] …`: which one it is, of how many, and its text.
pub fn piece(message: &[u8]) -> Option<(u8, u8, &[u8])> {
    let message = without_stamp(message);
    let [b'[', first, b'/' | b'\\', last, b']', b' ', rest @ ..] = message else { return None };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| byte - b'0');
    Some((digit(first)?, digit(last)?, rest))
}

/// By syslog Exim writes its own stamp again, unless it was told not to.
fn without_stamp(message: &[u8]) -> &[u8] {
    match (message.first(), message.get(10)) {
        (Some(b'0'..=b'9'), Some(b' ')) => crate::envelope::exim_stamp(message).map_or(message, |(_, rest)| rest),
        _ => message,
    }
}

/// Splits `1XSLn4-003Fa1-OX ` or `1wtcTj-00000008OnA-0eY6 ` from the rest: its dashes and the space behind it are where
/// they have to be. This is asked of every line, more than once.
#[inline]
fn split_id(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match (message.get(6)?, message.get(13), message.get(18)) {
        (b'-', Some(b'-'), _) => 16,
        (b'-', _, Some(b'-')) => 23,
        _ => return None,
    };
    let (id, rest) = message.split_at_checked(length)?;
    Some((id, rest.strip_prefix(b" ")?))
}

/// Whether all else of what looks like an id are letters and digits: the bits that are not set are the dashes'.
#[inline]
fn is_id(id: &[u8]) -> bool {
    let (Some(start), Some(end)) = (id.first_chunk(), id.last_chunk()) else { return false };
    match id.len() {
        16 => alphanumerics(start) == 0b1101_1111_1011_1111,
        _ => alphanumerics(start) == 0b1111_1111_1011_1111 && alphanumerics(end) == 0b1111_0111_1111_1111,
    }
}

#[cfg(test)]
mod tests;
