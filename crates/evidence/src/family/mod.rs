//! Families: the programs whose records are read. A family is one module that borrows, is pure and sees one
//! record at a time.

pub mod postfix;

use crate::{Reading, Record};

/// What is said of a family to people.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The name used in JSON and by `--format`.
    pub name: &'static str,
    /// The products whose logs these are.
    pub products: &'static str,
    /// How a record is recognised.
    pub recognised_by: &'static str,
    /// The fields of an attempt that it holds.
    pub holds: &'static [&'static str],
    /// The fields that it never holds.
    pub lacks: &'static [&'static str],
}

/// Every family, in the order in which they are asked.
pub const FAMILIES: &[Family] = &[postfix::FAMILY];

/// Reads a record in the family that its program belongs to.
pub fn read<'a>(record: &Record<'a>) -> Reading<'a> {
    postfix::read(record)
}

/// How often a record says it stood in the log, and the record itself where it is quoted.
///
/// rsyslog writes `message repeated 5 times: [ … ]`; BSD syslog writes `last message repeated 3 times` alone.
pub fn repeated<'a>(record: &Record<'a>) -> Option<(u32, Option<Record<'a>>)> {
    if record.program.is_empty() {
        let rest = record.message.strip_prefix(b"last message repeated ")?;
        return times(rest).map(|(times, _)| (times, None));
    }
    let rest = record.message.strip_prefix(b"m")?.strip_prefix(b"essage repeated ")?;
    let (times, rest) = times(rest)?;
    let inner = rest.strip_prefix(b": [")?.trim_ascii_start();
    Some((times, Some(Record { message: inner.strip_suffix(b"]").unwrap_or(inner), ..*record })))
}

fn times(text: &[u8]) -> Option<(u32, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = text.split_at_checked(end)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest.strip_prefix(b" times").or_else(|| rest.strip_prefix(b" time"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_saying_again_are_read() {
        let bsd = Record { message: b"last message repeated 3 times", ..Record::default() };
        assert_eq!(repeated(&bsd), Some((3, None)));
        let rsyslog = Record { program: b"postfix/smtp", message: b"message repeated 5 times: [ 4D2F: x]", ..Record::default() };
        let (times, inner) = repeated(&rsyslog).unwrap();
        assert_eq!((times, inner.unwrap().message), (5, &b"4D2F: x"[..]));
        for message in [&b"message repeated"[..], b"message repeated x times: [", b"message repeated 99999999999 times: [a]"] {
            assert_eq!(repeated(&Record { program: b"postfix/smtp", message, ..Record::default() }), None);
        }
    }
}
