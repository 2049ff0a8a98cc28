//! The message that came back, or its header fields: whose it was, and whether it ever was the client's.

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use smtp::is_under;

/// What is known of the message that came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// The envelope sender, or where it is not told the author.
    pub sender: Option<String>,
    /// The author, from the From header field.
    pub from: Option<String>,
    /// The Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The domains that signed it, each with its selector (RFC 6376).
    pub signatures: Vec<(String, String)>,
    /// The servers it passed, the last one first.
    pub passed: Vec<String>,
    /// Whether it says that it was sent to a list.
    pub is_list: bool,
}

/// Finds the returned message in a bounce.
pub fn read(message: &Message<'_>) -> Returned {
    for part in &message.parts {
        let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
        match &part.body {
            PartType::Message(inner) => return of(inner),
            PartType::Text(text) if subtype.ends_with("headers") => return from_text(text.as_bytes()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if subtype.ends_with("headers") => return from_text(bytes),
            _ => {}
        }
    }
    inline(message)
}

/// The bytes of the returned message in a bounce, and whether its body is among them.
pub fn raw(message: &Message<'_>) -> (Vec<u8>, bool) {
    for part in &message.parts {
        let bytes = || message.raw_message.get(part.raw_body_offset() as usize..part.raw_end_offset() as usize).unwrap_or_default().to_vec();
        let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default();
        match &part.body {
            PartType::Message(_) => return (bytes(), true),
            PartType::Text(text) if subtype.ends_with("headers") => return (text.as_bytes().to_vec(), false),
            _ if subtype.ends_with("headers") => return (bytes(), false),
            _ => {}
        }
    }
    (below(message).unwrap_or_default().into_bytes(), false)
}

fn from_text(text: &[u8]) -> Returned {
    MessageParser::default().parse_headers(text).map(|message| of(&message)).unwrap_or_default()
}

/// Exim, qmail and others write the message below a line of dashes into the text itself.
fn inline(message: &Message<'_>) -> Returned {
    below(message).map(|text| from_text(text.as_bytes())).unwrap_or_default()
}

/// What stands below such a line.
fn below(message: &Message<'_>) -> Option<String> {
    let text = message.body_text(0)?;
    let marks =
        ["------ This is a copy of", "--- Below this line is a copy of the message", "----- Original message -----", "----- Message header follows -----"];
    let start = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    let below = text.get(start..).unwrap_or_default();
    let lines = below.lines().skip(1).skip_while(|line| line.trim().is_empty() || line.starts_with("---"));
    Some(lines.collect::<Vec<_>>().join("\r\n"))
}

/// What a mail's own header fields say.
pub fn of(message: &Message<'_>) -> Returned {
    let from = message.from().and_then(first);
    let path = message.header_raw("Return-Path").and_then(address);
    let passed = message.received_all().filter_map(|received| Some(received.by()?.to_string().to_ascii_lowercase()));
    Returned {
        sender: path.or_else(|| from.clone()),
        from,
        message_id: message.message_id().map(str::to_owned),
        signatures: message.header_values("DKIM-Signature").filter_map(signature).collect(),
        passed: passed.take(100).collect(),
        is_list: message.header("List-Id").is_some() || message.header("List-Unsubscribe").is_some(),
    }
}

fn first(address: &Address<'_>) -> Option<String> {
    address.first()?.address().map(str::to_owned)
}

/// The address in a header field's value.
pub fn address(value: &str) -> Option<String> {
    let inside = value.rsplit_once('<').map_or(value, |(_, rest)| rest).split('>').next()?.trim();
    inside.contains('@').then(|| inside.to_owned())
}

/// The domain and the selector of a signature.
fn signature(value: &HeaderValue<'_>) -> Option<(String, String)> {
    let text = value.as_text()?;
    let tag = |name: &str| {
        let tags = text.split(';').filter_map(|tag| tag.split_once('='));
        tags.into_iter().find(|(known, _)| known.trim() == name).map(|(_, value)| value.split_whitespace().collect::<String>().to_ascii_lowercase())
    };
    Some((tag("d")?, tag("s")?))
}

impl Returned {
    /// Whether the message was never the client's: it is signed, but by other domains than its author's, and neither the
    /// server that bounced it nor any that it passed belongs to the author's domain.
    ///
    /// A message without a signature proves nothing, because most hosts bounce under names of their own.
    pub fn is_foreign(&self, reporter: Option<&str>) -> bool {
        let Some((_, domain)) = self.from.as_deref().and_then(|from| from.rsplit_once('@')) else { return false };
        let own = |name: &str| is_under(name.as_bytes(), domain.as_bytes()) || is_under(domain.as_bytes(), name.as_bytes());
        let signed = !self.signatures.is_empty() && !self.signatures.iter().any(|(signer, _)| own(signer));
        let path = self.sender.as_deref().and_then(|sender| sender.rsplit_once('@')).is_some_and(|(_, sender)| own(sender));
        signed && !self.passed.is_empty() && !self.passed.iter().map(String::as_str).chain(reporter).any(own) && !path
    }
}
