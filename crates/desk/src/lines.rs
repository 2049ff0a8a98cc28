//! The lines behind a number: every number on the page is a choice of attempts, and each attempt leads to its line.

use std::net::IpAddr;

use diagnosis::{Attempts, CellName, Event, Finding, Ledger};
use serde::{Deserialize, Serialize};
use smtp::Outcome;
use ticket::rfc3339;
#[cfg(test)]
use ts_rs::TS;

use crate::{Error, Scan};

/// Which attempts: those that everything which is given holds for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(default)]
pub struct Choice {
    /// Of these findings, by their places; none is all.
    pub findings: Vec<usize>,
    /// Of the findings that are blocks.
    pub block: bool,
    /// Of the messages that were tried since the first block.
    pub since: bool,
    /// `delivered`, `deferred`, `rejected`, or `failed`, which is either of the last two.
    pub outcome: Option<String>,
    /// In the hour that begins then, in RFC 3339.
    pub hour: Option<String>,
    /// Sent from this address, as far as the evidence shows it.
    pub ip: Option<IpAddr>,
    /// Of one source, by its place.
    pub source: Option<u32>,
    /// Of one cell of what the block follows.
    pub cell: Option<CellChoice>,
    /// Of somebody who sent before the first refusal.
    pub talker: Option<TalkerChoice>,
    /// Other providers' in the same quarters of an hour; the sources are read again for them.
    pub control: bool,
    /// Lines that could not be understood; the sources are read again for them.
    pub not_understood: bool,
}

/// A cell of the matrix.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(TS))]
pub struct CellChoice {
    /// The sending address.
    pub ip: Option<IpAddr>,
    /// The sender's domain.
    pub domain: Option<String>,
    /// The word of the stream.
    pub stream: String,
    /// Only what met the block.
    pub refused: bool,
}

/// Somebody who sent before the first refusal.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(TS))]
pub struct TalkerChoice {
    /// `login`, `script`, `null_sender`, `sender` or `domain`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The week before the 72 hours, not the hours themselves.
    pub week: bool,
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
    pub fn lines(&self, choice: &Choice, from: usize, most: usize) -> Result<LinesView, Error> {
        if choice.is_again() {
            return self.with_again(choice, |again| page(&again.ledger, &again.attempts, from, most));
        }
        let mut chosen = self.among(choice);
        chosen.retain(|index, time| self.ledger.events.get(index).is_some_and(|event| choice.holds(&event, time)));
        Ok(page(&self.ledger, &chosen, from, most))
    }

    /// The attempts that a choice is made among.
    fn among(&self, choice: &Choice) -> Attempts {
        let (findings, given) = (&self.diagnosis.findings, &self.options.sending_ips);
        if let Some(cell) = &choice.cell {
            let name = CellName { ip: cell.ip, domain: cell.domain.clone(), stream: cell.stream.clone() };
            return diagnosis::follows::attempts_of(&self.ledger, &self.diagnosis, given, &name, cell.refused);
        }
        if let Some(talker) = &choice.talker {
            return diagnosis::conduct::attempts_of(&self.ledger, &self.diagnosis, &talker.kind, &talker.name, talker.week);
        }
        if choice.since {
            let start = self.diagnosis.incident.first_refused;
            return self.diagnosis.attempts.iter().filter(|(_, time)| *time >= start).collect();
        }
        if choice.findings.is_empty() && !choice.block {
            return self.diagnosis.attempts.clone();
        }
        let is_chosen = |place: usize, finding: &Finding| if choice.block { finding.is_block() } else { choice.findings.contains(&place) };
        let chosen = findings.iter().enumerate().filter(|(place, finding)| is_chosen(*place, finding));
        let mut attempts: Attempts = chosen.flat_map(|(_, finding)| finding.events.iter()).collect();
        attempts.sort();
        attempts
    }

    /// The line of an attempt, and the lines of the same message near it, read from the source once more.
    ///
    /// The attempt's place is one in the second reading where the choice that led to it needed one.
    pub fn line(&self, attempt: usize, choice: &Choice) -> Result<LineView, Error> {
        if choice.is_again() {
            return self.with_again(choice, |again| self.line_in(&again.ledger, attempt))?;
        }
        self.line_in(&self.ledger, attempt)
    }

    fn line_in(&self, ledger: &Ledger, attempt: usize) -> Result<LineView, Error> {
        let gone = |what: &str| Error::new("lines", what, "", "read the sources again");
        let event = ledger.events.get(attempt).ok_or_else(|| gone("there is no such attempt any more"))?;
        let input = self.inputs.get(event.source as usize).ok_or_else(|| gone("the source is not there any more"))?;
        let source = ledger.sources.get(event.source as usize).map(|source| source.name.clone()).unwrap_or_default();
        let near = scan::around(input, event.offset, ledger.texts.text(event.id))
            .map_err(|error| Error::new("lines", error, &source, "put the file back where it was, or read it again"))?;
        let neighbour = |near: scan::Near| NeighbourView {
            line: event.line.saturating_add_signed(near.distance),
            text: String::from_utf8_lossy(&near.text).into_owned(),
            asked: near.distance == 0,
        };
        let attempts = ledger.events.iter().filter(|other| other.message == event.message).count();
        Ok(LineView { source, lines: near.into_iter().map(neighbour).collect(), attempts })
    }
}

/// A page of rows.
fn page(ledger: &Ledger, chosen: &Attempts, from: usize, most: usize) -> LinesView {
    LinesView { total: chosen.len(), rows: chosen.iter().skip(from).take(most).filter_map(|(index, time)| row(ledger, index, time)).collect() }
}

fn row(ledger: &Ledger, index: usize, time: Option<i64>) -> Option<RowView> {
    let event = ledger.events.get(index)?;
    let text = |id| ledger.texts.string(id);
    let host = event.remote_host.map(text).unwrap_or_default();
    let ip = event.remote_ip.map(|ip| format!("[{ip}]")).unwrap_or_default();
    Some(RowView {
        attempt: index,
        time: time.map(rfc3339),
        source: ledger.sources.get(event.source as usize)?.name.clone(),
        line: event.line,
        times: event.times,
        message: text(event.id),
        sender: event.sender.map(text),
        recipient: event.recipient.map(text),
        remote: format!("{host} {ip}").trim().to_owned(),
        outcome: event.outcome.word().to_owned(),
        said: ledger.told(&event).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default(),
    })
}

impl Choice {
    /// Whether the sources must be read again for it.
    fn is_again(&self) -> bool {
        self.control || self.not_understood
    }

    pub(crate) fn holds(&self, event: &Event, time: Option<i64>) -> bool {
        let is = |word: &str| event.outcome.word() == word || word == "failed" && event.outcome != Outcome::Delivered;
        self.outcome.as_deref().is_none_or(is)
            && self.ip.is_none_or(|ip| event.sending.is_some_and(|(known, _)| known == ip))
            && self.source.is_none_or(|source| source == event.source)
            && self.hour.as_deref().is_none_or(|hour| time.map(|time| rfc3339(time.div_euclid(3600) * 3600)).as_deref() == Some(hour))
    }
}
