//! Families: the programs whose records are read. A family is one module that borrows, is pure and sees one
//! record at a time.

pub mod exim;
pub mod postfix;
mod program;

pub use program::{Program, Programs};

use std::borrow::Cow;

use bstr::ByteSlice;

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
pub const FAMILIES: &[Family] = &[postfix::FAMILY, exim::FAMILY, BOUNCE, QUEUE];

/// The place of bounces among the families: they are mails, and no records of a log.
pub const BOUNCES: usize = 2;

const BOUNCE: Family = Family {
    name: "bounce",
    products: "mails in which a server says that it could not hand over another mail: .eml, .msg, mbox, pasted text",
    recognised_by: "header fields at the beginning, then a delivery status (RFC 3464) or the words that servers write",
    holds: &["time", "message", "sender", "recipient", "remote_host", "remote_ip", "stage", "reply"],
    lacks: &["sending_ip"],
};

/// The place of listings of a queue among the families: they are no records of a log either.
pub const QUEUES: usize = 3;

const QUEUE: Family = Family {
    name: "queue",
    products: "what lies in a queue: postqueue -p (mailq), postqueue -j; exim -bp, which says no reply",
    recognised_by: "the head of postqueue -p, objects with queue_id and recipients, or ages, sizes and Exim's message ids",
    holds: &["message", "sender", "recipient", "remote_host", "remote_ip", "stage", "reply"],
    lacks: &["time", "sending_ip"],
};

/// The place of Exim among the families.
pub const EXIM: usize = 1;

/// A record as one of a family that the user names, whatever its program is called.
pub fn as_of<'a>(record: &Record<'a>, family: usize) -> Record<'a> {
    match family {
        EXIM => Record { program: b"exim", tag: 0, ..*record },
        BOUNCES | QUEUES => *record,
        _ if postfix::is_daemon(record.program) => *record,
        _ => Record { program: b"postfix", tag: 0, ..*record },
    }
}

/// Reads a record that a program wrote.
#[inline]
pub fn read<'a>(program: Program, record: &Record<'a>) -> Reading<'a> {
    match program {
        Program::Exim => exim::read(record.message),
        Program::Postfix(daemon) => postfix::read(daemon, record.message),
    }
}

/// Which piece a record is of a line that was too long for syslog, of how many, and its text.
#[inline]
pub fn piece<'a>(program: Program, record: &Record<'a>) -> Option<(u8, u8, &'a [u8])> {
    if program == Program::Exim { exim::piece(record.message) } else { None }
}

/// A reply with its lines parted as the remote parted them: Exim writes the two characters `\\n` between them.
pub fn unescaped<'a>(record: &Record<'_>, reply: &'a [u8]) -> Cow<'a, [u8]> {
    if Program::of(record.program) == Program::Exim && memchr::memchr(b'\\', reply).is_some() {
        Cow::Owned(reply.replace(b"\\n", b"\n"))
    } else {
        Cow::Borrowed(reply)
    }
}

/// How often a record says it stood in the log, and the record itself where it is quoted.
///
/// rsyslog writes `message repeated 5 times: [ … ]`; BSD syslog writes `last message repeated 3 times` alone.
#[inline]
pub fn repeated<'a>(record: &Record<'a>) -> Option<(u32, Option<Record<'a>>)> {
    if record.program.is_empty() || record.message.first() == Some(&b'm') { said_again(record) } else { None }
}

fn said_again<'a>(record: &Record<'a>) -> Option<(u32, Option<Record<'a>>)> {
    if record.program.is_empty() {
        let rest = record.message.strip_prefix(b"last message repeated ")?;
        return times(rest).map(|(times, _)| (times, None));
    }
    let rest = record.message.strip_prefix(b"message repeated ")?;
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
