//! `<=`: a message arrived, from whom, how and under which Message-ID.

use bstr::ByteSlice;
use smtp::bytes::{find, places};
use smtp::strip_angles;

use crate::Origin;

/// What the line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The envelope sender, empty for a bounce.
    pub sender: &'a [u8],
    /// The Message-ID header field.
    pub message_id: Option<&'a [u8]>,
    /// How it came.
    pub origin: Option<Origin<&'a [u8]>>,
}

impl<'a> Arrival<'a> {
    /// Reads `SENDER H=… U=… P=… A=dovecot_login:anna S=1 id=<…> T="subject" …`.
    ///
    /// A subject may hold anything, so what stands behind it is not looked at.
    pub fn read(words: &'a [u8]) -> Arrival<'a> {
        let sender = words.get(..find([b' '], words).unwrap_or(words.len())).unwrap_or_default();
        let (mut login, mut protocol, mut user, mut message_id) = (None, None, None, None);
        for space in places(b' ', words) {
            match words.get(space + 1..).unwrap_or_default() {
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
        Arrival { sender: strip_angles(sender), message_id, origin: login.or(script) }
    }
}

/// The word that a value is; of two the first counts.
fn first<'a>(known: &mut Option<&'a [u8]>, value: &'a [u8]) {
    if known.is_none() {
        *known = value.get(..find([b' '], value).unwrap_or(value.len())).filter(|value| !value.is_empty());
    }
}
