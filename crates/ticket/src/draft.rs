//! The e-mail draft: a message that mail programs open as one that was not sent yet.

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use thiserror::Error;

use crate::Letter;

/// Why no draft could be built.
#[derive(Debug, Error)]
pub enum DraftError {
    /// An address that the user gave is none.
    #[error("`{0}` is no address; write it as NAME <ADDRESS>")]
    Address(String),
    /// The message could not be put together.
    #[error("the draft could not be built: {0}")]
    Build(String),
}

/// Whether a text is an address, as in `NAME <ADDRESS>`.
pub fn is_mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// A file that goes along with a draft, because the user wants it to.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its kind, as in `application/pdf`.
    pub kind: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// The draft as bytes: no Date, no Message-ID, no From where none is known, `X-Unsent: 1`, lines ended by CRLF.
pub fn eml(letter: &Letter, from: Option<&str>, cc: &[String], attachments: &[Attachment]) -> Result<Vec<u8>, DraftError> {
    let address = |text: &str| text.parse::<Mailbox>().map_err(|_| DraftError::Address(text.to_owned()));
    let sender = from.map_or_else(|| address("placeholder@invalid.example"), address)?;
    // A form has no address: its draft is a note to paste from, and goes to nobody.
    let mut builder = Message::builder().from(sender.clone()).to(address(&letter.to).unwrap_or(sender)).subject(&letter.subject);
    for copy in cc {
        builder = builder.cc(address(copy)?);
    }
    let text = letter.body.replace('\n', "\r\n");
    let body =
        Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).map_err(|_| DraftError::Build("the text cannot be encoded".to_owned()))?;
    let part = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body);
    let built = if attachments.is_empty() { builder.singlepart(part) } else { builder.multipart(with(part, attachments)?) };
    let mut message = built.map_err(|error| DraftError::Build(error.to_string()))?;
    let headers = message.headers_mut();
    headers.remove_raw("Date");
    headers.remove_raw("Message-ID");
    if from.is_none() {
        headers.remove_raw("From");
    }
    if !is_mailbox(&letter.to) {
        headers.remove_raw("To");
    }
    if let Some(thread) = letter.follows.as_deref().filter(|thread| is_message_id(thread)) {
        headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("In-Reply-To"), thread.to_owned()));
        headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("References"), thread.to_owned()));
    }
    headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("X-Unsent"), "1".to_owned()));
    Ok(message.formatted())
}

/// The text with the files that go along.
fn with(text: SinglePart, attachments: &[Attachment]) -> Result<MultiPart, DraftError> {
    let mut parts = MultiPart::mixed().singlepart(text);
    for attachment in attachments {
        let kind = ContentType::parse(attachment.kind).map_err(|error| DraftError::Build(error.to_string()))?;
        parts = parts.singlepart(lettre::message::Attachment::new(attachment.name.clone()).body(attachment.content.clone(), kind));
    }
    Ok(parts)
}

/// Whether a text is a Message-ID (RFC 5322, section 3.6.4) that may stand in a header field as it is.
fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or_default();
    let plain = inner.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'));
    plain && inner.split_once('@').is_some_and(|(left, right)| !left.is_empty() && !right.is_empty()) && inner.len() < 900
}
