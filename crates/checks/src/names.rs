//! Names: the address's own name, whether it leads back, whether it looks like somebody's and not like a dial-in line,
//! and the name that the server gives in EHLO.

use std::net::IpAddr;

use smtp::{is_public, is_under};

use crate::check::{AskedBy, Check, Evidence, Row, Severity, unknown};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions, address_kind, is_name, reverse};
use crate::org_domain;
use crate::remedy::name_of;

const PTR: Row = Row { id: "ip.ptr", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const FORWARD: Row = Row { id: "ip.fcrdns", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const GENERIC: Row = Row { id: "ip.generic_ptr", severity: Severity::High, asked_by: &[AskedBy::Apple] };
const OWNER: Row = Row { id: "ip.ptr_owner", severity: Severity::Medium, asked_by: &[AskedBy::Apple] };
const HELO: Row = Row { id: "helo.name", severity: Severity::High, asked_by: &[AskedBy::Rfc, AskedBy::Apple2025] };
const HELO_RESOLVES: Row = Row { id: "helo.resolves", severity: Severity::Medium, asked_by: &[AskedBy::Rfc] };

/// How many names of an address are looked at.
const MOST_NAMES: usize = 10;

/// Labels that lines for customers have, not mail servers.
const DIAL_IN: [&str; 14] = ["dyn", "dynamic", "dhcp", "dsl", "adsl", "vdsl", "pool", "ppp", "pppoe", "dialup", "dial", "cust", "customer", "client"];

/// Labels of machines that somebody rents and has not named.
const RENTED: [&str; 5] = ["static", "static-ip", "vps", "cloud", "compute"];

/// The checks of one sending address.
pub(crate) fn address(dns: &mut Questions, ip: IpAddr, helo: Option<&str>, known: &[String]) -> Result<Vec<Check>, Pending> {
    let subject = ip.to_string();
    if !is_public(ip) {
        let remedy = "Give the address that receivers see: send a mail to a mailbox elsewhere and read its top Received line.";
        return Ok(vec![PTR.fail(&subject, "This address is private: no receiver ever sees it.").remedy(remedy)]);
    }
    let answer = dns.ask(&reverse(ip), Kind::Ptr)?;
    let asked = Evidence::of(&reverse(ip), Kind::Ptr, &answer);
    if !answer.outcome.is_known() {
        let why = format!("The name of the address could not be asked for ({}).", answer.outcome.word());
        return Ok(unknown(&[PTR, FORWARD, GENERIC, OWNER], &subject, &why, &asked));
    }
    let names: Vec<String> = answer.names().take(MOST_NAMES).map(str::to_owned).collect();
    if names.is_empty() {
        return Ok(vec![PTR.fail(&subject, "The address has no name (PTR).").with([asked]).remedy(name_of(ip, helo))]);
    }
    let exists = PTR.pass(&subject, format!("The address is named {}.", names.join(", "))).with([asked]);
    let (forward, confirmed) = forward(dns, ip, &names)?;
    let shown = confirmed.as_ref().or(names.first()).cloned().unwrap_or_default();
    Ok(vec![exists, forward, generic(ip, &shown), owner(&subject, &shown, confirmed.is_some(), known)])
}

/// Whether one of the names has the address.
fn forward(dns: &mut Questions, ip: IpAddr, names: &[String]) -> Result<(Check, Option<String>), Pending> {
    let subject = ip.to_string();
    let asked: Vec<Result<Answer, Pending>> = names.iter().map(|name| dns.ask(name, address_kind(ip))).collect();
    let answers: Vec<Answer> = asked.into_iter().collect::<Result<_, _>>()?;
    let evidence: Vec<Evidence> = names.iter().zip(&answers).map(|(name, answer)| Evidence::of(name, address_kind(ip), answer)).collect();
    let confirmed = names.iter().zip(&answers).find(|(_, answer)| answer.addresses().any(|found| found == ip)).map(|(name, _)| name.clone());
    let check = match &confirmed {
        Some(name) => FORWARD.pass(&subject, format!("{name} has the address: the name is confirmed.")),
        None if answers.iter().any(|answer| !answer.outcome.is_known()) => FORWARD.unknown(&subject, "The names of the address could not all be asked for."),
        None => {
            FORWARD.fail(&subject, format!("None of its names ({}) has the address.", names.join(", "))).remedy(name_of(ip, names.first().map(String::as_str)))
        }
    };
    Ok((check.with(evidence), confirmed))
}

/// Whether a name looks like a line for customers. It is compared label by label: generaldynamics.com is no dynamic line.
fn generic(ip: IpAddr, name: &str) -> Check {
    let host = org_domain(name).and_then(|domain| name.strip_suffix(domain)).unwrap_or(name);
    let words: Vec<String> = host.split(['.', '-', '_']).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.trim_end_matches(|each: char| each.is_ascii_digit())));
    let remedy = "Give the address a name of your own, such as mail.northwind.example, and let the server say the same in EHLO.";
    match () {
        () if has(&DIAL_IN) => GENERIC.fail(&ip.to_string(), format!("{name} looks like a line for customers, not like a mail server.")).remedy(remedy),
        () if holds_octets(ip, host) || has(&RENTED) => {
            GENERIC.warn(&ip.to_string(), format!("{name} is a name that the network gave, not one of your own.")).matters(Severity::Medium).remedy(remedy)
        }
        () => GENERIC.pass(&ip.to_string(), format!("{name} looks like a server's own name.")),
    }
}

/// Whether a name holds two or more octets of an address in a row, as they are, turned round, padded or in hexadecimal.
fn holds_octets(ip: IpAddr, host: &str) -> bool {
    let IpAddr::V4(ip) = ip else { return false };
    let octets = ip.octets();
    let words: Vec<&str> = host.split(|each: char| !each.is_ascii_alphanumeric()).collect();
    let decimal = |word: &str| {
        word.trim_start_matches(|each: char| each.is_ascii_alphabetic()).parse::<u16>().ok().filter(|number| *number < 256).map(|number| number as u8)
    };
    let numbers: Vec<Option<u8>> = words.iter().map(|word| decimal(word)).collect();
    let in_row = |a: u8, b: u8| numbers.windows(2).any(|pair| pair == [Some(a), Some(b)]);
    let [a, b, c, d] = octets;
    let pairs = [(a, b), (b, c), (c, d)];
    let hexadecimal = octets.map(|octet| format!("{octet:02x}")).concat();
    pairs.iter().any(|(one, other)| in_row(*one, *other) || in_row(*other, *one)) || host.to_ascii_lowercase().contains(&hexadecimal)
}

/// Whether the name is the sender's, or at least names who runs the server and is confirmed (which is enough on a shared one).
fn owner(subject: &str, name: &str, confirmed: bool, known: &[String]) -> Check {
    let domain = org_domain(name).unwrap_or(name);
    let own = known.iter().filter_map(|other| org_domain(other)).any(|other| other.eq_ignore_ascii_case(domain));
    match (own, confirmed) {
        (true, _) => OWNER.pass(subject, format!("{name} is of the sender's own domain.")),
        (false, true) => OWNER.pass(subject, format!("{name} names {domain}, who runs the server, and is confirmed.")),
        (false, false) => OWNER.warn(subject, format!("{name} is neither of the sender's domain nor confirmed.")),
    }
}

/// The checks of the name that a server gives in EHLO.
pub(crate) fn helo(dns: &mut Questions, name: &str, ips: &[IpAddr]) -> Result<Vec<Check>, Pending> {
    let remedy = "Let the server give its own full name, the one that its address leads to (Postfix: smtp_helo_name).";
    if let Some(why) = unfit(name) {
        return Ok(vec![HELO.fail(name, format!("The server introduces itself as {name}: {why}.")).remedy(remedy)]);
    }
    let answers = [dns.ask(name, Kind::A), dns.ask(name, Kind::Aaaa)];
    let [v4, v6] = answers;
    let (v4, v6) = (v4?, v6?);
    let evidence = [Evidence::of(name, Kind::A, &v4), Evidence::of(name, Kind::Aaaa, &v6)];
    let found: Vec<IpAddr> = v4.addresses().chain(v6.addresses()).collect();
    let fits = HELO.pass(name, "The name given in EHLO is a full host name.");
    let resolves = match () {
        () if found.is_empty() && [&v4, &v6].iter().any(|answer| !answer.outcome.is_known()) => {
            HELO_RESOLVES.unknown(name, "The name given in EHLO could not be asked for.")
        }
        () if found.is_empty() => HELO_RESOLVES.fail(name, "The name given in EHLO has no address.").remedy(remedy),
        () if ips.is_empty() || ips.iter().any(|ip| found.contains(ip)) => HELO_RESOLVES.pass(name, "The name given in EHLO has an address."),
        () => HELO_RESOLVES.warn(name, "The name given in EHLO has another address than the server sends from.").matters(Severity::Low),
    };
    Ok(vec![fits, resolves.with(evidence)])
}

/// Why a name is no host's that others can look up.
fn unfit(name: &str) -> Option<&'static str> {
    let bare = name.trim_matches(['[', ']']);
    match () {
        () if bare.parse::<IpAddr>().is_ok() => Some("that is a bare address"),
        () if !name.contains('.') => Some("that is no full name"),
        () if name.contains('_') => Some("a host's name has no underscore"),
        () if ["local", "lan", "internal", "localdomain", "home", "corp"].iter().any(|end| is_under(name.as_bytes(), end.as_bytes())) => {
            Some("nobody outside can look that up")
        }
        () if !is_name(name) => Some("that is no name"),
        () => None,
    }
}

/// Whether a domain is there at all: it has mail servers or an address.
pub(crate) fn takes_mail(dns: &mut Questions, domain: &str) -> Result<(Option<bool>, Vec<Evidence>), Pending> {
    let answers = [Kind::Mx, Kind::A, Kind::Aaaa].map(|kind| (kind, dns.ask(domain, kind)));
    let mut known = Vec::new();
    for (kind, answer) in answers {
        known.push((kind, answer?));
    }
    let evidence = known.iter().map(|(kind, answer)| Evidence::of(domain, *kind, answer)).collect();
    let null = known.iter().any(|(kind, answer)| *kind == Kind::Mx && answer.names().all(str::is_empty) && answer.outcome == Outcome::Found);
    let found = known.iter().any(|(_, answer)| answer.outcome == Outcome::Found);
    let unasked = known.iter().any(|(_, answer)| !answer.outcome.is_known());
    Ok((
        if null {
            Some(false)
        } else if found {
            Some(true)
        } else if unasked {
            None
        } else {
            Some(false)
        },
        evidence,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;

    #[test]
    fn lines_for_customers_are_told_from_servers() {
        let ip: IpAddr = "203.0.113.25".parse().unwrap();
        let status = |name: &str| generic(ip, name).status;
        for name in ["dyn-203-0-113-25.isp.example", "pool12.isp.example", "a.dsl.isp.example"] {
            assert_eq!(status(name), Status::Fail, "{name}");
        }
        for name in ["203-0-113-25.host.example", "ip25-113.host.example", "cb007119.host.example", "v22019.vps.host.example"] {
            assert_eq!(status(name), Status::Warning, "{name}");
        }
        for name in ["mail.generaldynamics.com", "mail.northwind.example", "mx25.dynamics.example", "poolparty.example"] {
            assert_eq!(status(name), Status::Pass, "{name}");
        }
    }

    #[test]
    fn names_that_nobody_can_look_up_are_unfit() {
        assert!(["localhost", "203.0.113.25", "[203.0.113.25]", "mail.local", "web_1.example", "PC"].iter().all(|name| unfit(name).is_some()));
        assert_eq!(unfit("mail.northwind.example"), None);
    }
}
