//! The whole: from what was read to what it means.

use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use providers::{Knowledge, MatchedBy, ProviderId};

use crate::distinct::Distinct;
use crate::events::Placed;
use crate::tally::Outcomes;
use crate::{
    Attempts, Calendar, Candidate, Clock, Clocks, Conduct, Control, DoorShare, Event, Events, Finding, Follows, Incident, Ledger, SendingBasis, SendingIp,
    TextId, candidates, clocks, conduct, control, doors, findings, follows, incident, sending,
};

/// What the user asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose refusals; nothing is everybody's.
    pub provider: Option<ProviderId>,
    /// How stamps are read.
    pub clock: Clock,
    /// The earliest time, in seconds since 1970.
    pub since: Option<i64>,
    /// The latest time, in seconds since 1970.
    pub until: Option<i64>,
    /// Sending addresses that the user gave.
    pub sending_ips: Vec<IpAddr>,
    /// Whether the user saw an outage on the provider's status page.
    pub outage_confirmed: bool,
}

/// How much there was. A message that was retried five times is one message and five attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Attempts.
    pub attempts: u64,
    /// Messages.
    pub messages: u64,
    /// Different recipients.
    pub recipients: u64,
    /// Attempts by outcome.
    pub outcomes: Outcomes,
}

/// An attempt with its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    pub event: Event,
    pub index: usize,
    pub time: Option<i64>,
}

/// The attempts in question, in the order of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline<'l> {
    events: &'l Events,
    attempts: &'l Attempts,
}

impl<'l> Timeline<'l> {
    /// Each attempt with its time.
    pub fn iter(self) -> TimelineIter<'l> {
        TimelineIter { events: self.events, places: self.attempts.places() }
    }
}

/// What [`Timeline::iter`] returns; made in place, so that nothing of an attempt is put together that nobody looks at.
#[derive(Clone, Debug)]
pub(crate) struct TimelineIter<'l> {
    events: &'l Events,
    places: std::slice::Iter<'l, Placed>,
}

impl Iterator for TimelineIter<'_> {
    type Item = Timed;

    #[inline(always)]
    fn next(&mut self) -> Option<Timed> {
        let (index, time) = self.places.next()?.parts();
        Some(Timed { event: self.events.get(index)?, index, time })
    }
}

/// What the evidence says.
#[derive(Debug)]
pub struct Diagnosis {
    /// The calendars of the sources, by number.
    pub calendars: Vec<Calendar>,
    /// The attempts in question, as places in the ledger's events, each with its time; ordered by time.
    pub attempts: Attempts,
    /// How much there was.
    pub totals: Totals,
    /// The kinds of refusal, the most frequent first.
    pub findings: Vec<Finding>,
    /// From where the mail was sent.
    pub sending_ips: Vec<SendingIp>,
    /// From where it may have been sent; to be confirmed by the user.
    pub candidates: Vec<Candidate>,
    /// The story in time.
    pub incident: Incident,
    /// Who can lift what, blocks first.
    pub doors: Vec<DoorShare>,
    /// What the block follows.
    pub follows: Follows,
    /// What was sent before the first refusal.
    pub conduct: Conduct,
    /// Whether clocks disagree or logs are missing.
    pub clocks: Clocks,
    /// Whether all that is known comes from bounces, which never show what was accepted.
    pub bounces_only: bool,
    /// Bounces of mail that never was the client's.
    pub foreign: u64,
    /// Hosts that are not the provider's, to which mail for it was handed, with the attempts; the most frequent first.
    pub relays: Vec<(String, u64)>,
    /// Other providers in the same hours.
    pub control: Vec<Control>,
}

impl Diagnosis {
    /// The attempts in question with their events, in the order of time.
    pub(crate) fn timed<'l>(&'l self, ledger: &'l Ledger) -> Timeline<'l> {
        Timeline { events: &ledger.events, attempts: &self.attempts }
    }
}

/// Looks at everything that was read.
pub fn diagnose(ledger: &Ledger, knowledge: &Knowledge, options: &Options) -> Diagnosis {
    let calendars: Vec<Calendar> = ledger.sources.iter().map(|source| Calendar::of(source, &options.clock)).collect();
    let attempts = in_question(ledger, &calendars, options);
    let timed = Timeline { events: &ledger.events, attempts: &attempts };
    let findings = findings::of(ledger, knowledge, timed);
    let control = control::of(ledger, knowledge, &calendars, options);
    let incident = incident::of(ledger, timed, &findings, &control, options.outage_confirmed);
    let sending_ips = addresses(timed, &options.sending_ips);
    Diagnosis {
        totals: totals(ledger, timed),
        candidates: candidates::of(ledger, knowledge, &sending_ips),
        sending_ips,
        doors: doors::of(ledger, knowledge, &findings),
        conduct: conduct::of(ledger, timed, &findings, &control.everywhere, incident.first_refused),
        clocks: clocks::of(ledger, &calendars, timed),
        bounces_only: bounces_only(ledger),
        foreign: ledger.sources.iter().filter_map(|source| source.asides.get("aside_foreign")).sum(),
        relays: relays(ledger, timed),
        incident,
        follows: follows::of(ledger, timed, &findings, &options.sending_ips),
        control: control.providers,
        findings,
        attempts,
        calendars,
    }
}

fn in_question(ledger: &Ledger, calendars: &[Calendar], options: &Options) -> Attempts {
    let time = |event: &Event| calendars.get(event.source as usize)?.time(event.stamp?, event.turn);
    let is_theirs = |event: &Event| options.provider.is_none() || event.provider.map(|(id, _)| id) == options.provider;
    let mut attempts = Attempts::default();
    for (place, event) in ledger.events.iter().enumerate().filter(|(_, event)| is_theirs(event)) {
        let time = time(&event);
        if options.spans(time) {
            attempts.push(place, time);
        }
    }
    attempts.sort();
    attempts
}

impl Options {
    /// Whether a time lies in the span that was asked for; what has no time lies in every span.
    pub(crate) fn spans(&self, time: Option<i64>) -> bool {
        time.is_none_or(|time| self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time <= until))
    }
}

fn bounces_only(ledger: &Ledger) -> bool {
    let mut telling = ledger.sources.iter().filter(|source| source.attempts > 0).peekable();
    telling.peek().is_some() && telling.all(|source| matches!(source.format(), "bounce" | "queue"))
}

/// Where mail for the provider went that did not go to the provider itself: a smarthost, or a server that passes it on.
fn relays(ledger: &Ledger, timed: Timeline<'_>) -> Vec<(String, u64)> {
    let mut hosts: HashMap<TextId, u64, RandomState> = HashMap::default();
    for event in timed.iter().map(|attempt| attempt.event) {
        if let (Some((_, MatchedBy::ReplyText | MatchedBy::RecipientDomain)), Some(host)) = (event.provider, event.remote_host) {
            *hosts.entry(host).or_default() += u64::from(event.times);
        }
    }
    let mut hosts: Vec<(String, u64)> = hosts.into_iter().map(|(host, attempts)| (ledger.texts.string(host), attempts)).collect();
    hosts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    hosts
}

fn totals(ledger: &Ledger, timed: Timeline<'_>) -> Totals {
    let mut totals = Totals::default();
    let mut recipients: HashSet<Vec<u8>, RandomState> = HashSet::default();
    let (mut spellings, mut messages) = (Distinct::default(), Distinct::default());
    for Timed { event, .. } in timed.iter() {
        totals.attempts += u64::from(event.times);
        totals.outcomes.add(event.outcome, u64::from(event.times));
        messages.add(event.message.0 as usize);
        if let Some(recipient) = event.recipient.filter(|recipient| spellings.add(recipient.index())) {
            recipients.insert(ledger.texts.text(recipient).to_ascii_lowercase());
        }
    }
    Totals { messages: messages.len(), recipients: recipients.len() as u64, ..totals }
}

/// The addresses that the evidence names, and those that the user gave.
fn addresses(timed: Timeline<'_>, given: &[IpAddr]) -> Vec<SendingIp> {
    let mut list = sending::addresses(timed.iter().map(|attempt| attempt.event));
    for ip in given {
        match list.iter_mut().find(|known| known.ip == *ip) {
            Some(known) => known.basis = SendingBasis::Given,
            None => list.push(SendingIp { ip: *ip, basis: SendingBasis::Given, attempts: 0 }),
        }
    }
    list
}
