//! The JSON that scripts rely on: `reprieve.scan/1` and the lines of `--attempts`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use diagnosis::{Basis, Calendar, Event, Finding, Problem, SourceSummary, TextId, behind};
use providers::{Door, MatchedBy, Recogniser};
use serde_json::{Map, Value, json};
use smtp::Reply;
use ticket::{Redactor, rfc3339};

use crate::{Remark, Scan, judge};

impl Scan {
    /// What hides recipients, with tokens of this case.
    pub fn redactor(&self, on: bool) -> Redactor {
        if !on {
            return Redactor::off();
        }
        let made = || {
            let text = |id| Cow::Borrowed(self.ledger.texts.text(id));
            let told = |event: Event| [event.recipient.map(text), self.ledger.reply(&event), Some(text(event.id))];
            Redactor::of_case(self.ledger.events.iter().flat_map(told).flatten()).hiding(self.private_domains())
        };
        self.redactor.get_or_init(made).clone()
    }

    /// The domains of recipients that iCloud hosts and that are not its own: they belong to private people.
    fn private_domains(&self) -> BTreeSet<String> {
        let icloud = self.knowledge.provider_named("icloud");
        let mut recogniser = Recogniser::new(&self.knowledge);
        let mut seen: BTreeSet<TextId> = BTreeSet::new();
        let hosted = self.ledger.events.iter().filter(|event| event.provider.is_some_and(|(id, by)| Some(id) == icloud && by != MatchedBy::RecipientDomain));
        let recipients =
            hosted.filter_map(|event| event.recipient).filter(|recipient| seen.insert(*recipient)).map(|recipient| self.ledger.texts.text(recipient));
        let foreign = recipients.filter(|recipient| recogniser.recognise(None, None, None, Some(recipient)).is_none());
        foreign.filter_map(smtp::domain_of).map(|domain| smtp::escape_controls(domain).to_ascii_lowercase()).filter(|domain| domain.contains('.')).collect()
    }

    /// The document of `scan --json`.
    pub fn json(&self, redactor: &Redactor) -> Value {
        let totals = &self.diagnosis.totals;
        json!({
            "schema": "reprieve.scan/1",
            "intake": self.intake(),
            "totals": {
                "attempts": totals.attempts, "messages": totals.messages, "recipients": totals.recipients,
                "delivered": totals.outcomes.delivered, "deferred": totals.outcomes.deferred, "rejected": totals.outcomes.rejected,
            },
            "findings": self.diagnosis.findings.iter().map(|finding| self.finding(finding, redactor)).collect::<Vec<_>>(),
            "sending_ips": self.diagnosis.sending_ips.iter().map(|found| json!({
                "ip": found.ip.to_string(), "basis": found.basis.word(), "confidence": found.basis.confidence().word(), "attempts": found.attempts,
                "pool": self.knowledge.pool(found.ip).map(|pool| &pool.name),
            })).collect::<Vec<_>>(),
            "sending_candidates": self.diagnosis.candidates.iter().map(|found| json!({
                "ip": found.ip.to_string(), "basis": found.basis.word(), "by": found.by, "times": found.times,
                "pool": self.knowledge.pool(found.ip).map(|pool| &pool.name),
            })).collect::<Vec<_>>(),
            "sending_asked": self.asked_for(),
            "verdict": self.verdict(redactor),
            "incident": self.incident(),
            "conduct": self.conduct(redactor),
            "block_follows": self.follows(),
            "control": self.diagnosis.control.iter().map(|control| json!({
                "provider": control.provider.and_then(|id| self.knowledge.provider(id)).map_or("other", |provider| &provider.id),
                "attempts": control.outcomes.attempts(), "delivered": control.outcomes.delivered,
                "deferred": control.outcomes.deferred, "rejected": control.outcomes.rejected,
            })).collect::<Vec<_>>(),
        })
    }

    /// What the evidence does not say of the sending addresses, with the reason and the proof; nothing where it says all.
    pub fn asked_for(&self) -> Option<String> {
        let blocks = || self.diagnosis.findings.iter().filter(|finding| finding.is_block()).flat_map(|finding| finding.events.iter());
        let families: BTreeSet<bool> = blocks().filter_map(|(event, _)| Some(self.ledger.events.get(event)?.remote_ip?.is_ipv6())).collect();
        let known: BTreeSet<bool> = self.diagnosis.sending_ips.iter().map(|found| found.ip.is_ipv6()).collect();
        let missing: Vec<&str> = families.difference(&known).map(|v6| if *v6 { "IPv6" } else { "IPv4" }).collect();
        let relays = self.ledger.relay_hosts.iter().cloned().collect::<Vec<_>>().join(", ");
        let relayed = if relays.is_empty() { String::new() } else { format!(" The configuration hands mail to {relays}: then it is that server's address.") };
        (!missing.is_empty()).then(|| {
            format!(
                "Which {} address does mail to the provider leave from? The evidence does not hold it: mail servers seldom log it.{relayed} Proof: send one mail to a mailbox elsewhere and look at its top Received line (`reprieve howto egress`); ask whether there is one way out or several.",
                missing.join(" and ")
            )
        })
    }

    /// One line of `scan --attempts` for each attempt in question.
    pub fn attempts<'s>(&'s self, redactor: &'s Redactor, message: Option<&str>) -> impl Iterator<Item = Value> + 's {
        let wanted = message.map(|name| self.ledger.messages_named(name.as_bytes()));
        let attempts = self.diagnosis.attempts.iter().filter_map(|(index, time)| Some((self.ledger.events.get(index)?, time)));
        let chosen = attempts.filter(move |(event, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(&event.message)));
        chosen.flat_map(move |(event, time)| (0..event.times).map(move |_| self.attempt(&event, time, redactor)))
    }

    fn text(&self, id: Option<TextId>) -> Option<String> {
        id.map(|id| self.ledger.texts.string(id))
    }

    fn attempt(&self, event: &Event, time: Option<i64>, redactor: &Redactor) -> Value {
        let source = self.ledger.sources.get(event.source as usize);
        let calendar = self.diagnosis.calendars.get(event.source as usize);
        let hidden = |id: Option<TextId>| self.text(id).map(|text| redactor.redact(&text));
        let raw = self.ledger.reply(event);
        let reply = raw.as_deref().map(Reply::parse);
        let word = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        let mut line = json!({
            "time": time.map(rfc3339),
            "year": calendar.map(|calendar| year(calendar, event)),
            "zone": calendar.map(|calendar| zone(calendar, event)),
            "source": source.map(|source| &source.name),
            "line": event.line,
            "format": source.map(SourceSummary::format),
            "message": self.text(Some(event.id)),
            "sender": self.text(event.sender).map(|sender| redactor.redact_sender(&sender)),
            "recipient": hidden(event.recipient),
            "remote_host": self.text(event.remote_host).map(|host| redactor.redact_host(&host)),
            "remote_ip": event.remote_ip.map(|ip| ip.to_string()),
            "sending_ip": event.sending.map(|(ip, _)| ip.to_string()),
            "stage": event.stage.word(),
            "outcome": event.outcome.word(),
            "disposition": event.disposition.word(),
            "code": reply.and_then(|reply| reply.code()).map(|code| code.number()),
            "enhanced": reply.and_then(|reply| reply.enhanced()).map(|code| code.to_string()),
            "reply": raw.as_deref().map(|raw| redactor.redact(&String::from_utf8_lossy(raw))),
            "note": hidden(event.note),
            "marker": reply.and_then(|reply| reply.marker()).map(word),
            "txn": reply.and_then(|reply| reply.txn()).map(word),
            "provider": event.provider.and_then(|(id, _)| self.knowledge.provider(id)).map(|provider| &provider.id),
            "matched_by": event.provider.map(|(_, by)| by.word()),
        });
        if let (Some(fields), Some(raw)) = (line.as_object_mut(), raw.as_deref()) {
            add_bytes(fields, raw);
        }
        line
    }

    fn intake(&self) -> Value {
        let sources = self.ledger.sources.iter().zip(&self.diagnosis.calendars).map(|(source, calendar)| source_json(source, calendar));
        let missing = self.unopened.iter().map(|unopened| {
            let problem =
                json!({"code": "unopened", "line": null, "times": 1, "what": unopened.error.to_string(), "hint": "check the path, and that you may read it"});
            json!({
                "path": unopened.path.display().to_string(), "format": null, "compression": null, "lines": 0, "attempts": 0, "not_understood": 0,
                "facts": 0, "idle": 0, "foreign": 0, "first": null, "last": null, "zone": null, "year_inferred": false, "problems": [problem],
            })
        });
        json!({
            "sources": sources.chain(missing).collect::<Vec<_>>(),
            "bytes": self.ledger.sources.iter().map(|source| source.bytes).sum::<u64>(),
            "seconds": (self.seconds * 1000.0).round() / 1000.0,
        })
    }

    fn finding(&self, finding: &Finding, redactor: &Redactor) -> Value {
        let explanation = finding.group.rule.and_then(|rule| self.knowledge.explanation(rule));
        let (who, contact) = behind(&self.ledger, &self.knowledge, finding);
        let provider = finding.group.provider.and_then(|id| self.knowledge.provider(id));
        let first = finding.events.first().and_then(|(index, _)| self.ledger.events.get(index));
        let samples = finding.samples.iter().filter_map(|sample| {
            let event = self.ledger.events.get(sample.event)?;
            let source = self.ledger.sources.get(event.source as usize)?;
            Some(json!({"source": source.name, "line": event.line, "text": redactor.redact(&self.ledger.texts.string(sample.line))}))
        });
        json!({
            "rule": explanation.map(|explanation| &explanation.rule.id),
            "kind": explanation.map(|explanation| &explanation.rule.kind),
            "door": finding.door.map(|door| json!({"kind": door.word(), "who": who, "contact": contact})),
            "meaning": explanation.map(|explanation| &explanation.rule.meaning),
            "confidence": explanation.map(|explanation| explanation.rule.confidence.word()),
            "provider": provider.map(|provider| &provider.id),
            "matched_by": first.and_then(|event| event.provider).map(|(_, by)| by.word()),
            "marker": self.text(finding.group.marker),
            "code": finding.group.code.map(|code| code.number()),
            "enhanced": finding.group.enhanced.map(|code| code.to_string()),
            "text": first.and_then(|event| self.ledger.told(&event)).map(|text| redactor.redact(&String::from_utf8_lossy(&text))),
            "attempts": finding.attempts,
            "messages": finding.messages,
            "recipients": finding.recipients,
            "first": finding.first.map(rfc3339),
            "last": finding.last.map(rfc3339),
            "stages": finding.stages.iter().map(|stage| stage.word()).collect::<Vec<_>>(),
            "senders": finding.senders.iter().map(|sender| redactor.redact_sender(&self.ledger.texts.string(*sender))).collect::<Vec<_>>(),
            "sending_ips": finding.sending_ips.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "samples": samples.collect::<Vec<_>>(),
        })
    }

    fn incident(&self) -> Value {
        let incident = &self.diagnosis.incident;
        json!({
            "last_delivered_before": incident.last_delivered_before.map(rfc3339),
            "first_refused": incident.first_refused.map(rfc3339),
            "last_refused": incident.last_refused.map(rfc3339),
            "rate_by_hour": incident.hours.iter().map(|hour| json!({
                "hour": rfc3339(hour.start), "delivered": hour.outcomes.delivered, "deferred": hour.outcomes.deferred, "rejected": hour.outcomes.rejected,
                "control_delivered": hour.control.delivered, "control_failed": hour.control.deferred + hour.control.rejected,
            })).collect::<Vec<_>>(),
            "outage": incident.outage.as_ref().map(|outage| json!({"condition": outage.condition, "first": rfc3339(outage.first), "last": rfc3339(outage.last)})),
        })
    }

    fn verdict(&self, redactor: &Redactor) -> Value {
        let verdict = judge(&self.knowledge, &self.diagnosis);
        let remarks = |remarks: &[Remark]| {
            let told = remarks.iter().map(|remark| remark.redacted(redactor));
            told.map(|remark| json!({"code": remark.code, "names": remark.names, "figures": remark.figures, "text": remark.text()})).collect::<Vec<_>>()
        };
        let all: u64 = self.diagnosis.doors.iter().map(|door| door.messages).sum();
        json!({
            "kind": verdict.kind.word(),
            "confidence": verdict.confidence.map(providers::Confidence::word),
            "finding": verdict.finding,
            "doors": self.diagnosis.doors.iter().map(|door| json!({
                "door": door.door.map(providers::Door::word), "who": door.who, "contact": door.contact, "block": door.block, "messages": door.messages,
                "attempts": door.attempts, "share": share(door.messages, all), "findings": door.findings, "next_step": next_step(door),
            })).collect::<Vec<_>>(),
            "before_writing": remarks(&verdict.before),
            "remarks": remarks(&verdict.remarks),
        })
    }

    fn conduct(&self, redactor: &Redactor) -> Value {
        let conduct = &self.diagnosis.conduct;
        let span = |span: &diagnosis::Span| {
            json!({
                "hours": (span.hours * 10.0).round() / 10.0, "messages": span.messages, "recipients": span.recipients,
                "unknown_recipients": span.unknown, "attempts_everywhere": span.everywhere,
            })
        };
        json!({
            "before": span(&conduct.before),
            "week_before": span(&conduct.week),
            "top": conduct.talkers.iter().map(|talker| json!({
                "kind": talker.kind.word(), "name": if talker.kind.is_personal() { redactor.redact_login(&talker.name) } else { talker.name.clone() }, "messages": talker.before, "week_before": talker.week,
                "unknown_recipients": talker.unknown, "suspect": talker.suspect,
            })).collect::<Vec<_>>(),
            "forwarded": {"messages": conduct.forwarded.0, "of": conduct.forwarded.1},
            "relays": self.diagnosis.relays.iter().take(5).map(|(host, attempts)| json!({"host": host, "attempts": attempts})).collect::<Vec<_>>(),
        })
    }

    fn follows(&self) -> Value {
        let follows = &self.diagnosis.follows;
        json!({
            "what": follows.what.word(),
            "reason": follows.reason.word(),
            "red": follows.red,
            "sentence": follows.sentence(),
            "cells": follows.cells.iter().map(|cell| json!({
                "ip": cell.ip.map(|ip| ip.to_string()), "domain": cell.domain, "stream": cell.stream.word(), "refused": cell.refused, "tried": cell.tried,
            })).collect::<Vec<_>>(),
        })
    }
}

/// A part of a whole, to three places.
fn share(part: u64, whole: u64) -> f64 {
    (part as f64 / whole.max(1) as f64 * 1000.0).round() / 1000.0
}

/// What to do at a door, in English.
fn next_step(door: &diagnosis::DoorShare) -> String {
    let contact = door.contact.as_deref().unwrap_or_default();
    let who = door.who.as_deref().unwrap_or("its operator");
    match door.door {
        Some(Door::Provider) => format!("Clean up, then write to {contact}: `reprieve draft` writes the letter."),
        Some(Door::ListOwner) => format!("Look the address up and ask for removal: {contact}. No letter to the receiver helps before that."),
        Some(Door::Sender) => "Mend what the findings name; no letter is needed for it.".to_owned(),
        Some(Door::Recipient) => "Correct or remove the addresses; nothing is blocked.".to_owned(),
        Some(Door::Relay) => format!("Send the lines to whoever runs {who}: the receiver judges that server's address."),
        Some(Door::DeveloperProgramme) => format!("Register the sending domain and the return path: {contact}."),
        Some(Door::Outage) => "Wait, and send again when the receiver's status page is clear.".to_owned(),
        Some(Door::Wait) => "Let the queue try again; it passes.".to_owned(),
        None => "Quote the reply as it is and ask the receiver; do not guess what it means.".to_owned(),
    }
}

fn source_json(source: &SourceSummary, calendar: &Calendar) -> Value {
    let time = |end: Option<(i32, evidence::Stamp)>| end.and_then(|(turn, stamp)| calendar.time(stamp, turn)).map(rfc3339);
    json!({
        "path": source.name,
        "format": source.format(),
        "compression": source.compression,
        "lines": source.counts.lines(),
        "attempts": source.attempts,
        "not_understood": source.counts.not_understood,
        "facts": source.counts.facts,
        "idle": source.counts.idle,
        "foreign": source.counts.foreign,
        "first": time(source.span.map(|(first, _)| first)),
        "last": time(source.span.map(|(_, last)| last)),
        "zone": basis(calendar.zone_basis, "assumed"),
        "year_inferred": calendar.year == Basis::Inferred,
        "problems": source.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn problem(problem: &Problem) -> Value {
    json!({"code": problem.code, "line": problem.line, "times": problem.times, "what": problem.what, "hint": problem.hint})
}

fn basis(basis: Basis, inferred: &'static str) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Inferred => inferred,
        Basis::Given => "given",
    }
}

/// How this attempt's own year is known: one source may hold stamps of both kinds.
fn year(calendar: &Calendar, event: &Event) -> &'static str {
    if event.stamp.is_some_and(|stamp| stamp.year().is_some()) { "stated" } else { basis(calendar.year, "inferred") }
}

fn zone(calendar: &Calendar, event: &Event) -> &'static str {
    if event.stamp.is_some_and(|stamp| stamp.offset().is_some()) { "stated" } else { basis(calendar.zone_basis, "assumed") }
}

/// A reply that is not UTF-8 is also given byte for byte.
fn add_bytes(fields: &mut Map<String, Value>, raw: &[u8]) {
    if std::str::from_utf8(raw).is_err() {
        fields.insert("reply_bytes".to_owned(), json!(base64(raw)));
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sextet = |group: u32, shift: u32| ALPHABET.get((group >> shift & 63) as usize).map_or('=', |byte| char::from(*byte));
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            out.push(if index <= chunk.len() { sextet(group, shift) } else { '=' });
        }
    }
    out
}
