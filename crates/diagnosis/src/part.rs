//! A run of lines, read once and in order.

use std::borrow::Cow;

use evidence::config::Setting;
use evidence::envelope::{Opener, trim};
use evidence::family::{Program, Programs};
use evidence::{Attempt, Channel, Class, Fact, Join, Key, Reading, Record, Stamp, family};
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use providers::{Knowledge, MatchedBy, ProviderId, Recogniser};
use smtp::bytes::same;
use smtp::{Outcome, Reply, Stage, address};

use crate::found::{PartResult, Pending, PendingEcho};
use crate::streams::is_forward;
use crate::tally::OTHER;
use crate::{Event, Group, GroupId, MessageId, MessageName, MessageRef, Said, Slot, TextId, Texts, Wanted, sending};

/// How many sample lines of a kind are kept from its beginning; beside them the last is kept.
pub(crate) const FIRST_SAMPLES: u32 = 2;

/// How long the lines of one message are together, at least.
const BYTES_OF_MESSAGE: u64 = 1024;

/// How many names of hosts are kept of a part.
const MOST_HOSTS: usize = 20;

/// How many signers are kept of a part.
const MOST_SIGNERS: usize = 100;

/// How long a line may be that comes in pieces.
const LONGEST_IN_PIECES: usize = 64 * 1024;

/// The attempt that the line before held, for `last message repeated`.
#[derive(Clone, Copy, Debug)]
struct Before {
    host: u64,
    slot: Slot,
    provider: u8,
    outcome: Outcome,
    pending: Option<usize>,
}

/// Reads a run of lines.
pub struct Part<'r, 'k> {
    opener: Opener,
    pub(crate) account: Account<'r, 'k>,
}

/// A record's circumstances: what its envelope and its place say.
#[derive(Clone, Copy)]
struct Place<'l> {
    /// The number of the host that wrote it.
    host: u64,
    /// When it was written.
    slot: Slot,
    /// How often a repetition says that it stood there.
    times: u32,
    /// The whole line.
    line: &'l [u8],
    /// Where the line begins.
    offset: u64,
}

/// What the lines of a part add up to.
pub(crate) struct Account<'r, 'k> {
    pub(crate) knowledge: &'k Knowledge,
    pub(crate) recogniser: &'r mut Recogniser<'k>,
    pub(crate) wanted: Wanted<'r>,
    pub(crate) source: u32,
    /// The family that the user names.
    forced: Option<usize>,
    group_index: HashMap<Group, GroupId, RandomState>,
    group_of_reply: HashMap<(TextId, Option<ProviderId>, Stage, bool), GroupId, RandomState>,
    seen: HashMap<GroupId, u32, RandomState>,
    last_raw: HashMap<GroupId, (usize, Vec<u8>), RandomState>,
    host: (Vec<u8>, u64),
    programs: Programs,
    /// The beginning of the last line that had one, with its host and slot.
    head: (u32, u64, Slot),
    before: Option<Before>,
    /// What came so far of a line in pieces.
    pieces: Vec<u8>,
    written: Option<(Stamp, Slot)>,
    pub(crate) found: PartResult,
}

impl<'r, 'k> Part<'r, 'k> {
    /// A part of a source, before its first line; `bytes` says about how long it is.
    pub fn new(knowledge: &'k Knowledge, recogniser: &'r mut Recogniser<'k>, wanted: Wanted<'r>, source: u32, bytes: u64) -> Part<'r, 'k> {
        let join = Join::for_messages(usize::try_from(bytes / BYTES_OF_MESSAGE).unwrap_or_default());
        let account = Account {
            knowledge,
            recogniser,
            wanted,
            source,
            forced: None,
            group_index: HashMap::default(),
            group_of_reply: HashMap::default(),
            seen: HashMap::default(),
            last_raw: HashMap::default(),
            host: (Vec::new(), Key::host(b"")),
            programs: Programs::default(),
            head: (0, 0, Slot { turn: 0, stamp: None }),
            before: None,
            pieces: Vec::new(),
            written: None,
            found: PartResult { join, ..PartResult::default() },
        };
        Part { opener: Opener::default(), account }
    }

    /// Takes every line for one of a family, whatever its program is called.
    pub fn force(&mut self, family: Option<usize>) {
        self.account.forced = family;
    }

    /// Reads the next line, without its end, that begins at an offset of the source.
    pub fn line(&mut self, line: &[u8], offset: u64) {
        match &self.opener.open(trim(line)) {
            Some(record) if self.account.forced.is_none() => self.account.record(record, line, offset),
            Some(record) => self.account.record_as_forced(record, line, offset),
            None => self.account.skip(Class::Foreign),
        }
    }

    /// Passes over a line of which only its time and its place in the order of lines matter, and says whether it has a
    /// time: a text without any may be no log.
    pub fn pass(&mut self, line: &[u8]) -> bool {
        self.account.before = None;
        // Its month may turn the year for the lines behind it.
        self.account.head.0 = 0;
        let stamp = self.opener.stamp(trim(line));
        self.account.time(stamp);
        self.passed(1, stamp.is_some());
        stamp.is_some()
    }

    /// Passes over lines of which nothing matters but how many they are, and whether they are like one with a time.
    pub fn passed(&mut self, lines: u64, have_time: bool) {
        let counts = &mut self.account.found.counts;
        let count = if have_time { &mut counts.idle } else { &mut counts.foreign };
        *count += lines;
    }

    /// Takes what a configuration says of where mail leaves.
    pub fn settings(&mut self, settings: Vec<Setting>) {
        *self.account.found.asides.entry("aside_configuration").or_default() += 1;
        self.account.found.settings = settings;
    }

    /// Takes the signers that a DMARC report names, each as selector and domain.
    pub fn signers(&mut self, signers: impl IntoIterator<Item = (String, String)>) {
        *self.account.found.asides.entry("aside_dmarc_report").or_default() += 1;
        self.account.found.signers.extend(signers.into_iter().map(|(selector, domain)| format!("{selector}:{domain}")));
    }

    /// Counts a line that was too long to be looked at.
    pub fn oversized(&mut self) {
        self.account.skip(Class::NotUnderstood);
        self.account.why("the line is longer than any mail server writes");
    }

    /// What was found.
    pub fn finish(self) -> PartResult {
        self.account.finish()
    }
}

impl Account<'_, '_> {
    fn finish(mut self) -> PartResult {
        for (_, (index, raw)) in self.last_raw.drain() {
            let raw = self.found.texts.keep(&raw);
            if let Some(pending) = self.found.events.get_mut(index) {
                pending.event.raw = Some(raw);
            }
        }
        self.found
    }

    /// Counts a line that is in no known envelope.
    fn skip(&mut self, class: Class) {
        self.count(class);
        self.before = None;
    }

    /// Takes a record for one of the family that the user names.
    #[cold]
    fn record_as_forced(&mut self, record: &Record<'_>, line: &[u8], offset: u64) {
        let family = self.forced.unwrap_or_default();
        self.record(&family::as_of(record, family), line, offset);
    }

    #[inline(always)]
    fn record(&mut self, record: &Record<'_>, line: &[u8], offset: u64) {
        if record.head == 0 || record.head != self.head.0 {
            self.head = (record.head, self.host(record.host), self.time(record.stamp));
        }
        let (_, host, slot) = self.head;
        let place = Place { host, slot, times: 1, line, offset };
        let program = self.programs.of(record);
        if family::piece(program, record).is_some() || family::repeated(record).is_some() {
            return self.odd(program, *record, place);
        }
        self.reading(program, record, &place);
    }

    /// Takes a record that is a piece of a line, or says that a line stood there more than once.
    #[cold]
    fn odd(&mut self, program: Program, record: Record<'_>, place: Place<'_>) {
        let (record, place) = (&record, &place);
        if let Some((piece, of, text)) = family::piece(program, record) {
            return self.piece((piece, of, text), program, record, place);
        }
        match family::repeated(record) {
            Some((times, None)) => self.again(place.host, times),
            Some((times, Some(inner))) => self.reading(program, &inner, &Place { times, ..*place }),
            None => {}
        }
    }

    /// A line in pieces is read when its last one is there; the others are facts that belong to it.
    fn piece(&mut self, (piece, of, text): (u8, u8, &[u8]), program: Program, record: &Record<'_>, place: &Place<'_>) {
        let mut pieces = std::mem::take(&mut self.pieces);
        if piece == 1 {
            pieces.clear();
        }
        pieces.extend_from_slice(text);
        if piece < of && pieces.len() < LONGEST_IN_PIECES {
            self.count(Class::Fact);
        } else {
            self.reading(program, &Record { message: &pieces, ..*record }, place);
            pieces.clear();
        }
        self.pieces = pieces;
    }

    #[inline(always)]
    fn reading(&mut self, program: Program, record: &Record<'_>, place: &Place<'_>) {
        self.before = None;
        let family = program.family();
        match &family::read(program, record) {
            Reading::Idle => self.is_of(family, Class::Idle),
            Reading::Foreign => self.count(Class::Foreign),
            Reading::Fact(fact) => {
                self.is_of(family, Class::Fact);
                self.fact(fact, place.host, place.offset);
            }
            Reading::Attempt(attempt) => {
                self.is_of(family, Class::Bears);
                // Copied here, so that they need lie in memory for attempts only.
                self.attempt(attempt, &{ *record }, &{ *place });
            }
            Reading::NotUnderstood(why) => {
                self.is_of(family, Class::NotUnderstood);
                self.not_understood(why, &{ *record }, &{ *place });
            }
        }
    }

    #[inline]
    fn fact(&mut self, fact: &Fact<'_>, host: u64, offset: u64) {
        match fact {
            Fact::Connection { host, ip, version } => self.connection(*host, *ip, *version),
            Fact::Signed { selector, domain } => self.signed(selector, domain),
            Fact::Message { id, what, text } => {
                self.found.queue_ids.extend(self.wanted.queue_id(fact).map(<[u8]>::to_vec));
                self.found.join.note(host, id, (*what, text), position(self.source, offset));
            }
            Fact::Aside => {}
        }
    }

    /// A connection to the provider that was protected, or on which TLS failed.
    fn connection(&mut self, host: Option<&[u8]>, ip: Option<&[u8]>, version: Option<&[u8]>) {
        let Some(provider) = self.wanted.provider() else { return };
        if self.recogniser.recognise(host, ip, None, None).is_some_and(|(id, _)| id == provider) {
            self.found.tls.add(version.map_or(Channel::Unsaid, Channel::Tls), version.is_none());
        }
    }

    fn signed(&mut self, selector: &[u8], domain: &[u8]) {
        if self.found.signers.len() < MOST_SIGNERS {
            self.found.signers.insert(format!("{}:{}", smtp::escape_controls(selector), smtp::escape_controls(domain)).to_ascii_lowercase());
        }
    }

    /// `last message repeated 3 times`: the attempt before it happened three times more.
    fn again(&mut self, host: u64, times: u32) {
        self.count(Class::Fact);
        let Some(Before { slot, provider, outcome, pending, .. }) = self.before.filter(|before| before.host == host) else { return };
        self.found.attempts += u64::from(times);
        self.found.tally.add(slot, provider, outcome, u64::from(times));
        if let Some(pending) = pending.and_then(|index| self.found.events.get_mut(index)) {
            pending.event.times = pending.event.times.saturating_add(times);
        }
    }

    fn attempt(&mut self, attempt: &Attempt<'_>, record: &Record<'_>, place: &Place<'_>) {
        let outcome = attempt.outcome();
        let provider = self.recogniser.recognise(attempt.remote_host, attempt.remote_ip, telling(attempt, outcome), attempt.recipient);
        let slot = place.slot;
        let number = provider.map_or(OTHER, |(id, _)| id.0);
        let times = u64::from(place.times);
        self.found.attempts += times;
        self.found.tally.add(slot, number, outcome, times);
        self.before = Some(Before { host: place.host, slot, provider: number, outcome, pending: None });
        let wanted = self.wanted.holds(provider.map(|(id, _)| id), slot.stamp);
        if wanted && (attempt.channel != Channel::Unsaid || attempt.stage == Stage::StartTls) {
            self.found.tls.add(attempt.channel, attempt.stage == Stage::StartTls && outcome != Outcome::Delivered);
        }
        if !wanted && outcome == Outcome::Delivered {
            return;
        }
        match Key::new(place.host, attempt.id) {
            Some(key) if wanted => {
                self.before = Some(Before { host: place.host, slot, provider: number, outcome, pending: Some(self.found.events.len()) });
                self.keep(attempt, record, key, provider, place);
            }
            Some(key) => self.echo(attempt, record, key, provider, place),
            None => {}
        }
    }

    /// Keeps the address that another receiver names in its refusal: it may be the one that is looked for.
    fn echo(&mut self, attempt: &Attempt<'_>, record: &Record<'_>, key: Key, provider: Option<(ProviderId, MatchedBy)>, place: &Place<'_>) {
        let Some((provider, MatchedBy::RemoteHost | MatchedBy::RemoteIp)) = provider else { return };
        let remote = attempt.remote_ip.and_then(address);
        let named = attempt.reply.and_then(|reply| Reply::parse(reply).ip());
        let Some(ip) = named.filter(|ip| smtp::is_public(*ip) && Some(*ip) != remote) else { return };
        let texts = &mut self.found.texts;
        let owner = self.found.join.owner(key, position(self.source, place.offset));
        let sender = owner.sender.map(|sender| texts.keep(sender));
        let left_by = (place.host, texts.keep(family::postfix::instance(record.program)));
        self.found.echoes.push(PendingEcho { left_by, ip, provider, key, birth: owner.birth, sender });
    }

    /// A line that could not be read; where somebody asks for these, it is kept as an attempt of which nothing is known but
    /// the reason.
    #[cold]
    fn not_understood(&mut self, why: &'static str, record: &Record<'_>, place: &Place<'_>) {
        self.why(why);
        if !matches!(self.wanted, Wanted::NotUnderstood) {
            return;
        }
        let attempt = Attempt { note: Some(why.as_bytes()), ..Attempt::default() };
        if let Some(key) = Key::new(place.host, b"") {
            self.keep(&attempt, record, key, None, place);
        }
    }

    fn keep(&mut self, attempt: &Attempt<'_>, record: &Record<'_>, key: Key, provider: Option<(ProviderId, MatchedBy)>, place: &Place<'_>) {
        let outcome = attempt.outcome();
        let (group, words) = (outcome != Outcome::Delivered).then(|| self.group(attempt, provider)).unzip();
        let raw = group.and_then(|group| self.sample(group, place.line));
        let told = attempt.reply.filter(|_| outcome != Outcome::Delivered && provider.is_some());
        let instance = family::postfix::instance(record.program);
        let remote_ip = attempt.remote_ip.and_then(address);
        let texts = &mut self.found.texts;
        let reply = attempt.reply.map(|reply| match (family::unescaped(record, reply), words) {
            (Cow::Borrowed(_), Some(words)) => words,
            (reply, _) => texts.add(&reply),
        });
        let owner = self.found.join.owner(key, position(self.source, place.offset));
        let origin = owner.origin.map(|origin| origin.map(|name| texts.add(name)));
        let note = attempt.note.map(|note| words.filter(|_| attempt.reply.is_none()).unwrap_or_else(|| texts.add(note)));
        let sending = sending::named(attempt.local_ip, told, instance, remote_ip);
        let is_open = sending.is_none() && outcome != Outcome::Delivered;
        let left_by = is_open.then(|| (place.host, texts.keep(instance)));
        let remote_host = attempt.remote_host.map(|host| texts.keep(host));
        let message_id = owner.message_id.map(|id| name_of(id, outcome, texts));
        // The ledger keeps each once, and few stand in one part twice.
        let mut add = |text: Option<&[u8]>| text.map(|text| texts.add(text));
        let event = Event {
            source: self.source,
            line: self.found.counts.lines(),
            offset: place.offset,
            times: place.times,
            stamp: record.stamp,
            turn: place.slot.turn,
            message: MessageRef(0),
            sender: add(owner.sender),
            message_id,
            origin,
            forwarded: is_forward(attempt.original, attempt.recipient),
            recipient: add(attempt.recipient),
            remote_host,
            remote_ip,
            sending,
            stage: attempt.stage,
            outcome,
            disposition: attempt.disposition,
            reply: reply.map(Said::whole),
            note,
            id: texts.add(attempt.id),
            provider,
            group,
            raw,
        };
        self.found.events.push(Pending { event, key, birth: owner.birth, fingerprint: None, left_by });
    }

    /// The kind of a refusal, and its words. The same words are looked at once.
    pub(crate) fn group(&mut self, attempt: &Attempt<'_>, provider: Option<(ProviderId, MatchedBy)>) -> (GroupId, TextId) {
        let words = self.found.texts.keep(attempt.reply.or(attempt.note).unwrap_or_default());
        let by_other = is_by_other(attempt, provider.map(|(_, by)| by));
        let provider = provider.map(|(id, _)| id);
        let kind = (words, provider, attempt.stage, by_other);
        if let Some(known) = self.group_of_reply.get(&kind) {
            return (*known, words);
        }
        let group = self.new_group(attempt, provider, by_other);
        self.group_of_reply.insert(kind, group);
        (group, words)
    }

    fn new_group(&mut self, attempt: &Attempt<'_>, provider: Option<ProviderId>, by_other: bool) -> GroupId {
        let reply = attempt.reply.map(Reply::parse);
        let rule = provider.zip(attempt.reply).and_then(|(id, raw)| self.knowledge.rule_for(id, raw, attempt.stage));
        let words = attempt.reply.or(attempt.note).unwrap_or_default();
        let texts = &mut self.found.texts;
        let group = Group {
            provider,
            rule,
            skeleton: rule.is_none().then(|| texts.keep(skeleton(words).as_bytes())),
            code: reply.and_then(|reply| reply.code()),
            enhanced: reply.and_then(|reply| reply.enhanced()),
            marker: reply.and_then(|reply| reply.marker()).map(|marker| texts.keep(marker)),
            by_other,
        };
        let next = GroupId(self.found.groups.len() as u32);
        let id = *self.group_index.entry(group).or_insert(next);
        if id == next {
            self.found.groups.push(group);
        }
        id
    }

    /// Keeps the first lines of a kind at once, and the last until there is a later one.
    fn sample(&mut self, group: GroupId, line: &[u8]) -> Option<TextId> {
        let seen = self.seen.entry(group).or_insert(0);
        *seen += 1;
        if *seen <= FIRST_SAMPLES {
            return Some(self.found.texts.keep(line));
        }
        let index = self.found.events.len();
        let last = self.last_raw.entry(group).or_default();
        last.0 = index;
        last.1.clear();
        last.1.extend_from_slice(line);
        None
    }

    #[inline]
    fn count(&mut self, class: Class) {
        self.found.counts.add(class);
    }

    /// Counts a line of a family.
    #[inline]
    fn is_of(&mut self, family: usize, class: Class) {
        self.count(class);
        if let Some(lines) = self.found.families.get_mut(family) {
            *lines += 1;
        }
    }

    /// Counts why a line could not be read.
    fn why(&mut self, why: &'static str) {
        let line = self.found.counts.lines();
        match self.found.not_understood.iter_mut().find(|(known, ..)| *known == why) {
            Some((_, times, _)) => *times += 1,
            None => self.found.not_understood.push((why, 1, line)),
        }
    }

    /// The number of a host's name, which is nearly always the name of the line before.
    #[inline]
    fn host(&mut self, name: &[u8]) -> u64 {
        if !same(&self.host.0, name) {
            self.next_host(name);
        }
        self.host.1
    }

    fn next_host(&mut self, name: &[u8]) {
        self.host = (name.to_vec(), Key::host(name));
        self.name_host(name);
    }

    fn name_host(&mut self, name: &[u8]) {
        let Ok(name) = std::str::from_utf8(name) else { return };
        let is_new = name.contains('.') && self.found.hosts.len() < MOST_HOSTS && !self.found.hosts.contains(name);
        if is_new && smtp::address(name.as_bytes()).is_none() {
            self.found.hosts.insert(name.to_ascii_lowercase());
        }
    }

    /// Passes a stamp, and returns its slot, with the turns of the year before it.
    #[inline]
    pub(crate) fn time(&mut self, stamp: Option<Stamp>) -> Slot {
        let Some(stamp) = stamp else { return Slot { turn: 0, stamp: None } };
        match self.written {
            Some((written, slot)) if written == stamp => slot,
            _ => self.next_time(stamp),
        }
    }

    fn next_time(&mut self, stamp: Stamp) -> Slot {
        self.found.zoneless |= stamp.offset().is_none();
        let turn = match stamp.year() {
            Some(_) => 0,
            None => self.found.turns.pass(stamp.month()),
        };
        self.found.yearless |= stamp.year().is_none();
        let now = (turn, stamp);
        let (first, last) = self.found.span.unwrap_or((now, now));
        self.found.span = Some((first.min(now), last.max(now)));
        let slot = Slot { turn, stamp: Some(stamp.quarter()) };
        self.written = Some((stamp, slot));
        slot
    }
}

/// What is kept of a message's Message-ID: of a message that was taken no letter quotes it.
fn name_of(id: &[u8], outcome: Outcome, texts: &mut Texts) -> MessageName {
    match outcome {
        Outcome::Delivered => MessageName::known(MessageId::of(id)),
        _ => MessageName::kept(texts.add(id)),
    }
}

/// Whether a host answered, or failed to, that is not known to be the provider's own.
fn is_by_other(attempt: &Attempt<'_>, by: Option<MatchedBy>) -> bool {
    matches!(by, Some(MatchedBy::ReplyText | MatchedBy::RecipientDomain)) && attempt.remote_host.or(attempt.remote_ip).is_some()
}

/// The words that may tell who answered: a refusal's. "250 Ok" says nothing.
fn telling<'a>(attempt: &Attempt<'a>, outcome: Outcome) -> Option<&'a [u8]> {
    attempt.reply.or(attempt.note).filter(|_| outcome != Outcome::Delivered)
}

/// A place in all sources: a source may be 16 TiB long.
fn position(source: u32, offset: u64) -> u64 {
    u64::from(source) << 44 | offset
}

/// What is left of a reply when ids, numbers and addresses are taken out: replies without a rule are grouped by it.
pub(crate) fn skeleton(text: &[u8]) -> String {
    let text = smtp::normalise(text);
    let bone = |word: &str| match () {
        () if word.contains('@') => "{address}".to_owned(),
        () if word.bytes().any(|byte| byte.is_ascii_digit()) && word.len() > 5 => "{id}".to_owned(),
        () => word.to_owned(),
    };
    text.split(' ').map(bone).collect::<Vec<_>>().join(" ")
}
