//! Habits: how the sending server treats the provider over the whole log, for each address and each stream.
//!
//! Only figures: what is too much is judged elsewhere.

use std::collections::BTreeMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use smtp::{Disposition, Outcome};

use crate::diagnose::Timed;
use crate::distinct::Distinct;
use crate::streams::Streams;
use crate::{Diagnosis, Ledger, MessageId, Stream, TextId, Texts};

/// A day, in seconds.
const DAY: i64 = 24 * 3600;

/// A message that was put off is tried again after this many seconds at the earliest, by every server's defaults.
const SHORTEST_WAIT: i64 = 60;

/// What left from one address in one stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Habit {
    /// The address, where it is known.
    pub ip: Option<IpAddr>,
    /// The stream's word.
    pub stream: &'static str,
    /// Messages.
    pub messages: u64,
    /// Messages to recipients that do not exist.
    pub unknown: u64,
    /// Recipients that do not exist and were written to again.
    pub dead_again: u64,
    /// Messages that were sent again, with the same Message-ID, although they had been refused for good.
    pub after_refusal: u64,
    /// Attempts that were put off.
    pub deferred: u64,
    /// Of these, those that were tried again within a minute.
    pub hasty: u64,
    /// Messages of the fullest day.
    pub fullest_day: u64,
    /// Messages of a usual day: the median of the others.
    pub usual_day: u64,
    /// Days with mail.
    pub days: u64,
    /// The first day, counted from the first one of the log.
    pub begins: i64,
}

/// The habits of a sender.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Habits {
    /// Each address and stream, the largest first.
    pub each: Vec<Habit>,
    /// The recipient with most attempts, and how many; and all attempts.
    pub top_recipient: Option<(String, u64, u64)>,
}

type Account = (Option<IpAddr>, Stream);

/// What is collected of one address and stream.
#[derive(Default)]
struct Sum {
    habit: Habit,
    messages: Distinct,
    unknown: Distinct,
    by_day: BTreeMap<i64, Distinct>,
    dead: HashMap<TextId, u32, RandomState>,
    /// The last word on a message and recipient: when, and what it was.
    last: HashMap<(Name, Option<TextId>), Last, RandomState>,
    tried_again: HashSet<(Name, Option<TextId>), RandomState>,
}

/// A message that is sent again is another one for the server; its Message-ID stays.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Name {
    Id(MessageId),
    Number(u32),
}

/// The last answer to a message.
#[derive(Clone, Copy)]
struct Last {
    time: Option<i64>,
    message: u32,
    deferred: bool,
    /// Whether the sending server gave up on it then.
    refused: bool,
}

/// Looks at how all mail to the provider was sent.
pub fn of(ledger: &Ledger, diagnosis: &Diagnosis) -> Habits {
    let timed = diagnosis.timed(ledger);
    let streams = Streams::of(ledger, timed);
    let only = if let [one] = diagnosis.sending_ips.as_slice() { Some(one.ip) } else { None };
    let unknown = diagnosis.findings.iter().filter(|finding| finding.unknown_recipient).flat_map(|finding| finding.events.iter().map(|(index, _)| index));
    let unknown: Distinct = unknown.collect();
    let mut sums: BTreeMap<Account, Sum> = BTreeMap::new();
    let mut recipients: HashMap<TextId, u64, RandomState> = HashMap::default();
    let mut attempts = 0;
    for one in timed.iter() {
        let times = u64::from(one.event.times);
        attempts += times;
        if let Some(recipient) = one.event.recipient {
            *recipients.entry(recipient).or_default() += times;
        }
        let ip = one.event.sending.map(|(ip, _)| ip).or(only);
        sums.entry((ip, streams.stream(&one.event))).or_default().take(&one, unknown.holds(one.index), &ledger.texts);
    }
    let begins = timed.iter().find_map(|one| one.time).unwrap_or_default().div_euclid(DAY);
    let mut each: Vec<Habit> = sums.into_iter().map(|((ip, stream), sum)| sum.habit(ip, stream, begins)).collect();
    each.sort_by_key(|habit| std::cmp::Reverse(habit.messages));
    let top = recipients.into_iter().max_by_key(|(recipient, count)| (*count, std::cmp::Reverse(*recipient)));
    Habits { each, top_recipient: top.map(|(recipient, count)| (ledger.texts.string(recipient), count, attempts)) }
}

impl Sum {
    fn take(&mut self, one: &Timed, unknown: bool, texts: &Texts) {
        let message = one.event.message.0;
        let key = (one.event.message_id.map_or(Name::Number(message), |name| Name::Id(name.id(texts))), one.event.recipient);
        self.messages.add(message as usize);
        if let Some(time) = one.time {
            self.by_day.entry(time.div_euclid(DAY)).or_default().add(message as usize);
        }
        if unknown && self.unknown.add(message as usize) {
            one.event.recipient.into_iter().for_each(|recipient| *self.dead.entry(recipient).or_default() += 1);
        }
        match self.last.get(&key) {
            Some(last) if last.refused && last.message != message && self.tried_again.insert(key) => self.habit.after_refusal += 1,
            Some(Last { time: Some(before), deferred: true, .. }) if one.time.is_some_and(|now| now - before < SHORTEST_WAIT) => self.habit.hasty += 1,
            _ => {}
        }
        self.habit.deferred += u64::from(one.event.outcome == Outcome::Deferred && one.event.reply.is_some());
        // A host that was not the last to be tried is one try with the next.
        if one.event.recipient.is_some() && one.event.reply.is_some() {
            let refused = one.event.outcome == Outcome::Rejected && one.event.disposition == Disposition::Bounced;
            self.last.insert(key, Last { time: one.time, message, deferred: one.event.outcome == Outcome::Deferred, refused });
        }
    }

    fn habit(self, ip: Option<IpAddr>, stream: Stream, begins: i64) -> Habit {
        let first = self.by_day.keys().next().map_or(0, |day| day - begins);
        let mut days: Vec<u64> = self.by_day.values().map(Distinct::len).collect();
        days.sort_unstable();
        let fullest = days.pop().unwrap_or_default();
        Habit {
            ip,
            stream: stream.word(),
            messages: self.messages.len(),
            unknown: self.unknown.len(),
            dead_again: self.dead.values().filter(|times| **times > 1).count() as u64,
            fullest_day: fullest,
            usual_day: days.get(days.len() / 2).copied().unwrap_or_default(),
            days: days.len() as u64 + u64::from(fullest > 0),
            begins: first,
            ..self.habit
        }
    }
}
