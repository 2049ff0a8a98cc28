//! The client's report: what was refused, what was checked, what the client must do, what was asked of whom, and when
//! the case is looked at again. It is written in the client's language; replies, letters and findings of the check stay
//! as they are.

use diagnosis::{Basis, Finding, Incident};
use fluent_bundle::FluentValue;
use providers::Door;
use smtp::escape_controls;

use crate::chart::Chart;
use crate::paper::{CheckLine, Paper, Part, Rows, Section};
use crate::{Brand, Brief, Letter, Words, calendar, date, file_name, moment, quote};

/// How many working days pass before a case is looked at again.
const LOOK_AGAIN: u32 = 3;

/// How many kinds of refusal are told one by one.
const MOST_FINDINGS: usize = 12;

/// Everything a report is written from.
pub struct Client<'a> {
    /// What was read and what it means.
    pub brief: &'a Brief<'a>,
    /// The reader's language.
    pub words: &'a Words,
    /// The letter that goes to the provider.
    pub letter: &'a Letter,
    /// The word of the verdict, as in `provider`.
    pub verdict: &'a str,
    /// Who stands behind the door.
    pub who: &'a str,
    /// What must be done before anybody is written to, in the reader's language.
    pub before: Vec<String>,
    /// Answers of the check, and what is to be done about them.
    pub checks: Vec<(CheckLine, Option<String>)>,
    /// What the sender states, each question with its statement.
    pub declared: Vec<(String, String)>,
    /// Whose report it is to look like.
    pub brand: Brand,
}

/// Writes the report.
pub fn report(client: &Client<'_>) -> Paper {
    let say = |id: &str| client.words.say(id);
    let facts = &client.brief.facts.report;
    let version = version(client);
    let domain = domain(client);
    let title = match &domain {
        Some(domain) => client.words.tell("report-title", &[("domain", domain.as_str().into())]),
        None => say("report-title-no-domain"),
    };
    let name = client.brand.name.clone();
    let shown = Some(name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| title.clone());
    Paper {
        lang: client.words.language.tag().to_owned(),
        author: facts.author.clone().unwrap_or(name),
        summary: summary(client),
        brand: client.brand.clone(),
        created: client.brief.now,
        control_title: say("report-control"),
        control: control(client, &title, &version),
        changes_title: say("report-changes"),
        changes: changes(client, &version),
        start: say("report-start"),
        sections: vec![short(client), happened(client), checked(client), must(client), asked(client), next(client), read(client)],
        end: say("report-end"),
        contact_title: say("report-contact"),
        contact: contact(client),
        footer: client.words.tell("report-footer", &[("name", shown.into()), ("version", version.into())]),
        substituted: say("report-substituted"),
        title,
    }
}

fn domain(client: &Client<'_>) -> Option<String> {
    client.brief.facts.domain.clone().or_else(|| client.letter.seen_domain.clone()).map(|domain| escape_controls(domain.as_bytes()))
}

fn summary(client: &Client<'_>) -> String {
    let domain = domain(client).unwrap_or_else(|| client.words.say("report-none"));
    client.words.tell("report-summary", &[("domain", domain.into())])
}

/// An approved document is version 1.0, as the runbook has it; one that nobody approved yet is 0.1.
fn version(client: &Client<'_>) -> String {
    let facts = &client.brief.facts.report;
    let counted = if facts.approval_date.is_some() { "1.0" } else { "0.1" };
    facts.version.clone().unwrap_or_else(|| counted.to_owned())
}

fn control(client: &Client<'_>, title: &str, version: &str) -> Vec<(String, String)> {
    let facts = &client.brief.facts.report;
    let none = || client.words.say("report-none");
    let given = |fact: &Option<String>| fact.as_deref().map_or_else(none, |fact| escape_controls(fact.as_bytes()));
    let domain = domain(client).unwrap_or_else(none);
    let sources = client.brief.ledger.sources.iter().map(|source| escape_controls(file_name(&source.name).as_bytes()));
    let rows = [
        ("report-name", title.to_owned()),
        ("report-version", version.to_owned()),
        ("report-author", given(&facts.author)),
        ("report-approval", given(&facts.approval)),
        ("report-approval-date", given(&facts.approval_date)),
        ("report-review-date", facts.review_date.clone().unwrap_or_else(|| calendar(look_again(client.brief.now)))),
        ("report-abstract", summary(client)),
        ("report-scope", client.words.tell("report-scope-text", &[("domain", domain.into())])),
        ("report-inputs", some_of(sources.collect())),
        ("report-outputs", client.words.say("report-outputs-text")),
    ];
    rows.into_iter().map(|(id, value)| (client.words.say(id), value)).collect()
}

/// The first few of many names.
fn some_of(names: Vec<String>) -> String {
    const MOST: usize = 8;
    let more = names.len().saturating_sub(MOST);
    let shown = names.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} … +{more}") } else { shown }
}

fn changes(client: &Client<'_>, version: &str) -> Rows {
    let facts = &client.brief.facts.report;
    let say = |id: &str| client.words.say(id);
    let author = facts.author.clone().unwrap_or_else(|| say("report-none"));
    let mut rows = vec![vec![calendar(client.brief.now), author, "0.0".to_owned(), say("report-first-version")]];
    if let Some(approved) = &facts.approval_date {
        rows.push(vec![approved.clone(), facts.approval.clone().unwrap_or_else(|| say("report-none")), version.to_owned(), say("report-approved")]);
    }
    Rows { head: vec![say("report-change-date"), say("report-author"), say("report-version"), say("report-change")], rows }
}

fn contact(client: &Client<'_>) -> Vec<(String, String)> {
    let facts = &client.brief.facts.report;
    let name = Some(client.brand.name.clone()).filter(|name| !name.is_empty());
    let rows = [
        ("report-contact-name", name),
        ("report-contact-phone", facts.phone.clone()),
        ("report-contact-mail", facts.mail.clone()),
        ("report-contact-chat", facts.chat.clone()),
    ];
    rows.into_iter().filter_map(|(id, value)| Some((client.words.say(id), escape_controls(value?.as_bytes())))).collect()
}

fn section(client: &Client<'_>, id: &str, parts: Vec<Part>) -> Section {
    Section { heading: client.words.say(id), parts }
}

fn short(client: &Client<'_>) -> Section {
    let words = client.words;
    let mut parts = vec![Part::Lead { text: words.tell(&format!("verdict-{}", client.verdict), &[("who", client.who.into())]) }];
    parts.extend(counts(client).map(|text| Part::Text { text }));
    parts.push(Part::Text { text: words.tell("report-short-next", &[("date", date(look_again(client.brief.now)).into())]) });
    section(client, "report-short", parts)
}

fn counts(client: &Client<'_>) -> Option<String> {
    let incident = &client.brief.diagnosis.incident;
    let since = incident.first_refused?;
    let id = if client.brief.diagnosis.bounces_only { "report-short-bounces" } else { "report-short-counts" };
    let arguments: [(&str, FluentValue<'_>); 3] =
        [("refused", incident.messages_refused.into()), ("tried", incident.messages_tried.into()), ("since", format!("{} UTC", moment(since)).into())];
    Some(client.words.tell(id, &arguments))
}

fn happened(client: &Client<'_>) -> Section {
    let words = client.words;
    let diagnosis = client.brief.diagnosis;
    let mut parts = vec![Part::Pairs { pairs: story(client) }];
    parts.extend(chart(client, &diagnosis.incident));
    if !diagnosis.findings.is_empty() {
        let names = ["report-finding", "report-finding-who", "report-finding-messages", "report-finding-from", "report-finding-to"];
        parts.push(Part::Table {
            head: names.map(|id| words.say(id)).to_vec(),
            rows: diagnosis.findings.iter().take(MOST_FINDINGS).map(|finding| finding_row(client, finding)).collect(),
            columns: vec![2.3, 1.5, 1.3, 1.5, 1.5],
        });
    }
    let replies = replies(client);
    if !replies.is_empty() {
        parts.push(Part::Text {
            text: format!("{}. {}", words.say("report-replies"), if client.brief.redactor.is_on() { words.say("report-redacted") } else { String::new() }),
        });
        parts.extend(replies);
    }
    section(client, "report-happened", parts)
}

fn story(client: &Client<'_>) -> Vec<(String, String)> {
    let words = client.words;
    let diagnosis = client.brief.diagnosis;
    let incident = &diagnosis.incident;
    let time = |time: Option<i64>| time.map_or_else(|| words.say("report-not-seen"), |time| format!("{} UTC", moment(time)));
    let totals = &diagnosis.totals;
    let (accepted, tried) =
        diagnosis.control.iter().fold((0, 0), |(accepted, tried), control| (accepted + control.outcomes.delivered, tried + control.outcomes.attempts()));
    let counted: [(&str, FluentValue<'_>); 5] = [
        ("delivered", totals.outcomes.delivered.into()),
        ("deferred", totals.outcomes.deferred.into()),
        ("rejected", totals.outcomes.rejected.into()),
        ("messages", totals.messages.into()),
        ("recipients", totals.recipients.into()),
    ];
    let addresses: Vec<String> = crate::letter::addresses(client.brief).iter().map(ToString::to_string).collect();
    let addresses = if addresses.is_empty() { words.say("report-not-seen") } else { addresses.join(", ") };
    let mut pairs = vec![
        (words.say("report-first"), time(incident.first_refused)),
        (words.say("report-last"), time(incident.last_refused)),
        (words.say("report-accepted"), time(incident.last_delivered_before)),
        (words.say("report-addresses"), addresses),
        (words.say("report-totals"), words.tell("report-totals-value", &counted)),
    ];
    if tried > 0 {
        pairs.push((words.say("report-others"), words.tell("report-others-value", &[("delivered", accepted.into()), ("attempts", tried.into())])));
    }
    pairs
}

fn chart(client: &Client<'_>, incident: &Incident) -> Option<Part> {
    let words = client.words;
    let chart = Chart::of(incident)?;
    let outcomes = &client.brief.diagnosis.totals.outcomes;
    let arguments: [(&str, FluentValue<'_>); 5] = [
        ("from", moment(chart.from).into()),
        ("to", moment(chart.to).into()),
        ("delivered", outcomes.delivered.into()),
        ("deferred", outcomes.deferred.into()),
        ("rejected", outcomes.rejected.into()),
    ];
    let legend = [words.say("legend-rejected"), words.say("legend-deferred"), words.say("legend-delivered")];
    Some(Part::Chart {
        svg: chart.svg(&words.say("report-chart-started"), legend.each_ref().map(String::as_str)),
        alt: words.tell("report-chart-alt", &arguments),
        caption: words.say("report-chart"),
    })
}

fn finding_row(client: &Client<'_>, finding: &Finding) -> Vec<String> {
    let words = client.words;
    let ledger = client.brief.ledger;
    let kind = finding.group.rule.and_then(|rule| client.brief.knowledge.rule(rule)).map_or("unknown", |rule| rule.kind.as_str());
    let marker = finding.group.marker.map(|marker| format!(" [{}]", escape_controls(ledger.texts.text(marker)))).unwrap_or_default();
    let (who, _) = diagnosis::behind(ledger, client.brief.knowledge, finding);
    let door = words.say(&format!("door-{}", finding.door.map_or("unknown", Door::word)));
    let who = who.map(|who| escape_controls(who.as_bytes())).unwrap_or(door);
    let time = |time: Option<i64>| time.map(|time| moment(time).get(..16).unwrap_or_default().to_owned()).unwrap_or_default();
    vec![format!("{}{marker}", words.say(&format!("kind-{kind}"))), who, words.number(finding.messages), time(finding.first), time(finding.last)]
}

/// The replies of the letter, or where another door is meant the first reply of every finding.
fn replies(client: &Client<'_>) -> Vec<Part> {
    const MOST: usize = 5;
    let Brief { ledger, diagnosis, redactor, .. } = client.brief;
    let quotes = quote::choose(ledger, diagnosis.findings.iter().filter(|finding| client.brief.is_apples(finding)), None).into_iter().map(|quote| quote.event);
    let firsts =
        diagnosis.findings.iter().filter(|finding| !client.brief.is_apples(finding)).filter_map(|finding| finding.events.first()).map(|(event, _)| event);
    let replies = quotes.chain(firsts).filter_map(|event| ledger.events.get(event).and_then(|event| ledger.reply(&event)));
    let text = |reply: &[u8]| redactor.redact(&escape_controls(reply).replace('\n', " "));
    replies.take(MOST).map(|reply| Part::Quote { text: text(&reply) }).collect()
}

fn checked(client: &Client<'_>) -> Section {
    let words = client.words;
    if client.checks.is_empty() {
        let not = Part::Text { text: words.say("report-not-checked") };
        return section(client, "report-checked", [vec![not], declared(client)].concat());
    }
    let domain = domain(client).unwrap_or_default();
    let head = ["report-check-result", "report-check-subject", "report-check-found"].map(|id| words.say(id)).to_vec();
    let checks = client.checks.iter().map(|(line, _)| line.clone()).collect();
    let said = words.tell("report-check-at", &[("date", date(client.brief.now).into()), ("domain", domain.into())]);
    section(client, "report-checked", [vec![Part::Text { text: said }, Part::Checks { head, checks }], declared(client)].concat())
}

/// What cannot be measured, as the sender stated it.
fn declared(client: &Client<'_>) -> Vec<Part> {
    if client.declared.is_empty() {
        return Vec::new();
    }
    let items = client.declared.iter().map(|(question, said)| escape_controls(format!("{question} {said}").as_bytes())).collect();
    vec![Part::Text { text: format!("{}:", client.words.say("report-declared")) }, Part::List { items }]
}

fn must(client: &Client<'_>) -> Section {
    let words = client.words;
    let own = ["", "-2"].into_iter().map(|more| format!("do-{}{more}", client.verdict)).filter(|id| words.has(id)).map(|id| words.say(&id));
    let steps: Vec<String> = client.before.iter().cloned().chain(own).collect();
    let remedies: Vec<String> = client.checks.iter().filter(|(line, _)| line.mark == "fail").filter_map(|(_, remedy)| remedy.clone()).collect();
    let meanwhile = ["resend", "change", "bulk", "urgent"].map(|what| words.say(&format!("report-meanwhile-{what}")));
    let after = ["few", "suppressed"].map(|what| words.say(&format!("report-after-{what}")));
    let mut parts = vec![Part::Steps { items: steps }];
    parts.extend(remedies.into_iter().map(|text| Part::Foreign { text }));
    if !matches!(client.verdict, "clear" | "nothing" | "foreign") {
        parts.push(Part::Text { text: format!("{}:", words.say("report-meanwhile")) });
        parts.push(Part::List { items: meanwhile.to_vec() });
        parts.push(Part::Text { text: format!("{}:", words.say("report-after")) });
        parts.push(Part::List { items: after.to_vec() });
    }
    section(client, "report-must", parts)
}

/// Whether a letter goes to the provider: only where it is the provider's door.
fn writes(client: &Client<'_>) -> bool {
    matches!(client.verdict, "provider" | "unknown") && client.letter.readiness.facts.iter().any(|fact| fact.field == "errors" && fact.present)
}

fn asked(client: &Client<'_>) -> Section {
    let words = client.words;
    let parts = if writes(client) {
        let letter = client.letter;
        vec![
            Part::Text { text: words.tell("report-asked-letter", &[("to", letter.to.as_str().into())]) },
            Part::Letter { text: format!("Subject: {}\n\n{}", letter.subject, letter.body.trim_end()) },
        ]
    } else {
        vec![Part::Text { text: words.say("report-asked-nobody") }]
    };
    section(client, "report-asked", parts)
}

fn next(client: &Client<'_>) -> Section {
    let words = client.words;
    let day: [(&str, FluentValue<'_>); 1] = [("date", date(look_again(client.brief.now)).into())];
    let parts = if writes(client) {
        vec![Part::Text { text: words.say("report-next-wait") }, Part::Text { text: words.tell("report-next-look", &day) }]
    } else {
        vec![Part::Text { text: words.tell("report-next-own", &day) }]
    };
    section(client, "report-next", parts)
}

fn read(client: &Client<'_>) -> Section {
    const MOST: usize = 40;
    let words = client.words;
    let diagnosis = client.brief.diagnosis;
    let row = |source: &diagnosis::SourceSummary| {
        let problems: Vec<&str> = source.problems.iter().map(|problem| problem.code).collect();
        vec![escape_controls(file_name(&source.name).as_bytes()), words.number(source.counts.lines()), words.number(source.attempts), problems.join(", ")]
    };
    let names = ["report-read-source", "report-read-lines", "report-read-attempts", "report-read-problems"];
    let rows = client.brief.ledger.sources.iter().take(MOST).map(row).collect();
    let weakest = diagnosis.calendars.iter().map(|calendar| calendar.zone_basis);
    let basis = weakest.fold("stated", |known, basis| match (known, basis) {
        (_, Basis::Inferred) | ("assumed", _) => "assumed",
        (_, Basis::Given) | ("given", _) => "given",
        _ => "stated",
    });
    let parts = vec![
        Part::Table { head: names.map(|id| words.say(id)).to_vec(), rows, columns: vec![2.5, 1.0, 1.0, 2.0] },
        Part::Text { text: words.tell("report-zone", &[("basis", basis.into())]) },
    ];
    section(client, "report-read", parts)
}

/// The day of the next look: some working days on, at the same hour.
pub fn look_again(now: i64) -> i64 {
    const DAY: i64 = 86_400;
    let mut time = now;
    let mut left = LOOK_AGAIN;
    while left > 0 {
        time += DAY;
        // 1970-01-01 was a Thursday.
        let weekday = (time.div_euclid(DAY) + 3).rem_euclid(7);
        left -= u32::from(weekday < 5);
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_do_not_count() {
        let day = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp();
        assert_eq!(date(look_again(day("2026-10-05T10:00:00Z"))), "2026-10-08");
        assert_eq!(date(look_again(day("2026-10-02T10:00:00Z"))), "2026-10-07");
        assert_eq!(date(look_again(day("2026-10-03T10:00:00Z"))), "2026-10-07");
    }
}
