//! The SPF checks, for the addresses and envelope senders that the evidence shows, and whether those domains exist.

use crate::check::{AskedBy, Check, Evidence, Row, Severity};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions};
use crate::names::takes_mail;
use crate::spf::{Evaluation, Input, Mechanism, Qualifier, SpfRecord, SpfResult, evaluate, find_record};

const RECORD: Row = Row { id: "spf.record", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const SYNTAX: Row = Row { id: "spf.syntax", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const COVERS: Row = Row { id: "spf.covers", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const LOOKUPS: Row = Row { id: "spf.lookups", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const VOID: Row = Row { id: "spf.void", severity: Severity::High, asked_by: &[AskedBy::Rfc] };
const END: Row = Row { id: "spf.all", severity: Severity::Medium, asked_by: &[AskedBy::Rfc] };
const DISCOURAGED: Row = Row { id: "spf.discouraged", severity: Severity::Low, asked_by: &[AskedBy::Rfc] };
const SIZE: Row = Row { id: "spf.size", severity: Severity::Low, asked_by: &[AskedBy::Rfc] };
const RETURN_PATH: Row = Row { id: "return_path.exists", severity: Severity::Blocker, asked_by: &[AskedBy::Apple] };
const FROM: Row = Row { id: "from.answers", severity: Severity::High, asked_by: &[AskedBy::Apple2025] };

/// The checks of a domain's own record.
pub(crate) fn record(dns: &mut Questions, domain: &str) -> Result<Vec<Check>, Pending> {
    let answer = dns.ask(domain, Kind::Txt)?;
    let evidence = Evidence::of(domain, Kind::Txt, &answer);
    if !answer.outcome.is_known() {
        return Ok(vec![RECORD.unknown(domain, format!("The SPF record could not be asked for ({}).", answer.outcome.word())).with([evidence])]);
    }
    let found = match find_record(&answer) {
        Err(why) => {
            return Ok(vec![
                RECORD
                    .fail(domain, format!("{}: receivers treat that as an error.", capital(why)))
                    .matters(Severity::Blocker)
                    .with([evidence])
                    .remedy("Merge them into one record; keep one -all or ~all at its end."),
            ]);
        }
        Ok(None) => return Ok(vec![none(domain, &answer).with([evidence])]),
        Ok(Some(text)) => text,
    };
    let mut checks = vec![RECORD.pass(domain, "One SPF record.").with([evidence])];
    match SpfRecord::parse(&found) {
        Err(fault) => checks.push(
            SYNTAX
                .fail(domain, format!("`{}` breaks the record: {}.", fault.term, fault.why))
                .remedy("Mend the term: one error makes receivers ignore the whole record."),
        ),
        Ok(record) => {
            checks.push(SYNTAX.pass(domain, "The record is well formed."));
            checks.push(end(domain, &record));
            checks.extend(discouraged(domain, &record));
            checks.push(size(domain, &found, &answer));
        }
    }
    Ok(checks)
}

fn none(domain: &str, answer: &Answer) -> Check {
    let similar = answer.texts().find(|text| text.to_ascii_lowercase().starts_with(b"spf") || text.trim_ascii().to_ascii_lowercase().starts_with(b"v=spf"));
    match similar {
        Some(text) => RECORD.fail(domain, format!("The text \"{}\" is no SPF record: it has to begin with v=spf1 and a space.", smtp::escape_controls(&text))).remedy("Publish it again, beginning with v=spf1."),
        None => RECORD.fail(domain, "The domain has no SPF record.").remedy("First list everybody who sends for the domain: newsletter, invoicing, ticket system, web shop. Then publish one record that names them all, ending in ~all."),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// How the record ends for everybody else.
fn end(domain: &str, record: &SpfRecord) -> Check {
    let all = record.mechanisms().find(|(_, mechanism, _)| matches!(mechanism, Mechanism::All)).map(|(qualifier, ..)| qualifier);
    match (all, record.redirect()) {
        (Some(Qualifier::Pass), _) => {
            END.fail(domain, "+all lets everybody send for the domain.").matters(Severity::High).remedy("End the record with ~all or -all.")
        }
        (Some(Qualifier::Neutral), _) => END.warn(domain, "?all says nothing about everybody else.").remedy("End the record with ~all."),
        (Some(_), Some(_)) => END.warn(domain, "A redirect beside all is never followed.").matters(Severity::Low),
        (Some(_), None) | (None, Some(_)) => END.pass(domain, "The record says what holds for everybody else."),
        (None, None) => END.warn(domain, "The record does not say what holds for everybody else.").remedy("End the record with ~all."),
    }
}

fn discouraged(domain: &str, record: &SpfRecord) -> Vec<Check> {
    let terms: Vec<&str> = record.mechanisms().filter(|(_, mechanism, _)| is_discouraged(mechanism)).map(|(.., text)| text).collect();
    if terms.is_empty() {
        Vec::new()
    } else {
        vec![
            DISCOURAGED
                .warn(domain, format!("Discouraged: {}.", terms.join(", ")))
                .remedy("Name the addresses with ip4: or ip6: instead, no wider than you own."),
        ]
    }
}

/// `ptr` is slow and unsure, networks wider than /16 let strangers send, private ones mean nothing outside.
fn is_discouraged(mechanism: &Mechanism) -> bool {
    match mechanism {
        Mechanism::Ptr(_) => true,
        Mechanism::Ip(ip, lengths) => ip.is_ipv4() && lengths.v4 < 16 || !smtp::is_public(*ip),
        _ => false,
    }
}

fn size(domain: &str, text: &[u8], answer: &Answer) -> Check {
    let all: usize = answer.texts().map(|text| text.len() + 12).sum();
    match (text.len(), all) {
        (_, 513..) => SIZE
            .warn(domain, format!("All texts of the domain are {all} bytes together: some networks lose answers of more than 512."))
            .matters(Severity::Medium),
        (451.., _) => SIZE.warn(domain, format!("The record has {} bytes; more than 450 may not fit into one answer.", text.len())),
        (length, _) => SIZE.pass(domain, format!("The record has {length} bytes.")),
    }
}

/// The checks of one way that mail takes: an address, the name it gives, the envelope sender.
pub(crate) fn covers(dns: &mut Questions, input: &Input) -> Result<(Vec<Check>, Evaluation), Pending> {
    let found = evaluate(dns, input)?;
    let subject = format!("{} for {}", input.ip, found.domain);
    let matched = found.matched.clone().unwrap_or_else(|| "nothing in the record".to_owned());
    let covers = match found.result {
        SpfResult::Pass => COVERS.pass(&subject, format!("SPF passes: {matched} names the address.")),
        SpfResult::TempError => COVERS.unknown(&subject, format!("SPF could not be evaluated: {}.", found.problem.clone().unwrap_or_default())),
        SpfResult::PermError => {
            COVERS.fail(&subject, format!("SPF ends in an error: {}.", found.problem.clone().unwrap_or_default())).matters(Severity::Blocker)
        }
        SpfResult::Fail => {
            COVERS.fail(&subject, format!("SPF fails: {matched} decides, and no term before it names the address.")).matters(Severity::Blocker).remedy(ADD)
        }
        SpfResult::SoftFail | SpfResult::Neutral => {
            COVERS.fail(&subject, format!("SPF says {}: {matched} decides, and no term before it names the address.", found.result.word())).remedy(ADD)
        }
        SpfResult::None => COVERS.fail(&subject, "There is no SPF record to pass."),
    };
    let asked: Vec<Evidence> = found.trace.iter().flat_map(told).collect();
    let lookups = match found.lookups {
        _ if found.result == SpfResult::TempError => LOOKUPS.unknown(&subject, "How many terms ask DNS could not be told."),
        11.. => LOOKUPS
            .fail(&subject, "More than 10 terms ask DNS: receivers stop there with an error.")
            .remedy("Remove includes that nobody uses any more, or name their addresses."),
        many @ 9..=10 => LOOKUPS.warn(&subject, format!("{many} of 10 look-ups are used: one more include breaks the record.")).matters(Severity::Medium),
        many => LOOKUPS.pass(&subject, format!("{many} of 10 look-ups are used.")),
    };
    let void = match found.void_lookups {
        _ if found.result == SpfResult::TempError => VOID.unknown(&subject, "Whether every name in the record is there could not be told."),
        3.. => VOID
            .fail(&subject, "More than 2 terms name what is not there: some receivers stop with an error.")
            .remedy("Remove the terms whose names are gone; the trace shows them."),
        1..=2 => VOID.warn(&subject, format!("{} terms name what is not there.", found.void_lookups)).matters(Severity::Low),
        0 => VOID.pass(&subject, "Every name in the record is there."),
    };
    Ok((vec![covers.with(asked), lookups, void], found))
}

const ADD: &str = "If the address is your own and static, add ip4:ADDRESS (or ip6:) to the record that is there, before its all; never publish a second record. If it belongs to a service, use the include that the service names. First ask who else sends for this domain.";

/// What a step asked, and what is inside it.
fn told(step: &crate::spf::Step) -> Vec<Evidence> {
    let own = step.asked.iter().filter_map(|asked| asked.split_once(": ")).map(|(query, answer)| Evidence {
        query: query.to_owned(),
        answer: answer.to_owned(),
        ttl: None,
    });
    own.chain(step.steps.iter().flat_map(told)).collect()
}

/// Whether bounces can come back to a domain.
pub(crate) fn return_path(dns: &mut Questions, domain: &str) -> Result<Check, Pending> {
    let (found, evidence) = takes_mail(dns, domain)?;
    Ok(match found {
        Some(true) => RETURN_PATH.pass(domain, "Bounces can come back: the domain takes mail."),
        Some(false) => RETURN_PATH
            .fail(domain, "Bounces cannot come back: the domain takes no mail.")
            .remedy(format!("Publish an MX for {domain}, or send with an envelope sender whose domain has one.")),
        None => RETURN_PATH.unknown(domain, "Whether bounces can come back could not be asked."),
    }
    .with(evidence))
}

/// Whether people can answer to a From domain: it has mail servers that are hosts with public addresses.
pub(crate) fn from(dns: &mut Questions, domain: &str) -> Result<Check, Pending> {
    let (found, mut evidence) = takes_mail(dns, domain)?;
    let servers: Vec<String> = dns.ask(domain, Kind::Mx)?.names().filter(|name| !name.is_empty()).take(10).map(str::to_owned).collect();
    let asked: Vec<(String, Result<Answer, Pending>, Result<Answer, Pending>)> =
        servers.into_iter().map(|name| (name.clone(), dns.ask(&name, Kind::A), dns.ask(&name, Kind::Aaaa))).collect();
    let (mut dead, mut unasked) = (Vec::new(), false);
    for (name, v4, v6) in asked {
        let (v4, v6) = (v4?, v6?);
        evidence.push(Evidence::of(&name, Kind::A, &v4));
        unasked |= v4.outcome != Outcome::Found && !v4.outcome.is_known();
        let reachable = v4.addresses().chain(v6.addresses()).any(smtp::is_public);
        if !reachable && v4.outcome.is_known() && v6.outcome.is_known() {
            dead.push(name);
        }
    }
    let check = match found {
        None => FROM.unknown(domain, "Whether the domain takes mail could not be asked."),
        Some(false) => FROM.fail(domain, "Nobody can answer: the domain takes no mail.").remedy("Publish an MX for the domain that people see as the sender."),
        Some(true) if !dead.is_empty() => {
            FROM.warn(domain, format!("These mail servers have no public address: {}.", dead.join(", "))).matters(Severity::Medium)
        }
        Some(true) if unasked => FROM.unknown(domain, "The mail servers of the domain could not all be asked for."),
        Some(true) => FROM.pass(domain, "The domain takes mail, so people can answer."),
    };
    Ok(check.with(evidence))
}
