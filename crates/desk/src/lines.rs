//! The lines behind a number: every number on the page is a choice of attempts, and each attempt leads to its line.

use std::borrow::Cow;
use std::net::IpAddr;

use diagnosis::Event;
use serde::{Deserialize, Serialize};
use smtp::Outcome;
use ticket::rfc3339;
#[cfg(test)]
use ts_rs::TS;

use crate::{Error, Scan};

/// Which attempts: those that everything which is given holds for.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(default)]
pub struct Choice {
    /// Of one finding, by its place.
    pub finding: Option<usize>,
    /// Of the findings that are blocks.
    pub block: bool,
    /// `delivered`, `deferred` or `rejected`.
    pub outcome: Option<String>,
    /// In the hour that begins then, in RFC 3339.
    pub hour: Option<String>,
    /// Sent from this address, as far as the evidence shows it.
    pub ip: Option<IpAddr>,
    /// Of one source, by its place.
    pub source: Option<u32>,
}

/// A page of attempts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LinesView {
    /// How many lines there are in all.
    pub total: usize,
    /// Those on the page, in the order of time.
    pub rows: Vec<RowView>,
}

/// One attempt.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct RowView {
    /// Its place, which leads to its line.
    pub attempt: usize,
    /// When, in RFC 3339.
    pub time: Option<String>,
    /// The source's name.
    pub source: String,
    /// The line; the first is 1.
    pub line: u64,
    /// How often a repetition says that the line stood there.
    pub times: u32,
    /// The sending server's id of the message.
    pub message: String,
    /// The envelope sender.
    pub sender: Option<String>,
    /// The recipient.
    pub recipient: Option<String>,
    /// The remote host, with its address.
    pub remote: String,
    /// `delivered`, `deferred` or `rejected`.
    pub outcome: String,
    /// The reply, or the sending server's own words.
    pub said: String,
}

/// One line with its neighbours.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LineView {
    /// The source's name.
    pub source: String,
    /// The lines of the same message nearby, the line itself among them.
    pub lines: Vec<NeighbourView>,
    /// Other attempts of the same message.
    pub attempts: usize,
}

/// A line of the same message.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct NeighbourView {
    /// The line's number.
    pub line: u64,
    /// The line, unchanged but for bytes that are no UTF-8.
    pub text: String,
    /// Whether it is the line that was asked for.
    pub asked: bool,
}

impl Scan {
    /// A page of the attempts that a choice holds for.
    pub fn lines(&self, choice: &Choice, from: usize, most: usize) -> LinesView {
        let attempts = self.among(choice);
        let chosen = |(index, time): &&(usize, Option<i64>)| self.ledger.events.get(*index).is_some_and(|event| choice.holds(event, *time));
        LinesView {
            total: attempts.iter().filter(chosen).count(),
            rows: attempts.iter().filter(chosen).skip(from).take(most).filter_map(|(index, time)| self.row(*index, *time)).collect(),
        }
    }

    /// The attempts that a choice is made among: one finding's, those of all blocks, or all.
    fn among(&self, choice: &Choice) -> Cow<'_, [(usize, Option<i64>)]> {
        let findings = &self.diagnosis.findings;
        if let Some(place) = choice.finding {
            return Cow::Borrowed(findings.get(place).map(|finding| finding.events.as_slice()).unwrap_or_default());
        }
        if !choice.block {
            return Cow::Borrowed(&self.diagnosis.attempts);
        }
        let mut blocks: Vec<_> = findings.iter().filter(|finding| finding.is_block()).flat_map(|finding| finding.events.iter().copied()).collect();
        blocks.sort_unstable_by_key(|(index, time)| (*time, *index));
        Cow::Owned(blocks)
    }

    fn row(&self, index: usize, time: Option<i64>) -> Option<RowView> {
        let event = self.ledger.events.get(index)?;
        let text = |id| self.ledger.texts.string(id);
        let host = event.remote_host.map(text).unwrap_or_default();
        let ip = event.remote_ip.map(|ip| format!("[{ip}]")).unwrap_or_default();
        Some(RowView {
            attempt: index,
            time: time.map(rfc3339),
            source: self.ledger.sources.get(event.source as usize)?.name.clone(),
            line: event.line,
            times: event.times,
            message: text(event.id),
            sender: event.sender.map(text),
            recipient: event.recipient.map(text),
            remote: format!("{host} {ip}").trim().to_owned(),
            outcome: event.outcome.word().to_owned(),
            said: event.reply.or(event.note).map(text).unwrap_or_default(),
        })
    }

    /// The line of an attempt, and the lines of the same message near it, read from the source once more.
    pub fn line(&self, attempt: usize) -> Result<LineView, Error> {
        let gone = |what: &str| Error::new("lines", what, "", "read the sources again");
        let event = self.ledger.events.get(attempt).ok_or_else(|| gone("there is no such attempt any more"))?;
        let input = self.inputs.get(event.source as usize).ok_or_else(|| gone("the source is not there any more"))?;
        let source = self.ledger.sources.get(event.source as usize).map(|source| source.name.clone()).unwrap_or_default();
        let near = scan::around(input, event.offset, self.ledger.texts.text(event.id))
            .map_err(|error| Error::new("lines", error, &source, "put the file back where it was, or read it again"))?;
        let neighbour = |near: scan::Near| NeighbourView {
            line: event.line.saturating_add_signed(near.distance),
            text: String::from_utf8_lossy(&near.text).into_owned(),
            asked: near.distance == 0,
        };
        let attempts = self.ledger.events.iter().filter(|other| other.message == event.message).count();
        Ok(LineView { source, lines: near.into_iter().map(neighbour).collect(), attempts })
    }
}

impl Choice {
    fn holds(&self, event: &Event, time: Option<i64>) -> bool {
        let outcome = |word: &str| [Outcome::Delivered, Outcome::Deferred, Outcome::Rejected].into_iter().find(|outcome| outcome.word() == word);
        self.outcome.as_deref().is_none_or(|word| outcome(word) == Some(event.outcome))
            && self.ip.is_none_or(|ip| event.sending.is_some_and(|(known, _)| known == ip))
            && self.source.is_none_or(|source| source == event.source)
            && self.hour.as_deref().is_none_or(|hour| time.map(|time| rfc3339(time.div_euclid(3600) * 3600)).as_deref() == Some(hour))
    }
}
