//! Whether a source holds mails, told by its beginning, and where one mail of a mailbox ends.

use bstr::ByteSlice;

/// How mails lie in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The source is one mail.
    Mail,
    /// A mailbox (RFC 4155): mails behind lines that begin with `From `.
    Mbox,
}

/// Header fields of which a mail has at least two near its beginning.
const FIELDS: [&[u8]; 14] = [
    b"received",
    b"return-path",
    b"delivered-to",
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"reply-to",
    b"x-failed-recipients",
    b"auto-submitted",
    b"dkim-signature",
];

/// How mails lie in a source that begins like this; nothing where it holds none.
pub fn framing(opening: &[u8]) -> Option<Framing> {
    let opening = opening.strip_prefix(b"\xef\xbb\xbf").unwrap_or(opening).trim_ascii_start();
    let (first, rest) = opening.split_once_str(b"\n").unwrap_or((opening, b""));
    match begins_mail(first) && is_header(rest) {
        true => Some(Framing::Mbox),
        false => is_header(opening).then_some(Framing::Mail),
    }
}

/// Whether a line stands between two mails of a mailbox.
pub fn begins_mail(line: &[u8]) -> bool {
    line.starts_with(b"From ") && line.len() < 300
}

/// A line of a mail in a mailbox, where `>From ` stands for `From `.
pub fn unquoted(line: &[u8]) -> &[u8] {
    let bare = line.trim_start_with(|each| each == '>');
    if bare.len() < line.len() && bare.starts_with(b"From ") { line.get(1..).unwrap_or_default() } else { line }
}

/// Whether a text begins with header fields (RFC 5322, section 2.2), of which two are a mail's.
fn is_header(text: &[u8]) -> bool {
    let mut known = 0;
    for line in text.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some((name, _)) = line.split_once_str(b":") else { return known >= 2 };
        if name.is_empty() || !name.iter().all(|byte| (b'!'..=b'~').contains(byte)) {
            return known >= 2;
        }
        known += usize::from(FIELDS.contains(&name.to_ascii_lowercase().as_slice()));
    }
    known >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_told_from_logs() {
        assert_eq!(framing(b"Return-Path: <>\r\nReceived: from a\r\n\tby b\r\nFrom: x\r\n\r\nbody"), Some(Framing::Mail));
        assert_eq!(framing(b"\xef\xbb\xbfFrom: a\nTo: b\n\nx"), Some(Framing::Mail));
        assert_eq!(framing(b"From MAILER-DAEMON Sat Oct  3 09:14:07 2026\nReturn-Path: <>\nFrom: a\n\nx"), Some(Framing::Mbox));
        for log in [
            &b"Oct  3 09:14:07 mail postfix/smtp[1]: 4D2F: to=<a>"[..],
            b"2026-10-03 09:14:07 1XSLn4-003Fa1-OX <= a",
            b"{\"log\": \"x\"}",
            b"From: a",
            b"date: 1\nlevel: info\n",
            b"",
        ] {
            assert_eq!(framing(log), None, "{}", log.as_bstr());
        }
        assert_eq!(unquoted(b">From here"), &b"From here"[..]);
        assert_eq!(unquoted(b"> quoted"), &b"> quoted"[..]);
    }
}
