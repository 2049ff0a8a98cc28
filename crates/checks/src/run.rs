//! All checks of a sender, together.

use std::net::IpAddr;

use smtp::domain_of;

use crate::check::{AskedBy, Check, Row, Severity, Status};
use crate::dmarc::{self, Shown};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions};
use crate::mail::Mail;
use crate::remedy::spf::Addable;
use crate::signature::{Verification, Verified, Verify};
use crate::spf::{Audit, Evaluation, Input, SpfResult};
use crate::subject::Sender;
use crate::{conduct, dkim, health, idn, lists, message, names, outbound, remedy, sender, signature};

const V6: Row = Row { id: "ip.v6", severity: Severity::High, asked_by: &[AskedBy::Gmail] };
const SELF_TEST: Row = Row { id: "resolver.self_test", severity: Severity::Info, asked_by: &[] };

/// The answers to all questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks: by how they ended, then by how much they matter.
    pub checks: Vec<Check>,
    /// The SPF walks behind them.
    pub walks: Vec<Evaluation>,
    /// The whole SPF trees behind them.
    pub audits: Vec<Audit>,
    /// Selectors with a key in force.
    pub selectors: Vec<String>,
}

/// What the resolver must be able to tell before anything else is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// A name that has mail servers.
    pub present: String,
    /// A name that cannot be there. It has to be under a real domain: what ends in `invalid` never reaches the resolver.
    pub absent: String,
}

impl Default for Control {
    fn default() -> Control {
        Control { present: "icloud.com".to_owned(), absent: "reprieve-control-4d2f09ce.example.com".to_owned() }
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
pub fn run(dns: &mut Questions, subject: &Sender, verify: &Verify<'_>) -> Result<Report, Pending> {
    // Everything is begun before anything is waited for.
    let addresses = each(&subject.ips, |ip| names::address(dns, *ip, subject.helo.first().map(String::as_str), &known(subject)));
    let helo = each(&subject.helo, |name| names::helo(dns, name, &subject.ips));
    let paths = paths(subject);
    let records = each(&paths, |path| sender::record(dns, path));
    let trees = each(&paths, |path| sender::tree(dns, path));
    let walks = each(&inputs(subject), |input| sender::covers(dns, input, &subject.services));
    let returns = each(&paths, |path| Ok(vec![sender::return_path(dns, path)?]));
    let answers = each(&authors(subject), |domain| Ok(vec![sender::from(dns, domain)?]));
    let keys = keys(dns, subject);
    let seals = each(&seals(subject), |name| dns.ask(name, Kind::Txt));
    let begun = dmarc::checks(dns, &subject.domain, &Shown::default(), subject.now);
    let health = health::checks(dns, &subject.domain);
    let listed = lists::checks(dns, subject);
    let mut report = Report::default();
    report.checks.extend([addresses?, helo?, records?, returns?, answers?].concat().concat());
    for (checks, audit) in trees? {
        report.checks.extend(checks);
        report.audits.push(audit);
    }
    for (check, walk) in walks? {
        report.checks.push(check);
        report.walks.push(walk);
    }
    cover(dns, subject, &mut report)?;
    let keys = keys?;
    seals?;
    begun?;
    let Verification { signatures: verified, chain } = verification(dns, subject, verify);
    report.checks.extend(dmarc::checks(dns, &subject.domain, &shown(&report.walks, &keys, &verified), subject.now)?);
    report.checks.extend(signature::checks(subject, &verified));
    report.checks.extend(message::checks(subject, chain.as_ref()));
    report.checks.extend(keys.checks);
    report.selectors = keys.selectors;
    report.checks.extend(health?);
    report.checks.extend(listed?);
    report.checks.push(second_family(subject, &report.checks));
    report.checks.extend(outbound::checks(subject));
    report.checks.extend(conduct::checks(subject));
    report.checks.push(idn::check(&known(subject), &subject.domain));
    Ok(sorted(report))
}

/// Gives the SPF checks that fail the change of the record that would mend them, where one can be given.
fn cover(dns: &mut Questions, subject: &Sender, report: &mut Report) -> Result<(), Pending> {
    let domains = distinct(report.walks.iter().filter(|walk| is_uncovered(walk.result)).map(|walk| walk.domain.clone()));
    let addable = Addable { own: &subject.own, services: &subject.services };
    let found = each(&domains, |domain| remedy::spf::cover(dns, domain, &senders(subject, domain), addable))?;
    for (domain, remedy) in domains.iter().zip(found) {
        let end = format!(" for {domain}");
        let failing = report
            .checks
            .iter_mut()
            .filter(|check| check.id == "spf.covers" && check.status == Status::Fail && check.subject.to_ascii_lowercase().ends_with(&end));
        let remedy = remedy.unwrap_or_else(sender::without_change);
        failing.for_each(|check| check.remedy = Some(remedy.clone()));
    }
    Ok(())
}

/// Whether a record that is there, or that is missing, is what stands between a sender and a pass.
fn is_uncovered(result: SpfResult) -> bool {
    matches!(result, SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral | SpfResult::None)
}

/// Everybody who was seen to send for a domain.
fn senders(subject: &Sender, domain: &str) -> Vec<Input> {
    let mut ips = subject.ips.clone();
    ips.extend(subject.seen.iter().flat_map(|seen| &seen.ips).filter(|ip| !subject.ips.contains(ip)));
    let all = Sender { ips, ..subject.clone() };
    inputs(&all).into_iter().filter(|input| input.mail_from.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))).collect()
}

/// Begins something for each of many before any of them is waited for.
fn each<T, R>(all: &[T], mut ask: impl FnMut(&T) -> Result<R, Pending>) -> Result<Vec<R>, Pending> {
    let begun: Vec<Result<R, Pending>> = all.iter().map(&mut ask).collect();
    begun.into_iter().collect()
}

/// What is wrong first, what matters most first among it; and what only together is a blocker.
fn sorted(mut report: Report) -> Report {
    let failed = |id: &str| report.checks.iter().any(|check| check.id == id && check.status == Status::Fail);
    if failed("spf.record") && (failed("dkim.published") || failed("dkim.signed")) {
        let records = report.checks.iter_mut().filter(|check| check.id == "spf.record" && check.status == Status::Fail);
        records.for_each(|check| check.severity = Severity::Blocker);
    }
    report.checks.sort_by_key(|check| (check.status, check.severity, !check.is_asked_by_apple()));
    report.checks.dedup();
    report
}

/// Every question of the report as one that could not be asked, because the resolver cannot be believed.
pub fn unasked(subject: &Sender, why: &str) -> Report {
    let check = SELF_TEST.unknown(&subject.domain, format!("DNS cannot be believed: {why}. Nothing that needs it was checked; choose another name server."));
    let doubted = |_: &_| Answer::empty(Outcome::Doubted);
    let mut report = Questions::default().settle(doubted, |dns| run(dns, subject, &|_, _| Verification::default()));
    report.checks.insert(0, check);
    report
}

/// Whether mail leaves over IPv6 too: receivers judge that address by itself.
fn second_family(subject: &Sender, checks: &[Check]) -> Check {
    let v6: Vec<String> = subject.ips.iter().filter(|ip| ip.is_ipv6()).map(ToString::to_string).collect();
    let needed = ["ip.ptr", "ip.fcrdns", "spf.covers"];
    let own = |check: &&Check| needed.contains(&check.id) && v6.iter().any(|ip| check.subject.split(' ').next() == Some(ip));
    let worst = checks.iter().filter(own).min_by_key(|check| (check.status, check.severity));
    let all = v6.join(", ");
    match worst.map(|check| (check.status, check)) {
        None if v6.is_empty() => V6.not_applicable(&subject.domain, "No mail is known to leave over IPv6."),
        Some((Status::Fail, check)) => V6
            .fail(&all, format!("Mail leaves over IPv6 too, and that address is not in order: {}", check.summary))
            .matters(check.severity)
            .remedy("Mend it as the other checks say, or let the server send over IPv4 only (Postfix: inet_protocols = ipv4)."),
        Some((Status::Unknown, _)) => V6.unknown(&all, "Mail leaves over IPv6 too; whether that address is in order could not be asked."),
        _ => V6.pass(&all, "Mail leaves over IPv6 too, and that address is in order by itself."),
    }
}

/// What SPF and DKIM show that may be aligned. A signature counts if it verifies, or where no whole mail is at hand if its
/// key is published.
fn shown(walks: &[Evaluation], keys: &Keys, verified: &[Verified]) -> Shown {
    let passed = walks.iter().filter(|walk| walk.result == SpfResult::Pass).map(|walk| walk.domain.clone());
    let good = verified.iter().filter(|one| one.is_good()).map(|one| one.domain.clone()).collect();
    Shown {
        spf: passed.collect(),
        dkim: if verified.is_empty() { keys.signers.clone() } else { good },
        verified: !verified.is_empty(),
        unasked: walks.iter().any(|walk| walk.result == SpfResult::TempError),
        evaluated: !walks.is_empty(),
        keyless: keys.checks.iter().any(|check| check.id == "dkim.published" && check.status <= Status::Warning) && keys.signers.is_empty(),
    }
}

/// The names of the keys of the mail's ARC sets.
fn seals(subject: &Sender) -> Vec<String> {
    let fields = |mail: &Mail| [mail.all("arc-seal"), mail.all("arc-message-signature")].concat();
    let name = |field: String| {
        let tags = signature::Tags::parse(&field);
        Some(format!("{}._domainkey.{}", tags.get("s")?, tags.get("d")?))
    };
    distinct(subject.mail.iter().flat_map(fields).filter_map(name).take(MOST_SIGNATURES))
}

/// Whether the signatures of the mail at hand verify, with the keys that DNS gave.
fn verification(dns: &Questions, subject: &Sender, verify: &Verify<'_>) -> Verification {
    let key = |name: &str| dns.known(name.trim_end_matches('.'), Kind::Txt).and_then(|answer| answer.texts().next());
    subject.mail.as_ref().filter(|mail| mail.whole).map(|mail| verify(&mail.raw, &key)).unwrap_or_default()
}

/// All names that the sender shows.
fn known(subject: &Sender) -> Vec<String> {
    let signers = subject.selectors.iter().filter_map(|selector| selector.split_once(':')).map(|(_, domain)| domain.to_owned());
    let links = subject.mail.iter().flat_map(message::link_hosts);
    distinct(subject.mail_from.iter().map(|sender| domain(sender)).chain(subject.helo.iter().cloned()).chain(authors(subject)).chain(signers).chain(links))
}

/// The domains that bounces go to.
fn paths(subject: &Sender) -> Vec<String> {
    distinct(subject.mail_from.iter().map(|sender| domain(sender)).chain([subject.domain.clone()]))
}

/// The domains that people answer to: From and Reply-To.
fn authors(subject: &Sender) -> Vec<String> {
    let reply_to = subject.mail.iter().flat_map(|mail| mail.all("reply-to")).filter_map(|value| {
        let address = value.rsplit_once('<').map_or(value.as_str(), |(_, rest)| rest).trim_end_matches('>').trim().to_owned();
        address.rsplit_once('@').map(|(_, domain)| domain.to_owned())
    });
    distinct([subject.domain.clone()].into_iter().chain(reply_to))
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

/// The selectors that are named, and those under which the mail at hand is signed.
fn selectors(subject: &Sender) -> Vec<String> {
    let fields = subject.mail.iter().flat_map(|mail| mail.all("dkim-signature"));
    let of_mail = fields.filter_map(|field| {
        let tags = signature::Tags::parse(&field);
        Some(format!("{}:{}", tags.get("s")?, tags.get("d")?))
    });
    let named = subject.selectors.iter().map(|name| if name.contains(':') { name.clone() } else { format!("{name}:{}", subject.domain) });
    distinct(named.chain(of_mail.take(MOST_SIGNATURES)))
}

/// How many signatures of a mail are looked at.
const MOST_SIGNATURES: usize = 10;

/// Keys of the sender.
#[derive(Default)]
struct Keys {
    /// The domains with a key in force.
    signers: Vec<String>,
    /// Their selectors.
    selectors: Vec<String>,
    checks: Vec<Check>,
}

/// The keys of the selectors that are known, or of the usual ones.
fn keys(dns: &mut Questions, subject: &Sender) -> Result<Keys, Pending> {
    let known = selectors(subject);
    if known.is_empty() {
        let (selectors, checks) = dkim::probe(dns, &subject.domain)?;
        let signers = if selectors.is_empty() { Vec::new() } else { vec![subject.domain.clone()] };
        return Ok(Keys { signers, selectors, checks });
    }
    let pairs: Vec<(&str, &str)> = known.iter().map(|name| name.split_once(':').unwrap_or((name, &subject.domain))).collect();
    let asked = each(&pairs, |(selector, domain)| dkim::selector(dns, selector, domain))?;
    let mut keys = Keys::default();
    for ((selector, domain), (record, checks)) in pairs.into_iter().zip(&asked) {
        if record.as_ref().is_some_and(dkim::KeyRecord::is_in_force) {
            keys.signers.push(domain.to_owned());
            keys.selectors.push(selector.to_owned());
        }
        keys.checks.extend(checks.iter().cloned());
    }
    keys.checks.extend(dkim::algorithms(&subject.domain, asked.iter().filter_map(|(record, _)| record.as_ref())));
    Ok(keys)
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
