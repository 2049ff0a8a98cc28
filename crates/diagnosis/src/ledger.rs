//! The parts of all sources, put together in file order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use evidence::config::Setting;
use evidence::family::FAMILIES;
use evidence::{Counts, Origin, Owner, Past, Stamp, Turns};
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use smtp::{Disposition, Outcome, strip_angles};

use crate::candidates::{Named, Trail};
use crate::distinct::Distinct;
use crate::found::{Pending, PendingEcho};
use crate::messages::Messages;
use crate::part::FIRST_SAMPLES;
use crate::texts::Translation;
use crate::{Event, Events, Group, GroupId, MessageId, MessageName, MessageRef, PartResult, Said, Tally, TextId, Texts, TlsCount, overlap};

/// Something about a source that the user should know: what, where and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable word.
    pub code: &'static str,
    /// The first line it was seen on, where it has one.
    pub line: Option<u64>,
    /// How often.
    pub times: u64,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// What was read of one source.
#[derive(Debug, Default)]
pub struct SourceSummary {
    /// How it is named to people.
    pub name: String,
    /// The container or compression: `plain`, `gzip`, …
    pub compression: &'static str,
    /// When it was last written, in seconds since 1970.
    pub modified: Option<i64>,
    /// Bytes read, after decompression.
    pub bytes: u64,
    /// Lines by class.
    pub counts: Counts,
    /// Attempts of all providers.
    pub attempts: u64,
    /// The earliest and the latest stamp, each with the turns of the year before it.
    pub span: Option<((i32, Stamp), (i32, Stamp))>,
    /// Whether stamps without a year were seen.
    pub yearless: bool,
    /// Whether stamps without a zone were seen.
    pub zoneless: bool,
    /// What the user should know.
    pub problems: Vec<Problem>,
    /// Mails that were set aside, by reason.
    pub asides: BTreeMap<&'static str, u64>,
    pub(crate) families: [u64; FAMILIES.len()],
    pub(crate) tally: Tally,
    pub(crate) turns: Turns,
}

impl SourceSummary {
    /// The family that most of its lines are of.
    pub fn format(&self) -> &'static str {
        let most = self.families.iter().enumerate().max_by_key(|(place, lines)| (**lines, std::cmp::Reverse(*place)));
        most.filter(|(_, lines)| **lines > 0).and_then(|(place, _)| FAMILIES.get(place)).map_or("unknown", |family| family.name)
    }
}

/// Everything that was read, in file order.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The sources, by number.
    pub sources: Vec<SourceSummary>,
    /// The kept attempts, in the order of the sources and their lines.
    pub events: Events,
    /// The kinds of refusal, in the order in which they were first seen.
    pub groups: Vec<Group>,
    /// The texts of events and groups.
    pub texts: Texts,
    /// Who signed returned messages (RFC 6376), as `selector:domain`.
    pub signers: BTreeSet<String>,
    /// Queue ids of the message that was asked for by its Message-ID.
    pub queue_ids: BTreeSet<Vec<u8>>,
    /// Names of the hosts that wrote the logs.
    pub hosts: BTreeSet<String>,
    /// Names that configurations say are given in EHLO: first those that a setting says outright.
    pub helo: BTreeSet<(bool, String)>,
    /// How connections to the chosen provider were protected, as far as the sources say.
    pub tls: TlsCount,
    past: Past,
    messages: Messages,
    group_index: HashMap<Group, GroupId, RandomState>,
    samples: HashMap<(u32, GroupId), (u32, Option<usize>), RandomState>,
    fingerprints: HashSet<u128, RandomState>,
    /// The events that are bounces, by their places.
    bounces: Vec<usize>,
    /// What may name the sending address.
    pub(crate) named: Named,
    /// Hosts that configurations hand mail to, by source.
    pub relay_hosts: BTreeSet<String>,
    last_trail: Option<Trail>,
    /// The same failure told of by a log and by a bounce: the source, turn and stamp of either.
    pub(crate) told_twice: Vec<Told>,
}

/// Where and when something is told of, by a log and by a bounce.
pub(crate) type Told = ((u32, i32, Stamp), (u32, i32, Stamp));

impl Ledger {
    /// Begins a source; its parts follow in order.
    pub fn begin(&mut self, name: String, compression: &'static str, modified: Option<i64>) -> u32 {
        self.sources.push(SourceSummary { name, compression, modified, ..SourceSummary::default() });
        self.sources.len() as u32 - 1
    }

    /// Takes the next part of a source.
    pub fn absorb(&mut self, source: u32, part: PartResult, bytes: u64) {
        let Some(summary) = self.sources.get_mut(source as usize) else { return };
        let turn = summary.turns.append(part.turns);
        let lines = summary.counts.lines();
        summary.bytes += bytes;
        summary.attempts += part.attempts;
        summary.counts += part.counts;
        summary.yearless |= part.yearless;
        summary.zoneless |= part.zoneless;
        summary.widen(part.span, turn);
        summary.note(&part.not_understood, lines);
        summary.families.iter_mut().zip(part.families).for_each(|(sum, more)| *sum += more);
        part.asides.iter().for_each(|(reason, mails)| *summary.asides.entry(reason).or_default() += mails);
        summary.tally.absorb(part.tally, turn);
        self.signers.extend(part.signers.iter().cloned());
        self.tls += part.tls;
        self.queue_ids.extend(part.queue_ids);
        self.hosts.extend(part.hosts);
        let mut moved = Moved { texts: Translation::of(&part.texts), turn, lines };
        let groups: Vec<GroupId> = part.groups.iter().map(|group| self.group(group, &mut moved.texts)).collect();
        for pending in part.events {
            match pending.fingerprint {
                Some(fingerprint) if !self.fingerprints.insert(fingerprint) => self.again(source),
                _ => self.event(pending, &mut moved, &groups),
            }
        }
        part.echoes.iter().for_each(|echo| self.echo(echo, &mut moved));
        for setting in part.settings {
            match setting {
                Setting::Sends(ip, name) => drop(self.named.configured.insert((ip, name))),
                Setting::Relay(host) => drop(self.relay_hosts.insert(host)),
                Setting::Helo(name, outright) => drop(self.helo.insert((!outright, name))),
            }
        }
        part.received.iter().for_each(|ip| *self.named.received.entry(*ip).or_default() += 1);
        self.past.absorb(&part.join);
    }

    /// Keeps an address that another receiver named, with the way the mail took; one whose sender is not known says nothing.
    fn echo(&mut self, echo: &PendingEcho, moved: &mut Moved<'_>) {
        let owner = Owner { birth: echo.birth, sender: echo.sender.map(|text| moved.texts.text(text)), message_id: None, origin: None };
        let Some(sender) = self.past.resolve(&echo.key, owner).1.sender else { return };
        let trail = Trail { host: echo.left_by.0, instance: moved.texts.text(echo.left_by.1).to_vec(), domain: domain(sender), v6: echo.ip.is_ipv6() };
        *self.named.echoes.entry((trail, echo.ip, echo.provider)).or_default() += 1;
    }

    /// Takes an address that DNS gave for a name of the server.
    pub fn looked_up(&mut self, name: &str, ip: IpAddr) {
        self.named.looked_up.insert((ip, name.to_owned()));
    }

    /// Notes something about a source.
    pub fn problem(&mut self, source: u32, problem: Problem) {
        if let Some(summary) = self.sources.get_mut(source as usize) {
            summary.problems.push(problem);
        }
    }

    /// Counts a bounce that another mail told of already.
    fn again(&mut self, source: u32) {
        if let Some(summary) = self.sources.get_mut(source as usize) {
            *summary.asides.entry("aside_again").or_default() += 1;
        }
    }

    /// Lets bounces go that only repeat what a log among the sources holds: the same id and the same recipient. To be
    /// called once, when everything was read.
    pub fn settle(&mut self) {
        self.settle_copies();
        self.settle_bounces();
        overlap::settle(self);
        // Nothing is put together any more.
        (self.messages, self.past) = (Messages::default(), Past::default());
    }

    /// Lets sources go that hold, byte for byte as far as can be told, what an earlier one holds: a rotated log beside
    /// its packed copy.
    fn settle_copies(&mut self) {
        let mut copies: Vec<(u32, u32)> = Vec::new();
        for (place, source) in self.sources.iter().enumerate().filter(|(_, source)| source.attempts > 0) {
            let earlier = self.sources.iter().take(place).position(|other| other.is_like(source));
            let is_copy = |first: usize| self.events_of(first as u32).eq(self.events_of(place as u32));
            copies.extend(earlier.filter(|first| is_copy(*first)).map(|first| (place as u32, first as u32)));
        }
        for (copy, first) in copies {
            self.drop_events(|event| event.source == copy);
            let name = self.sources.get(first as usize).map(|source| source.name.clone()).unwrap_or_default();
            if let Some(source) = self.sources.get_mut(copy as usize) {
                (source.attempts, source.tally, source.turns) = (0, Tally::default(), Turns::default());
                let what = format!("it holds the same as {name}");
                source.problems.push(Problem { code: "copy", line: None, times: 1, what, hint: "it is counted once".to_owned() });
            }
        }
    }

    /// What tells a source's events apart from another's, in their order.
    fn events_of(&self, source: u32) -> impl Iterator<Item = (u64, u64, &[u8], Option<TextId>, Option<Stamp>)> {
        let told = |event: Event| (event.line, event.offset, self.texts.text(event.id), event.words(), event.stamp);
        self.events.iter().filter(move |event| event.source == source).map(told)
    }

    /// Drops events, and keeps the places of those that are bounces right.
    fn drop_events(&mut self, is_dropped: impl Fn(&Event) -> bool) {
        let bounces: Distinct = self.bounces.drain(..).collect();
        let mut kept = 0;
        let mut place = 0;
        let mut moved = Vec::new();
        self.events.retain(|event| {
            let stays = !is_dropped(event);
            moved.extend((stays && bounces.holds(place)).then_some(kept));
            kept += usize::from(stays);
            place += 1;
            stays
        });
        self.bounces = moved;
    }

    fn settle_bounces(&mut self) {
        if self.bounces.is_empty() || self.bounces.len() == self.events.len() {
            return;
        }
        let bounces: Distinct = std::mem::take(&mut self.bounces).into_iter().collect();
        let texts = &self.texts;
        let name = |event: &Event| (texts.text(event.id), event.recipient);
        let at = |event: &Event| event.stamp.map(|stamp| (event.source, event.turn, stamp));
        // A bounce is written at once where the server gave up for good; what expired was tried long before.
        let gave_up = |event: &Event| at(event).filter(|_| event.disposition == Disposition::Bounced);
        let logged: HashMap<(&[u8], Option<TextId>), Option<(u32, i32, Stamp)>, RandomState> =
            self.events.iter().enumerate().filter(|(place, _)| !bounces.holds(*place)).map(|(_, event)| (name(&event), gave_up(&event))).collect();
        let mut told_twice = Vec::new();
        let mut place = 0;
        let mut repeated: Vec<u32> = Vec::new();
        self.events.retain(|event| {
            let known = logged.get(&name(event)).filter(|_| bounces.holds(place));
            let repeats = known.is_some();
            told_twice.extend(known.copied().flatten().zip(at(event)));
            place += 1;
            repeated.extend(repeats.then_some(event.source));
            !repeats
        });
        self.told_twice = told_twice;
        for source in repeated {
            if let Some(summary) = self.sources.get_mut(source as usize) {
                *summary.asides.entry("aside_logged").or_default() += 1;
            }
        }
    }

    fn group(&mut self, group: &Group, texts: &mut Translation<'_>) -> GroupId {
        let mut moved = |text: Option<TextId>| text.map(|text| texts.place(text, &mut self.texts));
        let group = Group { skeleton: moved(group.skeleton), marker: moved(group.marker), ..*group };
        let next = GroupId(self.groups.len() as u32);
        let id = *self.group_index.entry(group).or_insert(next);
        if id == next {
            self.groups.push(group);
        }
        id
    }

    fn event(&mut self, pending: Pending, moved: &mut Moved<'_>, groups: &[GroupId]) {
        let Pending { event, key, birth, fingerprint, left_by } = pending;
        if fingerprint.is_some() {
            self.bounces.push(self.events.len());
        }
        let known = |text: Option<TextId>| text.map(|text| moved.texts.text(text));
        let origin = event.origin.map(|origin| origin.map(|name| moved.texts.text(name)));
        let own_id = event.message_id.and_then(|name| name.text(moved.texts.from()));
        let owner = Owner { birth, sender: known(event.sender), message_id: own_id.as_deref(), origin };
        let (born, owner) = self.past.resolve(&key, owner);
        if let (Some((host, instance)), Some(sender)) = (left_by, owner.sender) {
            let instance = moved.texts.text(instance);
            let v6 = event.remote_ip.is_some_and(|ip| ip.is_ipv6());
            let is_new = |last: &Trail| (last.host, last.v6) != (host, v6) || last.instance != instance || last.domain != domain(sender);
            if self.last_trail.as_ref().is_none_or(is_new) {
                let trail = Trail { host, instance: instance.to_vec(), domain: domain(sender), v6 };
                self.named.trails.insert(trail.clone());
                self.last_trail = Some(trail);
            }
        }
        let message = self.messages.number(key, born);
        // What an earlier attempt of the message told is nearly always the same.
        let before = self.events.owner_of(message);
        let id = self.texts.add_unless(moved.texts.text(event.id), before.map(|before| before.id));
        let mut again = |text: Option<&[u8]>, before: Option<TextId>| text.map(|text| self.texts.keep_again(text, before));
        let sender = again(owner.sender, before.and_then(|before| before.sender));
        let name = before.and_then(|before| before.origin).map(Origin::name);
        let origin = owner.origin.map(|origin| origin.map(|text| self.texts.keep_again(text, name)));
        let reply = match event.outcome {
            Outcome::Delivered => event.reply.map(|reply| self.texts.keep_said(moved.texts.text(reply.begin))),
            _ => event.reply.map(|reply| Said::whole(moved.texts.place(reply.begin, &mut self.texts))),
        };
        let is_taken = event.outcome == Outcome::Delivered;
        let message_id = MessageName::again(owner.message_id, event.message_id, is_taken, before.and_then(|before| before.message_id), &mut self.texts);
        let mut keep = |text: Option<TextId>| text.map(|text| moved.texts.place(text, &mut self.texts));
        let event = Event {
            line: event.line + moved.lines,
            turn: if event.stamp.is_some_and(|stamp| stamp.year().is_none()) { event.turn + moved.turn } else { 0 },
            message,
            id,
            sender,
            message_id,
            origin,
            recipient: keep(event.recipient),
            remote_host: keep(event.remote_host),
            reply,
            note: keep(event.note),
            raw: keep(event.raw),
            group: event.group.and_then(|group| groups.get(group.0 as usize).copied()),
            ..event
        };
        self.events.push(&event);
        self.keep_samples(&event);
    }

    /// Of each kind and source the first lines and the last stay, wherever the parts were cut.
    fn keep_samples(&mut self, event: &Event) {
        let index = self.events.len() - 1;
        let (Some(group), Some(_)) = (event.group, event.raw) else { return };
        let (kept, last) = self.samples.entry((event.source, group)).or_default();
        if *kept < FIRST_SAMPLES {
            *kept += 1;
            return;
        }
        if let Some(before) = last.replace(index) {
            self.events.forget_raw(before);
        }
    }
}

/// The domain of a sender, in lower case; of a bounce it is empty.
fn domain(sender: &[u8]) -> Vec<u8> {
    smtp::domain_of(sender).unwrap_or_default().to_ascii_lowercase()
}

/// What a part's own numbers become in the ledger.
struct Moved<'a> {
    texts: Translation<'a>,
    turn: i32,
    lines: u64,
}

impl SourceSummary {
    fn widen(&mut self, span: Option<((i32, Stamp), (i32, Stamp))>, turn: i32) {
        let moved = |(own, stamp): (i32, Stamp)| (if stamp.year().is_none() { own + turn } else { own }, stamp);
        let Some((first, last)) = span.map(|(first, last)| (moved(first), moved(last))) else { return };
        let (earliest, latest) = self.span.unwrap_or((first, last));
        self.span = Some((earliest.min(first), latest.max(last)));
    }

    fn note(&mut self, reasons: &[(&'static str, u64, u64)], lines: u64) {
        for (why, times, line) in reasons {
            match self.problems.iter_mut().find(|problem| problem.what == *why) {
                Some(problem) => problem.times += times,
                None => self.problems.push(Problem {
                    code: "not_understood",
                    line: Some(line + lines),
                    times: *times,
                    what: (*why).to_owned(),
                    hint: "look at the line: if it is whole, its form is not known yet".to_owned(),
                }),
            }
        }
    }

    /// Whether another source may be a copy: as long, with as many lines of each kind, from and to the same time.
    fn is_like(&self, other: &SourceSummary) -> bool {
        let figures = |source: &SourceSummary| (source.bytes, source.counts, source.attempts, source.span);
        figures(self) == figures(other) && self.bytes > 0
    }

    /// Attempts by outcome of every provider and slot.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// What is kept of events.
impl Ledger {
    /// The words of an attempt's reply.
    pub fn reply(&self, event: &Event) -> Option<Cow<'_, [u8]>> {
        event.reply.map(|said| self.texts.said(said))
    }

    /// The words of an attempt's reply, or else of the sending server.
    pub fn told(&self, event: &Event) -> Option<Cow<'_, [u8]>> {
        self.reply(event).or(event.note.map(|note| Cow::Borrowed(self.texts.text(note))))
    }

    /// The Message-ID of an attempt's message, where a letter may quote it: the message was not taken.
    pub fn message_id(&self, event: &Event) -> Option<Cow<'_, [u8]>> {
        event.message_id.and_then(|name| name.text(&self.texts))
    }
}

/// Events by message, for stories of single messages.
impl Ledger {
    /// The messages whose id or Message-ID is the one given.
    pub fn messages_named(&self, name: &[u8]) -> Vec<MessageRef> {
        let (id, message_id) = (strip_angles(name.trim_ascii()), MessageId::of(name));
        let is_it = |event: &Event| event.message_id.is_some_and(|name| name.id(&self.texts) == message_id) || strip_angles(self.texts.text(event.id)) == id;
        let found: BTreeSet<MessageRef> = self.events.iter().filter(is_it).map(|event| event.message).collect();
        found.into_iter().collect()
    }
}
