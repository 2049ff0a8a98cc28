//! Blocklists (RFC 5782), asked only when the user says so, and believed only after they passed their own test.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use crate::check::{AskedBy, Check, Evidence, Row, Severity};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions, reverse};
use crate::subject::Sender;

/// A blocklist, and how it may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// A stable name, as in `spamhaus_zen`.
    pub id: &'static str,
    /// What it is called.
    pub name: String,
    /// Whether it lists domains, and not addresses.
    pub of_domains: bool,
    /// The zone to ask; nothing where only a page is offered, or the user has neither a key nor agreed to the terms.
    pub zone: Option<String>,
    /// Where people look it up.
    pub page: String,
    /// Its terms.
    pub terms: String,
    /// What a listing does to mail to iCloud.
    pub severity: Severity,
    /// What each answer means, and who may ask for removal. Other answers are errors of the list.
    pub answers: BTreeMap<Ipv4Addr, String>,
}

/// The checks of the lists that the user asked for.
pub(crate) fn checks(dns: &mut Questions, sender: &Sender) -> Result<Vec<Check>, Pending> {
    let begun: Vec<Result<Vec<Check>, Pending>> = sender.lists.iter().map(|list| one(dns, list, sender)).collect();
    Ok(begun.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

fn row(list: &List) -> Row {
    Row { id: list.id, severity: list.severity, asked_by: &[AskedBy::Gmail] }
}

fn one(dns: &mut Questions, list: &List, sender: &Sender) -> Result<Vec<Check>, Pending> {
    let subjects: Vec<String> = match list.of_domains {
        true => vec![sender.domain.clone()],
        false => sender.ips.iter().filter(|ip| smtp::is_public(**ip)).map(ToString::to_string).collect(),
    };
    let Some(zone) = &list.zone else {
        let look = format!("{} is not asked from here: look at {}. {}", list.name, list.page, list.terms);
        return Ok(subjects.iter().map(|subject| row(list).not_applicable(subject, look.clone())).collect());
    };
    // The list's own test entries, and everything that is asked of it, in one breath.
    let tests = test_names(list).map(|name| dns.ask(&format!("{name}.{zone}"), Kind::A));
    let asked: Vec<(String, String, Result<Answer, Pending>)> = subjects
        .into_iter()
        .map(|subject| {
            let name = format!("{}.{zone}", name(&subject));
            let answer = dns.ask(&name, Kind::A);
            (subject, name, answer)
        })
        .collect();
    let [listed, absent] = tests;
    let (listed, absent) = (listed?, absent?);
    let works = listed.outcome == Outcome::Found && absent.outcome == Outcome::NoName;
    asked.into_iter().map(|(subject, name, answer)| Ok(judge(list, &subject, &name, &answer?, works))).collect()
}

/// What must be listed, and what must not (RFC 5782, section 5).
fn test_names(list: &List) -> [&'static str; 2] {
    if list.of_domains { ["test", "invalid"] } else { ["2.0.0.127", "1.0.0.127"] }
}

/// The name under which an address or a domain is listed.
fn name(subject: &str) -> String {
    match subject.parse::<IpAddr>() {
        Ok(ip) => reverse(ip).trim_end_matches(".in-addr.arpa").trim_end_matches(".ip6.arpa").to_owned(),
        Err(_) => subject.to_ascii_lowercase(),
    }
}

fn judge(list: &List, subject: &str, name: &str, answer: &Answer, works: bool) -> Check {
    // The name that is asked for may hold the user's key.
    let evidence = Evidence { query: format!("{subject} at {}", list.name), ..Evidence::of(name, Kind::A, answer) };
    let row = row(list);
    let found: Vec<Ipv4Addr> = answer.addresses().filter_map(|ip| if let IpAddr::V4(ip) = ip { Some(ip) } else { None }).collect();
    let known = found.iter().find_map(|ip| list.answers.get(ip));
    let check = match (answer.outcome, known) {
        _ if !works => row.unknown(subject, format!("{} does not pass its own test (RFC 5782): nothing it says is believed.", list.name)),
        (Outcome::NoName, _) => row.pass(subject, format!("Not on {}.", list.name)),
        (Outcome::Found, Some(meaning)) => row.fail(subject, format!("On {}: {meaning}", list.name)).remedy(format!("{} See {}", meaning, list.page)),
        (Outcome::Found, None) => row.unknown(
            subject,
            format!(
                "{} answers with an error and no listing ({}): the resolver is a public one, or asked too often.",
                list.name,
                found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
        ),
        (outcome, _) => row.unknown(subject, format!("{} could not be asked ({}).", list.name, outcome.word())),
    };
    check.with([evidence])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;
    use crate::dns::Record;

    fn asked(zone: Option<&str>, answers: &[(&str, &str)]) -> Vec<(Status, String)> {
        let list = List {
            id: "spamhaus_zen",
            name: "ZEN".into(),
            of_domains: false,
            zone: zone.map(str::to_owned),
            page: "https://check.example/".into(),
            terms: "Terms.".into(),
            severity: Severity::Blocker,
            answers: BTreeMap::from([([127, 0, 0, 2].into(), "SBL: ask the network's owner.".to_owned())]),
        };
        let sender = Sender { ips: vec!["203.0.113.25".parse().unwrap()], lists: vec![list], ..Sender::default() };
        let answer = |question: &crate::dns::Question| match answers.iter().find(|(name, _)| question.name == format!("{name}.zen.example")) {
            Some((_, ip)) => Answer::of(vec![Record::A(ip.parse().unwrap())]),
            None => Answer::empty(Outcome::NoName),
        };
        Questions::default().settle(answer, |dns| checks(dns, &sender)).into_iter().map(|check| (check.status, check.summary)).collect()
    }

    #[test]
    fn only_documented_answers_of_a_list_that_works_are_listings() {
        let works = ("2.0.0.127", "127.0.0.2");
        let status = |answers: &[(&str, &str)]| asked(Some("zen.example"), answers)[0].0;
        assert_eq!(status(&[works]), Status::Pass);
        assert_eq!(status(&[works, ("25.113.0.203", "127.0.0.2")]), Status::Fail);
        for error in ["127.255.255.254", "127.255.255.255", "127.0.0.99", "192.0.2.1"] {
            assert_eq!(status(&[works, ("25.113.0.203", error)]), Status::Unknown, "{error}");
        }
        // A zone that lists nobody, or everybody, is dead.
        assert_eq!(status(&[("25.113.0.203", "127.0.0.2")]), Status::Unknown);
        assert_eq!(status(&[works, ("1.0.0.127", "127.0.0.2"), ("25.113.0.203", "127.0.0.2")]), Status::Unknown);
        let [(status, said)] = asked(None, &[]).try_into().unwrap();
        assert!(status == Status::NotApplicable && said.contains("https://check.example/"));
    }
}
