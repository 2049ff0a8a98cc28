//! What the block follows: the address, the domain, the stream, or single messages.

use std::collections::BTreeMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smtp::domain_of;

use crate::diagnose::{Timed, Timeline};
use crate::distinct::Distinct;
use crate::streams::{Signs, Streams};
use crate::{Attempts, Diagnosis, Event, Finding, Ledger, SendingBasis, Stream};

/// How many attempts a row or column needs before it says anything.
const FEWEST_TRIED: u64 = 5;

/// What a block follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The sending address.
    Ip,
    /// The sender's domain.
    Domain,
    /// The stream: one kind of mail.
    Stream,
    /// Single messages.
    Message,
    /// The evidence does not decide.
    Undecided,
}

impl What {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            What::Ip => "ip",
            What::Domain => "domain",
            What::Stream => "stream",
            What::Message => "message",
            What::Undecided => "undecided",
        }
    }
}

/// One cell of the matrix of address, domain and stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The sending address, where it is known.
    pub ip: Option<IpAddr>,
    /// The sender's domain; empty for a null sender, nothing where the sender is not known.
    pub domain: Option<String>,
    /// The stream.
    pub stream: Stream,
    /// Attempts that met the block since it began.
    pub refused: u64,
    /// Attempts since it began.
    pub tried: u64,
}

/// What names a cell: the address, the sender's domain and the word of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellName {
    /// The sending address.
    pub ip: Option<IpAddr>,
    /// The sender's domain; empty for a null sender.
    pub domain: Option<String>,
    /// The stream's word.
    pub stream: String,
}

/// Why a block is said to follow what it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no block.
    NoBlock,
    /// Some addresses, domains or streams are refused and the others are not.
    Split,
    /// The replies name the address.
    Named,
    /// Every sender domain is refused alike.
    EveryDomain,
    /// Refusals are scattered over senders.
    Scattered,
    /// The evidence holds one address or one domain only.
    Alone,
}

impl Reason {
    /// The word used on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Reason::NoBlock => "no_block",
            Reason::Split => "split",
            Reason::Named => "named",
            Reason::EveryDomain => "every_domain",
            Reason::Scattered => "scattered",
            Reason::Alone => "alone",
        }
    }
}

/// What the block follows, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follows {
    /// What.
    pub what: What,
    /// Why.
    pub reason: Reason,
    /// What is refused while its like is not, where that is the reason.
    pub red: Vec<String>,
    /// Attempts that met the block since it began.
    pub refused: u64,
    /// Attempts since it began.
    pub tried: u64,
    /// The matrix.
    pub cells: Vec<Cell>,
}

impl Follows {
    /// The one sentence that the matrix proves.
    pub fn sentence(&self) -> String {
        let rate = format!("{} of {} attempts since the start were refused", self.refused, self.tried);
        let red = self.red.join(", ");
        let others = match self.what {
            What::Ip => "addresses",
            What::Domain => "domains",
            _ => "mail",
        };
        match self.reason {
            Reason::NoBlock => "No block was found.".to_owned(),
            Reason::Split => format!("{rate}; {red} red, other {others} not."),
            Reason::Named => format!("{rate}, and the replies name the address."),
            Reason::EveryDomain => format!("{rate}, from every sender domain alike."),
            Reason::Scattered => format!("{rate}, scattered over senders: single messages."),
            Reason::Alone => format!("{rate}; with one address or one domain in the evidence, the two cannot be told apart."),
        }
    }
}

/// The attempts of a cell of the matrix since the block began, and of these those that met it where `refused` says so.
pub fn attempts_of(ledger: &Ledger, diagnosis: &Diagnosis, given: &[IpAddr], cell: &CellName, refused: bool) -> Attempts {
    let timed = diagnosis.timed(ledger);
    let (met, start) = blocks(&diagnosis.findings);
    let (only, streams) = (only_address(timed, given), Streams::of(ledger, timed));
    let is_in = |event: &Event| {
        let domain = event.sender.map(|sender| domain_of(ledger.texts.text(sender)).unwrap_or_default());
        let same_domain = match (&cell.domain, domain) {
            (Some(name), Some(domain)) => name.as_bytes().eq_ignore_ascii_case(domain),
            (name, domain) => name.is_none() && domain.is_none(),
        };
        same_domain && event.sending.map(|(ip, _)| ip).or(only) == cell.ip && streams.stream(event).word() == cell.stream
    };
    let since = timed.iter().filter(|attempt| attempt.time >= start && (!refused || met.holds(attempt.index)));
    since.filter(|attempt| is_in(&attempt.event)).map(|attempt| (attempt.index, attempt.time)).collect()
}

/// The attempts that met a block, and when the first did.
fn blocks(findings: &[Finding]) -> (Distinct, Option<i64>) {
    let blocks = || findings.iter().filter(|finding| finding.is_block());
    (blocks().flat_map(|finding| finding.events.iter().map(|(index, _)| index)).collect(), blocks().filter_map(|finding| finding.first).min())
}

/// Looks at the attempts since the first block.
pub(crate) fn of(ledger: &Ledger, timed: Timeline<'_>, findings: &[Finding], given: &[IpAddr]) -> Follows {
    let (refused, start) = blocks(findings);
    let only = only_address(timed, given);
    let streams = Streams::of(ledger, timed);
    let mut by_signs: HashMap<(Option<IpAddr>, Signs), (u64, u64), RandomState> = HashMap::default();
    for attempt in timed.iter().filter(|attempt| refused.len() > 0 && attempt.time >= start) {
        let ip = attempt.event.sending.map(|(ip, _)| ip).or(only);
        let cell = by_signs.entry((ip, Signs::of(&attempt.event))).or_default();
        cell.1 += u64::from(attempt.event.times);
        cell.0 += if refused.holds(attempt.index) { u64::from(attempt.event.times) } else { 0 };
    }
    let mut cells: BTreeMap<(Option<IpAddr>, Option<Vec<u8>>, Stream), (u64, u64)> = BTreeMap::new();
    for ((ip, signs), (refused, tried)) in by_signs {
        let domain = signs.sender.map(|sender| domain_of(ledger.texts.text(sender)).unwrap_or_default().to_ascii_lowercase());
        let cell = cells.entry((ip, domain, streams.told(signs))).or_default();
        *cell = (cell.0 + refused, cell.1 + tried);
    }
    let text = |domain: Vec<u8>| String::from_utf8_lossy(&domain).into_owned();
    let cell = |((ip, domain, stream), (refused, tried)): ((_, Option<Vec<u8>>, _), _)| Cell { ip, domain: domain.map(text), stream, refused, tried };
    let cells: Vec<Cell> = cells.into_iter().map(cell).collect();
    decide(cells, names_address(timed, &refused))
}

/// The one address that everything was sent from, if the evidence or the user names just one.
fn only_address(timed: Timeline<'_>, given: &[IpAddr]) -> Option<IpAddr> {
    let mut found = timed.iter().filter_map(|attempt| attempt.event.sending.map(|(ip, _)| ip)).chain(given.iter().copied());
    let first = found.next()?;
    found.all(|ip| ip == first).then_some(first)
}

fn names_address(timed: Timeline<'_>, refused: &Distinct) -> bool {
    let told = |attempt: &Timed| matches!(attempt.event.sending, Some((_, SendingBasis::ProviderReply)));
    timed.iter().filter(|attempt| refused.holds(attempt.index)).any(|attempt| told(&attempt))
}

fn decide(cells: Vec<Cell>, names_address: bool) -> Follows {
    let (refused, tried) = cells.iter().fold((0, 0), |(refused, tried), cell| (refused + cell.refused, tried + cell.tried));
    let ips = shares(&cells, |cell| cell.ip.map(|ip| ip.to_string()));
    let domains = shares(&cells, |cell| cell.domain.clone().filter(|domain| !domain.is_empty()));
    let streams = shares(&cells, |cell| Some(cell.stream.word().replace('_', " ")));
    let (what, reason, red) = match () {
        () if refused == 0 => (What::Undecided, Reason::NoBlock, Vec::new()),
        () if splits(&ips) => (What::Ip, Reason::Split, red(&ips)),
        () if splits(&domains) => (What::Domain, Reason::Split, red(&domains)),
        () if splits(&streams) => (What::Stream, Reason::Split, red(&streams)),
        () if names_address => (What::Ip, Reason::Named, Vec::new()),
        () if domains.len() > 1 && domains.iter().all(|(_, refused, tried)| is_red(*refused, *tried)) => (What::Ip, Reason::EveryDomain, Vec::new()),
        () if refused * 5 <= tried => (What::Message, Reason::Scattered, Vec::new()),
        () => (What::Undecided, Reason::Alone, Vec::new()),
    };
    Follows { what, reason, red, refused, tried, cells }
}

/// Refused and tried by a name; what was hardly tried is left out.
fn shares(cells: &[Cell], name: impl Fn(&Cell) -> Option<String>) -> Vec<(String, u64, u64)> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for cell in cells {
        if let Some(name) = name(cell) {
            let sum = sums.entry(name).or_default();
            *sum = (sum.0 + cell.refused, sum.1 + cell.tried);
        }
    }
    sums.into_iter().filter(|(_, (_, tried))| *tried >= FEWEST_TRIED).map(|(name, (refused, tried))| (name, refused, tried)).collect()
}

/// At least four of five refused.
fn is_red(refused: u64, tried: u64) -> bool {
    refused * 5 >= tried * 4
}

/// Whether some are red and all others are (nearly) clean.
fn splits(shares: &[(String, u64, u64)]) -> bool {
    let reds = shares.iter().filter(|(_, refused, tried)| is_red(*refused, *tried)).count();
    let clean = shares.iter().filter(|(_, refused, tried)| refused * 10 <= *tried).count();
    reds > 0 && clean > 0 && reds + clean == shares.len()
}

fn red(shares: &[(String, u64, u64)]) -> Vec<String> {
    shares.iter().filter(|(_, refused, tried)| is_red(*refused, *tried)).take(3).map(|(name, ..)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(ip: &str, domain: &str, refused: u64, tried: u64) -> Cell {
        Cell { ip: ip.parse().ok(), domain: Some(domain.to_owned()), stream: Stream::Mail, refused, tried }
    }

    #[test]
    fn rows_and_columns_decide() {
        let ip = [cell("203.0.113.25", "a.example", 90, 100), cell("203.0.113.26", "a.example", 0, 100)];
        assert_eq!(decide(ip.to_vec(), false).what, What::Ip);
        let domain = [cell("", "a.example", 90, 100), cell("", "b.example", 1, 100)];
        assert_eq!(decide(domain.to_vec(), false).what, What::Domain);
        let all = [cell("", "a.example", 99, 100), cell("", "b.example", 95, 100)];
        assert_eq!(decide(all.to_vec(), false).what, What::Ip);
        assert_eq!(decide(vec![cell("", "a.example", 50, 100)], false).what, What::Undecided);
        assert_eq!(decide(vec![cell("", "a.example", 5, 100)], false).what, What::Message);
        assert_eq!(decide(vec![cell("", "a.example", 0, 100)], true).what, What::Undecided);
    }
}
