//! Joining: which lines are of one message. One module for all families.
//!
//! A message is the use of an id on a host, from its birth to its end. The syslog instance is left out of the key,
//! because a client renamed in `master.cf` logs under another instance than the queue that gave the id.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::family::exim::Arrival;
use crate::{Key, Origin, What};

/// How much of a line of arrival is kept: what stands further behind are the recipients.
const LONGEST_ARRIVAL: usize = 2000;

/// Where a message began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Birth {
    /// At this position in the sources.
    At(u64),
    /// Before the part; where nothing is known of it there either, at this position.
    Before(u64),
}

/// What an attempt's own part knows of the message it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'a> {
    /// Where the message began.
    pub birth: Birth,
    /// The envelope sender, empty for a bounce.
    pub sender: Option<&'a [u8]>,
    /// The Message-ID.
    pub message_id: Option<&'a [u8]>,
    /// How it came to the server.
    pub origin: Option<Origin<&'a [u8]>>,
}

/// A run of bytes in the arena: the halves of its start and its length, so that it takes six bytes and not eight. The
/// empty run at the end of all places is "not known".
#[derive(Clone, Copy, Debug)]
struct Span([u16; 3]);

const NOTHING: Span = Span([u16::MAX, u16::MAX, 0]);

impl Span {
    fn new(start: u32, len: u16) -> Span {
        Span([(start >> 16) as u16, start as u16, len])
    }

    fn start(self) -> usize {
        let Span([high, low, _]) = self;
        usize::from(high) << 16 | usize::from(low)
    }

    fn len(self) -> usize {
        usize::from(self.0[2])
    }
}

/// What is known of a message. There are thousands of them in a part, so they are kept small.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Where it was first seen.
    position: u64,
    sender: Span,
    message_id: Span,
    /// What was said with its birth.
    origin: Span,
    /// How it came, if it did not begin before the part; or that it ended.
    born: Option<What>,
}

impl Open {
    /// A message of which nothing is known but where it began, by what is said there.
    #[inline]
    fn new(position: u64, born: Option<What>) -> Open {
        Open { position, sender: NOTHING, message_id: NOTHING, origin: NOTHING, born }
    }

    fn birth(&self) -> Birth {
        if self.born.is_some() { Birth::At(self.position) } else { Birth::Before(self.position) }
    }

    fn is_closed(&self) -> bool {
        self.born == Some(What::Ended)
    }
}

/// The messages that one part saw.
#[derive(Debug, Default)]
pub struct Join {
    open: HashMap<Key, Open, RandomState>,
    arena: Vec<u8>,
}

impl Join {
    /// A join with room for a number of messages.
    pub fn for_messages(messages: usize) -> Join {
        Join { open: HashMap::with_capacity_and_hasher(messages, RandomState::default()), arena: Vec::new() }
    }

    /// Notes what a line at a position says of a message. An id is never reused before its end was logged or a birth says
    /// so.
    #[inline]
    pub fn note(&mut self, host: u64, id: &[u8], (what, text): (What, &[u8]), position: u64) {
        let Some(key) = Key::new(host, id) else { return };
        match what {
            What::Sender => {
                let sender = self.keep(text);
                live(&mut self.open, key, position).sender = sender;
            }
            What::MessageId => {
                let message_id = self.keep(text);
                live(&mut self.open, key, position).message_id = message_id;
            }
            What::Born | What::Ended => drop(self.open.insert(key, Open::new(position, Some(what)))),
            What::Login | What::Script | What::Arrived => {
                let origin = self.keep(text.get(..LONGEST_ARRIVAL).unwrap_or(text));
                self.open.insert(key, Open { origin, ..Open::new(position, Some(what)) });
            }
        }
    }

    /// Whose attempt it is that stands at a position.
    pub fn owner(&mut self, key: Key, position: u64) -> Owner<'_> {
        let open = *live(&mut self.open, key, position);
        self.told(&open)
    }

    /// Every message, with what is known of it if it is in the queue at the end.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&Key, Option<Owner<'_>>)> {
        self.open.iter().map(|(key, open)| (key, (!open.is_closed()).then(|| self.told(open))))
    }

    fn told(&self, open: &Open) -> Owner<'_> {
        let origin = self.text(open.origin);
        let arrival = origin.filter(|_| open.born == Some(What::Arrived)).map(Arrival::read);
        let sender = self.text(open.sender).or(arrival.map(|arrival| arrival.sender));
        let message_id = self.text(open.message_id).or(arrival.and_then(|arrival| arrival.message_id));
        let origin = match open.born {
            Some(What::Login) => origin.map(Origin::Login),
            Some(What::Script) => origin.map(Origin::Script),
            _ => arrival.and_then(|arrival| arrival.origin),
        };
        Owner { birth: open.birth(), sender, message_id, origin }
    }

    /// Keeps a text; one of more than 64 KiB is no address and counts as not known.
    #[inline]
    fn keep(&mut self, text: &[u8]) -> Span {
        let (Ok(start), Ok(len)) = (u32::try_from(self.arena.len()), u16::try_from(text.len())) else { return NOTHING };
        self.arena.extend_from_slice(text);
        Span::new(start, len)
    }

    fn text(&self, span: Span) -> Option<&[u8]> {
        self.arena.get(span.start()..span.start() + span.len())
    }
}

/// The entry of a message that is in the queue, begun here if the id was free or not seen in this part.
fn live(open: &mut HashMap<Key, Open, RandomState>, key: Key, position: u64) -> &mut Open {
    match open.entry(key) {
        Entry::Occupied(entry) => {
            let entry = entry.into_mut();
            if entry.is_closed() {
                *entry = Open::new(position, Some(What::Born));
            }
            entry
        }
        Entry::Vacant(entry) => entry.insert(Open::new(position, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Past;

    const HOST: u64 = 7;

    fn key() -> Key {
        Key::new(HOST, b"4D2F").unwrap()
    }

    fn note(join: &mut Join, what: What, text: &[u8], position: u64) {
        join.note(HOST, b"4D2F", (what, text), position);
    }

    #[test]
    fn a_reused_id_is_another_message() {
        let mut join = Join::default();
        note(&mut join, What::Sender, b"a@x.example", 10);
        let first = join.owner(key(), 20).birth;
        assert_eq!(join.owner(key(), 30).sender, Some(&b"a@x.example"[..]));
        note(&mut join, What::Ended, b"", 40);
        assert_eq!(join.owner(key(), 50), Owner { birth: Birth::At(50), sender: None, message_id: None, origin: None });
        assert_ne!(join.owner(key(), 60).birth, first);
    }

    #[test]
    fn a_part_that_begins_in_the_middle_asks_the_past() {
        let (mut early, mut late, mut past) = (Join::default(), Join::default(), Past::default());
        note(&mut early, What::Sender, b"a@x.example", 10);
        past.absorb(&early);
        let owner = late.owner(key(), 120);
        let (birth, known) = past.resolve(&key(), owner);
        assert_eq!((birth, known.sender, known.message_id), (10, Some(&b"a@x.example"[..]), None));
        note(&mut late, What::Ended, b"", 130);
        past.absorb(&late);
        assert!(past.is_empty());
    }

    #[test]
    fn an_empty_sender_is_known() {
        let mut join = Join::default();
        for what in [What::Sender, What::Arrived] {
            note(&mut join, what, b"", 10);
            assert_eq!(join.owner(key(), 20).sender, Some(&b""[..]), "{what:?}");
            note(&mut join, What::Ended, b"", 30);
        }
    }

    #[test]
    fn many_lines_of_one_message_and_many_messages_stay_what_they_are() {
        let mut join = Join::default();
        let id = |number: u64| format!("4D2F{number:08}").into_bytes();
        for number in 0..2000 {
            join.note(HOST, &id(number), (What::Login, b"anna"), number);
            join.note(HOST, &id(number), (What::Sender, &id(number)), 5000);
        }
        for round in 6000..6100 {
            note(&mut join, What::Sender, b"a@x.example", round);
            note(&mut join, What::MessageId, b"<1@x.example>", round);
            let sender = Some(&b"a@x.example"[..]);
            assert_eq!(join.owner(key(), round), Owner { birth: Birth::Before(6000), sender, message_id: Some(b"<1@x.example>"), origin: None });
        }
        for number in 0..2000 {
            let key = Key::new(HOST, &id(number)).unwrap();
            let expected = Owner { birth: Birth::At(number), sender: Some(&id(number)[..]), message_id: None, origin: Some(Origin::Login(&b"anna"[..])) };
            assert_eq!(join.owner(key, 7000), expected);
        }
        assert_eq!(join.messages().filter(|(_, owner)| owner.is_some()).count(), 2001);
    }
}
