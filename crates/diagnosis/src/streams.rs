//! Streams: the kinds of mail that a server sends, which a block may follow.
//!
//! A stream is told by how a message came to the server and by its envelope. What the message says is not known here.

use evidence::Origin;
use foldhash::fast::RandomState;
use hashbrown::HashSet;
use smtp::{domain_of, local_part_of};

use crate::diagnose::{Timed, Timeline};
use crate::{Event, Ledger, TextId};

/// More recipients than this within [`WINDOW`] are no person's doing.
const MOST_BY_HAND: usize = 50;

/// Ten minutes, in seconds.
const WINDOW: i64 = 600;

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Somebody logged in and sent it.
    Person,
    /// A program on the server sent it.
    Script,
    /// A list or another mailing to many.
    List,
    /// It came from elsewhere and was passed on.
    Forwarded,
    /// It has no sender: bounces, vacation replies, callouts.
    NullSender,
    /// The evidence does not tell.
    Mail,
}

impl Stream {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Stream::Person => "person",
            Stream::Script => "script",
            Stream::List => "list",
            Stream::Forwarded => "forwarded",
            Stream::NullSender => "null_sender",
            Stream::Mail => "mail",
        }
    }
}

/// What tells an attempt's stream; thousands of attempts have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Signs {
    /// The envelope sender.
    pub sender: Option<TextId>,
    origin: Option<Origin<()>>,
    forwarded: bool,
}

impl Signs {
    /// The signs of an attempt.
    pub fn of(event: &Event) -> Signs {
        Signs { sender: event.sender, origin: event.origin.map(|origin| origin.map(drop)), forwarded: event.forwarded }
    }
}

/// What tells the streams of a ledger's attempts.
#[derive(Debug)]
pub(crate) struct Streams<'l> {
    ledger: &'l Ledger,
    mailings: HashSet<TextId, RandomState>,
}

impl<'l> Streams<'l> {
    /// Looks for senders that wrote to many within minutes.
    pub fn of(ledger: &'l Ledger, timed: Timeline<'_>) -> Streams<'l> {
        // Where a login or a program is known, that tells the stream.
        let unknown = |attempt: &Timed| attempt.event.origin.is_none();
        let written = |attempt: Timed| Some((attempt.event.sender?, attempt.time?.div_euclid(WINDOW), attempt.event.recipient?));
        let mut written: Vec<(TextId, i64, TextId)> = timed.iter().filter(unknown).filter_map(written).collect();
        written.sort_unstable();
        written.dedup();
        let windows = written.chunk_by(|(sender, window, _), (next, later, _)| (sender, window) == (next, later));
        let many = windows.filter(|window| window.len() > MOST_BY_HAND).filter_map(|window| window.first());
        Streams { ledger, mailings: many.map(|(sender, ..)| *sender).collect() }
    }

    /// The stream of an attempt.
    pub fn stream(&self, event: &Event) -> Stream {
        self.told(Signs::of(event))
    }

    /// The stream that signs tell of.
    pub fn told(&self, Signs { sender: id, origin, forwarded }: Signs) -> Stream {
        let sender = id.map(|sender| self.ledger.texts.text(sender));
        match (sender, origin) {
            (Some(b""), _) => Stream::NullSender,
            (sender, _) if forwarded || sender.is_some_and(is_rewritten) => Stream::Forwarded,
            (Some(sender), _) if is_list(sender) => Stream::List,
            (_, Some(Origin::Login(()))) => Stream::Person,
            (_, Some(Origin::Script(()))) => Stream::Script,
            (Some(_), None) if id.is_some_and(|sender| self.mailings.contains(&sender)) => Stream::List,
            _ => Stream::Mail,
        }
    }
}

/// Whether a forwarder has rewritten the sender: SRS writes `SRS0=hash=time=domain=local@forwarder`.
pub(crate) fn is_rewritten(sender: &[u8]) -> bool {
    let start = sender.first_chunk::<5>().map(|start| start.map(|byte| byte.to_ascii_uppercase()));
    matches!(start, Some([b'S', b'R', b'S', b'0' | b'1', b'=' | b'+' | b'-']))
}

/// Whether a sender is a list's: variable envelope return paths hold the recipient's address, lists bounce to names of
/// their own.
fn is_list(sender: &[u8]) -> bool {
    let local = local_part_of(sender).unwrap_or(sender).to_ascii_lowercase();
    let holds_address = local.iter().position(|byte| *byte == b'+').is_some_and(|plus| local.get(plus..).is_some_and(|rest| rest.contains(&b'=')));
    let ends = [&b"-bounces"[..], b"-bounce", b"-return", b"-owner"].iter().any(|end| local.ends_with(end));
    let begins = [&b"owner-"[..], b"bounces+", b"bounce+", b"bounces-", b"newsletter", b"mailing"].iter().any(|start| local.starts_with(start));
    holds_address || ends || begins || matches!(local.as_slice(), b"bounces" | b"bounce" | b"news")
}

/// Whether an alias has replaced the recipient by one at another domain: the message is passed on.
pub(crate) fn is_forward(original: Option<&[u8]>, recipient: Option<&[u8]>) -> bool {
    match (original.and_then(domain_of), recipient.and_then(domain_of)) {
        (Some(before), Some(after)) => !before.eq_ignore_ascii_case(after),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_forwards_are_told_by_the_envelope() {
        for sender in [&b"bounce+anna=icloud.com@news.example"[..], b"news-bounces@x.example", b"Newsletter@shop.example", b"owner-club@x.example"] {
            assert!(is_list(sender), "{sender:?}");
        }
        for sender in [&b"anna@northwind.example"[..], b"anna+shop@northwind.example", b"newman@x.example", b""] {
            assert!(!is_list(sender), "{sender:?}");
        }
        assert!(is_rewritten(b"SRS0=aB3d=QR=x.example=anna@fwd.example"));
        assert!(is_rewritten(b"srs1=aB3d=other.example==aB3d=QR=x.example=anna@fwd.example"));
        assert!(!is_rewritten(b"srs@x.example"));
        assert!(is_forward(Some(b"info@northwind.example"), Some(b"anna@icloud.com")));
        assert!(!is_forward(Some(b"ANNA@iCloud.com"), Some(b"anna@icloud.com")));
        assert!(!is_forward(Some(b"root"), Some(b"anna@icloud.com")));
    }
}
