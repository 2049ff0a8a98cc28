//! DMARC: where the record is, by the tree walk of RFC 9989 and by the public suffixes of RFC 7489, what it says, and
//! whether what the sender shows is aligned with it.

use crate::check::{AskedBy, Check, Evidence, Row, Severity};
use crate::dns::{Answer, Kind, Pending, Questions};
use crate::names::takes_mail;
use crate::org_domain;

const RECORD: Row = Row { id: "dmarc.record", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const VALID: Row = Row { id: "dmarc.valid", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const ALIGNMENT: Row = Row { id: "dmarc.alignment", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const POLICY: Row = Row { id: "dmarc.policy", severity: Severity::Info, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const REPORTS: Row = Row { id: "dmarc.reports", severity: Severity::Medium, asked_by: &[AskedBy::Rfc] };

/// How many names the tree walk asks at most (RFC 9989, section 4.10).
const MOST_STEPS: usize = 8;

/// A DMARC record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DmarcRecord {
    /// The tags in their order.
    pub tags: Vec<(String, String)>,
}

/// How names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The organisation's domain is the same.
    Relaxed,
    /// The domain is the same.
    Strict,
}

impl DmarcRecord {
    /// Reads a record; nothing for a text that is none.
    pub fn parse(text: &[u8]) -> Option<DmarcRecord> {
        let text = std::str::from_utf8(text).ok()?;
        let tag = |tag: &str| tag.split_once('=').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        let tags: Vec<(String, String)> = text.split(';').filter_map(tag).collect();
        let (name, version) = tags.first()?;
        (name == "v" && version == "DMARC1").then_some(DmarcRecord { tags })
    }

    /// A tag's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The policy for the domain or for names below it. Without a valid one, reports alone make it `none` (RFC 9989,
    /// section 4.7).
    pub fn policy(&self, below: bool) -> Option<&str> {
        let valid = |name| self.get(name).filter(|policy| ["none", "quarantine", "reject"].iter().any(|known| policy.eq_ignore_ascii_case(known)));
        let own = valid("p");
        let sub = if below { valid("sp") } else { None };
        sub.or(own).or_else(|| self.get("rua").map(|_| "none"))
    }

    /// How SPF (`aspf`) or DKIM (`adkim`) is compared.
    pub fn mode(&self, name: &str) -> Mode {
        if self.get(name).is_some_and(|mode| mode.eq_ignore_ascii_case("s")) { Mode::Strict } else { Mode::Relaxed }
    }
}

/// The record that applies to a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The domain it stands at.
    pub domain: String,
    /// The record.
    pub record: DmarcRecord,
}

/// What DMARC says of a domain, by both ways of looking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// By the tree walk of RFC 9989.
    pub by_tree: Option<Found>,
    /// The organisation's domain by the tree walk.
    pub tree_org: String,
    /// By the public suffixes of RFC 7489.
    pub by_suffix: Option<Found>,
    /// What was asked.
    pub evidence: Vec<Evidence>,
    /// Whether a name could not be asked for.
    pub unasked: bool,
    /// Names at which several records stand, so that none applies.
    pub several: Vec<String>,
}

/// Looks for the record of a domain.
pub fn discover(dns: &mut Questions, domain: &str) -> Result<Policy, Pending> {
    let names = walk(domain);
    let org = org_domain(domain).unwrap_or(domain).to_owned();
    let also = (!names.contains(&org)).then(|| org.clone());
    let asked: Vec<(String, Result<Answer, Pending>)> =
        names.iter().cloned().chain(also).map(|name| (name.clone(), dns.ask(&format!("_dmarc.{name}"), Kind::Txt))).collect();
    let mut policy = Policy::default();
    let mut found: Vec<Found> = Vec::new();
    for (name, answer) in asked {
        let answer = answer?;
        policy.unasked |= !answer.outcome.is_known();
        policy.evidence.push(Evidence::of(&format!("_dmarc.{name}"), Kind::Txt, &answer));
        let mut records: Vec<DmarcRecord> = answer.texts().filter_map(|text| DmarcRecord::parse(&text)).collect();
        match records.len() {
            0 => {}
            1 => found.extend(records.pop().map(|record| Found { domain: name, record })),
            _ => policy.several.push(name),
        }
    }
    policy.tree_org = tree_org(domain, &found);
    let at = |name: &str| found.iter().find(|found| found.domain == name).cloned();
    policy.by_tree = at(domain).or_else(|| at(&policy.tree_org));
    policy.by_suffix = at(domain).or_else(|| at(&org));
    Ok(policy)
}

/// The names that the tree walk asks, from the domain itself to its top: of a name of more than eight labels the next
/// one has seven.
fn walk(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    let below = labels.len().min(MOST_STEPS);
    let shorter = (1..below).rev().map(|count| labels.get(labels.len() - count..).unwrap_or_default().join("."));
    std::iter::once(domain.to_owned()).chain(shorter).take(MOST_STEPS).collect()
}

/// The organisation's domain (RFC 9989, section 4.10.2): where a record says `psd=n`, one label below `psd=y`, else the
/// shortest name with a record.
fn tree_org(domain: &str, found: &[Found]) -> String {
    let own = |found: &&Found| domain == found.domain || domain.ends_with(&format!(".{}", found.domain));
    let on_the_way: Vec<&Found> = found.iter().filter(own).collect();
    for place in &on_the_way {
        match place.record.get("psd").map(str::to_ascii_lowercase).as_deref() {
            Some("n") => return place.domain.clone(),
            Some("y") if place.domain != domain => {
                let count = place.domain.split('.').count() + 1;
                let labels: Vec<&str> = domain.split('.').collect();
                return labels.get(labels.len().saturating_sub(count)..).unwrap_or_default().join(".");
            }
            _ => {}
        }
    }
    on_the_way.iter().min_by_key(|place| place.domain.split('.').count()).map_or_else(|| domain.to_owned(), |place| place.domain.clone())
}

/// What SPF and DKIM show that could be aligned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// Domains for which SPF passes.
    pub spf: Vec<String>,
    /// Domains that sign, as far as keys in force were found for them.
    pub dkim: Vec<String>,
    /// Whether something about them could not be asked.
    pub unasked: bool,
}

/// The checks of a From domain.
pub(crate) fn checks(dns: &mut Questions, domain: &str, shown: &Shown) -> Result<Vec<Check>, Pending> {
    let policy = discover(dns, domain)?;
    let evidence = policy.evidence.clone();
    let Some(found) = policy.by_tree.clone().or_else(|| policy.by_suffix.clone()) else {
        return Ok(vec![missing(domain, &policy).with(evidence), alignment(domain, "none", &DmarcRecord::default(), &policy.tree_org, shown)]);
    };
    let below = found.domain != domain;
    let effective = found.record.policy(below).unwrap_or("none").to_ascii_lowercase();
    let mut checks = vec![RECORD.pass(domain, format!("The record at _dmarc.{} applies.", found.domain)).with(evidence), valid(domain, &found)];
    checks.push(alignment(domain, &effective, &found.record, &policy.tree_org, shown));
    checks.push(effective_policy(domain, &effective, &policy, below));
    checks.extend(reports(dns, &found)?);
    Ok(checks)
}

fn missing(domain: &str, policy: &Policy) -> Check {
    let remedy = format!(
        "Publish: _dmarc.{domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:postmaster@{domain}\", and tighten it only when the reports show that all your mail passes."
    );
    match () {
        () if policy.unasked => RECORD.unknown(domain, "The record could not be asked for."),
        () if !policy.several.is_empty() => VALID
            .fail(domain, format!("Several DMARC records stand at _dmarc.{}: none of them applies.", policy.several.join(", ")))
            .remedy("Keep one record, remove the others."),
        () => RECORD.fail(domain, "The domain has no DMARC record.").remedy(remedy),
    }
}

fn valid(domain: &str, found: &Found) -> Check {
    let policy = found.record.get("p");
    let known = policy.is_some_and(|policy| ["none", "quarantine", "reject"].iter().any(|known| policy.eq_ignore_ascii_case(known)));
    match (known, policy) {
        (true, _) => VALID.pass(domain, "One record, well formed."),
        (false, None) => VALID.fail(domain, "The record states no policy (p=).").remedy("Add p=none, p=quarantine or p=reject behind v=DMARC1."),
        (false, Some(policy)) => {
            VALID.fail(domain, format!("p={} is no policy.", smtp::escape_controls(policy.as_bytes()))).remedy("Write p=none, p=quarantine or p=reject.")
        }
    }
}

/// Whether SPF or DKIM speaks for the domain that people see.
fn alignment(domain: &str, policy: &str, record: &DmarcRecord, org: &str, shown: &Shown) -> Check {
    let fits = |other: &str, mode: Mode| match mode {
        Mode::Strict => other.eq_ignore_ascii_case(domain),
        Mode::Relaxed => {
            let own = org_domain(domain).unwrap_or(domain);
            let same_org = org_domain(other).unwrap_or(other).eq_ignore_ascii_case(own);
            same_org || smtp::is_under(other.as_bytes(), org.as_bytes())
        }
    };
    let spf = shown.spf.iter().find(|other| fits(other, record.mode("aspf")));
    let dkim = shown.dkim.iter().find(|other| fits(other, record.mode("adkim")));
    let severity = if matches!(policy, "reject" | "quarantine") { Severity::Blocker } else { Severity::High };
    match (spf, dkim) {
        (Some(spf), Some(dkim)) => ALIGNMENT.pass(domain, format!("SPF passes for {spf} and a key for {dkim} is published: both are aligned with {domain}.")),
        (Some(spf), None) => {
            ALIGNMENT.pass(domain, format!("SPF passes for {spf}, which is aligned with {domain}. A DKIM signature of {domain} would survive forwarding too."))
        }
        (None, Some(dkim)) => ALIGNMENT
            .warn(domain, format!("SPF does not pass for {domain}; all depends on the signature of {dkim}, which only a mail that was sent can show."))
            .matters(Severity::Medium),
        (None, None) if shown.unasked => ALIGNMENT.unknown(domain, "Whether SPF or DKIM is aligned could not be asked."),
        (None, None) if shown.spf.is_empty() && shown.dkim.is_empty() => {
            ALIGNMENT.unknown(domain, "Neither an envelope sender with its address nor a DKIM selector is known: name them to see whether they are aligned.")
        }
        (None, None) => ALIGNMENT
            .fail(domain, format!("Nothing that passes is aligned with {domain}: mail looks forged to receivers."))
            .matters(severity)
            .remedy("Send with an envelope sender of the domain itself, or sign with DKIM as the domain. Do not weaken the policy instead."),
    }
}

fn effective_policy(domain: &str, effective: &str, policy: &Policy, below: bool) -> Check {
    let by_suffix = policy.by_suffix.as_ref().map(|found| found.record.policy(below).unwrap_or("none").to_ascii_lowercase());
    let by_tree = policy.by_tree.as_ref().map(|_| effective.to_owned());
    match (by_tree, by_suffix) {
        (tree, suffix) if tree != suffix => {
            let word = |policy: Option<String>| policy.unwrap_or_else(|| "no policy".to_owned());
            POLICY.warn(domain, format!("Receivers differ: {} by RFC 9989, {} by RFC 7489.", word(tree), word(suffix))).matters(Severity::Medium)
        }
        _ if effective == "none" => POLICY.pass(domain, "The policy is none: failures are reported and not acted on."),
        _ => POLICY.pass(domain, format!("The policy is {effective}: mail that fails is treated so.")),
    }
}

/// Where reports go, and whether another domain agreed to take them (RFC 9990).
fn reports(dns: &mut Questions, found: &Found) -> Result<Vec<Check>, Pending> {
    let subject = found.domain.as_str();
    let Some(rua) = found.record.get("rua") else {
        return Ok(vec![REPORTS.warn(subject, "No address for reports (rua=): nobody sees who sends for the domain.").matters(Severity::Low)]);
    };
    let targets: Vec<&str> = rua
        .split(',')
        .filter_map(|uri| uri.trim().strip_prefix("mailto:")?.rsplit_once('@'))
        .map(|(_, domain)| domain.split('!').next().unwrap_or(domain))
        .take(2)
        .collect();
    let mut checks = Vec::new();
    for target in targets {
        let same = org_domain(target).unwrap_or(target).eq_ignore_ascii_case(org_domain(subject).unwrap_or(subject));
        let permission = format!("{subject}._report._dmarc.{target}");
        let answer = if same { None } else { Some(dns.ask(&permission, Kind::Txt)) };
        let (mail, mut evidence) = takes_mail(dns, target)?;
        let agreed = match answer {
            None => true,
            Some(answer) => {
                let answer = answer?;
                evidence.push(Evidence::of(&permission, Kind::Txt, &answer));
                answer.texts().any(|text| text.starts_with(b"v=DMARC1"))
            }
        };
        checks.push(
            match (agreed, mail) {
                (true, Some(true)) => REPORTS.pass(subject, format!("Reports go to {target}.")),
                (_, None) => REPORTS.unknown(subject, format!("{target}, where reports go, could not be asked for.")),
                (false, _) => REPORTS
                    .warn(subject, format!("{target} has not agreed to take reports of {subject}."))
                    .remedy(format!("The owner of {target} publishes: {permission}. IN TXT \"v=DMARC1\"")),
                (true, Some(false)) => REPORTS.warn(subject, format!("{target}, where reports go, takes no mail.")).matters(Severity::Low),
            }
            .with(evidence),
        );
    }
    Ok(checks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(domain: &str, text: &str) -> Found {
        Found { domain: domain.to_owned(), record: DmarcRecord::parse(text.as_bytes()).unwrap() }
    }

    #[test]
    fn the_walk_asks_eight_names_at_most() {
        assert_eq!(walk("a.b.example"), ["a.b.example", "b.example", "example"]);
        let long = walk("a.b.c.d.e.f.g.h.i.example");
        assert_eq!((long.len(), long[1].as_str(), long[7].as_str()), (8, "d.e.f.g.h.i.example", "example"));
    }

    #[test]
    fn the_organisation_is_where_the_records_say() {
        let plain = [found("a.b.example", "v=DMARC1; p=none"), found("b.example", "v=DMARC1; p=reject")];
        assert_eq!(tree_org("x.a.b.example", &plain), "b.example");
        assert_eq!(tree_org("x.a.b.example", &[found("a.b.example", "v=DMARC1; p=none; psd=n"), plain[1].clone()]), "a.b.example");
        assert_eq!(tree_org("x.a.b.example", &[found("b.example", "v=DMARC1; p=none; psd=y")]), "a.b.example");
        assert_eq!(tree_org("x.example", &[]), "x.example");
    }

    #[test]
    fn records_are_read_as_receivers_do() {
        let record = DmarcRecord::parse(b"v=DMARC1; sp=reject; p=quarantine; adkim=s; rua=mailto:a@x.example").unwrap();
        assert_eq!((record.policy(false), record.policy(true)), (Some("quarantine"), Some("reject")));
        assert_eq!((record.mode("adkim"), record.mode("aspf")), (Mode::Strict, Mode::Relaxed));
        assert_eq!(DmarcRecord::parse(b"p=none; v=DMARC1"), None);
        assert_eq!(DmarcRecord::parse(b"v=DMARC1; p=bogus; rua=mailto:a@x.example").unwrap().policy(false), Some("none"));
    }
}
