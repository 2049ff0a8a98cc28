//! `<=`: a message arrived, from whom, how and under which Message-ID.

use bstr::ByteSlice;
use smtp::strip_angles;

use crate::{Fact, Origin, Reading};
use smtp::bytes::{find, places};

/// Reads `SENDER H=… U=… P=… A=dovecot_login:anna S=1 id=<…> T="subject" …`.
///
/// A subject may hold anything, so what stands behind it is not looked at.
pub fn read<'a>(id: &'a [u8], rest: &'a [u8]) -> Reading<'a> {
    let sender = rest.get(..find([b' '], rest).unwrap_or(rest.len())).unwrap_or_default();
    let (mut login, mut protocol, mut user, mut message_id) = (None, None, None, None);
    for space in places(b' ', rest) {
        match rest.get(space + 1..).unwrap_or_default() {
            [b'T', b'=', b'"', ..] => break,
            [b'A', b'=', value @ ..] => first(&mut login, value),
            [b'P', b'=', value @ ..] => first(&mut protocol, value),
            [b'U', b'=', value @ ..] => first(&mut user, value),
            [b'i', b'd', b'=', value @ ..] => first(&mut message_id, value),
            _ => {}
        }
    }
    let login = login.map(|value| value.find_byte(b':').and_then(|at| value.get(at + 1..)).unwrap_or(value)).map(Origin::Login);
    let script = user.filter(|_| protocol == Some(b"local")).map(Origin::Script);
    // The spelling of an empty sender is "<>".
    Reading::Fact(Fact::Arrived { id, sender: strip_angles(sender), message_id, origin: login.or(script) })
}

/// The word that a value is; of two the first counts.
fn first<'a>(known: &mut Option<&'a [u8]>, value: &'a [u8]) {
    if known.is_none() {
        *known = value.get(..find([b' '], value).unwrap_or(value.len())).filter(|value| !value.is_empty());
    }
}
