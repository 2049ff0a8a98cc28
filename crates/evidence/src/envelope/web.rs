//! What mailcow's page exports: `28.01.2019, 19:19:55 | info | MESSAGE`. It leaves the program out; Postfix's lines are told
//! by what they say.

use super::Record;
use crate::Stamp;

/// Opens a line of the export.
pub fn open(line: &[u8]) -> Option<Record<'_>> {
    let (stamp, rest) = line.split_at_checked(20)?;
    let [d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4, b',', b' ', time @ ..] = stamp else { return None };
    let mut civil = [b' '; 19];
    civil.get_mut(..11)?.copy_from_slice(&[*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', *d1, *d2, b' ']);
    civil.get_mut(11..)?.copy_from_slice(time);
    let (stamp, _) = Stamp::rfc3339(&civil)?;
    let (level, message) = rest.strip_prefix(b" | ")?.split_at_checked(memchr::memmem::find(rest.strip_prefix(b" | ")?, b" | ")?)?;
    let is_level = !level.is_empty() && level.iter().all(u8::is_ascii_alphabetic);
    is_level.then_some(Record { stamp: Some(stamp), host: b"", program: b"postfix", message: message.strip_prefix(b" | ")?, head: 0, tag: 0 })
}
