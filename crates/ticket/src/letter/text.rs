//! What the letter says, line by line.

use std::net::IpAddr;

use casework::{Facts, Form, Gap};
use diagnosis::{SendingBasis, What};
use smtp::{domain_of, escape_controls};

use super::{Brief, a_label, domains, thousands};
use crate::moment;
use crate::quote::Quote;

/// A line that only a person can fill: what they said, or a gap that asks by name.
pub(super) fn ask(said: Option<&String>, field: &'static str, hint: &str, gaps: &mut Vec<Gap>) -> String {
    said.map(|said| one_line(said)).unwrap_or_else(|| {
        gaps.push(Gap { field, text: format!("{}: {hint}", field.replace('_', " ")) });
        format!("[TO FILL IN: {hint}]")
    })
}

/// What a person typed, on one line and without controls.
pub(crate) fn one_line(text: &str) -> String {
    escape_controls(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes())
}

pub(super) fn body(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: Option<&str>, gaps: &mut Vec<Gap>) -> String {
    let facts = brief.facts;
    let mut lines = vec!["Hello,".to_owned()];
    lines.extend(opening(brief, ips, domain));
    lines.extend([String::new(), "1. Company name".to_owned(), company(brief, gaps), "2. Email domain".to_owned()]);
    lines.push(domain_line(brief, domain));
    lines.push("3. IP addresses of the affected mail servers".to_owned());
    lines.extend(ips.iter().map(|ip| format!("{ip}   {}", basis(brief, *ip))));
    if ips.is_empty() {
        lines.push("[TO FILL IN: the public addresses that send to iCloud; the log does not hold them]".to_owned());
    }
    let removed = if brief.redactor.is_on() { "; local parts of recipients removed by us" } else { "" };
    lines.push(format!("4. SMTP errors received from iCloud mail servers (verbatim; UTC{removed})"));
    lines.extend(quotes.iter().zip('a'..='z').flat_map(|(quote, letter)| quoted(brief, quote, letter)));
    if quotes.is_empty() {
        lines.push("[TO FILL IN: no reply that is Apple's to lift was found in the evidence]".to_owned());
    }
    lines.push("5. Detailed description of the issue, including when it started".to_owned());
    lines.extend(description(brief, ips, domain, gaps));
    lines.push(String::new());
    lines.push(signature(facts, gaps));
    lines.join("\n") + "\n"
}

/// Two lines that say it all: what is refused since when, and what is asked.
fn opening(brief: &Brief<'_>, ips: &[IpAddr], domain: Option<&str>) -> [String; 2] {
    let since = brief.diagnosis.incident.first_refused.map_or("[TO FILL IN: when it started]".to_owned(), |time| format!("{} UTC", moment(time)));
    let list = addresses_or(ips, "our mail server");
    let whom = match (brief.form(), domain) {
        (Form::Pool, Some(domain)) => format!("{}, sent through a pool of addresses that is shared with others,", one_line(domain)),
        _ => list,
    };
    let these = if ips.len() > 1 { "these addresses" } else { "this address" };
    let what = match brief.form() {
        Form::Pool => "what is held against this mail",
        Form::Operator | Form::Host => these,
    };
    [format!("iCloud Mail has refused mail from {whom} since {since}."), format!("The cause and what we have done are under 5. Please review {what}.")]
}

fn addresses_or(ips: &[IpAddr], none: &str) -> String {
    if ips.is_empty() { none.to_owned() } else { ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

/// The company whose mail it is; for a host of many, the host.
fn company(brief: &Brief<'_>, gaps: &mut Vec<Gap>) -> String {
    let facts = brief.facts;
    let company = facts.company.as_deref().map_or("[TO FILL IN: the company whose mail it is]".to_owned(), one_line);
    match (brief.form(), &facts.operator) {
        (Form::Host, operator) => {
            let host = operator.as_deref().map_or(company, one_line);
            format!("{host}. We operate the mail servers of our customers and write for them all.")
        }
        (_, None) => company,
        (form, Some(operator)) => {
            let authority = ask(facts.authority.as_ref(), "authority", "by what right the operator writes, as in \"write with its authority\"", gaps);
            let role = if form == Form::Pool { "look after its mail" } else { "operate its mail server" };
            format!("{company}. We, {}, {role} and {authority}.", one_line(operator))
        }
    }
}

/// The domain, or of a host the domains that were refused.
fn domain_line(brief: &Brief<'_>, domain: Option<&str>) -> String {
    const MOST: usize = 10;
    let domains = domains(brief);
    if brief.form() == Form::Host && domains.len() > 1 {
        let more = domains.len().saturating_sub(MOST);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        return format!("{}{more} (envelope senders of the refused mail)", domains.into_iter().take(MOST).collect::<Vec<_>>().join(", "));
    }
    domain.map_or("[TO FILL IN: the domain of the refused mail]".to_owned(), |domain| email_domain(brief, domain))
}

/// The domain, with the place where the evidence shows it, and only then; one in other letters with its A-label.
fn email_domain(brief: &Brief<'_>, domain: &str) -> String {
    let blocks = brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding));
    let mut senders = blocks.flat_map(|finding| finding.senders.iter()).map(|sender| brief.ledger.texts.text(*sender));
    let wire = a_label(domain);
    let is_same = |seen: &[u8]| seen.eq_ignore_ascii_case(domain.as_bytes()) || seen.eq_ignore_ascii_case(wire.as_bytes());
    let is_seen = senders.any(|sender| domain_of(sender).is_some_and(is_same));
    let seen = if is_seen { " (envelope sender of the refused mail)" } else { "" };
    let also = if wire.eq_ignore_ascii_case(domain) { String::new() } else { format!(", {wire}") };
    format!("{}{also}{seen}", one_line(domain))
}

/// How an address is known, and whose it is: a reply is claimed to name it only if one does.
fn basis(brief: &Brief<'_>, ip: IpAddr) -> String {
    let shown_by = |basis| brief.ledger.events.iter().any(|event| event.sending == Some((ip, basis)));
    let named = shown_by(SendingBasis::ProviderReply);
    if brief.form() == Form::Pool {
        let pool = brief.pool().as_deref().map_or("[TO FILL IN: who operates it]".to_owned(), one_line);
        let seen = match () {
            () if named => "named in iCloud's own replies",
            () if brief.facts.ip.contains(&ip) && !shown_by(SendingBasis::Field) => "sends for us",
            () => "observed",
        };
        return format!("{seen}; operated by {pool}, shared with other senders");
    }
    let given = brief.facts.ip.contains(&ip);
    let words = match () {
        () if named && given => "ours; named in iCloud's own replies",
        () if named => "named in iCloud's own replies",
        () if shown_by(SendingBasis::Field) => "ours; the address our server logs for it",
        () if shown_by(SendingBasis::InstanceName) => "named by our sending instance",
        () => "ours",
    };
    let name = brief.names.iter().find(|(known, _)| *known == ip).map(|(_, name)| format!("; PTR {}, forward-confirmed", one_line(name))).unwrap_or_default();
    let more = brief.facts.ip_note.as_deref().map(|note| format!("; {}", one_line(note))).unwrap_or_default();
    format!("{words}{name}{more}")
}

/// Two lines, or three: when, from where, to where, at which stage, how many; the reply; our own ids.
pub(super) fn quoted(brief: &Brief<'_>, quote: &Quote, letter: char) -> Vec<String> {
    let texts = &brief.ledger.texts;
    let Some(event) = brief.ledger.events.get(quote.event) else { return Vec::new() };
    let Some(reply) = brief.ledger.reply(&event) else { return Vec::new() };
    let time = quote.time.map_or("time not logged".to_owned(), |time| format!("{} UTC", moment(time)));
    let sending = quote.sending.map_or("sending address not logged".to_owned(), |ip| ip.to_string());
    let host = event.remote_host.map_or("iCloud".to_owned(), |host| escape_controls(texts.text(host)));
    let ip = event.remote_ip.map(|ip| format!(" [{ip}]")).unwrap_or_default();
    let stage = if event.stage == smtp::Stage::Connect { "in the greeting" } else { event.stage.phrase() };
    let count = if quote.messages == 1 { "1 message".to_owned() } else { format!("{} messages", thousands(quote.messages as u64)) };
    let text = escape_controls(&reply).replace('\n', " ");
    let mut lines = vec![format!("({letter}) {time}, {sending} to {host}{ip}, {stage}; {count}"), brief.redactor.redact(&text)];
    let message_id = brief.ledger.message_id(&event).map(|id| format!("Message-ID {}", in_angles(&escape_controls(&id))));
    // A bounce without a queue id goes by a Message-ID, which no queue knows.
    let queue_id = Some(escape_controls(texts.text(event.id))).filter(|id| !id.is_empty() && !id.contains('@')).map(|id| format!("our queue ID {id}"));
    let own: Vec<String> = queue_id.into_iter().chain(message_id).collect();
    if !own.is_empty() {
        lines.push(format!("    {}", own.join(", ")));
    }
    lines
}

/// A Message-ID as its header field has it; some logs leave the angle brackets out.
fn in_angles(id: &str) -> String {
    if id.starts_with('<') { id.to_owned() } else { format!("<{id}>") }
}

fn description(brief: &Brief<'_>, ips: &[IpAddr], domain: Option<&str>, gaps: &mut Vec<Gap>) -> Vec<String> {
    let facts = brief.facts;
    let checked = facts.checked.as_ref().map(|checked| format!("{} ", one_line(checked))).unwrap_or_default();
    let explained = facts.explained.as_ref().map(|explained| format!("{} ", one_line(explained))).unwrap_or_default();
    let mut lines = vec![
        format!("Start:    {}", start(brief)),
        format!("Scale:    {}", scale(brief)),
        format!("Scope:    {}", scope(brief)),
        format!("Mail:     {}", ask(facts.mail_kind.as_ref(), "mail_kind", "what kind of mail, how much a day, any newsletters", gaps)),
    ];
    lines.extend(passed_on(brief));
    lines.extend(declared(brief));
    lines.extend([
        format!("Cause:    {}", ask(facts.cause.as_ref(), "cause", "what caused it, or what you checked and did not find", gaps)),
        format!("Fixed:    {}", ask(facts.fixed.as_ref(), "fixed", "what was stopped or changed, and when", gaps)),
        format!("Checked:  {checked}{explained}We follow support.apple.com/en-us/102322 and have reviewed our logs."),
        format!("Request:  {}", request(brief, ips, domain)),
    ]);
    lines
}

/// What a sender of mail to many states of it, in one line with who confirmed it; nothing for others.
fn declared(brief: &Brief<'_>) -> Option<String> {
    let stated = &brief.facts.declared;
    let answers: Vec<String> = stated.iter().map(|(id, one)| format!("{}: {}", id.replace('_', " "), one_line(&one.answer))).collect();
    let who = stated.values().find_map(|one| one.by.as_deref()).map(one_line);
    let when = stated.values().filter_map(|one| one.on.as_deref()).max().map(one_line);
    let confirmed = who.map(|who| format!(" (confirmed by {who}{})", when.map(|day| format!(", {day}")).unwrap_or_default())).unwrap_or_default();
    (brief.bulk && !answers.is_empty()).then(|| format!("Bulk:     {}{confirmed}", answers.join("; ")))
}

/// What a host says of the mail that it passes on.
fn passed_on(brief: &Brief<'_>) -> Option<String> {
    let (forwarded, refused) = brief.diagnosis.conduct.forwarded;
    let share = || format!("Forward:  {} of {} refused messages were passed on for users of ours", thousands(forwarded), thousands(refused));
    (brief.form() == Form::Host && refused > 0).then(share)
}

fn request(brief: &Brief<'_>, ips: &[IpAddr], domain: Option<&str>) -> String {
    let what = match (brief.form(), domain) {
        (Form::Pool, domain) => {
            let pool = brief.pool().as_deref().map_or("the operator of the pool".to_owned(), one_line);
            return format!(
                "please review what is held against mail of {}, or tell us what still needs correcting. We have asked {pool} as well. Full headers on request.",
                domain.map_or("ours".to_owned(), one_line)
            );
        }
        (_, Some(domain)) if brief.diagnosis.follows.what == What::Domain => format!("the block of {}", one_line(domain)),
        _ if ips.is_empty() => "the block".to_owned(),
        _ => format!("the block of {}", addresses_or(ips, "")),
    };
    format!("please review {what}, or tell us what still needs correcting. Full headers on request.")
}

pub(crate) fn start(brief: &Brief<'_>) -> String {
    let incident = &brief.diagnosis.incident;
    if let Some(started) = &brief.facts.started {
        return format!("{} by our own account; refusals in the log from {}", one_line(started), incident.first_refused.map(moment).unwrap_or_default());
    }
    let Some(first) = incident.first_refused else { return "[TO FILL IN: when it started]".to_owned() };
    let until = incident.last_refused.filter(|last| *last != first).map(|last| format!(", continuing {}", moment(last))).unwrap_or_default();
    match (incident.last_delivered_before, incident.begins) {
        (Some(accepted), _) => format!("last accepted {}, first refused {}{until} (UTC)", moment(accepted), moment(first)),
        (None, _) if brief.diagnosis.bounces_only => format!("on or before {}{until} (UTC); known from bounces", moment(first)),
        (None, begins) => format!("on or before {}{until}; our log begins {} (UTC)", moment(first), begins.map(moment).unwrap_or_default()),
    }
}

pub(crate) fn scale(brief: &Brief<'_>) -> String {
    let incident = &brief.diagnosis.incident;
    if brief.diagnosis.bounces_only {
        let came = if incident.messages_refused == 1 { "1 message".to_owned() } else { format!("{} messages", thousands(incident.messages_refused)) };
        return format!("{came} came back; bounces do not show what was accepted");
    }
    let since = format!("{} of {} messages refused since the start", thousands(incident.messages_refused), thousands(incident.messages_tried));
    match incident.day_before {
        Some((refused, tried)) => format!("{since}; the day before, {} of {}", thousands(refused), thousands(tried)),
        None => since,
    }
}

fn scope(brief: &Brief<'_>) -> String {
    let (mut delivered, mut tried) = (0, 0);
    for control in &brief.diagnosis.control {
        delivered += control.outcomes.delivered;
        tried += control.outcomes.attempts();
    }
    let senders: std::collections::BTreeSet<_> =
        brief.diagnosis.findings.iter().filter(|finding| brief.is_apples(finding)).flat_map(|finding| &finding.senders).collect();
    let who = if senders.len() == 1 { "1 sender".to_owned() } else { format!("{} senders", thousands(senders.len() as u64)) };
    if brief.diagnosis.bounces_only {
        return who;
    }
    if tried == 0 {
        return format!("{who}; no mail to other providers in the same hours of this log");
    }
    format!("{who}; {} of {} attempts to other providers accepted in the same hours", thousands(delivered), thousands(tried))
}

pub(super) fn signature(facts: &Facts, gaps: &mut Vec<Gap>) -> String {
    let name = ask(name_of(facts).as_ref(), "from", "your name and an address at which you read replies (--from)", gaps);
    let company = facts.operator.as_ref().or(facts.company.as_ref()).map(|company| format!(", {}", one_line(company))).unwrap_or_default();
    let reference = facts.reference.as_ref().map(|reference| format!(", ref {}", one_line(reference))).unwrap_or_default();
    format!("{name}{company}{reference}")
}

/// The name of who writes.
pub(crate) fn name_of(facts: &Facts) -> Option<String> {
    facts.from.as_deref().map(|from| one_line(from.split('<').next().unwrap_or_default())).filter(|name| !name.is_empty())
}
