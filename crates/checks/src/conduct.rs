//! How the sending server treats the provider, judged: dead addresses, retries, haste, jumps, mixed streams.
//!
//! The thresholds are our own, because no receiver names any; they are high enough that a healthy sender meets none.

use crate::check::{AskedBy, Check, Row, Severity};
use crate::subject::{Habit, Seen, Sender};

const APPLE: &[AskedBy] = &[AskedBy::Apple];
const DEAD: Row = Row { id: "conduct.dead_addresses", severity: Severity::High, asked_by: APPLE };
const RETRIES: Row = Row { id: "conduct.after_refusal", severity: Severity::High, asked_by: APPLE };
const BACK_OFF: Row = Row { id: "conduct.back_off", severity: Severity::Medium, asked_by: APPLE };
const JUMP: Row = Row { id: "conduct.volume", severity: Severity::Medium, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const MIXED: Row = Row { id: "conduct.mixed", severity: Severity::Medium, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const FORWARDED: Row = Row { id: "conduct.forwarded", severity: Severity::High, asked_by: &[AskedBy::Gmail] };
const NULL_SENDER: Row = Row { id: "conduct.null_sender", severity: Severity::Medium, asked_by: APPLE };
const TOP: Row = Row { id: "conduct.top_recipient", severity: Severity::Medium, asked_by: APPLE };
const BULK: Row = Row { id: "conduct.bulk_tier", severity: Severity::Info, asked_by: &[AskedBy::GmailBulk] };
const ABUSE: Row = Row { id: "conduct.abuse", severity: Severity::High, asked_by: APPLE };

const ROWS: [Row; 10] = [DEAD, RETRIES, BACK_OFF, JUMP, MIXED, FORWARDED, NULL_SENDER, TOP, BULK, ABUSE];

/// Fewer messages than this say nothing.
const FEWEST: u64 = 20;

/// From so many messages a day receivers ask for what they ask of bulk senders (Gmail's guidelines).
const BULK_A_DAY: u64 = 5000;

/// The checks of conduct.
pub(crate) fn checks(sender: &Sender) -> Vec<Check> {
    let Some(seen) = sender.seen.as_ref().filter(|seen| !seen.habits.is_empty()) else {
        let why = if sender.seen.is_some() { "The log holds no mail to the provider." } else { "A log shows it: add one." };
        return ROWS.map(|row| row.unknown(&sender.domain, why)).into();
    };
    let each = seen.habits.iter().flat_map(|habit| [dead(habit), retries(habit), back_off(habit), volume(habit)]);
    each.chain(whole(&sender.domain, seen)).collect()
}

/// Whether a log shows mail to many, by the number of a day or by its kind.
pub fn is_bulk(seen: &Seen) -> Option<bool> {
    let largest = seen.habits.iter().map(|habit| habit.fullest_day).max()?;
    let lists: u64 = seen.habits.iter().filter(|habit| habit.stream == "list").map(|habit| habit.messages).sum();
    Some(largest >= BULK_A_DAY || lists >= FEWEST)
}

fn name(habit: &Habit) -> String {
    let ip = habit.ip.map_or_else(|| "all addresses".to_owned(), |ip| ip.to_string());
    format!("{ip}, {}", habit.stream.replace('_', " "))
}

/// Too little mail to judge by.
fn is_little(habit: &Habit) -> bool {
    habit.messages < FEWEST
}

fn dead(habit: &Habit) -> Check {
    let share = 100.0 * habit.unknown as f64 / habit.messages.max(1) as f64;
    match () {
        () if habit.dead_again >= 3 => DEAD
            .fail(&name(habit), format!("{} recipients that do not exist were written to again.", habit.dead_again))
            .remedy("Take an address off every list at its first 5.1.1, and keep it off."),
        () if is_little(habit) => DEAD.not_applicable(&name(habit), format!("{} messages are too few to say.", habit.messages)),
        () if share > 2.0 => DEAD
            .warn(&name(habit), format!("{share:.1} % of the messages went to recipients that do not exist."))
            .remedy("Such a share is an old or a bought list: take the addresses out, and ask people before they are added."),
        () => DEAD.pass(&name(habit), format!("{share:.1} % of the messages went to recipients that do not exist.")),
    }
}

fn retries(habit: &Habit) -> Check {
    match habit.after_refusal {
        3.. => RETRIES
            .fail(&name(habit), format!("{} messages were sent again although they had been refused for good (5xx).", habit.after_refusal))
            .remedy("Do not send again what was refused with 5xx; wait for the answer to your request."),
        _ => RETRIES.pass(&name(habit), "What was refused for good was not sent again."),
    }
}

fn back_off(habit: &Habit) -> Check {
    match habit.hasty >= 10 && habit.hasty * 10 > habit.deferred {
        true => BACK_OFF
            .warn(&name(habit), format!("{} of {} messages that were put off were tried again within a minute.", habit.hasty, habit.deferred))
            .remedy("Let the server wait longer each time (Postfix: minimal_backoff_time = 300s, maximal_backoff_time = 4000s), and do not flush the queue."),
        false => BACK_OFF.pass(&name(habit), format!("{} attempts were put off, and the server waited.", habit.deferred)),
    }
}

fn volume(habit: &Habit) -> Check {
    let jumps = habit.days >= 4 && habit.fullest_day >= 200 && habit.fullest_day >= 3 * habit.usual_day.max(1);
    let is_new = habit.ip.is_some() && habit.begins >= 7 && habit.fullest_day >= 200;
    match () {
        () if is_new => JUMP
            .warn(
                &name(habit),
                format!("The address is new: it first sent on day {} of the log, and up to {} messages a day.", habit.begins + 1, habit.fullest_day),
            )
            .remedy("Raise a new address slowly: begin with those who read, and double at most every few days."),
        () if jumps => JUMP
            .warn(&name(habit), format!("The fullest day had {} messages, a usual one {}.", habit.fullest_day, habit.usual_day))
            .remedy("Spread mailings over hours and days; cut the volume while refusals come, and raise it slowly afterwards."),
        () if habit.days < 4 => JUMP.not_applicable(&name(habit), format!("{} days are too few to compare.", habit.days)),
        () => JUMP.pass(&name(habit), format!("The fullest day had {} messages, a usual one {}.", habit.fullest_day, habit.usual_day)),
    }
}

/// What is seen of all mail together.
fn whole(domain: &str, seen: &Seen) -> Vec<Check> {
    vec![mixed(domain, seen), forwarded(domain, seen), null_sender(domain, seen), top(domain, seen), bulk(domain, seen), abuse(domain, seen)]
}

fn mixed(domain: &str, seen: &Seen) -> Check {
    let sends = |ip, streams: &[&str]| seen.habits.iter().any(|habit| habit.ip == ip && streams.contains(&habit.stream) && habit.messages >= FEWEST);
    let both = seen.habits.iter().find(|habit| sends(habit.ip, &["list"]) && sends(habit.ip, &["person", "script", "mail"]));
    match both {
        Some(habit) => MIXED
            .warn(
                domain,
                format!(
                    "Mail to many and single mails leave from the same address ({}).",
                    habit.ip.map_or_else(|| "not known which".to_owned(), |ip| ip.to_string())
                ),
            )
            .remedy("Send newsletters from an address and a subdomain of their own: a block of one then spares the other."),
        None => MIXED.pass(domain, "Mail to many and single mails do not share an address, as far as the log shows."),
    }
}

fn forwarded(domain: &str, seen: &Seen) -> Check {
    match seen.forwarded {
        (_, 0) => FORWARDED.not_applicable(domain, "Nothing was refused that could have been forwarded."),
        (passed, all) if passed * 2 > all => FORWARDED
            .fail(domain, format!("{passed} of {all} refused messages had been forwarded for others."))
            .remedy("Mend forwarding first: filter before it, rewrite the sender (SRS), add ARC; no request helps before that."),
        (passed, all) => FORWARDED.pass(domain, format!("{passed} of {all} refused messages had been forwarded.")),
    }
}

fn null_sender(domain: &str, seen: &Seen) -> Check {
    let all: u64 = seen.habits.iter().map(|habit| habit.messages).sum();
    let empty: u64 = seen.habits.iter().filter(|habit| habit.stream == "null_sender").map(|habit| habit.messages).sum();
    match empty >= 50 && empty * 4 > all {
        true => NULL_SENDER
            .warn(domain, format!("{empty} of {all} messages have no sender: bounces, vacation replies or callouts, often to forged addresses."))
            .remedy("Refuse unknown recipients while the sender is still connected, switch sender callouts off, and let vacation replies answer known senders only."),
        false => NULL_SENDER.pass(domain, format!("{empty} of {all} messages have no sender.")),
    }
}

fn top(domain: &str, seen: &Seen) -> Check {
    match &seen.top_recipient {
        Some((_, times, all)) if *times >= 100 && times * 5 > *all => TOP
            .warn(domain, format!("One recipient got {times} of {all} attempts: an alarm or a report that repeats itself."))
            .remedy("Collect alarms into one mail, and stop repeating what was refused."),
        Some((_, times, all)) => TOP.pass(domain, format!("The most frequent recipient got {times} of {all} attempts.")),
        None => TOP.not_applicable(domain, "The log names no recipients."),
    }
}

fn bulk(domain: &str, seen: &Seen) -> Check {
    let largest = seen.habits.iter().map(|habit| habit.fullest_day).max().unwrap_or_default();
    match largest >= BULK_A_DAY {
        true => BULK.pass(domain, format!("Up to {largest} messages a day went to the provider's servers: what is asked of bulk senders holds.")),
        false => BULK.pass(domain, format!("At most {largest} messages a day went to the provider's servers: less than the {BULK_A_DAY} of a bulk sender.")),
    }
}

fn abuse(domain: &str, seen: &Seen) -> Check {
    match (&seen.suspect, seen.has_refusal) {
        (_, false) => ABUSE.not_applicable(domain, "Nothing was refused, so nothing came before it."),
        (Some(who), true) => ABUSE
            .fail(domain, format!("{who} stands out in the 72 hours before the first refusal."))
            .remedy("Look there first: a stolen mailbox or an abused web form is the usual cause. Change the password, end the sessions, clean the queue."),
        (None, true) => ABUSE.pass(domain, "Nobody stands out in the 72 hours before the first refusal."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;

    fn status(seen: Seen, id: &str) -> Status {
        let all = checks(&Sender { domain: "x.example".into(), seen: Some(seen), ..Sender::default() });
        all.into_iter().filter(|check| check.id == id).map(|check| check.status).min().unwrap()
    }

    fn healthy() -> Habit {
        Habit { stream: "person", messages: 1000, unknown: 5, deferred: 20, fullest_day: 120, usual_day: 90, days: 10, ..Habit::default() }
    }

    fn seen(habit: Habit) -> Seen {
        Seen { habits: vec![habit], top_recipient: Some(("anna@icloud.com".into(), 12, 1000)), forwarded: (1, 30), has_refusal: true, ..Seen::default() }
    }

    #[test]
    fn a_healthy_sender_gives_no_warning() {
        let all = checks(&Sender { seen: Some(seen(healthy())), ..Sender::default() });
        assert!(all.iter().all(|check| check.status == Status::Pass), "{all:#?}");
        assert_eq!(is_bulk(&seen(healthy())), Some(false));
    }

    #[test]
    fn each_habit_has_a_log_in_which_it_fails() {
        let cases: [(&str, Habit); 6] = [
            ("conduct.dead_addresses", Habit { unknown: 50, ..healthy() }),
            ("conduct.dead_addresses", Habit { dead_again: 3, ..healthy() }),
            ("conduct.after_refusal", Habit { after_refusal: 3, ..healthy() }),
            ("conduct.back_off", Habit { hasty: 15, ..healthy() }),
            ("conduct.volume", Habit { fullest_day: 900, ..healthy() }),
            ("conduct.volume", Habit { begins: 9, fullest_day: 300, usual_day: 200, ip: "203.0.113.25".parse().ok(), ..healthy() }),
        ];
        for (id, habit) in cases {
            assert!(status(seen(habit), id) <= Status::Warning, "{id}");
        }
        let list = Habit { stream: "list", fullest_day: 6000, usual_day: 5500, ..healthy() };
        let both = Seen { habits: vec![healthy(), list.clone()], ..seen(healthy()) };
        assert_eq!((status(both.clone(), "conduct.mixed"), is_bulk(&both)), (Status::Warning, Some(true)));
        assert_eq!(status(Seen { forwarded: (20, 30), ..seen(healthy()) }, "conduct.forwarded"), Status::Fail);
        assert_eq!(status(seen(Habit { stream: "null_sender", ..healthy() }), "conduct.null_sender"), Status::Warning);
        assert_eq!(status(Seen { top_recipient: Some(("a".into(), 400, 1000)), ..seen(healthy()) }, "conduct.top_recipient"), Status::Warning);
        assert_eq!(status(Seen { suspect: Some("web1".into()), ..seen(healthy()) }, "conduct.abuse"), Status::Fail);
        assert_eq!(status(Seen::default(), "conduct.abuse"), Status::Unknown);
    }
}
