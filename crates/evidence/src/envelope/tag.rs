//! Tags, `PROGRAM[PID]: ` (RFC 3164, section 4.1.3): the daemons of a server write under a few dozen of them, and each of
//! these is taken apart once.

use smtp::bytes::{BEGIN, alike, find, place};

use crate::key::MIX;

/// How many tags are remembered, one for each value of six bits.
pub(crate) const SLOTS: usize = 64;

/// A text without its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tagged<'a> {
    /// What stands in front of the process and the colon; empty where there is no tag.
    pub program: &'a [u8],
    /// What follows the colon.
    pub message: &'a [u8],
    /// Texts with the same number, but for 0, have the same tag.
    pub number: u32,
}

/// The tags that were met lately, each in the place that its last eight bytes give it.
#[derive(Debug)]
pub struct Tags {
    known: [Known; SLOTS],
    /// The highest number that was given, without its place.
    given: u32,
}

/// A tag up to its colon.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    bytes: [u8; BEGIN],
    len: usize,
    program: usize,
    number: u32,
}

impl Default for Tags {
    fn default() -> Tags {
        Tags { known: [Known::default(); SLOTS], given: 0 }
    }
}

impl Tags {
    /// Splits a text's tag from what follows.
    #[inline(always)]
    pub fn split<'a>(&mut self, text: &'a [u8]) -> Tagged<'a> {
        match self.known(text) {
            Some(tagged) => tagged,
            None => self.learn(text),
        }
    }

    #[inline]
    fn known<'a>(&self, text: &'a [u8]) -> Option<Tagged<'a>> {
        let begin: &[u8; BEGIN] = text.first_chunk()?;
        let end = place(b':', begin)?;
        let known = self.known.get(slot(begin.get(..end)?)?)?;
        // A place without a tag has no length, which no tag has.
        if known.len != end || alike(begin, &known.bytes) < end {
            return None;
        }
        Some(Tagged { program: text.get(..known.program)?, message: text.get(end + 1..)?, number: known.number })
    }

    #[cold]
    fn learn<'a>(&mut self, text: &'a [u8]) -> Tagged<'a> {
        let Some((program, message)) = tag(text) else { return Tagged { program: b"", message: text, number: 0 } };
        let number = self.keep(text, program.len(), message.len()).unwrap_or(0);
        Tagged { program, message, number }
    }

    /// Remembers a tag that holds one colon only, and gives it a number.
    fn keep(&mut self, text: &[u8], program: usize, message: usize) -> Option<u32> {
        let bytes: &[u8; BEGIN] = text.first_chunk()?;
        let end = place(b':', bytes)?;
        let slot = slot(bytes.get(..end)?).filter(|_| text.len() - message == end + 1)?;
        self.given = self.given.checked_add(SLOTS as u32)?;
        let number = self.given + slot as u32;
        *self.known.get_mut(slot)? = Known { bytes: *bytes, len: end, program, number };
        Some(number)
    }
}

/// The place of a tag, which has eight bytes or more: its process makes the difference.
#[inline]
fn slot(tag: &[u8]) -> Option<usize> {
    let last = u64::from_le_bytes(*tag.last_chunk()?);
    Some((last.wrapping_mul(MIX) >> 58) as usize)
}

/// Splits `PROGRAM[PID]:` or `PROGRAM:` from what follows.
pub fn tag(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (program, rest) = text.split_at_checked(find(*b"[: ", text)?)?;
    match rest.first()? {
        b':' => Some((program, rest.get(1..)?)),
        b'[' => {
            let close = find([b']'], rest)?;
            Some((program, rest.get(close + 1..)?.strip_prefix(b":")?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let tags =
            ["a:", "postfix/smtp[8]:", "postfix/smtp[9]:", "postfix/smtpd[8]:", "postfix:", "long/name/of/an/instance/smtp[811]:", "odd[1:2]:", "no tag"];
        let texts = ["", " x", " 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com", " a:b"];
        let mut known = Tags::default();
        for _ in 0..3 {
            for text in tags.iter().flat_map(|tag| texts.map(|text| format!("{tag}{text}"))) {
                let Tagged { program, message, .. } = known.split(text.as_bytes());
                assert_eq!((program, message), tag(text.as_bytes()).unwrap_or((b"", text.as_bytes())), "{text}");
            }
        }
    }

    #[test]
    fn the_same_number_is_the_same_tag() {
        let mut known = Tags::default();
        let mut numbers = std::collections::BTreeMap::new();
        for pid in (0..500).chain(0..500) {
            let text = format!("postfix/smtp[{pid}]: 4D2F09CE4FB: to=<anna@icloud.com>");
            let number = known.split(text.as_bytes()).number;
            assert_eq!(*numbers.entry(number).or_insert(pid), pid);
            assert_eq!(known.split(text.as_bytes()).number, number);
            assert!(number > 0);
        }
    }
}
