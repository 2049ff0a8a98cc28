//! All checks of a sender, together.

use std::net::IpAddr;

use smtp::domain_of;

use crate::check::{AskedBy, Check, Row, Severity, Status};
use crate::dmarc::{self, Shown};
use crate::dns::{Kind, Outcome, Pending, Questions};
use crate::spf::{Evaluation, Input, SpfResult};
use crate::{dkim, idn, names, sender, signature};

/// What is known of a sender: by the evidence, by the user, or by both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The domain that people see in From.
    pub domain: String,
    /// The addresses that mail is sent from.
    pub ips: Vec<IpAddr>,
    /// The names given in EHLO.
    pub helo: Vec<String>,
    /// Envelope senders: addresses or domains.
    pub mail_from: Vec<String>,
    /// DKIM selectors, each of the domain itself or as `selector:domain`.
    pub selectors: Vec<String>,
    /// The DKIM-Signature header fields of a mail that was sent; nothing where none is at hand.
    pub signatures: Option<Vec<String>>,
}

/// The answers to all questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks: by how they ended, then by how much they matter.
    pub checks: Vec<Check>,
    /// The SPF walks behind them.
    pub walks: Vec<Evaluation>,
    /// Selectors with a key in force.
    pub selectors: Vec<String>,
}

/// What the resolver must be able to tell before anything else is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// A name that has mail servers.
    pub present: String,
    /// A name that cannot be there.
    pub absent: String,
}

impl Default for Control {
    fn default() -> Control {
        Control { present: "icloud.com".to_owned(), absent: "reprieve-control-4d2f09ce.invalid".to_owned() }
    }
}

/// Whether the resolver answers and does not lie; the text says what it did wrong.
pub fn self_test(dns: &mut Questions, control: &Control) -> Result<Result<(), String>, Pending> {
    let (present, absent) = (dns.ask(&control.present, Kind::Mx), dns.ask(&control.absent, Kind::A));
    let (present, absent) = (present?, absent?);
    Ok(match (present.outcome, absent.outcome) {
        (Outcome::Found, Outcome::NoName | Outcome::NoData) => Ok(()),
        (Outcome::Found, Outcome::Found) => Err(format!("it answers for {}, which cannot be there", control.absent)),
        (Outcome::NoName | Outcome::NoData, _) => Err(format!("it says that {} has no mail servers", control.present)),
        (outcome, _) if !outcome.is_known() => Err(format!("it does not answer ({})", outcome.word())),
        (_, outcome) => Err(format!("it does not answer for {} ({})", control.absent, outcome.word())),
    })
}

/// Runs all checks of a sender. What it asks at one time does not depend on each other.
pub fn run(dns: &mut Questions, subject: &Sender) -> Result<Report, Pending> {
    let mut known: Vec<String> = subject.mail_from.iter().map(|sender| domain(sender)).chain(subject.helo.iter().cloned()).collect();
    known.push(subject.domain.clone());
    let paths: Vec<String> = distinct(subject.mail_from.iter().map(|sender| domain(sender)).chain([subject.domain.clone()]));
    let inputs = inputs(subject);
    // Everything is begun before anything is waited for.
    let addresses: Vec<_> = subject.ips.iter().map(|ip| names::address(dns, *ip, &known)).collect();
    let helo: Vec<_> = subject.helo.iter().map(|name| names::helo(dns, name, &subject.ips)).collect();
    let records: Vec<_> = paths.iter().map(|path| sender::record(dns, path)).collect();
    let walks: Vec<_> = inputs.iter().map(|input| sender::covers(dns, input)).collect();
    let returns: Vec<_> = paths.iter().map(|path| sender::return_path(dns, path)).collect();
    let from = sender::from(dns, &subject.domain);
    let keys = keys(dns, subject);
    let policy = dmarc::checks(dns, &subject.domain, &Shown::default());
    let mut report = Report::default();
    for checks in addresses.into_iter().chain(helo).chain(records) {
        report.checks.extend(checks?);
    }
    for walk in walks {
        let (checks, walk) = walk?;
        report.checks.extend(checks);
        report.walks.push(walk);
    }
    for check in returns.into_iter().chain([from]) {
        report.checks.push(check?);
    }
    let (signers, selectors, checks) = keys?;
    policy?;
    report.checks.extend(checks);
    report.selectors = selectors;
    let passed = report.walks.iter().filter(|walk| walk.result == SpfResult::Pass).map(|walk| walk.domain.clone());
    let shown = Shown { spf: passed.collect(), dkim: signers, unasked: report.walks.iter().any(|walk| walk.result == SpfResult::TempError) };
    report.checks.extend(dmarc::checks(dns, &subject.domain, &shown)?);
    report.checks.extend(subject.signatures.iter().flat_map(|fields| signature::checks(&subject.domain, fields)));
    report.checks.push(second_family(subject));
    report.checks.push(idn::check(&known, &subject.domain));
    report.checks.sort_by_key(|check| (check.status, check.severity));
    report.checks.dedup();
    Ok(report)
}

/// Whether mail leaves over IPv6 too: receivers judge that address by itself.
fn second_family(subject: &Sender) -> Check {
    const V6: Row = Row { id: "ip.v6", severity: Severity::High, asked_by: &[AskedBy::Gmail] };
    let v6: Vec<String> = subject.ips.iter().filter(|ip| ip.is_ipv6()).map(ToString::to_string).collect();
    match v6.is_empty() {
        true => V6.not_applicable(&subject.domain, "No mail is known to leave over IPv6."),
        false => V6.pass(&subject.domain, format!("{} is checked by itself, as receivers do.", v6.join(", "))),
    }
}

/// Every question of the report as one that could not be asked, because the resolver cannot be believed.
pub fn unasked(subject: &Sender, why: &str) -> Report {
    let row = Row { id: "resolver.self_test", severity: Severity::Info, asked_by: &[] };
    let check = row.unknown(&subject.domain, format!("DNS cannot be believed: {why}. Nothing was checked; choose another server with --nameserver."));
    Report { checks: vec![check], ..Report::default() }
}

/// Each address with each envelope sender; without any, a bounce under the name given in EHLO.
fn inputs(subject: &Sender) -> Vec<Input> {
    let senders = if subject.mail_from.is_empty() { vec![format!("postmaster@{}", subject.domain)] } else { subject.mail_from.clone() };
    let helo = subject.helo.first().cloned().unwrap_or_else(|| subject.domain.clone());
    let input = |ip: &IpAddr, sender: &String| {
        let mail_from = if sender.contains('@') || sender.is_empty() { sender.clone() } else { format!("postmaster@{sender}") };
        Input { ip: *ip, mail_from, helo: helo.clone(), receiver: "receiver.example".to_owned() }
    };
    subject.ips.iter().filter(|ip| smtp::is_public(**ip)).flat_map(|ip| senders.iter().map(move |sender| input(ip, sender))).collect()
}

/// The keys of the selectors that are known, or of the usual ones: who signs, under which selectors, and the checks.
fn keys(dns: &mut Questions, subject: &Sender) -> Result<(Vec<String>, Vec<String>, Vec<Check>), Pending> {
    if subject.selectors.is_empty() {
        let (found, checks) = dkim::probe(dns, &subject.domain)?;
        let signers = if found.is_empty() { Vec::new() } else { vec![subject.domain.clone()] };
        return Ok((signers, found, checks));
    }
    let pairs: Vec<(&str, &str)> = subject.selectors.iter().map(|name| name.split_once(':').unwrap_or((name, &subject.domain))).collect();
    let asked: Vec<_> = pairs.iter().map(|(selector, domain)| dkim::selector(dns, selector, domain)).collect();
    let (mut signers, mut found, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for ((selector, domain), checks) in pairs.into_iter().zip(asked) {
        let checks = checks?;
        let in_force = checks.iter().any(|check| check.id == "dkim.length" && check.status != Status::Fail);
        if in_force {
            signers.push(domain.to_owned());
            found.push(selector.to_owned());
        }
        all.extend(checks);
    }
    Ok((signers, found, all))
}

/// The domain of an envelope sender, which may be a domain itself.
fn domain(sender: &str) -> String {
    domain_of(sender.as_bytes()).map_or_else(|| sender.to_owned(), |domain| String::from_utf8_lossy(domain).into_owned())
}

fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names.map(|name| name.to_ascii_lowercase()).filter(|name| !name.is_empty()) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}
