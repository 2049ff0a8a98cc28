//! `<=`: a message arrived, from whom, how and under which Message-ID.

use bstr::ByteSlice;
use smtp::strip_angles;

use super::place;
use crate::{Fact, Origin, Reading};

/// Reads `SENDER H=… U=… P=… A=dovecot_login:anna S=1 id=<…> T="subject" …`.
///
/// A subject may hold anything, so what stands behind it is not looked at.
pub fn read<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    let fields = rest.get(..place(*b" T=\"", rest).unwrap_or(rest.len())).unwrap_or_default();
    let sender = fields.get(..fields.find_byte(b' ').unwrap_or(fields.len())).unwrap_or_default();
    let login = field(fields, *b" A=").map(|value| value.split_once_str(b":").map_or(value, |(_, name)| name)).map(Origin::Login);
    let local = field(fields, *b" P=").is_some_and(|protocol| protocol == b"local");
    let script = field(fields, *b" U=").filter(|_| local).map(Origin::Script);
    // The spelling of an empty sender is "<>".
    Reading::Fact(Fact::Arrived { id, sender: strip_angles(sender), message_id: field(fields, *b" id="), origin: login.or(script) })
}

fn field<const N: usize>(fields: &[u8], name: [u8; N]) -> Option<&[u8]> {
    let value = fields.get(place(name, fields)? + N..)?;
    value.get(..value.find_byte(b' ').unwrap_or(value.len())).filter(|value| !value.is_empty())
}
