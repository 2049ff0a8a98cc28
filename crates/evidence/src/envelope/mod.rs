//! Envelopes: what a logger puts around a record. An envelope knows stamps, hosts and program names and
//! deliberately nothing of mail, so that every family can come in every envelope.

mod container;
mod exim;
mod json;
mod syslog;
mod tag;
mod web;

pub(crate) use tag::SLOTS;

use crate::Stamp;

/// A record out of its envelope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// When it was written.
    pub stamp: Option<Stamp>,
    /// The host that wrote it; empty where the envelope does not say.
    pub host: &'a [u8],
    /// The program, such as `postfix/smtp`; empty where there is none.
    pub program: &'a [u8],
    /// What the program wrote.
    pub message: &'a [u8],
    /// Records of one opener that have the same number here, but for 0, have the same stamp and host.
    pub head: u32,
    /// Records of one opener that have the same number here, but for 0, have the same program.
    pub tag: u32,
}

/// Takes lines out of their envelopes, and remembers how the last one began: a busy server writes many lines in a
/// second, and what two lines have in common is looked at once.
#[derive(Debug, Default)]
pub struct Opener {
    /// What had to be decoded first: JSON strings.
    scratch: Vec<u8>,
    head: syslog::Head,
    modern: syslog::Modern,
    exim: exim::Head,
    tags: tag::Tags,
    /// How many lines did not begin as the one before.
    heads: u32,
}

impl Opener {
    /// Takes a line out of its envelope; nothing is returned for a line in no envelope that is known.
    #[inline(always)]
    pub fn open<'a>(&'a mut self, line: &'a [u8]) -> Option<Record<'a>> {
        let again = match line.first() {
            Some(b'0'..=b'9') if line.get(10) == Some(&b'T') => self.modern.again(line, &mut self.tags),
            Some(b'0'..=b'9') => self.exim.again(line),
            _ => self.head.again(line, &mut self.tags),
        };
        if again.is_some() { again } else { self.open_afresh(line) }
    }

    /// When a line was written; of one that begins as the last one did this costs next to nothing.
    #[inline]
    pub fn stamp(&mut self, line: &[u8]) -> Option<Stamp> {
        let again = match line.first() {
            Some(b'0'..=b'9') => self.exim.stamp_again(line),
            _ => self.head.stamp_again(line),
        };
        match again {
            None => self.open(line)?.stamp,
            again => again,
        }
    }

    /// Opens a line that does not begin as the last one did.
    #[cold]
    fn open_afresh<'a>(&'a mut self, line: &'a [u8]) -> Option<Record<'a>> {
        self.heads += 1;
        let number = self.heads;
        match line.first()? {
            b'{' => json::open(line, &mut self.scratch),
            b'0'..=b'9' if line.get(10) == Some(&b' ') => {
                self.exim.open(line, number).or_else(|| self.head.open(line, number, &mut self.tags)).or_else(|| open_plain(line))
            }
            b'0'..=b'9' if line.get(10) == Some(&b',') => web::open(line),
            b'0'..=b'9' if line.get(10) == Some(&b'T') => self.modern.open(line, number).or_else(|| open_plain(line)),
            b'\x1b' => open_plain(container::uncoloured(line)),
            _ => self.head.open(line, number, &mut self.tags).or_else(|| open_plain(line)),
        }
    }
}

/// Exim's own stamp at the beginning of a text, and what follows.
pub(crate) fn exim_stamp(text: &[u8]) -> Option<(Stamp, &[u8])> {
    exim::stamp(text)
}

/// Opens the envelopes that need no decoding.
fn open_plain(line: &[u8]) -> Option<Record<'_>> {
    syslog::open(line).or_else(|| syslog::open(container::unprefixed(line)?))
}

/// The line without what a broken disk or editor left around it: NUL bytes in front, a byte order mark, a CR behind.
#[inline]
pub fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line.first() {
        Some(0) => line.iter().position(|byte| *byte != 0).and_then(|start| line.get(start..)).unwrap_or_default(),
        Some(0xef) => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(line: &str) -> (String, String, String, bool) {
        let mut opener = Opener::default();
        let record = opener.open(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(record.host), text(record.program), text(record.message), record.stamp.is_some_and(|stamp| stamp.offset().is_some()))
    }

    #[test]
    fn one_record_in_every_envelope() {
        let lines = [
            ("Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>", false),
            ("Oct  3 09:14:07.123456 mail postfix/smtp[811]: 4D2F: to=<a>", false),
            ("2026-10-03T09:14:07.1+02:00 mail postfix/smtp[811]: 4D2F: to=<a>", true),
            ("<22>Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>", false),
            ("<22>1 2026-10-03T09:14:07Z mail postfix/smtp 811 - - 4D2F: to=<a>", true),
            ("<22>1 2026-10-03T09:14:07Z mail postfix/smtp 811 - [a b=\"]\\\"\"][c] \u{feff}4D2F: to=<a>", true),
            ("postfix-1  | Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>", false),
            ("postfix_1    | 2026-10-03T09:14:07.1Z Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>", true),
            ("\u{1b}[33mpostfix-1  | \u{1b}[0mOct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>", false),
            (r#"{"_HOSTNAME":"mail","SYSLOG_IDENTIFIER":"postfix/smtp","__REALTIME_TIMESTAMP":"1789228152650438","MESSAGE":"4D2F: to=<a>"}"#, true),
            (
                r#"{"_HOSTNAME":"mail","SYSLOG_IDENTIFIER":"postfix/smtp","__REALTIME_TIMESTAMP":"1789228152650438","MESSAGE":[52,68,50,70,58,32,116,111,61,60,97,62]}"#,
                true,
            ),
            (r#"{"log":"Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>\n","stream":"stdout","time":"2026-10-03T09:14:07.5Z"}"#, true),
        ];
        for (line, zoned) in lines {
            let expected = ("mail".to_owned(), "postfix/smtp".to_owned(), "4D2F: to=<a>".to_owned(), zoned);
            assert_eq!(opened(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_remembered_changes_nothing() {
        let lines = [
            "Oct  3 09:14:07 mail postfix/smtp[811]: 4D2F: to=<a>",
            "Oct  3 09:14:07 mail postfix/qmgr[7]: 4D2F: removed",
            "Oct  3 09:14:07 mail",
            "Oct  3 09:14:07 mail ",
            "Oct  3 09:14:07 mailer postfix/qmgr[7]: x",
            "Oct  3 09:14:08 mail postfix/qmgr[7]: x",
            "Oct  3 09:14:08.5 mail postfix/qmgr[7]: x",
            "Oct  3 09:14:08.5 mail last message repeated 2 times",
            "Oct 33 09:14:08 mail postfix/qmgr[7]: x",
            "2026-10-03T09:14:07.123456+02:00 mail postfix/smtp[811]: 4D2F: to=<a>",
            "2026-10-03T09:14:07.5+02:00 mail postfix/smtp[811]: 4D2F: to=<a>",
            "2026-10-03T09:14:07+02:00 mail.northwind.example postfix/smtp[811]: 4D2F: to=<a>",
            "2026-10-03T09:14:07.5+03:00 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5+0300 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z",
            "2026-10-03T09:14:07.5Z mail",
            "2026-10-03T09:14:07.5Z mail ",
            "2026-10-03T09:14:07.5Z Oct  3 09:14:07 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z mailer postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Zmail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z Oct postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z Oct  3 09:14:07 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z 2026-10-03 postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z 2026-10-03 09:14:07 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z 3f2a postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5Z 3f2a postfix/smtpd[811]: x",
            "2026-10-03T09:14:07.5Z",
            "2026-10-03T09:14:07.5Z 2026-10-03T09:14:09+02:00 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.5 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07.6 mail postfix/smtp[811]: x",
            "2026-10-03T09:14:07 mail postfix/smtp[811]: x",
            "2026-08-11 05:44:36 1wtcTj-00000008OnA-0eY6 Completed",
            "2026-08-11 05:44:36 1wtcTj-00000008OnA-0eY6 => a@b.example H=x [192.0.2.1]",
            "2026-08-11 05:44:36 +0200 1wtcTj-00000008OnA-0eY6 Completed",
            "2026-08-11 05:44:36.123 1wtcTj-00000008OnA-0eY6 Completed",
            "2026-08-11 05:44:36",
            "2026-08-11 05:44:36 ",
            "2026-08-11 05:44:37 1wtcTj-00000008OnA-0eY6 Completed",
        ];
        let mut opener = Opener::default();
        for line in lines {
            let (again, mut afresh) = (opener.open(line.as_bytes()), Opener::default());
            let afresh = afresh.open(line.as_bytes());
            assert_eq!(again.map(|again| Record { head: 0, tag: 0, ..again }), afresh.map(|afresh| Record { head: 0, tag: 0, ..afresh }), "{line}");
        }
    }

    #[test]
    fn a_line_without_tag_keeps_its_text() {
        let (host, program, message, _) = opened("Oct  3 09:14:07 mail last message repeated 3 times");
        assert_eq!((host.as_str(), program.as_str(), message.as_str()), ("mail", "", "last message repeated 3 times"));
    }

    #[test]
    fn other_lines_are_in_no_envelope() {
        let mut opener = Opener::default();
        for line in [
            "",
            "{",
            "{}",
            "hello",
            "Oct",
            "<",
            "<22>",
            "<22>1 ",
            "a | b",
            "| | |",
            "\u{1b}[",
            "{\"MESSAGE\":null}",
            "2026-10-03T09:14:07Z",
            "28.01.2019, 19:19:55",
            "28.01.2019, 19:19:55 | ",
            "28.13.2019, 19:19:55 | info | x",
        ] {
            assert_eq!(opener.open(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn what_surrounds_a_line_is_trimmed() {
        assert_eq!(trim(b"\0\0\0abc\r"), b"abc");
        assert_eq!(trim(b"\xef\xbb\xbfabc"), b"abc");
        assert_eq!(trim(b"\0\0"), b"");
    }
}
