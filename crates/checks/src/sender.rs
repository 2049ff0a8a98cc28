//! The SPF checks, for the addresses and envelope senders that the evidence shows, and whether those domains exist.

use crate::check::{AskedBy, Check, Evidence, Row, Severity, unknown};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions, Way, reverse};
use crate::names::takes_mail;
use crate::remedy::Remedy;
use crate::remedy::spf::Refusal;
use crate::spf::{Audit, Evaluation, Input, Mechanism, Qualifier, SpfRecord, SpfResult, audit, evaluate, find_record};
use crate::subject::Service;

const RECORD: Row = Row { id: "spf.record", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const SYNTAX: Row = Row { id: "spf.syntax", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const COVERS: Row = Row { id: "spf.covers", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const LOOKUPS: Row = Row { id: "spf.lookups", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const VOID: Row = Row { id: "spf.void", severity: Severity::High, asked_by: &[AskedBy::Rfc] };
const TREE: Row = Row { id: "spf.tree", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const LOOK_ALIKE: Row = Row { id: "spf.look_alike", severity: Severity::Low, asked_by: &[AskedBy::Rfc] };
const MACROS: Row = Row { id: "spf.macros", severity: Severity::Info, asked_by: &[AskedBy::Rfc] };
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
        let why = format!("The SPF record could not be asked for ({}).", answer.outcome.word());
        return Ok(unknown(&[RECORD, SYNTAX, END, DISCOURAGED, LOOK_ALIKE, SIZE], domain, &why, &evidence));
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
            checks.push(size(dns, domain, &found, &answer)?);
        }
    }
    checks.push(match similar(&answer) {
        None => LOOK_ALIKE.pass(domain, "Nothing beside the record looks like one."),
        Some(text) => LOOK_ALIKE
            .warn(domain, format!("Beside the record there is \"{}\", which is none.", smtp::escape_controls(&text)))
            .remedy("Remove it, once you know who put it there."),
    });
    Ok(checks)
}

/// A text that was meant to be an SPF record and is none.
fn similar(answer: &Answer) -> Option<Vec<u8>> {
    answer.texts().find(|text| {
        let lower = text.trim_ascii().to_ascii_lowercase();
        let is_meant = lower.starts_with(b"spf") || lower.starts_with(b"v=spf") || lower.starts_with(b"\"v=spf");
        is_meant && !crate::spf::is_spf(text)
    })
}

/// The checks of everything that a domain's record leads to, whoever sends.
pub(crate) fn tree(dns: &mut Questions, domain: &str) -> Result<(Vec<Check>, Audit), Pending> {
    let found = audit(dns, domain)?;
    if found.trace.iter().all(|step| step.verdict != "read") && found.unasked.is_empty() {
        // Without a record there is nothing to count; that it is not there is said elsewhere.
        return Ok((Vec::new(), found));
    }
    let asked: Vec<Evidence> = found.trace.iter().flat_map(|step| told(dns, step)).collect();
    let mut checks = [breaks(&found), lookups(&found), void(&found)].map(|check| check.with(asked.iter().cloned())).to_vec();
    if !found.macros.is_empty() {
        checks.push(MACROS.pass(domain, format!("What these terms allow depends on the sender and is not seen in DNS alone: {}.", found.macros.join(", "))));
    }
    Ok((checks, found))
}

fn breaks(found: &Audit) -> Check {
    match (found.broken.first(), found.unasked.first()) {
        (Some(why), _) => TREE
            .fail(&found.domain, format!("The record leads to something that breaks it for everybody: {why}."))
            .remedy("Remove the term, once you know that nobody sends by it any more; or have its owner mend it."),
        (None, Some(name)) => TREE.unknown(&found.domain, format!("What the record leads to could not all be asked for: {name}.")),
        (None, None) => TREE.pass(&found.domain, "Everything that the record leads to is there."),
    }
}

fn lookups(found: &Audit) -> Check {
    const REMEDY: &str = "Remove includes that nobody uses any more, or name the addresses of a service that publishes fixed ones.";
    match found.lookups {
        many @ 11.. => LOOKUPS.fail(&found.domain, format!("{many} terms ask DNS; receivers stop after 10 with an error.")).remedy(REMEDY),
        _ if !found.unasked.is_empty() => LOOKUPS.unknown(&found.domain, "How many terms ask DNS could not be told."),
        many @ 9..=10 => {
            LOOKUPS.warn(&found.domain, format!("{many} of 10 look-ups are used: one more include may break the record.")).matters(Severity::Medium)
        }
        many => LOOKUPS.pass(&found.domain, format!("{many} of 10 look-ups are used.")),
    }
}

fn void(found: &Audit) -> Check {
    const REMEDY: &str = "Remove the terms whose names are gone.";
    let names = found.void.join(", ");
    match found.void.len() {
        3.. => {
            VOID.fail(&found.domain, format!("{} terms name what is not there ({names}): some receivers stop with an error.", found.void.len())).remedy(REMEDY)
        }
        _ if !found.unasked.is_empty() => VOID.unknown(&found.domain, "Whether every name in the record is there could not be told."),
        1..=2 => VOID.warn(&found.domain, format!("Some terms name what is not there: {names}.")).matters(Severity::Low).remedy(REMEDY),
        0 => VOID.pass(&found.domain, "Every name in the record is there."),
    }
}

fn none(domain: &str, answer: &Answer) -> Check {
    match similar(answer) {
        Some(text) => RECORD.fail(domain, format!("The text \"{}\" is no SPF record: it has to begin with v=spf1 and a space.", smtp::escape_controls(&text))).remedy("Publish it again, beginning with v=spf1."),
        None => RECORD.fail(domain, "The domain has no SPF record.").remedy("First list everybody who sends for the domain: newsletter, invoicing, ticket system, web shop. Then publish one record that names them all, ending in ~all; the row spf.covers writes it for the addresses that are confirmed."),
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
        vec![DISCOURAGED.pass(domain, "No term is discouraged.")]
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

fn size(dns: &mut Questions, domain: &str, text: &[u8], answer: &Answer) -> Result<Check, Pending> {
    let all: usize = answer.texts().map(|text| text.len() + 12).sum();
    let by_tcp = if all > 512 { Some(dns.ask_by(domain, Kind::Txt, Way::Tcp)?) } else { None };
    Ok(match (text.len(), by_tcp) {
        _ if !answer.chain.is_empty() => SIZE
            .warn(domain, format!("The record is not the domain's own: the name leads to {} by CNAME.", answer.chain.join(", ")))
            .matters(Severity::Medium)
            .remedy("Publish the record at the name itself: a name with a CNAME may have nothing else, no MX either."),
        (_, Some(tcp)) if !tcp.outcome.is_known() => SIZE
            .fail(domain, format!("All texts of the domain are {all} bytes together, and its name servers do not answer by TCP ({}).", tcp.outcome.word()))
            .matters(Severity::High)
            .remedy("Let the name servers answer by TCP (port 53), or remove texts that nobody needs."),
        (_, Some(_)) => SIZE
            .warn(domain, format!("All texts of the domain are {all} bytes together: some networks lose answers of more than 512."))
            .matters(Severity::Medium)
            .remedy("Remove texts that nobody needs any more: old proofs of ownership are the usual ones."),
        (451.., None) => SIZE.warn(domain, format!("The record has {} bytes; more than 450 may not fit into one answer.", text.len())),
        (length, None) => SIZE.pass(domain, format!("The record has {length} bytes.")),
    })
}

/// The check of one way that mail takes: an address, the name it gives, the envelope sender.
pub(crate) fn covers(dns: &mut Questions, input: &Input, services: &[Service]) -> Result<(Check, Evaluation), Pending> {
    let found = evaluate(dns, input)?;
    let subject = format!("{} for {}", input.ip, found.domain);
    let matched = found.matched.clone().unwrap_or_else(|| "nothing in the record".to_owned());
    let why_not = || {
        let reasons = why_not(dns, input, &found, services);
        if reasons.is_empty() { "no term before it names the address".to_owned() } else { reasons.join("; ") }
    };
    let covers = match found.result {
        SpfResult::Pass => COVERS.pass(&subject, format!("SPF passes: {matched} names the address.")),
        SpfResult::TempError => COVERS.unknown(&subject, format!("SPF could not be evaluated: {}.", found.problem.clone().unwrap_or_default())),
        SpfResult::PermError => {
            COVERS.fail(&subject, format!("SPF ends in an error: {}.", found.problem.clone().unwrap_or_default())).matters(Severity::Blocker)
        }
        SpfResult::Fail => COVERS.fail(&subject, format!("SPF fails: {matched} decides; {}.", why_not())).matters(Severity::Blocker),
        SpfResult::SoftFail | SpfResult::Neutral => COVERS.fail(&subject, format!("SPF says {}: {matched} decides; {}.", found.result.word(), why_not())),
        SpfResult::None => COVERS.fail(&subject, "There is no SPF record to pass."),
    };
    let asked: Vec<Evidence> = found.trace.iter().flat_map(|step| told(dns, step)).collect();
    Ok((covers.with(asked), found))
}

/// Why an address is not covered, as far as it can be told: what it belongs to, and the nearest term.
fn why_not(dns: &Questions, input: &Input, found: &Evaluation, services: &[Service]) -> Vec<String> {
    let service = services.iter().find(|service| service.ip == input.ip);
    let service = service.map(|service| format!("the address belongs to {}, which include:{} would cover", service.name, service.include));
    let record = found.trace.first().and_then(|step| SpfRecord::parse(step.term.as_bytes()).ok());
    let nearest =
        record.as_ref().and_then(|record| record.mechanisms().find(|(_, mechanism, _)| is_near(mechanism, input.ip)).map(|(.., text)| text.to_owned()));
    let nearest = nearest.map(|term| format!("the nearest term is {term}"));
    let named = dns.known(&reverse(input.ip), Kind::Ptr).and_then(|answer| answer.names().next().map(|name| format!("the address is named {name}")));
    service.into_iter().chain(nearest).chain(named).collect()
}

/// Whether a term names a neighbour: the same 24 bits of IPv4, 48 of IPv6.
fn is_near(mechanism: &Mechanism, ip: std::net::IpAddr) -> bool {
    let start = |ip: std::net::IpAddr| match ip {
        std::net::IpAddr::V4(ip) => ip.octets().get(..3).map(<[u8]>::to_vec),
        std::net::IpAddr::V6(ip) => ip.octets().get(..6).map(<[u8]>::to_vec),
    };
    matches!(mechanism, Mechanism::Ip(network, _) if network.is_ipv4() == ip.is_ipv4() && start(*network) == start(ip))
}

/// What to do where no change of the record can be offered.
pub(crate) fn without_change(refusal: Refusal) -> Remedy {
    match refusal {
        Refusal::NobodyConfirmed => "If the address is your own and static, say so: the exact record is then written here. An office's, a forwarder's or a service's address is never to be added by itself; for a service use the include that it names.".into(),
        Refusal::Broken => "Mend the record first: it is broken, or there are several.".into(),
        Refusal::TooManyLookups(many) => format!("With the address added, {many} terms would ask DNS, and receivers stop after 10: first remove includes that nobody uses any more.").into(),
        Refusal::TooLong(bytes) => format!("With the address added, the record would have {bytes} bytes, which may not fit into one answer: first remove what nobody uses any more.").into(),
        Refusal::NoHelp => "Adding the address alone does not help, or would take a pass away from somebody: look at the walk, term by term.".into(),
    }
}

/// What a step asked, and what is inside it.
fn told(dns: &Questions, step: &crate::spf::Step) -> Vec<Evidence> {
    let ttl = |query: &str| query.rsplit_once(' ').and_then(|(name, kind)| dns.known(name, Kind::of(kind)?)?.ttl);
    let own = step.asked.iter().filter_map(|asked| asked.split_once(": ")).map(|(query, answer)| Evidence {
        query: query.to_owned(),
        answer: answer.to_owned(),
        ttl: ttl(query),
    });
    own.chain(step.steps.iter().flat_map(|step| told(dns, step))).collect()
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
    let (mut dead, mut odd, mut unasked) = (Vec::new(), Vec::new(), false);
    for (name, v4, v6) in asked {
        let (v4, v6) = (v4?, v6?);
        if name.parse::<std::net::IpAddr>().is_ok() {
            odd.push(format!("{name} is an address, not a name"));
        } else if !v4.chain.is_empty() || !v6.chain.is_empty() {
            odd.push(format!("{name} is a CNAME"));
        }
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
            let why = if odd.is_empty() { String::new() } else { format!(" ({})", odd.join(", ")) };
            FROM.warn(domain, format!("These mail servers have no public address: {}{why}.", dead.join(", "))).matters(Severity::Medium)
        }
        Some(true) if !odd.is_empty() => FROM
            .warn(domain, format!("An MX has to name a host: {}.", odd.join(", ")))
            .matters(Severity::Medium)
            .remedy("Let the MX name a host with addresses of its own (RFC 2181, section 10.3)."),
        Some(true) if unasked => FROM.unknown(domain, "The mail servers of the domain could not all be asked for."),
        Some(true) => FROM.pass(domain, "The domain takes mail, so people can answer."),
    };
    Ok(check.with(evidence))
}
