//! The kept attempts. There may be millions, so what many have in common is kept once, and an [`Event`] is put together
//! when somebody looks at it.

use std::net::IpAddr;

use evidence::{Origin, Stamp};
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use providers::{MatchedBy, ProviderId};
use smtp::{Disposition, Outcome, Stage};

use crate::message_id::NameBegin;
use crate::pages::Pages;
use crate::{Event, GroupId, MessageName, MessageRef, Said, SendingBasis, TextId};

/// How many senders are looked for before another is kept. Lists that give each message a sender of its own have more, and
/// share none.
const MOST_SHARED: usize = 1 << 16;

/// The bit of an owner's place that says that it is one of the others.
const OTHER: u32 = 1 << 31;

/// The kept attempts, in the order of the sources and their lines.
#[derive(Debug, Default)]
pub struct Events {
    rows: Pages<Row>,
    kinds: Vec<Kind>,
    kind_index: HashMap<Kind, u32, RandomState>,
    /// What is known of each message, by its number.
    owners: Pages<Owned>,
    /// What an attempt told of its message that others of it told otherwise.
    others: Vec<(MessageRef, Owned)>,
    /// The last of these of each message that has any.
    last_other: HashMap<MessageRef, u32, RandomState>,
    /// Who sent, and how that came to the server: few send many messages.
    senders: Pages<Sender>,
    sender_index: HashMap<Sender, u32, RandomState>,
    /// The whole lines of samples, by the attempts' places.
    raw: HashMap<usize, TextId, RandomState>,
}

/// What an attempt shares with next to none. Stamps need not lie where a processor likes best.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(4))]
struct Row {
    stamp: Option<Stamp>,
    kind: u32,
    owner: u32,
    recipient: Option<TextId>,
    reply: Option<TextId>,
    line: Place,
    offset: Place,
}

/// What an attempt shares with many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind {
    source: u32,
    times: u32,
    turn: i32,
    forwarded: bool,
    remote_host: Option<TextId>,
    remote_ip: Option<IpAddr>,
    sending: Option<(IpAddr, SendingBasis)>,
    stage: Stage,
    outcome: Outcome,
    disposition: Disposition,
    /// What begins the reply, where its end is kept apart.
    begin: Option<TextId>,
    note: Option<TextId>,
    provider: Option<(ProviderId, MatchedBy)>,
    group: Option<GroupId>,
    /// Whether the whole line was kept, if only for a while.
    sampled: bool,
}

/// What an attempt shares with the others of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The sending server's id of it.
    pub id: TextId,
    /// The envelope sender.
    pub sender: Option<TextId>,
    /// The Message-ID.
    pub message_id: Option<MessageName>,
    /// How it came to the server.
    pub origin: Option<Origin<TextId>>,
}

/// What messages share with many others: the envelope sender, how they came to the server, and how their Message-IDs end.
type Sender = (Option<TextId>, Option<Origin<TextId>>, Option<TextId>);

/// An [`Owner`] as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owned {
    id: TextId,
    sender: u32,
    message_id: Option<NameBegin>,
}

/// A place in a source, which is shorter than 256 TiB, in six bytes.
#[derive(Clone, Copy, Debug)]
struct Place([u16; 3]);

impl Place {
    fn new(place: u64) -> Place {
        Place([(place >> 32) as u16, (place >> 16) as u16, place as u16])
    }

    fn number(self) -> u64 {
        let Place([high, middle, low]) = self;
        u64::from(high) << 32 | u64::from(middle) << 16 | u64::from(low)
    }
}

impl Events {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// The attempt at a place.
    #[inline(always)]
    pub fn get(&self, place: usize) -> Option<Event> {
        self.event(place, self.rows.get(place)?)
    }

    /// All attempts.
    pub fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        self.rows.iter().enumerate().filter_map(|(place, row)| self.event(place, row))
    }

    /// What the last attempt of a message told of it.
    pub(crate) fn owner_of(&self, message: MessageRef) -> Option<Owner> {
        let (_, Owned { id, sender, message_id }) = self.owner(self.owner_place(message))?;
        let (sender, origin, end) = *self.senders.get(*sender as usize)?;
        Some(Owner { id: *id, sender, message_id: message_id.map(|begin| MessageName { begin, end }), origin })
    }

    /// Where what the last attempt of a message told of it is, if there was one.
    fn owner_place(&self, message: MessageRef) -> u32 {
        self.last_other.get(&message).copied().unwrap_or(message.0)
    }

    #[inline]
    fn owner(&self, place: u32) -> Option<(MessageRef, &Owned)> {
        if place & OTHER == 0 {
            return self.owners.get(place as usize).map(|owner| (MessageRef(place), owner));
        }
        self.others.get((place ^ OTHER) as usize).map(|(message, owner)| (*message, owner))
    }

    /// Adds an attempt.
    pub(crate) fn push(&mut self, event: &Event) {
        if let Some(raw) = event.raw {
            self.raw.insert(self.len(), raw);
        }
        let row = self.row(event);
        self.rows.push(row);
    }

    /// Lets the whole line of an attempt go.
    pub(crate) fn forget_raw(&mut self, place: usize) {
        self.raw.remove(&place);
    }

    /// Keeps the attempts that somebody wants to stay, as they were changed.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&mut Event) -> bool) {
        let (rows, raw) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.raw));
        for (place, row) in rows.into_iter().enumerate() {
            let Some(mut event) = self.event(place, &row) else { continue };
            event.raw = raw.get(&place).copied();
            if stays(&mut event) {
                self.push(&event);
            }
        }
    }

    fn row(&mut self, event: &Event) -> Row {
        let Event { source, times, turn, forwarded, remote_host, remote_ip, sending, stage, outcome, disposition, note, provider, group, .. } = *event;
        let (begin, reply) = match event.reply {
            Some(Said { begin, end: Some(end) }) => (Some(begin), Some(end)),
            said => (None, said.map(|said| said.begin)),
        };
        let kind = Kind {
            source,
            times,
            turn,
            forwarded,
            remote_host,
            remote_ip,
            sending,
            stage,
            outcome,
            disposition,
            begin,
            note,
            provider,
            group,
            sampled: event.raw.is_some(),
        };
        let next = self.kinds.len() as u32;
        let place = *self.kind_index.entry(kind).or_insert(next);
        if place == next {
            self.kinds.push(kind);
        }
        Row {
            stamp: event.stamp,
            kind: place,
            owner: self.keep_owner(event),
            recipient: event.recipient,
            reply,
            line: Place::new(event.line),
            offset: Place::new(event.offset),
        }
    }

    /// The place of what is known of an attempt's message, which is nearly always known from an attempt before.
    fn keep_owner(&mut self, event: &Event) -> u32 {
        let Event { message, id, sender, message_id, origin, .. } = *event;
        if self.owner_of(message) == Some(Owner { id, sender, message_id, origin }) {
            return self.owner_place(message);
        }
        let sender = self.sender((sender, origin, message_id.and_then(|name| name.end)));
        let owner = Owned { id, sender, message_id: message_id.map(|name| name.begin) };
        if message.0 as usize == self.owners.len() && message.0 < OTHER {
            self.owners.push(owner);
            return message.0;
        }
        let place = OTHER | self.others.len() as u32;
        self.others.push((message, owner));
        self.last_other.insert(message, place);
        place
    }

    fn sender(&mut self, sender: Sender) -> u32 {
        if let Some(place) = self.sender_index.get(&sender) {
            return *place;
        }
        let place = self.senders.len() as u32;
        self.senders.push(sender);
        if self.sender_index.len() < MOST_SHARED {
            self.sender_index.insert(sender, place);
        }
        place
    }

    /// Puts an attempt together; made in place, so that nothing is put together that nobody looks at.
    #[inline(always)]
    fn event(&self, place: usize, row: &Row) -> Option<Event> {
        let kind = self.kinds.get(row.kind as usize)?;
        let (message, owner) = self.owner(row.owner)?;
        let Kind { source, times, turn, forwarded, remote_host, remote_ip, sending, stage, outcome, disposition, begin, note, provider, group, sampled } =
            *kind;
        let Owned { id, sender, message_id } = *owner;
        let (sender, origin, end) = *self.senders.get(sender as usize)?;
        let reply = row.reply.map(|text| begin.map_or(Said::whole(text), |begin| Said { begin, end: Some(text) }));
        Some(Event {
            source,
            line: row.line.number(),
            offset: row.offset.number(),
            times,
            stamp: row.stamp,
            turn,
            message,
            id,
            sender,
            message_id: message_id.map(|begin| MessageName { begin, end }),
            origin,
            forwarded,
            recipient: row.recipient,
            remote_host,
            remote_ip,
            sending,
            stage,
            outcome,
            disposition,
            reply,
            note,
            provider,
            group,
            raw: if sampled { self.raw.get(&place).copied() } else { None },
        })
    }
}

/// Places of attempts with their times, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts(Vec<Placed>);

/// The place of an attempt and its time, in ten bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, packed(2))]
pub(crate) struct Placed {
    place: u32,
    /// Seconds since 1970, of which 48 bits are enough; the least of all numbers where it has no time.
    time: [u16; 3],
}

/// What stands for no time.
const NO_TIME: i64 = -1 << 47;

impl Placed {
    /// A place and a time.
    pub fn new((place, time): (usize, Option<i64>)) -> Placed {
        let time = time.unwrap_or(NO_TIME);
        Placed { place: place as u32, time: [(time >> 32) as u16, (time >> 16) as u16, time as u16] }
    }

    /// The place and the time.
    #[inline]
    pub fn parts(&self) -> (usize, Option<i64>) {
        let [high, middle, low] = self.time;
        let time = i64::from(high as i16) << 32 | i64::from(middle) << 16 | i64::from(low);
        (self.place as usize, (time != NO_TIME).then_some(time))
    }
}

impl Attempts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Places and times as they are kept.
    pub(crate) fn places(&self) -> std::slice::Iter<'_, Placed> {
        self.0.iter()
    }

    /// Each place with its time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, Option<i64>)> + ExactSizeIterator + Clone + '_ {
        self.0.iter().map(Placed::parts)
    }

    /// The earliest.
    pub fn first(&self) -> Option<(usize, Option<i64>)> {
        self.0.first().map(Placed::parts)
    }

    /// Keeps those that something holds for.
    pub fn retain(&mut self, mut holds: impl FnMut(usize, Option<i64>) -> bool) {
        self.0.retain(|placed| {
            let (place, time) = placed.parts();
            holds(place, time)
        });
    }

    pub(crate) fn push(&mut self, place: usize, time: Option<i64>) {
        self.0.push(Placed::new((place, time)));
    }

    /// Puts them in order: what has no time comes first.
    pub fn sort(&mut self) {
        self.0.sort_unstable_by_key(|placed| {
            let (place, time) = placed.parts();
            (time, place)
        });
    }
}

impl FromIterator<(usize, Option<i64>)> for Attempts {
    fn from_iter<I: IntoIterator<Item = (usize, Option<i64>)>>(attempts: I) -> Attempts {
        Attempts(attempts.into_iter().map(Placed::new).collect())
    }
}
