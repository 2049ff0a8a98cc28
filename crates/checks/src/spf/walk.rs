//! The walk through a domain's records, term by term (RFC 7208, sections 4 to 6), with a trace of every step.

use std::net::IpAddr;

use smtp::is_under;

use super::macros::{MacroString, Values};
use super::record::{Mechanism, Modifier, Qualifier, SpfRecord, Term, is_spf};
use super::{Fault, SpfResult};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions, address_kind, is_name, reverse};

/// How many terms may ask DNS (RFC 7208, section 4.6.4).
const MOST_LOOKUPS: u32 = 10;

/// How many terms may ask for what is not there.
const MOST_VOID: u32 = 2;

/// How many mail servers, or names of an address, one term may lead to.
const MOST_NAMES: usize = 10;

/// How many records are looked at before it is known which are needed.
const MOST_AHEAD: u32 = 30;

/// Who sends, as a receiver sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The address.
    pub ip: IpAddr,
    /// The envelope sender; empty for a bounce.
    pub mail_from: String,
    /// The name given in EHLO or HELO.
    pub helo: String,
    /// The receiver's name, which explanations may quote.
    pub receiver: String,
}

/// One step of the walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The domain whose record it is in.
    pub domain: String,
    /// The term as published; the whole record for its first step.
    pub term: String,
    /// What was asked, and how it was answered.
    pub asked: Vec<String>,
    /// What came of it.
    pub verdict: String,
    /// Terms that asked DNS until then.
    pub lookups: u32,
    /// Those that found nothing.
    pub void_lookups: u32,
    /// The steps inside another domain's record.
    pub steps: Vec<Step>,
}

impl Step {
    /// A step about a term of a domain, with what was asked and counted until then.
    pub(super) fn new((domain, term): (&str, &str), asked: Vec<String>, verdict: &str, (lookups, void_lookups): (u32, u32)) -> Step {
        Step { domain: domain.to_owned(), term: term.to_owned(), asked, verdict: verdict.to_owned(), lookups, void_lookups, steps: Vec::new() }
    }
}

/// What an evaluation comes to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The result.
    pub result: SpfResult,
    /// The address that sends.
    pub ip: IpAddr,
    /// The domain that was asked.
    pub domain: String,
    /// The domain's own words about a refusal.
    pub explanation: Option<String>,
    /// The term that matched, with the domain whose record it is in.
    pub matched: Option<String>,
    /// Why the result is an error.
    pub problem: Option<String>,
    /// Terms that asked DNS.
    pub lookups: u32,
    /// Those that found nothing.
    pub void_lookups: u32,
    /// The walk.
    pub trace: Vec<Step>,
}

/// Why a walk ends early.
enum Stop {
    Pending,
    Error(SpfResult, String),
}

impl From<Pending> for Stop {
    fn from(_: Pending) -> Stop {
        Stop::Pending
    }
}

/// What a record comes to: the result, the term that matched, and the record whose explanation counts.
struct Finish {
    result: SpfResult,
    matched: Option<(String, String)>,
    exp: Option<(MacroString, String)>,
}

struct Walk<'d, 'i> {
    dns: &'d mut Questions,
    input: &'i Input,
    sender: String,
    lookups: u32,
    void_lookups: u32,
    /// The steps of the record that is being walked.
    steps: Vec<Step>,
}

/// Evaluates SPF for a sender (RFC 7208, section 4).
pub fn evaluate(dns: &mut Questions, input: &Input) -> Result<Evaluation, Pending> {
    // An IPv4 address in IPv6 clothes is an IPv4 address (RFC 7208, section 5).
    let input = &Input { ip: input.ip.to_canonical(), ..input.clone() };
    let (sender, domain) = identity(input);
    let mut walk = Walk { dns, input, sender, lookups: 0, void_lookups: 0, steps: Vec::new() };
    let walked = if is_name(&domain) && domain.contains('.') { walk.check(&domain, 0) } else { Ok(nothing(SpfResult::None)) };
    let (outcome, problem) = match walked {
        Err(Stop::Pending) => return Err(Pending),
        Err(Stop::Error(result, why)) => (nothing(result), Some(why)),
        Ok(outcome) => (outcome, None),
    };
    let explanation = match (&outcome.exp, outcome.result) {
        (Some((target, domain)), SpfResult::Fail) => walk.explanation(target, domain)?,
        _ => None,
    };
    Ok(Evaluation {
        result: outcome.result,
        ip: input.ip,
        domain,
        explanation,
        matched: outcome.matched.map(|(term, domain)| format!("{term} of {domain}")),
        problem,
        lookups: walk.lookups,
        void_lookups: walk.void_lookups,
        trace: walk.steps,
    })
}

/// The one SPF record of a domain; nothing where it has none.
pub fn find_record(answer: &Answer) -> Result<Option<Vec<u8>>, &'static str> {
    let mut records = answer.texts().filter(|text| is_spf(text));
    let first = records.next();
    if records.next().is_some() { Err("the domain has several SPF records") } else { Ok(first) }
}

fn nothing(result: SpfResult) -> Finish {
    Finish { result, matched: None, exp: None }
}

/// The sender and the domain that are evaluated: for a bounce those of the name given in EHLO.
fn identity(input: &Input) -> (String, String) {
    let mail_from = if input.mail_from.is_empty() { format!("postmaster@{}", input.helo) } else { input.mail_from.clone() };
    let (local, domain) = mail_from.rsplit_once('@').unwrap_or(("", &mail_from));
    let local = if local.is_empty() { "postmaster" } else { local };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    (format!("{local}@{domain}"), domain.to_owned())
}

impl Walk<'_, '_> {
    /// Evaluates the record of a domain.
    fn check(&mut self, domain: &str, depth: u32) -> Result<Finish, Stop> {
        let answer = self.dns.ask(domain, Kind::Txt)?;
        if !answer.outcome.is_known() {
            return Err(Stop::Error(SpfResult::TempError, format!("TXT of {domain}: {}", answer.outcome.word())));
        }
        let found = find_record(&answer).map_err(|why| Stop::Error(SpfResult::PermError, format!("{domain}: {why}")))?;
        let Some(text) = found else {
            self.note(domain, "", vec![asked(domain, Kind::Txt, &answer)], "no SPF record");
            return Ok(nothing(SpfResult::None));
        };
        let record = SpfRecord::parse(&text).map_err(|fault| broken(domain, &fault))?;
        self.ahead(&record, domain, &mut 0);
        self.note(domain, &record.text, vec![asked(domain, Kind::Txt, &answer)], "read");
        for (qualifier, mechanism, term) in record.mechanisms() {
            if self.matches(mechanism, domain, term, depth)? {
                let exp = record.exp().map(|target| (target.clone(), domain.to_owned()));
                return Ok(Finish { result: meaning(qualifier), matched: Some((term.to_owned(), domain.to_owned())), exp });
            }
        }
        match record.redirect() {
            Some((target, term)) => self.redirect(target, term, domain, depth),
            None => Ok(nothing(SpfResult::Neutral)),
        }
    }

    fn redirect(&mut self, target: &MacroString, term: &str, domain: &str, depth: u32) -> Result<Finish, Stop> {
        self.count(domain, term)?;
        let target = self.expand(target, domain)?;
        let outcome = self.check(&target, depth + 1)?;
        match outcome.result {
            SpfResult::None => Err(Stop::Error(SpfResult::PermError, format!("{term} of {domain}: {target} has no SPF record"))),
            _ => Ok(outcome),
        }
    }

    /// Asks at once what all terms will ask, so that the walk does not wait for one after the other.
    fn ahead(&mut self, record: &SpfRecord, domain: &str, looked: &mut u32) {
        for term in &record.terms {
            *looked += 1;
            if *looked > MOST_AHEAD {
                return;
            }
            let name = |name: &Option<MacroString>| match name {
                None => Some(domain.to_owned()),
                Some(name) => (!name.needs_name()).then(|| name.expand(&self.values(domain, None))),
            };
            let (name, kind) = match term {
                Term::Mechanism(_, Mechanism::A(target, _), _) => (name(target), address_kind(self.input.ip)),
                Term::Mechanism(_, Mechanism::Mx(target, _), _) => (name(target), Kind::Mx),
                Term::Mechanism(_, Mechanism::Exists(target), _) => (name(&Some(target.clone())), Kind::A),
                Term::Mechanism(_, Mechanism::Ptr(_), _) => (Some(reverse(self.input.ip)), Kind::Ptr),
                Term::Mechanism(_, Mechanism::Include(target), _) | Term::Modifier(Modifier::Redirect(target), _) => (name(&Some(target.clone())), Kind::Txt),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let Ok(answer) = self.dns.ask(&name, kind) else { continue };
            match kind {
                Kind::Txt => {
                    let inner = find_record(&answer).ok().flatten().and_then(|text| SpfRecord::parse(&text).ok());
                    if let Some(inner) = inner {
                        self.ahead(&inner, &name, looked);
                    }
                }
                Kind::Mx => {
                    let names: Vec<String> = answer.names().take(MOST_NAMES).map(str::to_owned).collect();
                    // Only to have them asked; the walk looks at the answers.
                    names.iter().for_each(|name| drop(self.dns.ask(name, address_kind(self.input.ip))));
                }
                _ => {}
            }
        }
    }

    fn matches(&mut self, mechanism: &Mechanism, domain: &str, term: &str, depth: u32) -> Result<bool, Stop> {
        match mechanism {
            Mechanism::All => Ok(self.verdict(domain, term, Vec::new(), true)),
            Mechanism::Ip(network, lengths) => {
                let same = lengths.same(*network, self.input.ip);
                Ok(self.verdict(domain, term, Vec::new(), same))
            }
            Mechanism::Include(target) => self.include(target, domain, term, depth),
            Mechanism::A(target, lengths) => {
                let name = self.target(target.as_ref(), domain, term)?;
                let answer = self.look(&name, address_kind(self.input.ip), domain, term)?;
                let same = answer.addresses().any(|ip| lengths.same(ip, self.input.ip));
                Ok(self.verdict(domain, term, vec![asked(&name, address_kind(self.input.ip), &answer)], same))
            }
            Mechanism::Mx(target, lengths) => {
                let name = self.target(target.as_ref(), domain, term)?;
                let answer = self.look(&name, Kind::Mx, domain, term)?;
                let servers: Vec<String> = answer.names().map(str::to_owned).collect();
                if servers.len() > MOST_NAMES {
                    return Err(Stop::Error(SpfResult::PermError, format!("{term} of {domain}: more than {MOST_NAMES} mail servers")));
                }
                let mut told = vec![asked(&name, Kind::Mx, &answer)];
                let answers = self.each(&servers, address_kind(self.input.ip))?;
                let mut same = false;
                for (server, answer) in servers.iter().zip(&answers) {
                    self.known(answer, server, domain, term)?;
                    told.push(asked(server, address_kind(self.input.ip), answer));
                    same |= answer.addresses().any(|ip| lengths.same(ip, self.input.ip));
                }
                Ok(self.verdict(domain, term, told, same))
            }
            Mechanism::Ptr(target) => {
                let name = self.target(target.as_ref(), domain, term)?;
                let validated = self.validated()?;
                let same = validated.iter().any(|known| is_under(known.as_bytes(), name.as_bytes()));
                let told = vec![format!(
                    "{} PTR: {}",
                    reverse(self.input.ip),
                    if validated.is_empty() { "no validated name".to_owned() } else { validated.join(", ") }
                )];
                Ok(self.verdict(domain, term, told, same))
            }
            Mechanism::Exists(target) => {
                let name = self.target(Some(target), domain, term)?;
                let answer = self.look(&name, Kind::A, domain, term)?;
                Ok(self.verdict(domain, term, vec![asked(&name, Kind::A, &answer)], answer.outcome == Outcome::Found))
            }
        }
    }

    /// A match is what the other domain lets pass; its refusals are none here (RFC 7208, section 5.2).
    fn include(&mut self, target: &MacroString, domain: &str, term: &str, depth: u32) -> Result<bool, Stop> {
        let name = self.target(Some(target), domain, term)?;
        let outside = std::mem::take(&mut self.steps);
        let outcome = self.check(&name, depth + 1);
        let inside = std::mem::replace(&mut self.steps, outside);
        let (matched, verdict) = match &outcome {
            Ok(outcome) => (
                outcome.result == SpfResult::Pass,
                format!("{} there: {}", outcome.result.word(), if outcome.result == SpfResult::Pass { "match" } else { "no match" }),
            ),
            Err(Stop::Error(result, _)) => (false, result.word().to_owned()),
            Err(Stop::Pending) => (false, String::new()),
        };
        let step = self.step(domain, term, Vec::new(), &verdict);
        self.steps.push(Step { steps: inside, ..step });
        match outcome?.result {
            SpfResult::None => Err(Stop::Error(SpfResult::PermError, format!("{term} of {domain}: {name} has no SPF record"))),
            _ => Ok(matched),
        }
    }

    /// The name that a term is about; the term is counted, for it will ask.
    fn target(&mut self, target: Option<&MacroString>, domain: &str, term: &str) -> Result<String, Stop> {
        self.count(domain, term)?;
        match target {
            Some(target) => self.expand(target, domain),
            None => Ok(domain.to_owned()),
        }
    }

    fn count(&mut self, domain: &str, term: &str) -> Result<(), Stop> {
        self.lookups += 1;
        if self.lookups > MOST_LOOKUPS {
            return Err(Stop::Error(SpfResult::PermError, format!("{term} of {domain} is look-up number {}; {MOST_LOOKUPS} are allowed", self.lookups)));
        }
        Ok(())
    }

    /// Asks for what a term needs; what is not there is counted too.
    fn look(&mut self, name: &str, kind: Kind, domain: &str, term: &str) -> Result<Answer, Stop> {
        let answer = self.dns.ask(name, kind)?;
        self.known(&answer, name, domain, term)?;
        if answer.outcome != Outcome::Found {
            self.void_lookups += 1;
            if self.void_lookups > MOST_VOID {
                return Err(Stop::Error(
                    SpfResult::PermError,
                    format!("{term} of {domain}: the third look-up that finds nothing ({name}); {MOST_VOID} are allowed"),
                ));
            }
        }
        Ok(answer)
    }

    fn known(&self, answer: &Answer, name: &str, domain: &str, term: &str) -> Result<(), Stop> {
        match answer.outcome.is_known() {
            true => Ok(()),
            false => Err(Stop::Error(SpfResult::TempError, format!("{term} of {domain}: {name} {}", answer.outcome.word()))),
        }
    }

    /// Asks for several names at once.
    fn each(&mut self, names: &[String], kind: Kind) -> Result<Vec<Answer>, Pending> {
        let answers: Vec<Result<Answer, Pending>> = names.iter().map(|name| self.dns.ask(name, kind)).collect();
        answers.into_iter().collect()
    }

    /// The names of the address that lead back to it (RFC 7208, section 5.5); what DNS does not answer is none.
    fn validated(&mut self) -> Result<Vec<String>, Pending> {
        let answer = self.dns.ask(&reverse(self.input.ip), Kind::Ptr)?;
        let names: Vec<String> = answer.names().take(MOST_NAMES).map(str::to_owned).collect();
        let answers = self.each(&names, address_kind(self.input.ip))?;
        let leads_back = |answer: &Answer| answer.addresses().any(|ip| ip == self.input.ip);
        Ok(names.into_iter().zip(answers).filter(|(_, answer)| leads_back(answer)).map(|(name, _)| name).collect())
    }

    fn expand(&mut self, target: &MacroString, domain: &str) -> Result<String, Stop> {
        let validated = if target.needs_name() { self.name_of_address(domain)? } else { None };
        Ok(shortened(&target.expand(&self.values(domain, validated.as_deref()))))
    }

    /// What `%{p}` stands for: the domain itself, else a name below it, else any.
    fn name_of_address(&mut self, domain: &str) -> Result<Option<String>, Pending> {
        let names = self.validated()?;
        let own = names.iter().find(|name| name.eq_ignore_ascii_case(domain));
        let below = || names.iter().find(|name| is_under(name.as_bytes(), domain.as_bytes()));
        Ok(own.or_else(below).or(names.first()).cloned())
    }

    fn values<'v>(&'v self, domain: &'v str, validated: Option<&'v str>) -> Values<'v> {
        Values { sender: &self.sender, domain, ip: self.input.ip, helo: &self.input.helo, validated, receiver: &self.input.receiver }
    }

    /// The domain's own words about a refusal; anything odd about them means that there are none.
    fn explanation(&mut self, target: &MacroString, domain: &str) -> Result<Option<String>, Pending> {
        let name = match self.expand(target, domain) {
            Ok(name) => name,
            Err(Stop::Pending) => return Err(Pending),
            Err(Stop::Error(..)) => return Ok(None),
        };
        let texts: Vec<Vec<u8>> = self.dns.ask(&name, Kind::Txt)?.texts().collect();
        let [text] = texts.as_slice() else { return Ok(None) };
        let Some(text) = std::str::from_utf8(text).ok().filter(|text| text.is_ascii()).and_then(|text| MacroString::parse(text, true)) else { return Ok(None) };
        let validated = if text.needs_name() { self.name_of_address(domain)? } else { None };
        Ok(Some(text.expand(&self.values(domain, validated.as_deref()))))
    }

    fn step(&self, domain: &str, term: &str, asked: Vec<String>, verdict: &str) -> Step {
        Step::new((domain, term), asked, verdict, (self.lookups, self.void_lookups))
    }

    fn note(&mut self, domain: &str, term: &str, asked: Vec<String>, verdict: &str) {
        let step = self.step(domain, term, asked, verdict);
        self.steps.push(step);
    }

    fn verdict(&mut self, domain: &str, term: &str, asked: Vec<String>, matched: bool) -> bool {
        self.note(domain, term, asked, if matched { "match" } else { "no match" });
        matched
    }
}

fn meaning(qualifier: Qualifier) -> SpfResult {
    match qualifier {
        Qualifier::Pass => SpfResult::Pass,
        Qualifier::Fail => SpfResult::Fail,
        Qualifier::SoftFail => SpfResult::SoftFail,
        Qualifier::Neutral => SpfResult::Neutral,
    }
}

fn broken(domain: &str, fault: &Fault) -> Stop {
    Stop::Error(SpfResult::PermError, format!("{} of {domain}: {}", fault.term, fault.why))
}

/// A question and its answer, for people.
pub(super) fn asked(name: &str, kind: Kind, answer: &Answer) -> String {
    const MOST: usize = 12;
    let records: Vec<String> = answer.records.iter().take(MOST).map(ToString::to_string).collect();
    format!("{name} {kind}: {}", if records.is_empty() { answer.outcome.word().to_owned() } else { records.join(", ") })
}

/// A name of more than 253 bytes loses labels on its left (RFC 7208, section 7.3).
fn shortened(name: &str) -> String {
    let mut name = name.strip_suffix('.').unwrap_or(name);
    while name.len() > 253 {
        match name.split_once('.') {
            Some((_, rest)) => name = rest,
            None => break,
        }
    }
    name.to_owned()
}
