//! Conduct: what the sending server did before the first refusal, against the week before; the abuse check that every
//! postmaster does first.
//!
//! A stolen mailbox or a web form that is abused stands out by volume, by new recipients and by unknown ones. Whether
//! it was one, only a person can say.

use std::collections::BTreeMap;

use evidence::Origin;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smtp::domain_of;

use crate::diagnose::Timeline;
use crate::distinct::Distinct;
use crate::{Attempts, Diagnosis, Event, Finding, Ledger, TextId};

/// The days that are looked at, in seconds.
const SUSPECT: i64 = 72 * 3600;

/// The week that they are compared with.
const WEEK: i64 = 7 * 24 * 3600;

/// Fewer messages than this prove nothing.
const FEWEST: u64 = 50;

/// How many times its former rate somebody's mail must have to stand out.
const JUMP: f64 = 5.0;

/// How many of the most frequent senders are named.
const TOP: usize = 5;

/// A span of time, and what was sent in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    /// Hours of it that the evidence covers.
    pub hours: f64,
    /// Messages to the provider.
    pub messages: u64,
    /// Different recipients.
    pub recipients: u64,
    /// Messages to recipients that do not exist.
    pub unknown: u64,
    /// Attempts to everybody.
    pub everywhere: u64,
}

/// What names a sender of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TalkerKind {
    /// A login.
    Login,
    /// A program's user.
    Script,
    /// No sender at all.
    NullSender,
    /// A sender's address, where no login is known.
    Sender,
    /// A sender's domain.
    Domain,
}

impl TalkerKind {
    /// Whether the name may be a person's.
    pub fn is_personal(self) -> bool {
        !matches!(self, TalkerKind::NullSender | TalkerKind::Domain)
    }

    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            TalkerKind::Login => "login",
            TalkerKind::Script => "script",
            TalkerKind::NullSender => "null_sender",
            TalkerKind::Sender => "sender",
            TalkerKind::Domain => "domain",
        }
    }
}

/// Somebody who sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Talker {
    /// What the name is.
    pub kind: TalkerKind,
    /// The name, as the log writes it.
    pub name: String,
    /// What it sent in the 72 hours before the first refusal.
    pub before: u64,
    /// What it sent in the week before those.
    pub week: u64,
    /// Recipients that do not exist, of those before the first refusal.
    pub unknown: u64,
    /// Whether it stands out.
    pub suspect: bool,
}

/// The abuse check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conduct {
    /// The 72 hours before the first refusal.
    pub before: Span,
    /// The week before those.
    pub week: Span,
    /// Who sent most in the 72 hours: those who stand out first, accounts before domains, the most frequent first.
    pub talkers: Vec<Talker>,
    /// Messages that met the block and had been forwarded, and all that met it.
    pub forwarded: (u64, u64),
}

impl Conduct {
    /// Who stands out, if somebody does.
    pub fn suspect(&self) -> Option<&Talker> {
        self.talkers.iter().find(|talker| talker.suspect)
    }

    /// Whether more than half of what was refused had been forwarded.
    pub fn is_forwarding(&self) -> bool {
        self.forwarded.0 * 2 > self.forwarded.1
    }
}

/// What happens in one of the two spans. A message has one sender and came in one way, so each counts once for both.
#[derive(Default)]
struct Account {
    messages: Distinct,
    recipients: Distinct,
    unknown: Distinct,
    by_talker: HashMap<(TalkerKind, Option<TextId>), Sent, RandomState>,
    by_sender: HashMap<TextId, Sent, RandomState>,
}

/// Messages, and those to recipients that do not exist.
#[derive(Clone, Copy, Default)]
struct Sent {
    messages: u64,
    unknown: u64,
}

impl Account {
    fn take(&mut self, ledger: &Ledger, event: &Event, unknown: bool) {
        let message = event.message.0 as usize;
        let sent = Sent { messages: self.messages.add(message).into(), unknown: (unknown && self.unknown.add(message)).into() };
        if let Some(recipient) = event.recipient {
            self.recipients.add(recipient.index());
        }
        if let Some(talker) = talker(ledger, event) {
            self.by_talker.entry(talker).or_default().add(sent);
        }
        if let Some(sender) = event.sender {
            self.by_sender.entry(sender).or_default().add(sent);
        }
    }

    fn span(&self, hours: f64, everywhere: u64) -> Span {
        Span { hours, messages: self.messages.len(), recipients: self.recipients.len(), unknown: self.unknown.len(), everywhere }
    }

    /// Accounts and domains by name.
    fn named(&self, ledger: &Ledger) -> BTreeMap<(TalkerKind, Vec<u8>), Sent> {
        let mut named: BTreeMap<(TalkerKind, Vec<u8>), Sent> = BTreeMap::new();
        for ((kind, name), sent) in &self.by_talker {
            let name = name.map_or(&b""[..], |name| ledger.texts.text(name));
            named.entry((*kind, name.to_vec())).or_default().add(*sent);
        }
        for (sender, sent) in &self.by_sender {
            if let Some(domain) = domain_of(ledger.texts.text(*sender)) {
                named.entry((TalkerKind::Domain, domain.to_ascii_lowercase())).or_default().add(*sent);
            }
        }
        named
    }
}

impl Sent {
    fn add(&mut self, more: Sent) {
        self.messages += more.messages;
        self.unknown += more.unknown;
    }
}

/// Who handed a message over: a login, a program, or where neither is known its sender.
fn talker(ledger: &Ledger, event: &Event) -> Option<(TalkerKind, Option<TextId>)> {
    match (event.origin, event.sender) {
        (Some(Origin::Login(name)), _) => Some((TalkerKind::Login, Some(name))),
        (Some(Origin::Script(name)), _) => Some((TalkerKind::Script, Some(name))),
        (None, Some(sender)) if ledger.texts.text(sender).is_empty() => Some((TalkerKind::NullSender, None)),
        (None, sender) => sender.map(|sender| (TalkerKind::Sender, Some(sender))),
    }
}

/// The attempts of somebody who sends, in the 72 hours before the first refusal or in the week before those.
pub fn attempts_of(ledger: &Ledger, diagnosis: &Diagnosis, kind: &str, name: &str, week: bool) -> Attempts {
    let Some(first) = diagnosis.incident.first_refused else { return Attempts::default() };
    let is_theirs = |event: &Event| match kind {
        "domain" => event.sender.and_then(|sender| domain_of(ledger.texts.text(sender))).is_some_and(|domain| domain.eq_ignore_ascii_case(name.as_bytes())),
        _ => talker(ledger, event).is_some_and(|(known, text)| known.word() == kind && text.is_none_or(|text| ledger.texts.string(text) == name)),
    };
    let timed = diagnosis.timed(ledger);
    let inside = timed.iter().filter(|attempt| attempt.time.and_then(|time| span(first, time)) == Some(week));
    inside.filter(|attempt| is_theirs(&attempt.event)).map(|attempt| (attempt.index, attempt.time)).collect()
}

/// Whether a time lies in the week before, not in the 72 hours before a first refusal; nothing if in neither.
fn span(first: i64, time: i64) -> Option<bool> {
    match first - time {
        ago if (0..=SUSPECT).contains(&ago) => Some(false),
        ago if (SUSPECT + 1..=SUSPECT + WEEK).contains(&ago) => Some(true),
        _ => None,
    }
}

/// The abuse check before a first refusal.
pub(crate) fn of(ledger: &Ledger, timed: Timeline<'_>, findings: &[Finding], everywhere: &[(i64, u64)], first: Option<i64>) -> Conduct {
    let forwarded = forwarded(ledger, findings);
    let Some(first) = first else { return Conduct { forwarded, ..Conduct::default() } };
    let unknown: Distinct =
        findings.iter().filter(|finding| finding.unknown_recipient).flat_map(|finding| finding.events.iter().map(|(index, _)| index)).collect();
    let (mut before, mut week) = (Account::default(), Account::default());
    for attempt in timed.iter() {
        let account = match attempt.time.and_then(|time| span(first, time)) {
            Some(false) => &mut before,
            Some(true) => &mut week,
            None => continue,
        };
        account.take(ledger, &attempt.event, unknown.holds(attempt.index));
    }
    let begins = timed.iter().find_map(|attempt| attempt.time).unwrap_or(first);
    let covered = |from: i64, to: i64| (to - from.max(begins).min(to)) as f64 / 3600.0;
    let sum = |from: i64, to: i64| everywhere.iter().filter(|(time, _)| (from..to).contains(time)).map(|(_, attempts)| attempts).sum();
    let (start, earlier) = (first - SUSPECT, first - SUSPECT - WEEK);
    let spans = (before.span(covered(start, first), sum(start, first)), week.span(covered(earlier, start), sum(earlier, start)));
    Conduct { before: spans.0, week: spans.1, talkers: stand_out(ledger, &before, &week, spans), forwarded }
}

/// Those who stand out, and those who sent most; one who is alone cannot stand out.
fn stand_out(ledger: &Ledger, before: &Account, week: &Account, (span, earlier): (Span, Span)) -> Vec<Talker> {
    let former = week.named(ledger);
    let named = before.named(ledger);
    let accounts = named.keys().filter(|(kind, _)| *kind != TalkerKind::Domain).count();
    let domains = named.len() - accounts;
    let mut talkers: Vec<Talker> = Vec::with_capacity(named.len());
    for (key, sent) in named {
        let week = former.get(&key).map_or(0, |sent| sent.messages);
        let (kind, name) = key;
        let name = String::from_utf8_lossy(&name).into_owned();
        let talker = Talker { kind, name, before: sent.messages, week, unknown: sent.unknown, suspect: false };
        let among = if kind == TalkerKind::Domain { domains } else { accounts };
        talkers.push(Talker { suspect: is_suspect(&talker, span, earlier, among), ..talker });
    }
    let order = |talker: &Talker| (std::cmp::Reverse(talker.suspect), talker.kind == TalkerKind::Domain, std::cmp::Reverse(talker.before), talker.kind);
    talkers.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name)));
    talkers.truncate(TOP);
    talkers
}

/// Much mail, a large share of all, and a rate far above what it was; or mail to many who do not exist.
///
/// Where the evidence does not reach back a day before the 72 hours, a jump cannot be seen, and only unknown
/// recipients count.
fn is_suspect(talker: &Talker, span: Span, earlier: Span, among: usize) -> bool {
    let rate = |messages: u64, hours: f64| messages as f64 / hours.max(1.0);
    let jumped = earlier.hours >= 24.0 && rate(talker.before, span.hours) >= JUMP * rate(talker.week, earlier.hours);
    let large = talker.before * 2 >= span.messages;
    let guessing = talker.unknown >= 20 && talker.unknown * 5 >= talker.before;
    among > 1 && talker.before >= FEWEST && (large && jumped || guessing)
}

/// Messages of the blocks that had been forwarded, and all messages of the blocks.
fn forwarded(ledger: &Ledger, findings: &[Finding]) -> (u64, u64) {
    let (mut passed_on, mut all) = (Distinct::default(), Distinct::default());
    for event in
        findings.iter().filter(|finding| finding.is_block()).flat_map(|finding| finding.events.iter()).filter_map(|(index, _)| ledger.events.get(index))
    {
        let rewritten = || event.sender.is_some_and(|sender| crate::streams::is_rewritten(ledger.texts.text(sender)));
        all.add(event.message.0 as usize);
        if event.forwarded || rewritten() {
            passed_on.add(event.message.0 as usize);
        }
    }
    (passed_on.len(), all.len())
}
