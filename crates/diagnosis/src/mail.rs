//! Mails among the sources: a bounce's failures become attempts like those of a log.

use bstr::ByteSlice;
use evidence::bounce::{Aside, Bounce, Failure, Returned};
use evidence::queue::Listing;
use evidence::{Birth, Channel, Class, Key, Stamp, family};
use providers::{MatchedBy, ProviderId};
use smtp::{Outcome, address};

use crate::found::Pending;
use crate::part::Account;
use crate::{Event, MessageName, MessageRef, Part, Said, Slot, sending};

/// A mail in its source.
#[derive(Clone, Copy)]
pub struct Mail<'m> {
    /// The mail as it stands there.
    pub raw: &'m [u8],
    /// Where it begins.
    pub offset: u64,
    /// The line on which it begins; the first is 1.
    pub line: u64,
}

/// Where in its source a failure is told of, and how.
struct Place<'m> {
    offset: u64,
    line: u64,
    text: &'m [u8],
}

impl Part<'_, '_> {
    /// Takes a mail of which it is known what it says.
    pub fn mail(&mut self, bounce: &Bounce, mail: Mail<'_>) {
        self.told(bounce, mail, family::BOUNCES);
    }

    /// Takes a listing of a queue: each message tells, like a bounce, what the last try came to.
    pub fn queue(&mut self, listing: &Listing, text: &[u8]) {
        if listing.is_bare {
            *self.account.found.asides.entry("aside_bare_queue").or_default() += listing.messages.len() as u64;
        }
        for message in &listing.messages {
            let returned = Returned { sender: Some(message.sender.clone()), ..Returned::default() };
            let bounce = Bounce { id: message.id.clone(), failures: message.failures.clone(), returned, ..Bounce::default() };
            let raw = text.get(message.offset..).unwrap_or_default();
            let end = raw.find(b"\n\n").unwrap_or(raw.len());
            self.told(&bounce, Mail { raw: raw.get(..end).unwrap_or_default(), offset: message.offset as u64, line: message.line }, family::QUEUES);
        }
    }

    fn told(&mut self, bounce: &Bounce, mail: Mail<'_>, family: usize) {
        let account = &mut self.account;
        if let Some(count) = account.found.families.get_mut(family) {
            *count += 1;
        }
        let aside = bounce.aside.map(Aside::word).or_else(|| account.is_by_provider(bounce).then_some("aside_by_provider"));
        account.found.counts.add(if aside.is_some() { Class::Fact } else { Class::Bears });
        if let Some(aside) = aside {
            *account.found.asides.entry(aside).or_default() += 1;
            return;
        }
        account.time(bounce.stamp);
        account.found.signers.extend(bounce.returned.signatures.iter().map(|(domain, selector)| format!("{selector}:{domain}")));
        let before = account.found.events.len();
        for failure in &bounce.failures {
            account.failure(bounce, failure, mail);
        }
        if account.found.events.iter().skip(before).any(|pending| pending.event.sending.is_none()) {
            account.found.received.extend(bounce.handed_by);
        }
    }
}

impl Account<'_, '_> {
    /// Whether the provider in question wrote the bounce, about somebody else's server.
    fn is_by_provider(&mut self, bounce: &Bounce) -> bool {
        let operator = |account: &Self, id: ProviderId| account.knowledge.provider(id).map(|provider| provider.operator.clone());
        let Some(reporter) = bounce.reporter.as_deref() else { return false };
        let Some((by, _)) = self.recogniser.recognise(Some(reporter.as_bytes()), None, None, None) else { return false };
        let theirs = |account: &mut Self, failure: &Failure| account.recognise(failure).and_then(|(id, _)| operator(account, id));
        let wanted = self.wanted.provider().and_then(|id| operator(self, id));
        wanted.is_some() && operator(self, by) == wanted && bounce.failures.iter().all(|failure| theirs(self, failure) != wanted)
    }

    fn recognise(&mut self, failure: &Failure) -> Option<(ProviderId, MatchedBy)> {
        let told = failure.reply.as_deref().or(failure.note.as_deref()).map(str::as_bytes);
        let [host, ip, recipient] = [&failure.remote_host, &failure.remote_ip, &failure.recipient].map(|text| text.as_deref().map(str::as_bytes));
        self.recogniser.recognise(host, ip, told, recipient)
    }

    fn failure(&mut self, bounce: &Bounce, failure: &Failure, mail: Mail<'_>) {
        let provider = self.recognise(failure);
        let code = failure.reply.as_ref().and_then(|reply| smtp::Code::split(reply.as_bytes())).map(|(code, _)| code);
        let outcome = Outcome::of(code);
        self.found.attempts += 1;
        let slot = Slot { turn: 0, stamp: bounce.stamp.map(Stamp::quarter) };
        self.found.tally.add(slot, provider.map_or(crate::tally::OTHER, |(id, _)| id.0), outcome, 1);
        if self.wanted.holds(provider.map(|(id, _)| id), slot.stamp) {
            self.keep_failure(bounce, failure, mail, provider, outcome);
        }
    }

    fn keep_failure(&mut self, bounce: &Bounce, failure: &Failure, mail: Mail<'_>, provider: Option<(ProviderId, MatchedBy)>, outcome: Outcome) {
        let attempt = evidence::Attempt {
            id: bounce.id.as_bytes(),
            recipient: failure.recipient.as_deref().map(str::as_bytes),
            original: failure.original.as_deref().map(str::as_bytes),
            remote_host: failure.remote_host.as_deref().map(str::as_bytes),
            remote_ip: failure.remote_ip.as_deref().map(str::as_bytes),
            local_ip: None,
            stage: failure.stage,
            disposition: failure.disposition,
            reply: failure.reply.as_deref().map(str::as_bytes),
            note: failure.note.as_deref().map(str::as_bytes),
            channel: Channel::Unsaid,
        };
        let place = place(mail, failure);
        let host = Key::host(bounce.reporter.as_deref().unwrap_or_default().as_bytes());
        let key = Key::of_text(host, attempt.id);
        let (group, _) = self.group(&attempt, provider);
        let remote_ip = attempt.remote_ip.and_then(address);
        let texts = &mut self.found.texts;
        let mut keep = |text: Option<&[u8]>| text.map(|text| texts.keep(text));
        let event = Event {
            source: self.source,
            line: place.line,
            offset: place.offset,
            times: 1,
            stamp: bounce.stamp,
            turn: 0,
            message: MessageRef(0),
            sender: keep(bounce.returned.sender.as_deref().map(str::as_bytes)),
            message_id: keep(bounce.returned.message_id.as_deref().map(str::as_bytes)).map(MessageName::kept),
            origin: None,
            forwarded: crate::streams::is_forward(attempt.original, attempt.recipient),
            recipient: keep(attempt.recipient),
            remote_host: keep(attempt.remote_host),
            remote_ip,
            sending: sending::named(None, attempt.reply.filter(|_| provider.is_some()), b"", remote_ip),
            stage: attempt.stage,
            outcome,
            disposition: attempt.disposition,
            reply: keep(attempt.reply).map(Said::whole),
            note: keep(attempt.note),
            raw: keep(Some(place.text)),
            id: texts.keep(attempt.id),
            provider,
            group: Some(group),
        };
        let words = [attempt.recipient.unwrap_or_default(), attempt.reply.or(attempt.note).unwrap_or_default()].join(&0);
        let fingerprint = Some(key.number() ^ Key::of_text(1, &words).number());
        self.found.events.push(Pending { event, key, birth: Birth::At(0), fingerprint, left_by: None });
    }
}

/// Where a mail tells of a failure: the field with its reply, the line that names the recipient, or its beginning.
fn place<'m>(mail: Mail<'m>, failure: &Failure) -> Place<'m> {
    let raw = mail.raw;
    let recipient = failure.recipient.as_deref().unwrap_or_default().as_bytes();
    let named = raw.find(b"\nFinal-Recipient:").map_or(0, |at| at + 1);
    let group = raw.get(named..).and_then(|rest| rest.find(recipient)).map_or(named, |at| named + at);
    let told = raw.get(group..).and_then(|rest| rest.find(b"\nDiagnostic-Code:")).map(|at| group + at + 1);
    let found = told.or_else(|| raw.find(recipient).filter(|_| !recipient.is_empty())).unwrap_or(0);
    let begin = raw.get(..found).and_then(|before| before.rfind_byte(b'\n')).map_or(0, |at| at + 1);
    let lines = raw.get(..begin).map_or(0, |before| before.find_iter(b"\n").count()) as u64;
    Place { offset: mail.offset + begin as u64, line: mail.line + lines, text: unfolded(raw.get(begin..).unwrap_or_default()) }
}

/// A line with those that continue it, which begin with a space.
fn unfolded(text: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in text.lines_with_terminator().take(20) {
        if end > 0 && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or_default().trim_ascii_end()
}
