//! The kept attempts. There may be millions, so what many have in common is kept once, and an [`Event`] is put together
//! when somebody looks at it.

use std::net::IpAddr;

use evidence::{Origin, Stamp};
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use providers::{MatchedBy, ProviderId};
use smtp::{Disposition, Outcome, Stage};

use crate::{Event, GroupId, MessageRef, SendingBasis, TextId};

/// How many rows lie together: a list that grows is not copied, and pages as large as this go back to the system.
const PAGE: usize = 64 * 1024;

/// The kept attempts, in the order of the sources and their lines.
#[derive(Debug, Default)]
pub struct Events {
    pages: Vec<Vec<Row>>,
    kinds: Vec<Kind>,
    kind_index: HashMap<Kind, u32, RandomState>,
    owners: Vec<Owner>,
    /// The last owner that was kept of each message.
    owner_of: Vec<u32>,
    /// The whole lines of samples, by the attempts' places.
    raw: HashMap<usize, TextId, RandomState>,
}

/// What an attempt shares with next to none.
#[derive(Clone, Copy, Debug)]
struct Row {
    stamp: Option<Stamp>,
    kind: u32,
    owner: u32,
    recipient: Option<TextId>,
    reply: Option<TextId>,
    line: Place,
    offset: Place,
    len: u32,
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
    note: Option<TextId>,
    provider: Option<(ProviderId, MatchedBy)>,
    group: Option<GroupId>,
    /// Whether the whole line was kept, if only for a while.
    sampled: bool,
}

/// What an attempt shares with the others of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The message.
    pub message: MessageRef,
    /// The sending server's id of it.
    pub id: TextId,
    /// The envelope sender.
    pub sender: Option<TextId>,
    /// The Message-ID.
    pub message_id: Option<TextId>,
    /// How it came to the server.
    pub origin: Option<Origin<TextId>>,
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
        let full = self.pages.len().saturating_sub(1) * PAGE;
        full + self.pages.last().map_or(0, Vec::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The attempt at a place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<Event> {
        self.event(place, self.pages.get(place / PAGE)?.get(place % PAGE)?)
    }

    /// All attempts.
    pub fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        self.pages.iter().flatten().enumerate().filter_map(|(place, row)| self.event(place, row))
    }

    /// What the last attempt of a message told of it.
    pub(crate) fn owner_of(&self, message: MessageRef) -> Option<Owner> {
        let owner = self.owner_of.get(message.0 as usize)?;
        self.owners.get(*owner as usize).copied()
    }

    /// Adds an attempt.
    pub(crate) fn push(&mut self, event: &Event) {
        if let Some(raw) = event.raw {
            self.raw.insert(self.len(), raw);
        }
        let row = self.row(event);
        match self.pages.last_mut().filter(|page| page.len() < PAGE) {
            Some(page) => page.push(row),
            None => {
                // Most evidence is small.
                let mut page = Vec::with_capacity(if self.pages.is_empty() { 16 } else { PAGE });
                page.push(row);
                self.pages.push(page);
            }
        }
    }

    /// Lets the whole line of an attempt go.
    pub(crate) fn forget_raw(&mut self, place: usize) {
        self.raw.remove(&place);
    }

    /// Keeps the attempts that somebody wants to stay, as they were changed.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&mut Event) -> bool) {
        let (pages, raw) = (std::mem::take(&mut self.pages), std::mem::take(&mut self.raw));
        for (place, row) in pages.into_iter().flatten().enumerate() {
            let Some(mut event) = self.event(place, &row) else { continue };
            event.raw = raw.get(&place).copied();
            if stays(&mut event) {
                self.push(&event);
            }
        }
    }

    fn row(&mut self, event: &Event) -> Row {
        let Event { source, times, turn, forwarded, remote_host, remote_ip, sending, stage, outcome, disposition, note, provider, group, .. } = *event;
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
            owner: self.owner(event),
            recipient: event.recipient,
            reply: event.reply,
            line: Place::new(event.line),
            offset: Place::new(event.offset),
            len: event.len,
        }
    }

    /// The place of what is known of an attempt's message, which is nearly always known from an attempt before.
    fn owner(&mut self, event: &Event) -> u32 {
        let Event { message, id, sender, message_id, origin, .. } = *event;
        let owner = Owner { message, id, sender, message_id, origin };
        let place = message.0 as usize;
        let known = self.owner_of.get(place).copied().filter(|known| self.owners.get(*known as usize) == Some(&owner));
        known.unwrap_or_else(|| {
            let next = self.owners.len() as u32;
            self.owners.push(owner);
            if place >= self.owner_of.len() {
                self.owner_of.resize(place + 1, u32::MAX);
            }
            if let Some(of_message) = self.owner_of.get_mut(place) {
                *of_message = next;
            }
            next
        })
    }

    /// Puts an attempt together; made in place, so that nothing is put together that nobody looks at.
    #[inline(always)]
    fn event(&self, place: usize, row: &Row) -> Option<Event> {
        let kind = self.kinds.get(row.kind as usize)?;
        let owner = self.owners.get(row.owner as usize)?;
        let Kind { source, times, turn, forwarded, remote_host, remote_ip, sending, stage, outcome, disposition, note, provider, group, sampled } = *kind;
        let Owner { message, id, sender, message_id, origin } = *owner;
        Some(Event {
            source,
            line: row.line.number(),
            offset: row.offset.number(),
            len: row.len,
            times,
            stamp: row.stamp,
            turn,
            message,
            id,
            sender,
            message_id,
            origin,
            forwarded,
            recipient: row.recipient,
            remote_host,
            remote_ip,
            sending,
            stage,
            outcome,
            disposition,
            reply: row.reply,
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

/// The place of an attempt and its time, in twelve bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    place: u32,
    /// Seconds since 1970; the least of all numbers where it has no time.
    time: [u32; 2],
}

impl Placed {
    /// A place and a time.
    pub fn new((place, time): (usize, Option<i64>)) -> Placed {
        let time = time.unwrap_or(i64::MIN);
        Placed { place: place as u32, time: [(time >> 32) as u32, time as u32] }
    }

    /// The place and the time.
    pub fn parts(&self) -> (usize, Option<i64>) {
        let [high, low] = self.time;
        let time = (u64::from(high) << 32 | u64::from(low)) as i64;
        (self.place as usize, (time != i64::MIN).then_some(time))
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
