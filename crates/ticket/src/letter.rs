//! The letter to the provider, form A: the operator of the address writes.
//!
//! The runbook's subject first, Apple's five titles numbered in Apple's order, replies verbatim and each whole on one
//! line, what only a person knows asked for by name. Nothing below the signature.

use std::fmt;
use std::net::IpAddr;

use casework::{Fact, Facts, Gap, Readiness};
use diagnosis::{Basis, Diagnosis, Ledger, SendingBasis};
use providers::Knowledge;
use smtp::{domain_of, escape_controls, is_public};

use crate::quote::{self, Quote};
use crate::{Redactor, date, moment};

/// How old the newest quoted reply may be, in seconds.
const FRESH: i64 = 24 * 3600;

/// Everything a letter is written from.
#[derive(Clone, Copy)]
pub struct Brief<'a> {
    /// What was read.
    pub ledger: &'a Ledger,
    /// What it means.
    pub diagnosis: &'a Diagnosis,
    /// What is known of providers.
    pub knowledge: &'a Knowledge,
    /// What the user says.
    pub facts: &'a Facts,
    /// What hides the recipients.
    pub redactor: &'a Redactor,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// A letter, and what it lacks.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Whom it is to.
    pub to: String,
    /// One line of ASCII, at most 120 characters.
    pub subject: String,
    /// Plain text, lines ended by LF.
    pub body: String,
    /// The domain that all refused senders share, where the user gave none.
    pub seen_domain: Option<String>,
    /// What is there and what is not.
    pub readiness: Readiness,
    /// What a careful colleague would say of it.
    pub lint: Vec<Note>,
}

/// What a careful colleague would say of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A stable word.
    pub code: &'static str,
    /// The numbers in it, in the order of the text; a time is in seconds since 1970.
    pub figures: Vec<u64>,
    /// The note, in English.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(out)
    }
}

/// Writes the letter.
pub fn write(brief: &Brief<'_>) -> Letter {
    let ips = addresses(brief);
    let only = if let [ip] = ips.as_slice() { Some(*ip) } else { None };
    let quotes = quote::choose(brief.ledger, brief.diagnosis, only);
    let seen_domain = seen_domain(brief).filter(|_| brief.facts.domain.is_none());
    let domain = brief.facts.domain.clone().or_else(|| seen_domain.clone());
    let mut gaps = Vec::new();
    let body = body(brief, &ips, &quotes, domain.as_deref(), &mut gaps);
    let readiness = readiness(brief, &ips, &quotes, domain.is_some(), gaps);
    let lint = lint(brief, &body, &quotes);
    Letter { to: "icloudadmin@apple.com".to_owned(), subject: subject(brief, &ips, &quotes, domain.as_deref()), body, seen_domain, readiness, lint }
}

/// The affected addresses: those the user gave, else those that blocked replies name.
pub(crate) fn addresses(brief: &Brief<'_>) -> Vec<IpAddr> {
    let given: Vec<IpAddr> = brief.facts.ip.iter().copied().filter(|ip| is_public(*ip)).collect();
    if !given.is_empty() {
        return given;
    }
    let blocks = brief.diagnosis.findings.iter().filter(|finding| quote::belongs(finding));
    let named: std::collections::BTreeSet<IpAddr> = blocks.flat_map(|finding| finding.sending_ips.iter().copied()).collect();
    named.into_iter().collect()
}

/// The one domain that all refused senders share.
fn seen_domain(brief: &Brief<'_>) -> Option<String> {
    let blocks = brief.diagnosis.findings.iter().filter(|finding| quote::belongs(finding));
    let senders = blocks.flat_map(|finding| finding.senders.iter()).map(|sender| brief.ledger.texts.text(*sender));
    let mut domains = senders.filter_map(domain_of).map(<[u8]>::to_ascii_lowercase);
    let first = domains.next()?;
    domains.all(|domain| domain == first).then(|| escape_controls(&first))
}

fn subject(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: Option<&str>) -> String {
    let mut subject = "I would like to open a deliverability ticket".to_owned();
    let marker = quotes.iter().find_map(|quote| marker(brief, quote));
    let address = ips.first().map(ToString::to_string);
    let mark = match (address, marker) {
        (Some(ip), Some(marker)) => Some(format!("{ip} [{marker}]")),
        (Some(ip), None) => Some(ip),
        (None, Some(marker)) => Some(format!("[{marker}]")),
        (None, None) => None,
    };
    let reference = brief.facts.reference.as_ref().map(|reference| format!("ref {reference}"));
    for piece in [domain.map(str::to_owned), mark, reference].into_iter().flatten() {
        subject.push_str(" - ");
        subject.push_str(&piece);
    }
    subject.chars().map(|each| if each.is_ascii() && !each.is_control() { each } else { '?' }).take(120).collect()
}

fn marker(brief: &Brief<'_>, quote: &Quote) -> Option<String> {
    let event = brief.ledger.events.get(quote.event)?;
    smtp::Reply::parse(brief.ledger.texts.text(event.reply?)).marker().map(escape_controls)
}

/// A line that only a person can fill: what they said, or a gap that asks by name.
fn ask(said: Option<&String>, field: &'static str, hint: &str, gaps: &mut Vec<Gap>) -> String {
    said.map(|said| one_line(said)).unwrap_or_else(|| {
        gaps.push(Gap { field, text: format!("{}: {hint}", field.replace('_', " ")) });
        format!("[TO FILL IN: {hint}]")
    })
}

/// What a person typed, on one line and without controls.
fn one_line(text: &str) -> String {
    escape_controls(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes())
}

fn body(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: Option<&str>, gaps: &mut Vec<Gap>) -> String {
    let facts = brief.facts;
    let list = ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let whom = if ips.is_empty() { "our mail server" } else { &list };
    let since = brief.diagnosis.incident.first_refused.map_or("[TO FILL IN: when it started]".to_owned(), |time| format!("{} UTC", moment(time)));
    let mut lines = vec![
        "Hello,".to_owned(),
        format!("iCloud Mail has refused mail from {whom} since {since}."),
        format!("The cause and what we have done are under 5. Please review {}.", if ips.len() > 1 { "these addresses" } else { "this address" }),
        String::new(),
        "1. Company name".to_owned(),
        company(facts, gaps),
        "2. Email domain".to_owned(),
        domain.map_or("[TO FILL IN: the domain of the refused mail]".to_owned(), |domain| email_domain(brief, domain)),
        "3. IP addresses of the affected mail servers".to_owned(),
    ];
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
    lines.extend(description(brief, ips, gaps));
    lines.push(String::new());
    lines.push(signature(facts, gaps));
    lines.join("\n") + "\n"
}

fn company(facts: &Facts, gaps: &mut Vec<Gap>) -> String {
    let company = facts.company.as_deref().map_or("[TO FILL IN: the company whose mail it is]".to_owned(), one_line);
    let Some(operator) = &facts.operator else { return company };
    let authority = ask(facts.authority.as_ref(), "authority", "by what right the operator writes, as in \"write with its authority\"", gaps);
    format!("{company}. We, {}, operate its mail server and {authority}.", one_line(operator))
}

/// The domain, with the place where the evidence shows it, and only then.
fn email_domain(brief: &Brief<'_>, domain: &str) -> String {
    let blocks = brief.diagnosis.findings.iter().filter(|finding| quote::belongs(finding));
    let mut senders = blocks.flat_map(|finding| finding.senders.iter()).map(|sender| brief.ledger.texts.text(*sender));
    let is_seen = senders.any(|sender| domain_of(sender).is_some_and(|seen| seen.eq_ignore_ascii_case(domain.as_bytes())));
    if is_seen { format!("{} (envelope sender of the refused mail)", one_line(domain)) } else { one_line(domain) }
}

/// How an address is known: a reply is claimed to name it only if one does.
fn basis(brief: &Brief<'_>, ip: IpAddr) -> &'static str {
    let shown_by = |basis| brief.ledger.events.iter().any(|event| event.sending == Some((ip, basis)));
    let given = brief.facts.ip.contains(&ip);
    match () {
        () if shown_by(SendingBasis::ProviderReply) && given => "ours; named in iCloud's own replies",
        () if shown_by(SendingBasis::ProviderReply) => "named in iCloud's own replies",
        () if shown_by(SendingBasis::Field) => "ours; the address our server logs for it",
        () if shown_by(SendingBasis::InstanceName) => "named by our sending instance",
        () => "ours",
    }
}

/// Two lines, or three: when, from where, to where, at which stage, how many; the reply; our own ids.
fn quoted(brief: &Brief<'_>, quote: &Quote, letter: char) -> Vec<String> {
    let texts = &brief.ledger.texts;
    let Some(event) = brief.ledger.events.get(quote.event) else { return Vec::new() };
    let Some(reply) = event.reply else { return Vec::new() };
    let time = quote.time.map_or("time not logged".to_owned(), |time| format!("{} UTC", moment(time)));
    let sending = quote.sending.map_or("sending address not logged".to_owned(), |ip| ip.to_string());
    let host = event.remote_host.map_or("iCloud".to_owned(), |host| escape_controls(texts.text(host)));
    let ip = event.remote_ip.map(|ip| format!(" [{ip}]")).unwrap_or_default();
    let stage = if event.stage == smtp::Stage::Connect { "in the greeting" } else { event.stage.phrase() };
    let count = if quote.messages == 1 { "1 message".to_owned() } else { format!("{} messages", thousands(quote.messages as u64)) };
    let text = escape_controls(texts.text(reply)).replace('\n', " ");
    let mut lines = vec![format!("({letter}) {time}, {sending} to {host}{ip}, {stage}; {count}"), brief.redactor.redact(&text)];
    let message_id = event.message_id.map(|id| format!("Message-ID {}", in_angles(&escape_controls(texts.text(id)))));
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

fn description(brief: &Brief<'_>, ips: &[IpAddr], gaps: &mut Vec<Gap>) -> Vec<String> {
    let facts = brief.facts;
    let checked = facts.checked.as_ref().map(|checked| format!("{} ", one_line(checked))).unwrap_or_default();
    let subject = match ips {
        [] => "the block".to_owned(),
        ips => format!("the block of {}", ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    vec![
        format!("Start:    {}", start(brief)),
        format!("Scale:    {}", scale(brief)),
        format!("Scope:    {}", scope(brief)),
        format!("Mail:     {}", ask(facts.mail_kind.as_ref(), "mail_kind", "what kind of mail, how much a day, any newsletters", gaps)),
        format!("Cause:    {}", ask(facts.cause.as_ref(), "cause", "what caused it, or what you checked and did not find", gaps)),
        format!("Fixed:    {}", ask(facts.fixed.as_ref(), "fixed", "what was stopped or changed, and when", gaps)),
        format!("Checked:  {checked}We follow support.apple.com/en-us/102322 and have reviewed our logs."),
        format!("Request:  please review {subject}, or tell us what still needs correcting. Full headers on request."),
    ]
}

fn start(brief: &Brief<'_>) -> String {
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

fn scale(brief: &Brief<'_>) -> String {
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
        brief.diagnosis.findings.iter().filter(|finding| quote::belongs(finding)).flat_map(|finding| &finding.senders).collect();
    let who = if senders.len() == 1 { "1 sender".to_owned() } else { format!("{} senders", thousands(senders.len() as u64)) };
    if brief.diagnosis.bounces_only {
        return who;
    }
    if tried == 0 {
        return format!("{who}; no mail to other providers in the same hours of this log");
    }
    format!("{who}; {} of {} attempts to other providers accepted in the same hours", thousands(delivered), thousands(tried))
}

fn signature(facts: &Facts, gaps: &mut Vec<Gap>) -> String {
    let name = facts.from.as_deref().map(|from| one_line(from.split('<').next().unwrap_or_default()));
    let name = ask(name.filter(|name| !name.is_empty()).as_ref(), "from", "your name and an address at which you read replies (--from)", gaps);
    let company = facts.operator.as_ref().or(facts.company.as_ref()).map(|company| format!(", {}", one_line(company))).unwrap_or_default();
    let reference = facts.reference.as_ref().map(|reference| format!(", ref {}", one_line(reference))).unwrap_or_default();
    format!("{name}{company}{reference}")
}

fn readiness(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: bool, to_fill: Vec<Gap>) -> Readiness {
    let started = brief.diagnosis.incident.first_refused.is_some() || brief.facts.started.is_some();
    let fact = |field, name, present, remedy| Fact { field, name, present, remedy };
    Readiness {
        facts: vec![
            fact("company", "company name", brief.facts.company.is_some(), "give --company"),
            fact("domain", "email domain", domain, "give --domain"),
            fact("ip", "IP addresses", !ips.is_empty(), "give --ip: the public address that sends to iCloud"),
            fact("errors", "SMTP errors", !quotes.is_empty(), "no reply that is Apple's to lift was found; look at `reprieve scan` for whose door it is"),
            fact("started", "description with the start", started && !quotes.is_empty(), "give --started, or a log that holds the first refusal"),
        ],
        to_fill,
        to_confirm: to_confirm(brief),
    }
}

fn to_confirm(brief: &Brief<'_>) -> Vec<Gap> {
    let calendars = &brief.diagnosis.calendars;
    let asked = [
        (
            calendars.iter().any(|calendar| calendar.year == Basis::Inferred),
            "until_year",
            "the log's stamps have no year; it was worked out. Confirm it with --until-year",
        ),
        (
            calendars.iter().any(|calendar| calendar.zone_basis == Basis::Inferred),
            "tz",
            "the log's stamps have no zone; this machine's was taken. Confirm it with --tz",
        ),
        (brief.facts.domain.is_none() && seen_domain(brief).is_some(), "domain", "the domain was taken from the refused senders. Confirm it with --domain"),
    ];
    asked.into_iter().filter(|(asked, ..)| *asked).map(|(_, field, text)| Gap { field, text: text.to_owned() }).collect()
}

fn lint(brief: &Brief<'_>, body: &str, quotes: &[Quote]) -> Vec<Note> {
    let mut lint = Vec::new();
    let mut note = |code, figures: &[u64], text: String| lint.push(Note { code, figures: figures.to_vec(), text });
    let newest = quotes.iter().filter_map(|quote| quote.time).max();
    if let Some(newest) = newest.filter(|newest| brief.now - newest > FRESH) {
        note("old", &[newest.unsigned_abs()], format!("the newest quoted reply is of {}: drop today's log before sending", date(newest)));
    }
    let (lines, characters) = (body.lines().count(), body.chars().count());
    if lines > 45 || characters > 3500 {
        note("long", &[lines as u64, characters as u64], format!("the letter has {lines} lines and {characters} characters; 45 and 3,500 are enough"));
    }
    let from = brief.facts.from.as_deref().unwrap_or_default().to_lowercase();
    if ["@icloud.", "@me.com", "@gmail.", "@outlook.", "@hotmail.", "@yahoo.", "noreply", "no-reply"].iter().any(|free| from.contains(free)) {
        note("from", &[], "write from a named address at the operator's or sender's own domain".to_owned());
    }
    let others = brief.diagnosis.findings.iter().filter(|finding| finding.is_block() && !quote::belongs(finding)).map(|finding| finding.attempts).sum::<u64>();
    if others > 0 {
        note("other_door", &[others], format!("{} refusals belong at another door and are not quoted: see `reprieve scan`", thousands(others)));
    }
    if brief.facts.ip.iter().any(|ip| !is_public(*ip)) {
        note("not_public", &[], "an address that is not public was left out".to_owned());
    }
    lint
}

/// A number for people: `12,431`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
