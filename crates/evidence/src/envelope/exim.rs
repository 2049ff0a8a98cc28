//! Exim's own main log: `2026-10-03 09:14:07[.123] [+0200] [[811]] MESSAGE`, without host and program.

use super::Record;
use crate::Stamp;
use crate::family::exim::{begins, names_message};

/// The length of a stamp without fraction and zone.
const STAMP: usize = 19;

/// The number of the program, which no line names: tags have higher ones.
const EXIM: u32 = 1;

/// The stamp of the last line, byte for byte: a line that begins with the same bytes was written in the same second.
#[derive(Debug, Default)]
pub struct Head {
    bytes: [u8; STAMP],
    stamp: Option<Stamp>,
    number: u32,
}

impl Head {
    /// The stamp of a line that begins as the last one did.
    #[inline]
    pub fn stamp_again(&self, line: &[u8]) -> Option<Stamp> {
        self.stamp.filter(|_| line.first_chunk() == Some(&self.bytes) && line.get(STAMP) == Some(&b' '))
    }

    /// Opens a line that was written in the same second as the last one, and goes on with a message's id.
    #[inline]
    pub fn again<'a>(&self, line: &'a [u8]) -> Option<Record<'a>> {
        let (head, rest) = line.split_first_chunk::<STAMP>()?;
        let message = rest.strip_prefix(b" ").filter(|message| *head == self.bytes && names_message(message))?;
        Some(Record { stamp: Some(self.stamp?), host: b"", program: b"exim", message, head: self.number, tag: EXIM })
    }

    /// Opens a line of Exim's own; a line that does not go on as one of Exim's is somebody else's.
    pub fn open<'a>(&mut self, line: &'a [u8], number: u32) -> Option<Record<'a>> {
        let (stamp, rest) = self.stamp(line, number)?;
        let message = process(rest);
        // Another line of the second that is remembered, which this one is unless its stamp has more to it.
        let head = self.stamp.map_or(0, |_| self.number);
        begins(message).then_some(Record { stamp: Some(stamp), host: b"", program: b"exim", message, head, tag: EXIM })
    }

    /// The stamp, which is remembered where it has neither fraction nor zone.
    fn stamp<'a>(&mut self, line: &'a [u8], number: u32) -> Option<(Stamp, &'a [u8])> {
        let (head, rest) = line.split_first_chunk::<STAMP>()?;
        if let (true, Some(stamp), [b' ', rest @ ..]) = (*head == self.bytes, self.stamp, rest)
            && !matches!(rest.first(), Some(b'+' | b'-'))
        {
            return Some((stamp, rest));
        }
        let found = stamp(line)?;
        let is_bare = rest.get(1..) == Some(found.1);
        *self = Head { bytes: *head, stamp: Some(found.0).filter(|_| is_bare), number };
        Some(found)
    }
}

/// The stamp with its zone, which stands behind a space, and what follows.
pub fn stamp(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let (bare, rest) = Stamp::rfc3339(line)?;
    let rest = rest.strip_prefix(b" ")?;
    let zone = rest.split_at_checked(6).filter(|(zone, _)| matches!(zone, [b'+' | b'-', digits @ .., b' '] if digits.iter().all(u8::is_ascii_digit)));
    let Some((zone, rest)) = zone else { return Some((bare, rest)) };
    let mut whole = [0; 24];
    whole.get_mut(..19)?.copy_from_slice(line.get(..19)?);
    whole.get_mut(19..)?.copy_from_slice(zone.get(..5)?);
    Stamp::rfc3339(&whole).map(|(stamp, _)| (stamp, rest))
}

/// What follows `[811] `, the process that `log_selector = +pid` adds.
fn process(text: &[u8]) -> &[u8] {
    let digits = text.strip_prefix(b"[").map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    text.get(digits + 1..).filter(|_| digits > 0).and_then(|rest| rest.strip_prefix(b"] ")).unwrap_or(text)
}
