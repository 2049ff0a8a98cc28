//! Whether a domain's DNS is sound: what a validating resolver refuses and others see, and name servers that disagree.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::check::{AskedBy, Check, Evidence, Row, Severity};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions, Way};
use crate::org_domain;

const SOUND: Row = Row { id: "dns.health", severity: Severity::Blocker, asked_by: &[AskedBy::Rfc] };

/// How many name servers are compared.
const MOST_SERVERS: usize = 4;

/// The checks of a domain's DNS.
pub(crate) fn checks(dns: &mut Questions, domain: &str) -> Result<Vec<Check>, Pending> {
    let whole = dns.ask(domain, Kind::Txt);
    let servers = dns.ask(org_domain(domain).unwrap_or(domain), Kind::Ns);
    let whole = whole?;
    if whole.outcome == Outcome::Failed {
        return bogus(dns, domain, &whole).map(|check| vec![check]);
    }
    let servers = servers?;
    if !whole.outcome.is_known() {
        return Ok(vec![SOUND.unknown(domain, "The domain could not be asked for.").with([Evidence::of(domain, Kind::Txt, &whole)])]);
    }
    agreement(dns, domain, &servers).map(|check| vec![check])
}

/// A resolver that validates says that it failed: asked not to validate, it tells whether the signatures are to blame.
fn bogus(dns: &mut Questions, domain: &str, failed: &Answer) -> Result<Check, Pending> {
    let bare = dns.ask_by(domain, Kind::Txt, Way::Unvalidated)?;
    let evidence =
        [Evidence::of(domain, Kind::Txt, failed), Evidence { query: format!("{domain} TXT, not validated"), ..Evidence::of(domain, Kind::Txt, &bare) }];
    let check = match bare.outcome.is_known() {
        true => SOUND
            .fail(domain, "DNSSEC is broken: resolvers that validate, as Apple's and Gmail's do, see nothing of this domain.")
            .remedy("Sign the zone again, or take the DS record out at the registrar until it is signed properly; then ask again after the DS record's TTL."),
        false => SOUND.unknown(domain, "The name servers of the domain fail, or the resolver cannot reach them."),
    };
    Ok(check.with(evidence))
}

/// Whether the domain's name servers say the same.
fn agreement(dns: &mut Questions, domain: &str, servers: &Answer) -> Result<Check, Pending> {
    let names: Vec<String> = servers.names().take(MOST_SERVERS).map(str::to_owned).collect();
    let addresses: Vec<_> = names.iter().map(|name| dns.ask(name, Kind::A)).collect();
    let addresses: Vec<Answer> = addresses.into_iter().collect::<Result<_, _>>()?;
    let places: Vec<(String, IpAddr)> = names.iter().zip(&addresses).filter_map(|(name, answer)| Some((name.clone(), answer.addresses().next()?))).collect();
    let asked: Vec<_> = places.iter().map(|(_, ip)| dns.ask_by(domain, Kind::Txt, Way::Server(*ip))).collect();
    let answers: Vec<Answer> = asked.into_iter().collect::<Result<_, _>>()?;
    let evidence: Vec<Evidence> = places
        .iter()
        .zip(&answers)
        .map(|((name, _), answer)| Evidence { query: format!("{domain} TXT at {name}"), ..Evidence::of(domain, Kind::Txt, answer) })
        .collect();
    let known: Vec<BTreeSet<&crate::dns::Record>> =
        answers.iter().filter(|answer| answer.outcome.is_known()).map(|answer| answer.records.iter().collect()).collect();
    let check = match known.split_first() {
        None => SOUND.unknown(domain, "The name servers of the domain could not be asked one by one; many networks do not allow that."),
        Some((first, others)) if others.iter().all(|other| other == first) => {
            SOUND.pass(domain, format!("All name servers that answer say the same ({}).", known.len()))
        }
        Some(_) => SOUND
            .fail(domain, "The domain's name servers disagree about its texts: what a receiver sees depends on which it asks.")
            .remedy("Bring the name servers in step: raise the zone's serial number, and see that the secondary ones fetch it."),
    };
    Ok(check.with(evidence))
}
