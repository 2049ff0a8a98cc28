//! What lies in a queue: `postqueue -p` (`mailq`), `postqueue -j`, and `exim -bp`.
//!
//! A listing says what the last try came to, and not when it was: its attempts have no time. Exim's says no reply either.

use bstr::ByteSlice;
use serde::Deserialize;
use smtp::Disposition;

use crate::bounce::Failure;
use crate::family::postfix::reason;

/// How many messages of a listing are read.
const MOST_MESSAGES: usize = 1_000_000;

/// A message in a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// The sending server's id.
    pub id: String,
    /// The envelope sender; empty for a bounce.
    pub sender: String,
    /// What the last try came to, by recipient; those that were not tried yet are none.
    pub failures: Vec<Failure>,
    /// Where in the listing it begins, in bytes.
    pub offset: usize,
    /// The line on which it begins; the first is 1.
    pub line: u64,
}

/// A listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The messages.
    pub messages: Vec<Queued>,
    /// Whether it is of a kind that never says why a message still lies there.
    pub is_bare: bool,
}

/// The messages of a listing; nothing for a text that is none.
pub fn read(text: &[u8]) -> Option<Listing> {
    let opening = text.trim_ascii_start();
    match opening.first()? {
        b'-' | b'M' if opening.starts_with(b"-Queue ID-") || opening.starts_with(b"Mail queue is empty") => {
            Some(Listing { messages: postqueue(text), is_bare: false })
        }
        b'{' => json(text),
        _ => exim(text),
    }
}

/// Whether a text begins like a listing, by its first lines.
pub fn begins(text: &[u8]) -> bool {
    const ENOUGH: usize = 64 * 1024;
    let opening = text.get(..ENOUGH).and_then(|opening| opening.get(..opening.rfind_byte(b'\n')?)).unwrap_or(text);
    read(opening).is_some()
}

/// The lines of a text with their places.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, u64, &[u8])> {
    let begin = text.as_ptr() as usize;
    text.lines().zip(1..).map(move |(line, number)| (line.as_ptr() as usize - begin, number, line))
}

/// A head with id, size, arrival and sender; then reasons in parentheses, each above the recipients it is about.
fn postqueue(text: &[u8]) -> Vec<Queued> {
    let mut messages: Vec<Queued> = Vec::new();
    let mut why: Option<&[u8]> = None;
    for (offset, line, bytes) in lines(text) {
        if messages.len() > MOST_MESSAGES {
            break;
        }
        let is_head = bytes.first().is_some_and(u8::is_ascii_alphanumeric);
        match (messages.last_mut(), bytes.trim_ascii()) {
            (_, head) if is_head => {
                why = None;
                messages.extend(head_of(head).map(|(id, sender)| Queued { id, sender, offset, line, ..Queued::default() }));
            }
            (_, reason) if reason.starts_with(b"(") => why = Some(reason.strip_prefix(b"(").unwrap_or(reason)),
            (Some(message), recipient) if recipient.contains(&b'@') => message.failures.extend(why.map(|why| failure(recipient, why))),
            _ => {}
        }
    }
    messages
}

/// `4D2F09CE4FB*    5120 Mon Oct  5 07:14:07  maria@northwind.example`
fn head_of(line: &[u8]) -> Option<(String, String)> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let id = words.next()?.trim_end_with(|mark| matches!(mark, '*' | '!' | '#'));
    words.next()?.to_str().ok()?.parse::<u64>().ok()?;
    let sender = words.nth(4)?;
    let sender = if sender == b"MAILER-DAEMON" { &b""[..] } else { sender };
    Some((string(id), string(sender)))
}

/// What Postfix says of a recipient, in the words of its log.
fn failure(recipient: &[u8], why: &[u8]) -> Failure {
    let why = reason::last(why, Disposition::Deferred);
    Failure {
        recipient: Some(string(recipient)),
        original: None,
        remote_host: why.host.map(string),
        remote_ip: why.ip.map(string),
        stage: why.stage,
        disposition: Disposition::Deferred,
        reply: why.reply.map(string),
        note: why.note.map(string),
    }
}

fn string(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[derive(Deserialize)]
struct Entry {
    queue_id: String,
    #[serde(default)]
    sender: String,
    recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Recipient {
    address: String,
    #[serde(default)]
    delay_reason: String,
}

/// One object a line, as `postqueue -j` writes them; a line that is none ends the attempt to read it so.
fn json(text: &[u8]) -> Option<Listing> {
    let entry = |(offset, line, bytes): (usize, u64, &[u8])| {
        let entry: Entry = serde_json::from_slice(bytes).ok()?;
        let tried = entry.recipients.iter().filter(|recipient| !recipient.delay_reason.is_empty());
        let failures = tried.map(|recipient| failure(recipient.address.as_bytes(), recipient.delay_reason.as_bytes())).collect();
        let sender = if entry.sender == "MAILER-DAEMON" { String::new() } else { entry.sender };
        Some(Queued { id: entry.queue_id, sender, failures, offset, line })
    };
    let filled = lines(text).filter(|(.., bytes)| !bytes.trim_ascii().is_empty()).take(MOST_MESSAGES);
    let messages = filled.map(entry).collect::<Option<Vec<Queued>>>()?;
    (!messages.is_empty()).then_some(Listing { messages, is_bare: false })
}

/// ` 25m  2.9K 1wtcTj-00000008OnA-0eY6 <maria@northwind.example>`, then a recipient a line.
fn exim(text: &[u8]) -> Option<Listing> {
    let head = |(offset, line, bytes): (usize, u64, &[u8])| {
        let mut words = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let age = words.next()?;
        let (number, unit) = age.split_at_checked(age.len().checked_sub(1)?)?;
        let size = words.next()?;
        let id = words.next()?;
        let sender = words.next()?.strip_prefix(b"<")?.strip_suffix(b">")?;
        let is_age = !number.is_empty() && number.iter().all(u8::is_ascii_digit) && [&b"m"[..], b"h", b"d"].contains(&unit);
        let is_id = matches!(id.len(), 16 | 23) && id.iter().filter(|byte| **byte == b'-').count() == 2;
        (is_age && is_id && size.first().is_some_and(u8::is_ascii_digit)).then(|| Queued {
            id: string(id),
            sender: string(sender),
            offset,
            line,
            ..Queued::default()
        })
    };
    let filled = || lines(text).filter(|(.., bytes)| !bytes.trim_ascii().is_empty()).take(MOST_MESSAGES);
    // A log is told apart by its first line.
    head(filled().next()?)?;
    let messages: Vec<Queued> = filled().filter_map(head).collect();
    (messages.len() * 50 >= filled().count()).then_some(Listing { messages, is_bare: true })
}

#[cfg(test)]
mod tests {
    use smtp::Stage;

    use super::*;

    const LISTING: &str = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n4D2F09CE4FB*    5120 Mon Oct  5 07:14:07  maria@northwind.example\n(host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Service unavailable - try again later (in reply to RCPT TO command))\n                                         anna@icloud.com\n                                         bert@icloud.com\n(connect to mx02.mail.icloud.com[17.57.155.25]:25: Connection timed out)\n                                         cleo@icloud.com\n\n4D2F09CE4FC     5120 Mon Oct  5 07:14:08  MAILER-DAEMON\n                                         new@icloud.com\n\n-- 10 Kbytes in 2 Requests.\n";

    #[test]
    fn a_reason_holds_for_the_recipients_below_it() {
        let listing = read(LISTING.as_bytes()).unwrap();
        let [first, second] = listing.messages.as_slice() else { panic!("{listing:?}") };
        assert_eq!((first.id.as_str(), first.sender.as_str(), first.failures.len(), first.line), ("4D2F09CE4FB", "maria@northwind.example", 3, 2));
        let anna = &first.failures[0];
        assert_eq!(
            (anna.remote_ip.as_deref(), anna.stage, anna.reply.as_deref()),
            (Some("17.57.154.33"), Stage::Rcpt, Some("451 4.7.1 Service unavailable - try again later"))
        );
        assert_eq!((first.failures[2].reply.as_deref(), first.failures[2].stage), (None, Stage::Connect));
        assert_eq!((second.sender.as_str(), second.failures.len()), ("", 0));
    }

    #[test]
    fn json_says_the_same() {
        let text = r#"{"queue_name":"deferred","queue_id":"4D2F09CE4FB","arrival_time":1790000000,"message_size":5120,"forced_expire":false,"sender":"maria@northwind.example","recipients":[{"address":"anna@icloud.com","delay_reason":"host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Service unavailable - try again later (in reply to RCPT TO command)"},{"address":"new@icloud.com"}]}"#;
        let listing = read(text.as_bytes()).unwrap();
        assert_eq!(listing.messages[0].failures, read(LISTING.as_bytes()).unwrap().messages[0].failures[..1].to_vec());
    }

    #[test]
    fn exim_gives_no_reasons() {
        let text = " 25m  2.9K 1wtcTj-00000008OnA-0eY6 <maria@northwind.example>\n          anna@icloud.com\n        D done@icloud.com\n\n  3d   12K 1XSLn4-003Fa1-OX <>\n          bert@icloud.com\n";
        let listing = read(text.as_bytes()).unwrap();
        assert!(listing.is_bare && listing.messages.len() == 2 && listing.messages[1].sender.is_empty());
    }

    #[test]
    fn other_texts_are_no_listing() {
        for text in
            ["", "-", "{}", "{\"queue_id\":1}", "Hello", "25m ago", "-Queue", "2026-10-05T07:14:07Z mail postfix/smtp[1]: x", " 25m  2.9K notanid <a@b>\n"]
        {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        for cut in 0..LISTING.len() {
            let _ = read(LISTING.as_bytes().get(..cut).unwrap());
        }
    }
}
