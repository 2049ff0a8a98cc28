//! Syslog lines: RFC 3164 with its own and with RFC 3339 stamps, and RFC 5424.

use bstr::ByteSlice;
use memchr::memchr;
use smtp::bytes::{BEGIN, alike, same};

use super::Record;
use super::tag::{Tagged, Tags, tag};
use crate::Stamp;
use crate::stamp::{fraction, month};

/// The length of a traditional stamp.
const STAMP: usize = 15;

/// Opens a syslog line.
pub fn open(line: &[u8]) -> Option<Record<'_>> {
    match line.first()? {
        b'<' => prioritised(line),
        b'0'..=b'9' => modern(line),
        _ => traditional(line, None),
    }
}

/// `<22>…`, followed by `1 ` in RFC 5424 (section 6.2.2) and by a stamp in RFC 3164.
fn prioritised(line: &[u8]) -> Option<Record<'_>> {
    let end = memchr(b'>', line.get(..5.min(line.len()))?)?;
    let rest = line.get(end + 1..)?;
    match rest.strip_prefix(b"1 ") {
        Some(rest) => structured(rest),
        None if rest.starts_with(b"<") => None,
        None => open(rest),
    }
}

/// RFC 5424 after its version: `STAMP HOST APP-NAME PROCID MSGID SD MSG`.
fn structured(text: &[u8]) -> Option<Record<'_>> {
    let (stamp, rest) = Stamp::rfc3339(text)?;
    let (host, rest) = word(rest.strip_prefix(b" ")?)?;
    let (program, rest) = word(rest)?;
    let (_process, rest) = word(rest)?;
    let (_message_id, rest) = word(rest)?;
    let message = after_structured_data(rest)?.trim_ascii_start();
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    Some(Record { stamp: Some(stamp), host, program, message, head: 0, tag: 0 })
}

/// Skips `-` or `[id name="value"]…`, where a value may hold escaped quotes and brackets.
fn after_structured_data(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = text.strip_prefix(b"-") {
        return Some(rest);
    }
    let (mut quoted, mut escaped) = (false, false);
    for (at, pair) in text.windows(2).enumerate() {
        let [byte, next] = *pair else { break };
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted && next == b' ' => return text.get(at + 1..),
            _ => {}
        }
    }
    None
}

/// A line that begins with an RFC 3339 stamp, which may be a container's in front of the logger's own.
fn modern(line: &[u8]) -> Option<Record<'_>> {
    let (stamp, rest) = Stamp::rfc3339(line)?;
    let rest = rest.strip_prefix(b" ")?;
    inner(rest, stamp).or_else(|| header(rest, stamp))
}

/// A second stamp behind the first one; the first is kept, because it has a zone.
fn inner(rest: &[u8], stamp: Stamp) -> Option<Record<'_>> {
    if rest.first()?.is_ascii_digit() {
        let (_, rest) = Stamp::rfc3339(rest)?;
        return header(rest.strip_prefix(b" ")?, stamp);
    }
    if rest.get(6)? == &b' ' { traditional(rest, Some(stamp)) } else { None }
}

fn traditional(line: &[u8], outer: Option<Stamp>) -> Option<Record<'_>> {
    let (head, rest) = line.split_at_checked(STAMP)?;
    let stamp = Stamp::traditional(head)?;
    let rest = match rest.first()? {
        b' ' => rest.get(1..)?,
        b'.' => rest.get(rest.find_byte(b' ')? + 1..)?,
        _ => return None,
    };
    header(rest, outer.unwrap_or(stamp))
}

/// `HOST PROGRAM[PID]: MESSAGE`, or `HOST MESSAGE`.
fn header(text: &[u8], stamp: Stamp) -> Option<Record<'_>> {
    let (host, rest) = word(text)?;
    let (program, message) = tag(rest).unwrap_or((&[], rest));
    Some(Record { stamp: Some(stamp), host, program, message: trimmed(message), head: 0, tag: 0 })
}

/// Stamp and host of the last traditional line, byte for byte: a line that begins with the same bytes has the same.
#[derive(Debug, Default)]
pub struct Head {
    bytes: Vec<u8>,
    /// The first of these bytes, with zeros behind them.
    begin: [u8; BEGIN],
    stamp: Option<Stamp>,
    number: u32,
}

impl Head {
    /// The stamp of a line that begins as the last one did.
    #[inline]
    pub fn stamp_again(&self, line: &[u8]) -> Option<Stamp> {
        self.stamp.filter(|_| self.begins(line))
    }

    #[inline(always)]
    fn begins(&self, line: &[u8]) -> bool {
        match line.first_chunk() {
            Some(begin) if self.bytes.len() <= BEGIN => alike(begin, &self.begin) >= self.bytes.len(),
            _ => line.get(..self.bytes.len()).is_some_and(|head| same(head, &self.bytes)),
        }
    }

    /// Opens a line that begins as the last one did.
    #[inline(always)]
    pub fn again<'a>(&self, line: &'a [u8], tags: &mut Tags) -> Option<Record<'a>> {
        if self.stamp.is_none() || !self.begins(line) {
            return None;
        }
        let (head, rest) = line.split_at_checked(self.bytes.len())?;
        let host = head.get(STAMP + 1..head.len() - 1)?;
        let Tagged { program, message, number } = tags.split(rest);
        Some(Record { stamp: self.stamp, host, program, message: trimmed(message), head: self.number, tag: number })
    }

    /// Opens a line with a traditional stamp; other lines are left to [`open`].
    pub fn open<'a>(&mut self, line: &'a [u8], number: u32, tags: &mut Tags) -> Option<Record<'a>> {
        self.remember(line)?;
        self.number = number;
        self.again(line, tags)
    }

    fn remember(&mut self, line: &[u8]) -> Option<()> {
        let (stamp, rest) = line.split_at_checked(STAMP)?;
        let stamp = Stamp::traditional(stamp)?;
        let (host, _) = word(rest.strip_prefix(b" ")?)?;
        self.bytes.clear();
        self.bytes.extend_from_slice(line.get(..STAMP + host.len() + 2)?);
        self.begin = [0; BEGIN];
        self.begin.iter_mut().zip(&self.bytes).for_each(|(begin, byte)| *begin = *byte);
        self.stamp = Some(stamp);
        Some(())
    }
}

/// The second, the zone and the host of the last line with an RFC 3339 stamp, as they were written: a fraction of the
/// second says nothing more.
#[derive(Debug, Default)]
pub struct Modern {
    second: [u8; MODERN],
    /// The zone and the host, with the space behind each.
    tail: Vec<u8>,
    host: usize,
    stamp: Option<Stamp>,
    number: u32,
}

/// The length of an RFC 3339 stamp without fraction and zone.
const MODERN: usize = 19;

impl Modern {
    /// Opens a line that was written in the same second and on the same host as the last one; one with a second stamp is
    /// left to [`open`].
    #[inline]
    pub fn again<'a>(&self, line: &'a [u8], tags: &mut Tags) -> Option<Record<'a>> {
        let (second, rest) = line.split_first_chunk::<MODERN>()?;
        let stamp = self.stamp.filter(|_| *second == self.second)?;
        let (tail, rest) = fraction(rest).split_at_checked(self.tail.len())?;
        if !same(tail, &self.tail) {
            return None;
        }
        let host = tail.get(self.host..tail.len() - 1)?;
        let Tagged { program, message, number } = tags.split(rest);
        Some(Record { stamp: Some(stamp), host, program, message: trimmed(message), head: self.number, tag: number })
    }

    /// Opens a line that begins with an RFC 3339 stamp, and remembers how it begins.
    pub fn open<'a>(&mut self, line: &'a [u8], number: u32) -> Option<Record<'a>> {
        let record = modern(line)?;
        self.stamp = record.stamp.filter(|_| self.remember(line, record.host).is_some());
        self.number = number;
        Some(record)
    }

    /// Remembers how a line begins whose host follows its only stamp, unless the host looks like one itself.
    fn remember(&mut self, line: &[u8], host: &[u8]) -> Option<()> {
        let (second, rest) = line.split_first_chunk::<MODERN>()?;
        let rest = fraction(rest);
        let zone = rest.get(..memchr(b' ', rest)? + 1)?;
        let is_host = rest.get(zone.len()..)?.strip_prefix(host)?.first() == Some(&b' ');
        if !is_host || begins_stamp(host) {
            return None;
        }
        self.second = *second;
        self.tail.clear();
        self.tail.extend_from_slice(rest.get(..zone.len() + host.len() + 1)?);
        self.host = zone.len();
        Some(())
    }
}

/// Whether a host's name might be the beginning of a stamp: `Oct`, `2026-10-03`.
fn begins_stamp(host: &[u8]) -> bool {
    host.get(4) == Some(&b'-') || matches!(host, [a, b, c] if month([*a, *b, *c]).is_some())
}

/// A text without the space that it begins with, of which there is nearly always one.
#[inline]
fn trimmed(text: &[u8]) -> &[u8] {
    match text {
        [b' ', rest @ ..] if rest.first().is_some_and(|next| *next > b' ') => rest,
        _ => text.trim_ascii_start(),
    }
}

fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr(b' ', text).filter(|end| *end > 0)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}
