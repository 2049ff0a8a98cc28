//! The quick authentication check: asks DNS for what the evidence or the user names, and says what a receiver sees.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use checks::spf::Input;
use checks::{Control, Habit, Kind, Mail, Question, Questions, Report, Seen, Sender, Service, Tls};
use evidence::bounce::Sent;
use providers::Knowledge;
use resolver::{Options, Resolver};
use serde_json::Value;

use crate::checked::{audit_json, spf_json};
use crate::{Declaration, Error, Facts, Scan};

/// The port of name servers.
const DNS: u16 = 53;

/// What is to be checked, and whom to ask.
#[derive(Clone, Debug, Default)]
pub struct CheckQuery {
    /// The sender.
    pub sender: Sender,
    /// A name server of the user's choice, as `HOST:PORT`.
    pub nameserver: Option<String>,
    /// The port at which a domain's own name servers are asked; for tests.
    pub port: Option<u16>,
    /// How long one question waits.
    pub timeout: Option<Duration>,
    /// Names that the resolver is tested with.
    pub control: Control,
    /// What is asked of the sender, with the answers.
    pub declared: Vec<Declaration>,
}

/// The answers, and who gave them.
#[derive(Debug)]
pub struct Checked {
    /// The domain that people see in From.
    pub domain: String,
    /// The servers that were asked.
    pub servers: Vec<String>,
    /// The answers.
    pub report: Report,
    /// What was asked, to ask a part of it again.
    dns: Questions,
    /// When each question was asked.
    pub(crate) times: BTreeMap<Question, String>,
    pub(crate) query: CheckQuery,
}

/// Runs the check. A resolver that does not answer or that lies makes everything unknown.
pub fn check(query: &CheckQuery) -> Result<Checked, Error> {
    if !checks::dns::is_name(&query.sender.domain) {
        return Err(Error::new("check", format!("`{}` is no domain", query.sender.domain), "--domain", "write it as northwind.example"));
    }
    let mut checked = Checked {
        domain: query.sender.domain.clone(),
        servers: Vec::new(),
        report: Report::default(),
        dns: Questions::default(),
        times: BTreeMap::new(),
        query: query.clone(),
    };
    checked.settle()?;
    Ok(checked)
}

impl Checked {
    /// Asks again for what one answer rests on, and for nothing else.
    pub fn again(&mut self, id: &str, subject: &str) -> Result<(), Error> {
        let rows = self.report.checks.iter().filter(|check| check.id == id && check.subject == subject);
        let stale: Vec<String> = rows.flat_map(|check| check.evidence.iter().map(|one| one.query.clone())).collect();
        let everything = self.is_unasked() || stale.is_empty();
        let is_told = |question: &Question| stale.iter().any(|query| query.starts_with(&told(question)));
        let everything = everything || !self.dns.asked().any(|(question, _)| is_told(question));
        let is_stale = |question: &Question| everything || stale.iter().any(|query| query.starts_with(&told(question)));
        self.dns.forget(is_stale);
        self.times.retain(|question, _| !is_stale(question));
        self.settle()
    }

    /// Asks what is open. The test of the resolver and the checks ask together; the checks count only if it is passed.
    fn settle(&mut self) -> Result<(), Error> {
        let resolver = resolver(&self.query)?;
        let bulk = self.query.sender.bulk.or_else(|| checks::is_bulk(self.query.sender.seen.as_ref()?));
        let sender = Sender { bulk, now: u64::try_from(crate::investigation::now()).ok(), ..self.query.sender.clone() };
        self.report = resolver.settle(&mut self.dns, |dns| match (checks::self_test(dns, &self.query.control), checks::run(dns, &sender, &dkim::verify)) {
            (Ok(Err(why)), _) => Ok(checks::unasked(&sender, &why)),
            (Ok(Ok(())), run) => run,
            (Err(pending), _) => Err(pending),
        });
        let time = crate::timestamp();
        for (question, _) in self.dns.asked() {
            self.times.entry(question.clone()).or_insert_with(|| time.clone());
        }
        self.servers = resolver.servers;
        Ok(())
    }
}

/// A question as evidence tells of it.
pub(crate) fn told(question: &Question) -> String {
    format!("{} {}", question.name, question.kind)
}

/// Evaluates SPF for one sender, without any self-test: `reprieve check spf`.
pub fn check_spf(query: &CheckQuery, ip: IpAddr, mail_from: &str, helo: &str) -> Result<Value, Error> {
    let input = Input { ip, mail_from: mail_from.to_owned(), helo: helo.to_owned(), receiver: "unknown".to_owned() };
    let found = resolver(query)?.settle(&mut Questions::default(), |dns| checks::spf::evaluate(dns, &input));
    Ok(spf_json(&found))
}

/// Walks a domain's whole SPF tree without an address: `reprieve check spf` without `--ip`.
pub fn audit_spf(query: &CheckQuery, domain: &str) -> Result<Value, Error> {
    let found = resolver(query)?.settle(&mut Questions::default(), |dns| checks::spf::audit(dns, domain));
    Ok(audit_json(&found))
}

/// How many envelope senders of the evidence are checked.
const MOST_SENDERS: usize = 5;

impl Scan {
    /// The sender as the evidence and the user's facts show it: what is to be checked.
    pub fn sender(&self, facts: &Facts) -> Sender {
        let blocks = || self.diagnosis.findings.iter().filter(|finding| finding.is_block());
        let senders = blocks().flat_map(|finding| &finding.senders).map(|sender| self.ledger.texts.string(*sender));
        let mut domains: Vec<String> = Vec::new();
        let mut mail_from = Vec::new();
        for sender in senders {
            let Some(domain) = sender.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()) else { continue };
            if !domains.contains(&domain) && domains.len() < MOST_SENDERS {
                domains.push(domain);
                mail_from.push(sender);
            }
        }
        let seen: Vec<IpAddr> = self.diagnosis.sending_ips.iter().map(|found| found.ip).filter(|ip| smtp::is_public(*ip)).take(10).collect();
        let ips = if facts.ip.is_empty() { seen.clone() } else { facts.ip.clone() };
        Sender {
            domain: facts.domain.clone().or_else(|| domains.first().cloned()).unwrap_or_default().trim().to_ascii_lowercase(),
            services: services(&self.knowledge, &ips),
            own: Vec::new(),
            lists: Vec::new(),
            ips,
            helo: self.ledger.helo.iter().take(1).map(|(_, name)| name.clone()).collect(),
            mail_from,
            selectors: self.ledger.signers.iter().cloned().collect(),
            mail: None,
            bulk: None,
            seen: Some(self.seen(seen)),
            now: None,
        }
    }

    /// Whether the log shows mail to many.
    pub(crate) fn is_bulk(&self) -> bool {
        *self.bulk.get_or_init(|| checks::is_bulk(&self.seen(Vec::new())) == Some(true))
    }

    /// The domains of all envelope senders to the provider, those with most attempts first.
    fn sender_domains(&self) -> Vec<String> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for event in self.ledger.events.iter() {
            let domain = event.sender.and_then(|sender| smtp::domain_of(self.ledger.texts.text(sender)).map(<[u8]>::to_ascii_lowercase));
            let domain = domain.filter(|domain| !domain.is_empty()).and_then(|domain| String::from_utf8(domain).ok());
            domain.into_iter().for_each(|domain| *counts.entry(domain).or_default() += u64::from(event.times));
        }
        let mut domains: Vec<(String, u64)> = counts.into_iter().collect();
        domains.sort_by_key(|(_, attempts)| std::cmp::Reverse(*attempts));
        domains.into_iter().map(|(domain, _)| domain).collect()
    }

    /// What the log shows of the mail to the provider.
    fn seen(&self, ips: Vec<IpAddr>) -> Seen {
        let diagnosis::habits::Habits { each, top_recipient } = diagnosis::habits::of(&self.ledger, &self.diagnosis);
        // Who it is, the scan says; a check goes into documents that leave the house.
        let suspect = self.diagnosis.conduct.suspect().map(|talker| format!("One {}", talker.kind.word().replace('_', " ")));
        Seen {
            ips,
            domains: self.sender_domains(),
            tls: self.tls(),
            // Bounces never show what was accepted, so that shares cannot be told from them.
            habits: if self.diagnosis.bounces_only { Vec::new() } else { each.into_iter().map(habit).collect() },
            top_recipient,
            forwarded: self.diagnosis.conduct.forwarded,
            suspect,
            has_refusal: self.diagnosis.incident.first_refused.is_some(),
        }
    }

    fn tls(&self) -> Tls {
        let diagnosis::TlsCount { protected, old, plain, failed } = self.ledger.tls;
        Tls { protected, old, plain, failed }
    }
}

/// How many names of the server are looked up.
const MOST_NAMES: usize = 20;

impl Scan {
    /// Asks DNS for the addresses of the server's names: they become candidates, for a name need not be the address that
    /// mail leaves from. The answer is how many names were asked for.
    pub fn look_up(&mut self, query: &CheckQuery) -> Result<usize, Error> {
        let names: BTreeSet<String> = self.ledger.helo.iter().map(|(_, name)| name).chain(&self.ledger.hosts).take(MOST_NAMES).cloned().collect();
        let resolver = resolver(query)?;
        let found = resolver.settle(&mut Questions::default(), |dns| {
            let asked: Vec<_> = names.iter().map(|name| (name, [Kind::A, Kind::Aaaa].map(|kind| dns.ask(name, kind)))).collect();
            let mut found = Vec::new();
            for (name, answers) in asked {
                for answer in answers {
                    found.extend(answer?.addresses().filter(|ip| smtp::is_public(*ip)).map(|ip| (name.clone(), ip)));
                }
            }
            Ok(found)
        });
        found.iter().for_each(|(name, ip)| self.ledger.looked_up(name, *ip));
        self.diagnose();
        Ok(names.len())
    }
}

fn habit(found: diagnosis::habits::Habit) -> Habit {
    let diagnosis::habits::Habit { ip, stream, messages, unknown, dead_again, after_refusal, deferred, hasty, fullest_day, usual_day, days, begins } = found;
    Habit { ip, stream, messages, unknown, dead_again, after_refusal, deferred, hasty, fullest_day, usual_day, days, begins }
}

/// The services that many share, to which addresses belong.
pub fn services(knowledge: &Knowledge, ips: &[IpAddr]) -> Vec<Service> {
    let of = |ip: &IpAddr| knowledge.pool(*ip).map(|pool| Service { ip: *ip, name: pool.name.clone(), include: pool.include.clone() });
    ips.iter().filter_map(of).collect()
}

/// What the user says himself goes before what the evidence shows.
pub fn with_own(own: Sender, evidence: Sender) -> Sender {
    fn first<T>(own: Vec<T>, other: Vec<T>) -> Vec<T> {
        if own.is_empty() { other } else { own }
    }
    Sender {
        domain: if own.domain.is_empty() { evidence.domain } else { own.domain },
        ips: first(own.ips, evidence.ips),
        helo: first(own.helo, evidence.helo),
        mail_from: first(own.mail_from, evidence.mail_from),
        selectors: first(own.selectors, evidence.selectors),
        mail: own.mail.or(evidence.mail),
        bulk: own.bulk.or(evidence.bulk),
        seen: own.seen.or(evidence.seen),
        own: first(own.own, evidence.own),
        lists: first(own.lists, evidence.lists),
        services: first(own.services, evidence.services),
        now: own.now.or(evidence.now),
    }
}

/// What a mail says of its sender: one that was sent, or a bounce with the header fields of one.
pub fn of_message(raw: &[u8]) -> Sender {
    let Some(Sent { says, raw, is_whole }) = evidence::bounce::sent(raw) else { return Sender::default() };
    let domain = |address: &Option<String>| address.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain.to_ascii_lowercase());
    Sender {
        domain: domain(&says.from).unwrap_or_default(),
        mail_from: says.sender.into_iter().collect(),
        selectors: says.signatures.iter().map(|(signer, selector)| format!("{selector}:{signer}")).collect(),
        mail: Some(Mail { markup: is_whole.then(|| markup::read(&raw)).flatten(), raw, whole: is_whole }),
        ..Sender::default()
    }
}

/// A text with fewer header fields than this is no mail.
const FEWEST_FIELDS: usize = 3;

/// The sender of a mail that lies in a file.
pub fn of_file(path: &Path) -> Result<Sender, Error> {
    let raw = std::fs::read(path).map_err(|error| Error::new("message", error, path.display(), "name a mail saved as .eml"))?;
    let sender = of_message(&raw);
    match sender.mail.as_ref().is_some_and(|mail| !mail.all("from").is_empty() || mail.fields().len() >= FEWEST_FIELDS) {
        true => Ok(sender),
        false => Err(Error::new("message", "the file is no mail", path.display(), "name a mail saved with its source, as .eml")),
    }
}

/// A sender of the evidence, with a mail that it sent.
pub fn with_mail(evidence: Sender, mail: Sender) -> Sender {
    let selectors = evidence.selectors.into_iter().chain(mail.selectors).collect();
    Sender { mail: mail.mail, selectors, ..evidence }
}

fn resolver(query: &CheckQuery) -> Result<Resolver, Error> {
    let wrong =
        |text: &str| Error::new("nameserver", format!("`{text}` is no name server"), "--nameserver", "write an address, as 192.0.2.53 or 192.0.2.53:5353");
    let server = query.nameserver.as_deref().map(|text| resolver::server(text).ok_or_else(|| wrong(text))).transpose()?;
    let options = Options { server, timeout: query.timeout.unwrap_or(Duration::from_secs(3)), port: query.port.unwrap_or(DNS) };
    Resolver::new(&options).map_err(|error| Error::new("resolver", error, "", "name a server with --nameserver"))
}
