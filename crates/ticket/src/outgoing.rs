//! A draft becomes a message that can be handed over: dated, named, without what marks it as unsent or hidden.

use std::net::IpAddr;

use chrono::DateTime;
use mail_parser::{Address, MessageParser, MimeHeaders};
use thiserror::Error;

/// Why a draft cannot be sent.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OutgoingError {
    /// It is no mail.
    #[error("this is no mail")]
    NoMail,
    /// A header field is missing.
    #[error("the draft has no {0}; open it, fill it in and save it again")]
    Missing(&'static str),
    /// A line that only a person can fill is still open.
    #[error("the draft still says \"{0}\"; fill it in first")]
    Open(String),
}

/// A message as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The message, lines ended by CRLF.
    pub raw: Vec<u8>,
    /// Its Message-ID: the same for the same draft, so that a second try is seen as one.
    pub message_id: String,
    /// The sender's address.
    pub from: String,
    /// Every recipient's address.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text, for a preview.
    pub body: String,
    /// The names of the files that go along.
    pub attachments: Vec<String>,
    /// The addresses that the letter is about.
    pub ips: Vec<IpAddr>,
}

/// Header fields that do not go out: a draft's mark, hidden recipients, and what is written anew.
const DROPPED: [&str; 4] = ["x-unsent", "bcc", "date", "message-id"];

/// Makes a message of a draft.
pub fn outgoing(draft: &[u8], now: i64) -> Result<Outgoing, OutgoingError> {
    let message = MessageParser::default().parse(draft).ok_or(OutgoingError::NoMail)?;
    let list = |address: Option<&Address<'_>>| -> Vec<String> {
        address.into_iter().flat_map(|address| address.iter()).filter_map(|one| one.address()).map(str::to_owned).collect()
    };
    let from = list(message.from()).into_iter().next().ok_or(OutgoingError::Missing("From"))?;
    let mut to = list(message.to());
    if to.is_empty() {
        return Err(OutgoingError::Missing("To"));
    }
    to.extend(list(message.cc()));
    let body = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
    if let Some(line) = body.lines().find(|line| line.contains("[TO FILL IN:")) {
        return Err(OutgoingError::Open(line.trim().to_owned()));
    }
    let attachments = message.attachments().map(|part| part.attachment_name().unwrap_or("?").to_owned()).collect();
    let (head, text) = halves(draft);
    let domain = from.rsplit_once('@').map_or("invalid", |(_, domain)| domain);
    let kept = kept(&head);
    let message_id = format!("<{}@{domain}>", &blake3::hash(format!("{kept}\0{text}").as_bytes()).to_hex().as_str().get(..32).unwrap_or_default());
    let date = DateTime::from_timestamp(now, 0).unwrap_or_default().to_rfc2822();
    let raw = format!("Date: {date}\nMessage-ID: {message_id}\n{kept}\n{text}").replace('\n', "\r\n").into_bytes();
    Ok(Outgoing { raw, message_id, from, to, subject: message.subject().unwrap_or_default().to_owned(), ips: addresses(&body), attachments, body })
}

/// The header and the body, lines ended by LF. A draft of ours is ASCII; what a user put in beside it stays readable.
fn halves(draft: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(draft).replace("\r\n", "\n").replace('\r', "\n");
    text.split_once("\n\n").map_or_else(|| (text.clone(), String::new()), |(head, body)| (head.to_owned(), body.to_owned()))
}

/// The header without the fields that do not go out, folded lines and all.
fn kept(head: &str) -> String {
    let mut out = String::with_capacity(head.len());
    let mut dropping = false;
    for line in head.lines() {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
            dropping = DROPPED.contains(&name.as_str());
        }
        if !dropping {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The addresses of the letter's third part.
fn addresses(body: &str) -> Vec<IpAddr> {
    let part = body.lines().skip_while(|line| !line.starts_with("3. ")).skip(1).take_while(|line| !line.starts_with("4. "));
    let listed: Vec<IpAddr> = part.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    if !listed.is_empty() {
        return listed;
    }
    // A follow-up names them in its first lines.
    let words = body.lines().take(4).flat_map(|line| line.split([' ', ',', '(', ')'])).map(|word| word.trim_end_matches(['.', ':']));
    words.filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &[u8] = b"From: Maria <maria@fjordit.example>\r\nTo: icloudadmin@apple.com\r\nCc: a@x.example\r\nBcc: hidden@x.example,\r\n more@x.example\r\nX-Unsent: 1\r\nSubject: s\r\n\r\nHello\r\n3. IP\r\n203.0.113.25   ours\r\n4. SMTP\r\n";

    #[test]
    fn a_draft_goes_out_dated_and_without_hidden_recipients() {
        let out = outgoing(DRAFT, 0).unwrap();
        let raw = String::from_utf8(out.raw.clone()).unwrap();
        assert_eq!((out.from.as_str(), out.to.len(), out.ips.len()), ("maria@fjordit.example", 2, 1));
        assert!(!raw.contains("hidden@") && !raw.contains("more@") && !raw.contains("X-Unsent"), "{raw}");
        assert!(raw.starts_with("Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <"), "{raw}");
        assert!(raw.split('\n').filter(|line| !line.is_empty()).all(|line| line.ends_with('\r')));
        assert_eq!(outgoing(DRAFT, 99).unwrap().message_id, out.message_id);
    }

    #[test]
    fn what_is_not_finished_does_not_go_out() {
        let open = b"From: a@x.example\nTo: b@y.example\n\nCause: [TO FILL IN: the cause]\n";
        assert!(matches!(outgoing(open, 0), Err(OutgoingError::Open(_))));
        assert_eq!(outgoing(b"To: b@y.example\n\nx\n", 0), Err(OutgoingError::Missing("From")));
        assert_eq!(outgoing(b"From: a@x.example\n\nx\n", 0), Err(OutgoingError::Missing("To")));
    }
}
