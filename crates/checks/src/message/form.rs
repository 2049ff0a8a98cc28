//! The form of a mail: RFC 5322, and the limits of RFC 5321.

use mail_parser::{Address, HeaderValue, MessageParser};

use super::Subject;
use crate::check::{AskedBy, Check, Row, Severity};

const BOTH: &[AskedBy] = &[AskedBy::Apple, AskedBy::Gmail];
const FROM: Row = Row { id: "message.from", severity: Severity::High, asked_by: BOTH };
const ONCE: Row = Row { id: "message.once", severity: Severity::High, asked_by: BOTH };
const DATE: Row = Row { id: "message.date", severity: Severity::High, asked_by: BOTH };
const ID: Row = Row { id: "message.id", severity: Severity::High, asked_by: BOTH };
const BYTES: Row = Row { id: "message.bytes", severity: Severity::High, asked_by: BOTH };
const SIZE: Row = Row { id: "message.header_size", severity: Severity::Low, asked_by: &[AskedBy::Gmail] };

/// Every row of this module.
pub(super) const ROWS: &[Row] = &[FROM, ONCE, DATE, ID, BYTES, SIZE];

/// Fields that may stand in a mail once only (RFC 5322, section 3.6).
const SINGLE: [&str; 11] = ["from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references"];

/// The longest line, without its end (RFC 5322, section 2.1.1).
const LONGEST: usize = 998;

/// A header beyond this is cut off by Postfix's default (`header_size_limit`).
const LARGEST_HEADER: usize = 102_400;

pub(super) fn checks(subject: &Subject<'_>) -> Vec<Check> {
    vec![from(subject), once(subject), date(subject), id(subject), bytes(subject), size(subject)]
}

fn from(subject: &Subject<'_>) -> Check {
    let count = subject.values("from").len();
    let addresses = addresses(subject).len();
    match (count, addresses) {
        (0, _) => FROM.fail(&subject.name, "The mail has no From."),
        (2.., _) => FROM.fail(&subject.name, format!("The mail has {count} From fields.")),
        (1, 1) => FROM.pass(&subject.name, "One From with one address."),
        (1, many) => FROM
            .fail(&subject.name, format!("From holds {many} addresses; receivers want one."))
            .remedy("Name one author in From; others may be named in the text."),
    }
}

/// The addresses in From.
pub(super) fn addresses(subject: &Subject<'_>) -> Vec<(Option<String>, String)> {
    let raw: Vec<u8> = subject.fields.iter().filter(|field| field.name == "from").flat_map(|field| [field.raw.as_slice(), b"\r\n"].concat()).collect();
    let parsed = MessageParser::default().parse_headers(&raw);
    let all = parsed.as_ref().and_then(|message| message.from()).map(Address::iter).into_iter().flatten();
    all.filter_map(|one| Some((one.name().map(str::to_owned), one.address()?.to_owned()))).collect()
}

fn once(subject: &Subject<'_>) -> Check {
    let doubled: Vec<&str> = SINGLE.into_iter().filter(|name| subject.values(name).len() > 1).collect();
    match doubled.is_empty() {
        true => ONCE.pass(&subject.name, "Every field that may stand once stands once."),
        false => ONCE
            .fail(&subject.name, format!("These fields stand more than once: {}.", doubled.join(", ")))
            .remedy("One of two programs adds the field again: let one of them do it."),
    }
}

fn date(subject: &Subject<'_>) -> Check {
    let values = subject.values("date");
    let is_date = |value: &str| {
        let raw = format!("Date: {value}\r\n\r\n");
        let parsed = MessageParser::default().parse_headers(raw.as_bytes());
        parsed.is_some_and(|message| message.date().is_some_and(|date| date.is_valid() && date.year > 1970))
    };
    match values.first() {
        None => DATE
            .fail(&subject.name, "The mail has no Date.")
            .remedy("Let the program that writes the mail add it, or the server that takes it (Postfix: always_add_missing_headers)."),
        Some(value) if !is_date(value) => {
            DATE.fail(&subject.name, format!("\"{}\" is no date as RFC 5322 writes it.", smtp::escape_controls(value.as_bytes())))
        }
        Some(_) => DATE.pass(&subject.name, "The mail is dated."),
    }
}

fn id(subject: &Subject<'_>) -> Check {
    let is_id = |value: &str| {
        let inside = value.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let parts = inside.and_then(|inside| inside.rsplit_once('@'));
        parts.is_some_and(|(left, right)| !left.is_empty() && !right.is_empty() && !value.trim().contains([' ', '\t']))
    };
    match subject.values("message-id").first() {
        None => ID.fail(&subject.name, "The mail has no Message-ID.").remedy("Let the program that writes the mail add one: <SOMETHING-UNIQUE@YOUR.DOMAIN>."),
        Some(value) if !is_id(value) => {
            ID.fail(&subject.name, format!("The Message-ID \"{}\" has not the form <left@right>.", smtp::escape_controls(value.as_bytes())))
        }
        Some(_) => ID.pass(&subject.name, "The Message-ID is well formed."),
    }
}

fn bytes(subject: &Subject<'_>) -> Check {
    let raw = &subject.mail.raw;
    let crlf = memchr::memmem::find_iter(raw, b"\r\n").count();
    let (cr, lf) = (memchr::memchr_iter(b'\r', raw).count(), memchr::memchr_iter(b'\n', raw).count());
    let header = raw.len() - subject.mail.body().len();
    let longest = raw.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).len()).max().unwrap_or(0);
    match () {
        () if longest > LONGEST => BYTES
            .fail(&subject.name, format!("A line has {longest} bytes; {LONGEST} are allowed."))
            .remedy("Encode long lines as quoted-printable or base64: servers on the way cut them, and break the signature."),
        () if raw.get(..header).is_some_and(|header| !header.is_ascii()) => BYTES
            .fail(&subject.name, "The header holds raw 8-bit characters.")
            .remedy("Encode names and subjects as RFC 2047 says, as in =?utf-8?q?R=C3=A4ksm=C3=B6rg=C3=A5s?=."),
        // A mail that was saved on Unix has no CR at all.
        () if crlf > 0 && (cr > crlf || lf > crlf) => BYTES.fail(&subject.name, "The mail holds a bare CR or LF: lines end in CR and LF together."),
        () => BYTES.pass(&subject.name, "Lines and characters are as they should be."),
    }
}

fn size(subject: &Subject<'_>) -> Check {
    let header = subject.mail.raw.len() - subject.mail.body().len();
    match header > LARGEST_HEADER {
        true => SIZE
            .warn(&subject.name, format!("The header has {header} bytes; servers cut it at {LARGEST_HEADER}."))
            .remedy("Leave out fields that only your own programs read."),
        false => SIZE.pass(&subject.name, format!("The header has {header} bytes.")),
    }
}

/// A field's value as people see it, decoded.
pub(super) fn shown(name: &str, value: &str) -> String {
    let raw = format!("{name}: {value}\r\n\r\n");
    let parsed = MessageParser::default().parse_headers(raw.as_bytes());
    let text = parsed.as_ref().and_then(|message| message.header(name)).and_then(HeaderValue::as_text);
    text.map_or_else(|| value.to_owned(), str::to_owned)
}
