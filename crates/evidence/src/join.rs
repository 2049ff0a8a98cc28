//! Joining: which lines are of one message. One module for all families.
//!
//! A message is the use of an id on a host, from its birth to its end. The syslog instance is left out of the key,
//! because a client renamed in `master.cf` logs under another instance than the queue that gave the id.
//!
//! A part of a file knows only what was said inside it. What it says of an id that was open before it began stays
//! relative to the [`Past`], and is made absolute when the parts are put together in file order: so the cuts between
//! parts change nothing.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;
use foldhash::quality::FixedState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::family::exim::Arrival;
use crate::{Fact, Origin};

/// The longest id that is kept.
const LONGEST_ID: usize = 24;

/// How much of a line of arrival is kept: what stands further behind are the recipients.
const LONGEST_ARRIVAL: usize = 2000;

/// An odd number whose bits are as good as random: the golden ratio's.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// A host's id of a message: 128 bits made of the host's hash and the id itself, or the id's hash where it is of an
/// uncommon length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u64; 2]);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.number());
    }
}

impl Key {
    /// The key of an id on a host that [`Key::host`] has hashed; nothing for an id that no server would give.
    #[inline]
    pub fn new(host: u64, id: &[u8]) -> Option<Key> {
        // Of 8 to 16 bytes the first and the last eight are all of them; of up to 24 there is a middle.
        let [first, last] = match (id.first_chunk(), id.last_chunk()) {
            _ if id.len() > LONGEST_ID => return None,
            (Some(first), Some(last)) => {
                let middle = id.get(8..16).and_then(|middle| middle.first_chunk()).filter(|_| id.len() > 16);
                let middle = middle.map_or(0, |middle| u64::from_le_bytes(*middle)).wrapping_mul(MIX);
                [u64::from_le_bytes(*first) ^ middle, u64::from_le_bytes(*last) ^ middle.rotate_left(29)]
            }
            _ => [1, 2].map(|seed| FixedState::with_seed(seed).hash_one(id)),
        };
        Some(Key([first ^ host, last ^ host.rotate_left(32) ^ (id.len() as u64).rotate_right(5)]))
    }

    /// The key of an id of any length, such as a Message-ID.
    pub fn of_text(host: u64, id: &[u8]) -> Key {
        let [first, last] = [1, 2].map(|seed| FixedState::with_seed(seed).hash_one(id));
        Key([first ^ host, last ^ host.rotate_left(32)])
    }

    /// The key as one number.
    pub fn number(self) -> u128 {
        let Key([first, last]) = self;
        u128::from(first) << 64 | u128::from(last)
    }

    /// A number that stands for a host's name.
    pub fn host(name: &[u8]) -> u64 {
        FixedState::with_seed(0).hash_one(name)
    }
}

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
    origin: Span,
    /// Whether the sender's place holds all that a line of arrival says.
    arrived: bool,
    /// Whether the origin is a program, and not a login.
    script: bool,
    /// Whether it began there, or before the part.
    born: bool,
    closed: bool,
}

impl Open {
    fn new(birth: Birth) -> Open {
        let born = matches!(birth, Birth::At(_));
        Open { position: position(birth), sender: NOTHING, message_id: NOTHING, origin: NOTHING, arrived: false, script: false, born, closed: false }
    }

    fn birth(&self) -> Birth {
        if self.born { Birth::At(self.position) } else { Birth::Before(self.position) }
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

    /// Notes a fact that stands at a position. An id is never reused before its end was logged or a birth says so.
    pub fn note(&mut self, host: u64, fact: Fact<'_>, position: u64) {
        match fact {
            Fact::Born { id, origin } => {
                let script = matches!(origin, Some(Origin::Script(_)));
                let origin = origin.map_or(NOTHING, |origin| self.keep(origin.name()));
                self.insert(host, id, Open { origin, script, ..Open::new(Birth::At(position)) });
            }
            Fact::Arrived { id, words } => {
                let sender = self.keep(words.get(..LONGEST_ARRIVAL).unwrap_or(words));
                self.insert(host, id, Open { sender, arrived: true, ..Open::new(Birth::At(position)) });
            }
            Fact::Sender { id, sender } => {
                let span = self.keep(sender);
                self.with(host, id, position, |open| open.sender = span);
            }
            Fact::MessageId { id, message_id } => {
                let span = self.keep(message_id);
                self.with(host, id, position, |open| open.message_id = span);
            }
            Fact::Ended { id } => {
                let closed = Open { closed: true, ..Open::new(Birth::At(position)) };
                self.insert(host, id, closed);
            }
            Fact::Connection { .. } | Fact::Signed { .. } | Fact::Aside => {}
        }
    }

    /// Whose attempt it is that stands at a position.
    pub fn owner(&mut self, key: Key, position: u64) -> Owner<'_> {
        let open = *live(&mut self.open, key, position);
        self.told(&open)
    }

    fn told(&self, open: &Open) -> Owner<'_> {
        if open.arrived {
            let arrival = self.text(open.sender).map(Arrival::read);
            let (message_id, origin) = arrival.map_or((None, None), |arrival| (arrival.message_id, arrival.origin));
            return Owner { birth: open.birth(), sender: arrival.map(|arrival| arrival.sender), message_id, origin };
        }
        let kind = if open.script { Origin::Script } else { Origin::Login };
        let origin = self.text(open.origin).map(kind);
        Owner { birth: open.birth(), sender: self.text(open.sender), message_id: self.text(open.message_id), origin }
    }

    fn insert(&mut self, host: u64, id: &[u8], open: Open) {
        if let Some(key) = Key::new(host, id) {
            self.open.insert(key, open);
        }
    }

    fn with(&mut self, host: u64, id: &[u8], position: u64, change: impl FnOnce(&mut Open)) {
        if let Some(key) = Key::new(host, id) {
            change(live(&mut self.open, key, position));
        }
    }

    /// Keeps a text; one of more than 64 KiB is no address and counts as not known.
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
            if entry.closed {
                *entry = Open::new(Birth::At(position));
            }
            entry
        }
        Entry::Vacant(entry) => entry.insert(Open::new(Birth::Before(position))),
    }
}

/// What is known of the messages that were in the queue when a part began.
#[derive(Debug, Default)]
pub struct Past {
    open: HashMap<Key, Remembered, RandomState>,
}

/// A message that is in the queue; its texts lie in one piece of memory, one behind the other.
#[derive(Clone, Debug)]
struct Remembered {
    birth: u64,
    sender: Option<u32>,
    message_id: Option<u32>,
    origin: Option<Origin<()>>,
    texts: Box<[u8]>,
}

impl Remembered {
    fn new(birth: u64, owner: Owner<'_>) -> Remembered {
        let length = |text: Option<&[u8]>| text.map(|text| text.len() as u32);
        let name = owner.origin.map(Origin::name).unwrap_or_default();
        let texts = [owner.sender.unwrap_or_default(), owner.message_id.unwrap_or_default(), name].concat();
        Remembered {
            birth,
            sender: length(owner.sender),
            message_id: length(owner.message_id),
            origin: owner.origin.map(|origin| origin.map(|_| ())),
            texts: texts.into_boxed_slice(),
        }
    }

    fn sender(&self) -> Option<&[u8]> {
        self.texts.get(..self.sender? as usize)
    }

    fn message_id(&self) -> Option<&[u8]> {
        let start = self.sender.unwrap_or(0) as usize;
        self.texts.get(start..start + self.message_id? as usize)
    }

    fn origin(&self) -> Option<Origin<&[u8]>> {
        let start = self.sender.unwrap_or(0) + self.message_id.unwrap_or(0);
        let name = self.texts.get(start as usize..)?;
        self.origin.map(|origin| origin.map(|()| name))
    }
}

impl Past {
    /// Where a message of the next part began, and all that is known of it.
    pub fn resolve<'a>(&'a self, key: &Key, owner: Owner<'a>) -> (u64, Owner<'a>) {
        let Birth::Before(seen) = owner.birth else { return (position(owner.birth), owner) };
        let before = self.open.get(key);
        let birth = before.map_or(seen, |open| open.birth);
        let sender = owner.sender.or_else(|| before?.sender());
        let message_id = owner.message_id.or_else(|| before?.message_id());
        let origin = owner.origin.or_else(|| before?.origin());
        (birth, Owner { sender, message_id, origin, ..owner })
    }

    /// Takes in what a part, the next in file order, knew at its end.
    pub fn absorb(&mut self, part: &Join) {
        for (key, open) in &part.open {
            if open.closed {
                self.open.remove(key);
                continue;
            }
            let (birth, owner) = self.resolve(key, part.told(open));
            let next = Remembered::new(birth, owner);
            self.open.insert(*key, next);
        }
    }

    /// How many messages are in the queue.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether the queue is empty.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

fn position(birth: Birth) -> u64 {
    match birth {
        Birth::At(position) | Birth::Before(position) => position,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: u64 = 7;

    fn key() -> Key {
        Key::new(HOST, b"4D2F").unwrap()
    }

    fn sender(sender: &[u8]) -> Fact<'_> {
        Fact::Sender { id: b"4D2F", sender }
    }

    #[test]
    fn a_reused_id_is_another_message() {
        let mut join = Join::default();
        join.note(HOST, sender(b"a@x.example"), 10);
        let first = join.owner(key(), 20).birth;
        assert_eq!(join.owner(key(), 30).sender, Some(&b"a@x.example"[..]));
        join.note(HOST, Fact::Ended { id: b"4D2F" }, 40);
        assert_eq!(join.owner(key(), 50), Owner { birth: Birth::At(50), sender: None, message_id: None, origin: None });
        assert_ne!(join.owner(key(), 60).birth, first);
    }

    #[test]
    fn a_part_that_begins_in_the_middle_asks_the_past() {
        let (mut early, mut late, mut past) = (Join::default(), Join::default(), Past::default());
        early.note(HOST, sender(b"a@x.example"), 10);
        past.absorb(&early);
        let owner = late.owner(key(), 120);
        let (birth, known) = past.resolve(&key(), owner);
        assert_eq!((birth, known.sender, known.message_id), (10, Some(&b"a@x.example"[..]), None));
        late.note(HOST, Fact::Ended { id: b"4D2F" }, 130);
        past.absorb(&late);
        assert!(past.is_empty());
    }

    #[test]
    fn an_empty_sender_is_known() {
        let mut join = Join::default();
        join.note(HOST, sender(b""), 10);
        assert_eq!(join.owner(key(), 20).sender, Some(&b""[..]));
        assert_eq!(Key::new(HOST, &[b'A'; 25]), None);
    }
}
