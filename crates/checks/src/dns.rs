//! Questions to DNS, and what is known of their answers.
//!
//! A check never waits. It asks [`Questions`]; what is not known yet is noted and the check ends as [`Pending`]. Whoever
//! runs the checks gets all open questions answered at once and runs them again, until none is open. So independent
//! questions are asked together, none is asked twice, and nothing here needs a network, a clock or a thread.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A type of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Another name.
    Cname,
    /// Mail servers.
    Mx,
    /// Name servers.
    Ns,
    /// The name of an address.
    Ptr,
    /// Texts.
    Txt,
}

impl Kind {
    /// The type of a word, as in `TXT`.
    pub fn of(word: &str) -> Option<Kind> {
        [Kind::A, Kind::Aaaa, Kind::Cname, Kind::Mx, Kind::Ns, Kind::Ptr, Kind::Txt].into_iter().find(|kind| kind.to_string() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::A => "A",
            Kind::Aaaa => "AAAA",
            Kind::Cname => "CNAME",
            Kind::Mx => "MX",
            Kind::Ns => "NS",
            Kind::Ptr => "PTR",
            Kind::Txt => "TXT",
        })
    }
}

/// Who is asked, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// The resolver, as every program asks it.
    Resolver,
    /// The resolver, told not to validate what it finds: the CD bit (RFC 4035, section 3.2.2).
    Unvalidated,
    /// The resolver, by TCP.
    Tcp,
    /// A name server of the domain itself.
    Server(IpAddr),
}

/// A name and a type of records, and who is asked for them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The name in lower case, without a dot at its end.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// Who is asked, and how.
    pub way: Way,
}

/// One record's data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// Another name.
    Cname(String),
    /// A mail server, with its preference; the empty name is a null MX (RFC 7505).
    Mx(u16, String),
    /// A name server.
    Ns(String),
    /// The name of an address.
    Ptr(String),
    /// A text, in the strings that were sent.
    Txt(Vec<Vec<u8>>),
}

impl fmt::Display for Record {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Record::A(ip) => write!(out, "{ip}"),
            Record::Aaaa(ip) => write!(out, "{ip}"),
            Record::Cname(name) | Record::Ns(name) | Record::Ptr(name) => write!(out, "{name}."),
            Record::Mx(preference, name) => write!(out, "{preference} {name}."),
            Record::Txt(strings) => write!(out, "{}", smtp::escape_controls(&strings.concat())),
        }
    }
}

/// How a question was answered. What could not be asked is neither there nor not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There are records.
    Found,
    /// The name is there, records of the type are not.
    NoData,
    /// The name is not there.
    NoName,
    /// The server failed.
    Failed,
    /// No answer came in time.
    TimedOut,
    /// The server refused, or the network did.
    Refused,
    /// Nobody was asked, because the resolver failed its test.
    Doubted,
}

impl Outcome {
    /// The word used in JSON and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Found => "found",
            Outcome::NoData => "no data",
            Outcome::NoName => "NXDOMAIN",
            Outcome::Failed => "SERVFAIL",
            Outcome::TimedOut => "timed out",
            Outcome::Refused => "refused",
            Outcome::Doubted => "not asked",
        }
    }

    /// Whether it is known what is there.
    pub fn is_known(self) -> bool {
        matches!(self, Outcome::Found | Outcome::NoData | Outcome::NoName)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it went.
    pub outcome: Outcome,
    /// The records of the type that was asked for, behind whatever other names lead there.
    pub records: Vec<Record>,
    /// The names that led there, in order.
    pub chain: Vec<String>,
    /// How long it may be kept, in seconds.
    pub ttl: Option<u32>,
}

impl Answer {
    /// An answer without records.
    pub fn empty(outcome: Outcome) -> Answer {
        Answer { outcome, records: Vec::new(), chain: Vec::new(), ttl: None }
    }

    /// An answer with records; without any the name is there all the same.
    pub fn of(records: Vec<Record>) -> Answer {
        let outcome = if records.is_empty() { Outcome::NoData } else { Outcome::Found };
        Answer { outcome, records, chain: Vec::new(), ttl: None }
    }

    /// The addresses among the records.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.records.iter().filter_map(|record| match record {
            Record::A(ip) => Some(IpAddr::V4(*ip)),
            Record::Aaaa(ip) => Some(IpAddr::V6(*ip)),
            _ => None,
        })
    }

    /// The texts among the records, each whole.
    pub fn texts(&self) -> impl Iterator<Item = Vec<u8>> {
        self.records.iter().filter_map(|record| if let Record::Txt(strings) = record { Some(strings.concat()) } else { None })
    }

    /// The names among the records.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.records.iter().filter_map(|record| match record {
            Record::Ptr(name) | Record::Cname(name) | Record::Ns(name) | Record::Mx(_, name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// A question is open; run the check again when it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending;

/// What was asked, and what is known.
#[derive(Debug, Default)]
pub struct Questions {
    known: BTreeMap<Question, Answer>,
    open: BTreeSet<Question>,
}

impl Questions {
    /// The answer to a question; a name that cannot be one is not asked for, because nothing can be there.
    pub fn ask(&mut self, name: &str, kind: Kind) -> Result<Answer, Pending> {
        self.ask_by(name, kind, Way::Resolver)
    }

    /// The answer of somebody in particular.
    pub fn ask_by(&mut self, name: &str, kind: Kind, way: Way) -> Result<Answer, Pending> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        if !is_name(&name) {
            return Ok(Answer::empty(Outcome::NoName));
        }
        let question = Question { name, kind, way };
        match self.known.get(&question) {
            Some(answer) => Ok(answer.clone()),
            None => {
                self.open.insert(question);
                Err(Pending)
            }
        }
    }

    /// The questions that wait for an answer; they wait no longer.
    pub fn take_open(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.open).into_iter().collect()
    }

    /// What is known, to try something on: nothing that is tried becomes known here.
    pub(crate) fn fork(&self) -> Questions {
        Questions { known: self.known.clone(), open: BTreeSet::new() }
    }

    /// Has asked what a trial had to ask.
    pub(crate) fn join(&mut self, trial: Questions) {
        self.open.extend(trial.open);
    }

    /// Takes an answer in.
    pub fn answer(&mut self, question: Question, answer: Answer) {
        self.known.insert(question, answer);
    }

    /// Everything that was asked, with its answer.
    pub fn asked(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        self.known.iter()
    }

    /// What is known of a question, without asking it.
    pub fn known(&self, name: &str, kind: Kind) -> Option<&Answer> {
        self.known.get(&Question { name: name.to_ascii_lowercase(), kind, way: Way::Resolver })
    }

    /// Lets answers go that are to be asked for again.
    pub fn forget(&mut self, is_stale: impl Fn(&Question) -> bool) {
        self.known.retain(|question, _| !is_stale(question));
    }

    /// Runs a check over answers that are at hand.
    pub fn settle<T>(&mut self, mut answer: impl FnMut(&Question) -> Answer, mut check: impl FnMut(&mut Questions) -> Result<T, Pending>) -> T {
        loop {
            if let Ok(done) = check(self) {
                return done;
            }
            for question in self.take_open() {
                let found = answer(&question);
                self.answer(question, found);
            }
        }
    }
}

/// Whether DNS can hold a name: labels of 1 to 63 bytes, 253 in all (RFC 1035, section 2.3.4).
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// The name under which an address's own name is found (RFC 1035, section 3.5; RFC 3596, section 2.5).
pub fn reverse(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let nibbles = ip.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
            nibbles.map(|nibble| format!("{nibble:x}.")).collect::<String>() + "ip6.arpa"
        }
    }
}

/// The type of records that holds an address of the same family.
pub fn address_kind(ip: IpAddr) -> Kind {
    if ip.is_ipv4() { Kind::A } else { Kind::Aaaa }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_turned_round() {
        assert_eq!(reverse("203.0.113.25".parse().unwrap()), "25.113.0.203.in-addr.arpa");
        assert_eq!(reverse("2001:db8::1".parse().unwrap()), "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    }

    #[test]
    fn every_question_is_asked_once_and_what_cannot_be_a_name_never() {
        let (mut questions, mut asked) = (Questions::default(), Vec::new());
        let found = questions.settle(
            |question| {
                asked.push(question.name.clone());
                Answer::of(vec![Record::Txt(vec![b"x".to_vec()])])
            },
            |dns| {
                let (a, b) = (dns.ask("a.example", Kind::Txt), dns.ask("B.example.", Kind::Txt));
                let c = dns.ask("c..example", Kind::Txt)?;
                Ok((a?.texts().count(), b?.texts().count(), c.outcome))
            },
        );
        assert_eq!((found, asked), ((1, 1, Outcome::NoName), vec!["a.example".to_owned(), "b.example".to_owned()]));
    }
}
