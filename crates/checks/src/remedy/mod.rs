//! Remedies: the exact record to publish, in both forms in which people publish records, what it may break, and how to see
//! that it worked. A remedy never stops mail that passed before.

pub mod spf;

use std::net::IpAddr;

use crate::dns::{address_kind, reverse};
use crate::org_domain;

/// The longest string of a TXT record (RFC 1035, section 3.3.14).
const LONGEST_STRING: usize = 255;

/// A day, in seconds.
const DAY: u64 = 24 * 3600;

/// What to publish, and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// What to do, in sentences.
    pub text: String,
    /// The records to publish.
    pub records: Vec<Publish>,
    /// Steps that have a day each: what may be done then, and not before.
    pub steps: Vec<String>,
    /// What may break.
    pub may_break: Option<String>,
    /// How to see that it worked.
    pub verify: Option<String>,
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// The full name, without a dot at its end.
    pub name: String,
    /// `TXT`, `CNAME`, `A`, `AAAA`, `MX` or `PTR`.
    pub kind: &'static str,
    /// The value as a web form takes it: no quotes, no dot at the end.
    pub value: String,
    /// The record that it takes the place of, as it is published now; nothing where it is new.
    pub replaces: Option<String>,
}

impl From<&str> for Remedy {
    fn from(text: &str) -> Remedy {
        Remedy { text: text.to_owned(), ..Remedy::default() }
    }
}

impl From<String> for Remedy {
    fn from(text: String) -> Remedy {
        Remedy { text, ..Remedy::default() }
    }
}

impl Remedy {
    /// All of it in one text: what to do, the records as a zone file holds them, and the days.
    pub fn said(&self) -> String {
        let records = self.records.iter().map(|record| format!(" Publish: {}", record.zone_file()));
        let steps = self.steps.iter().map(|step| format!(" {step}"));
        std::iter::once(self.text.clone()).chain(records).chain(steps).collect()
    }
}

impl Publish {
    /// A new record.
    pub fn new(name: impl Into<String>, kind: &'static str, value: impl Into<String>) -> Publish {
        Publish { name: name.into(), kind, value: value.into(), replaces: None }
    }

    /// The record as a zone file holds it: full names end in a dot, texts stand in strings of at most 255 bytes.
    pub fn zone_file(&self) -> String {
        let value = match self.kind {
            "TXT" => strings(&self.value),
            "MX" => format!("{}.", self.value),
            "CNAME" | "PTR" => format!("{}.", self.value),
            _ => self.value.clone(),
        };
        format!("{}. IN {} {value}", self.name, self.kind)
    }

    /// The name as a web form takes it: without the domain, `@` for the domain itself.
    pub fn form_name(&self) -> String {
        let domain = org_domain(&self.name).unwrap_or(&self.name);
        match self.name.strip_suffix(domain).map(|rest| rest.trim_end_matches('.')) {
            Some("") | None => "@".to_owned(),
            Some(rest) => rest.to_owned(),
        }
    }
}

/// A text in quoted strings, where quotes and backslashes are escaped.
fn strings(text: &str) -> String {
    let escaped: Vec<String> =
        text.as_bytes().chunks(LONGEST_STRING).map(|part| String::from_utf8_lossy(part).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    escaped.iter().map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join(" ")
}

/// The name that an address is to have, and the address of the name.
pub(crate) fn name_of(ip: IpAddr, name: Option<&str>) -> Remedy {
    let name = name.unwrap_or("mail.YOUR.DOMAIN");
    Remedy {
        text: format!(
            "Whoever gave you {ip} (the hosting or internet provider) publishes its name; nobody else can. Ask for {name}, which is what the server says in EHLO. The name itself must have the address."
        ),
        records: vec![Publish::new(reverse(ip), "PTR", name), Publish::new(name, if ip.is_ipv4() { "A" } else { "AAAA" }, ip.to_string())],
        may_break: Some("Nothing, if the name is a server's own. Do not change PTR or EHLO while a request is open, unless this very check failed.".to_owned()),
        verify: Some(format!(
            "After an hour: reprieve check --domain {} --ip {ip}; the name has to lead back to the address ({}).",
            org_domain(name).unwrap_or(name),
            address_kind(ip)
        )),
        ..Remedy::default()
    }
}

/// A first DMARC record, for a domain that has none. A weaker policy is never offered in place of one that is there.
pub(crate) fn first_dmarc(domain: &str, now: Option<u64>) -> Remedy {
    let day = |days: u64| now.map_or_else(|| format!("after {days} days"), |now| date(now + days * DAY));
    Remedy {
        text: format!("Publish a first DMARC record for {domain} that asks for reports and changes nothing for the mail (p=none)."),
        records: vec![Publish::new(format!("_dmarc.{domain}"), "TXT", format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}"))],
        steps: vec![
            format!("{}: SPF and DKIM have to pass first; leave some days between them and DMARC.", day(0)),
            format!("{}: publish the record.", day(3)),
            format!("{}: read the reports; mend or name every sender of yours that fails.", day(17)),
            format!("{}: only if everything of yours passes, p=quarantine; later p=reject.", day(45)),
        ],
        may_break: Some(
            "p=none breaks nothing. Some help pages advise p=reject with sp=reject and adkim=s after a few days, even with SPF alone. We do not: it stops forwarded mail, lists and everything that signs as a subdomain, and nobody sees it without reports.".to_owned(),
        ),
        verify: Some(format!("After the TTL: reprieve check --domain {domain}; the row dmarc.record passes. Reports come once a day.")),
    }
}

/// A key record; the key itself is what the server prints.
pub(crate) fn key(name: &str) -> Remedy {
    Remedy {
        text: format!(
            "Publish the key that your mail server signs with, exactly as the server prints it, in place of KEY. Where a service signs for you, publish the CNAME that it names instead, never both: in a zone file {name}. IN CNAME TARGET. with a dot at its end, in a web form the target without that dot."
        ),
        records: vec![Publish::new(name, "TXT", "v=DKIM1; k=rsa; p=KEY")],
        may_break: Some("Nothing, as long as the server signs with this key. Keep an old key for a week after the server stopped using it.".to_owned()),
        verify: Some("Send a mail to a mailbox elsewhere, save its source, then: reprieve check --message FILE.eml; the row dkim.verifies passes.".to_owned()),
        ..Remedy::default()
    }
}

/// A day of seconds since 1970, as people write it.
fn date(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    time.map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_written_in_both_forms() {
        let dmarc = first_dmarc("northwind.example", Some(1_791_158_400));
        let [record] = dmarc.records.as_slice() else { panic!("{dmarc:?}") };
        assert_eq!(record.zone_file(), "_dmarc.northwind.example. IN TXT \"v=DMARC1; p=none; rua=mailto:postmaster@northwind.example\"");
        assert_eq!(record.form_name(), "_dmarc");
        assert!(dmarc.steps[1].starts_with("2026-10-08"), "{:?}", dmarc.steps);
        let name = name_of("203.0.113.25".parse().unwrap(), Some("mail.northwind.example"));
        assert_eq!(name.records[0].zone_file(), "25.113.0.203.in-addr.arpa. IN PTR mail.northwind.example.");
        let long = Publish::new("x.example", "TXT", "a".repeat(300) + "\"");
        assert_eq!((long.zone_file().matches('"').count(), long.form_name().as_str()), (5, "@"));
        assert!(long.zone_file().contains("a\" \"a") && long.zone_file().ends_with("\\\"\""));
    }
}
