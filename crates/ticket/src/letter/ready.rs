//! Whether the letter may go out: the five facts, what only a person can fill or confirm, and what stands in the way.

use std::net::IpAddr;

use casework::{Fact, Form, Gap, Readiness};
use diagnosis::Basis;

use super::{Brief, seen_domain};
use crate::date;
use crate::quote::Quote;

/// How old the newest quoted reply may be, in seconds.
pub(super) const FRESH: i64 = 24 * 3600;

/// How long to wait before writing again, in seconds: three days.
const PATIENCE: i64 = 3 * 24 * 3600;

pub(super) fn of(brief: &Brief<'_>, ips: &[IpAddr], quotes: &[Quote], domain: bool, to_fill: Vec<Gap>, follows: Option<i64>) -> Readiness {
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
        obstacles: obstacles(brief, quotes, follows),
        overruled: brief.facts.overrule.clone(),
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

/// What makes a letter useless or worse, each with the way out. The user may overrule it with a reason.
fn obstacles(brief: &Brief<'_>, quotes: &[Quote], follows: Option<i64>) -> Vec<Gap> {
    let newest = quotes.iter().filter_map(|quote| quote.time).max();
    let old = newest.filter(|newest| brief.now - newest > FRESH);
    let unexplained = !brief.blockers.is_empty() && brief.facts.explained.is_none();
    let nothing_new = follows.is_some_and(|since| newest.is_none_or(|newest| newest <= since));
    let asked = [
        (
            brief.diagnosis.incident.outage.is_some(),
            "outage",
            "the refusals look like trouble at Apple that passes by itself; wait, and drop newer logs".to_owned(),
        ),
        (old.is_some(), "old", format!("the newest quoted reply is of {}: drop today's log before sending", old.map(date).unwrap_or_default())),
        (unexplained, "blockers", format!("the check found {}: mend it, or explain it with --explained", brief.blockers.join(", "))),
        (brief.form() == Form::Pool && brief.pool().is_none(), "pool", "say who operates the shared addresses with --pool".to_owned()),
        (
            brief.open.is_some() && follows.is_none(),
            "open",
            format!(
                "a letter about this address went out on {} and is not settled: follow up on it with --follow-up instead",
                brief.open.map(date).unwrap_or_default()
            ),
        ),
        (follows.is_some_and(|since| brief.now - since < PATIENCE), "patience", "less than three days have passed since the last letter: wait".to_owned()),
        (nothing_new, "nothing_new", "nothing was refused since the last letter: there is nothing to write".to_owned()),
    ];
    asked.into_iter().filter(|(stands, ..)| *stands).map(|(_, field, text)| Gap { field, text }).collect()
}
