//! Sources that hold mails: one each, or a mailbox full, read a mail at a time.

use std::io::{self, BufRead, BufReader, Read};

use diagnosis::{Mail, Part};
use evidence::bounce::{self, Framing};

use crate::outlook::{as_mail, is_outlook};

/// The longest mail that is read; what is beyond it is an attachment's, not a bounce's.
const LONGEST_MAIL: usize = 32 << 20;

/// Reads the mails of a source. What was read before an error is kept.
pub(crate) fn mails(reader: impl Read, framing: Framing, part: &mut Part<'_, '_>, stop: impl Fn() -> bool) -> (u64, io::Result<()>) {
    let mut reader = BufReader::with_capacity(64 * 1024, reader);
    let mut held = Held::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line that never ends is cut into pieces that do.
        match (&mut reader).take(LONGEST_MAIL as u64).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => held.take(&line, framing, part),
            Err(error) => {
                held.end(part);
                return (held.at, Err(error));
            }
        }
        if stop() {
            break;
        }
    }
    held.end(part);
    (held.at, Ok(()))
}

/// The mail that is being read, and where in the source it began.
#[derive(Default)]
struct Held {
    mail: Vec<u8>,
    offset: u64,
    line: u64,
    at: u64,
    lines: u64,
    after_empty: bool,
}

impl Held {
    fn take(&mut self, line: &[u8], framing: Framing, part: &mut Part<'_, '_>) {
        let between = framing == Framing::Mbox && bounce::begins_mail(line) && (self.after_empty || self.at == 0);
        if between {
            self.end(part);
        } else if self.mail.len() + line.len() <= LONGEST_MAIL {
            if self.mail.is_empty() {
                (self.offset, self.line) = (self.at, self.lines + 1);
            }
            let line = if framing == Framing::Mbox { bounce::unquoted(line) } else { line };
            self.mail.extend_from_slice(line);
        }
        self.at += line.len() as u64;
        self.lines += 1;
        self.after_empty = line.trim_ascii().is_empty();
    }

    fn end(&mut self, part: &mut Part<'_, '_>) {
        let raw = self.mail.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.mail);
        let saved = if is_outlook(raw) { as_mail(raw) } else { None };
        if let Some(found) = bounce::read(saved.as_deref().unwrap_or(raw)) {
            part.mail(&found, Mail { raw, offset: self.offset, line: self.line });
        }
        self.mail.clear();
    }
}

/// Reads text in which no line of a log was found, as somebody copies it out of a bounce.
pub(crate) fn text(bytes: &[u8], part: &mut Part<'_, '_>) -> bool {
    let found = bounce::read_text(&String::from_utf8_lossy(bytes));
    let any = !found.failures.is_empty();
    if any {
        part.mail(&found, Mail { raw: bytes, offset: 0, line: 1 });
    }
    any
}
