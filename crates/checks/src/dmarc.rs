//! DMARC: where the record is, by the tree walk of RFC 9989 and by the public suffixes of RFC 7489, what it says, and
//! whether what the sender shows is aligned with it.

use crate::check::{AskedBy, Check, Evidence, Row, Severity};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions};
use crate::names::takes_mail;
use crate::org_domain;
use crate::remedy::{Publish, Remedy, first_dmarc};

const RECORD: Row = Row { id: "dmarc.record", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const VALID: Row = Row { id: "dmarc.valid", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const ALIGNMENT: Row = Row { id: "dmarc.alignment", severity: Severity::High, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const POLICY: Row = Row { id: "dmarc.policy", severity: Severity::Info, asked_by: &[AskedBy::Apple2025, AskedBy::GmailBulk] };
const LEFTOVERS: Row = Row { id: "dmarc.leftovers", severity: Severity::Low, asked_by: &[AskedBy::Rfc] };
const REPORTS: Row = Row { id: "dmarc.reports", severity: Severity::Medium, asked_by: &[AskedBy::Rfc] };

/// How many names the tree walk asks at most (RFC 9989, section 4.10).
const MOST_STEPS: usize = 8;

/// The policies, each stricter than the one before.
const POLICIES: [&str; 3] = ["none", "quarantine", "reject"];

/// Tags that RFC 9989 no longer has.
const REMOVED: [&str; 3] = ["pct", "rf", "ri"];

/// How many addresses for reports receivers look at.
const MOST_REPORTS: usize = 2;

/// Where a domain stands to the record that applies to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The record is its own.
    Own,
    /// The record is of a domain above it (`sp`).
    Below,
    /// The same, and the domain itself is not there (`np`).
    BelowAbsent,
}

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
    pub fn policy(&self, place: Place) -> Option<&str> {
        let valid = |name| self.get(name).filter(|policy| POLICIES.iter().any(|known| policy.eq_ignore_ascii_case(known)));
        let (sub, absent) = (|| valid("sp"), || valid("np"));
        let special = match place {
            Place::Own => None,
            Place::Below => sub(),
            Place::BelowAbsent => absent().or_else(sub),
        };
        special.or_else(|| valid("p")).or_else(|| self.get("rua").map(|_| "none"))
    }

    /// Whether the domain says that it only tests: receivers then do one step less than the policy (RFC 9989, section 4.7).
    pub fn is_testing(&self) -> bool {
        self.get("t").is_some_and(|flag| flag.eq_ignore_ascii_case("y"))
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
    /// Texts at those names that were meant to be records and are none.
    pub odd: Vec<String>,
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
        policy.odd.extend(answer.texts().filter(|text| is_meant(text)).map(|text| smtp::escape_controls(&text)));
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

/// Whether a text was meant to be a record and is none: its version stands elsewhere, or is written wrongly.
fn is_meant(text: &[u8]) -> bool {
    DmarcRecord::parse(text).is_none() && memchr::memmem::find(&text.to_ascii_uppercase(), b"DMARC1").is_some()
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
    /// Whether the signatures of a whole mail were looked at: then only those that verify are among them.
    pub verified: bool,
    /// Whether something about them could not be asked.
    pub unasked: bool,
    /// Whether SPF was evaluated for an address.
    pub evaluated: bool,
    /// Whether there is no DKIM key at all, as far as DNS tells.
    pub keyless: bool,
}

/// The checks of a From domain.
pub(crate) fn checks(dns: &mut Questions, domain: &str, shown: &Shown, now: Option<u64>) -> Result<Vec<Check>, Pending> {
    let (policy, stray, place) = (discover(dns, domain), stray(dns, domain), dns.ask(domain, Kind::Txt));
    let (policy, stray, place) = (policy?, stray?, place?);
    let evidence = policy.evidence.clone();
    let Some(found) = policy.by_tree.clone().or_else(|| policy.by_suffix.clone()) else {
        if policy.unasked {
            let why = "The DMARC record could not be asked for.";
            let rows = [RECORD, VALID, ALIGNMENT, POLICY, REPORTS, LEFTOVERS];
            return Ok(rows.map(|row| row.unknown(domain, why).with(evidence.iter().cloned())).into());
        }
        return Ok(vec![missing(domain, &policy, &stray, now).with(evidence), alignment(domain, "none", &DmarcRecord::default(), &policy.tree_org, shown)]);
    };
    let place = match () {
        () if found.domain == domain => Place::Own,
        () if place.outcome == Outcome::NoName => Place::BelowAbsent,
        () => Place::Below,
    };
    let effective = found.record.policy(place).unwrap_or("none").to_ascii_lowercase();
    let mut checks = vec![RECORD.pass(domain, format!("The record at _dmarc.{} applies.", found.domain)).with(evidence), valid(domain, &found)];
    checks.push(alignment(domain, &effective, &found.record, &policy.tree_org, shown));
    checks.push(effective_policy(domain, &effective, &policy, place));
    checks.extend(reports(dns, &found)?);
    checks.push(leftovers(&found));
    Ok(checks)
}

/// Places at which a record stands that nobody looks for: at the domain itself, or under a name that a web form doubled.
fn stray(dns: &mut Questions, domain: &str) -> Result<Vec<String>, Pending> {
    let places = [domain.to_owned(), format!("dmarc.{domain}"), format!("_dmarc.{domain}.{domain}")];
    let asked: Vec<Result<Answer, Pending>> = places.iter().map(|name| dns.ask(name, Kind::Txt)).collect();
    let mut found = Vec::new();
    for (name, answer) in places.into_iter().zip(asked) {
        if answer?.texts().any(|text| DmarcRecord::parse(&text).is_some()) {
            found.push(name);
        }
    }
    Ok(found)
}

fn missing(domain: &str, policy: &Policy, stray: &[String], now: Option<u64>) -> Check {
    match () {
        () if !policy.several.is_empty() => VALID
            .fail(domain, format!("Several DMARC records stand at _dmarc.{}: none of them applies.", policy.several.join(", ")))
            .remedy("Keep one record, remove the others."),
        () if !policy.odd.is_empty() => VALID
            .fail(domain, format!("\"{}\" is no DMARC record: v=DMARC1 has to come first, written so.", policy.odd.join("\", \"")))
            .remedy("Publish it again, beginning with v=DMARC1; and a policy (p=)."),
        () if !stray.is_empty() => RECORD
            .fail(domain, format!("A DMARC record stands at {}, where nobody looks for it.", stray.join(", ")))
            .remedy(format!("Publish it at _dmarc.{domain} instead. In a web form the name is often just _dmarc: the form adds the domain.")),
        () => RECORD.fail(domain, "The domain has no DMARC record.").remedy(first_dmarc(domain, now)),
    }
}

fn valid(domain: &str, found: &Found) -> Check {
    let policy = found.record.get("p");
    let known = policy.is_some_and(|policy| POLICIES.iter().any(|known| policy.eq_ignore_ascii_case(known)));
    match (known, policy) {
        (true, _) => VALID.pass(domain, "One record, well formed."),
        // RFC 9989, section 4.7: a record that asks for reports stands for p=none.
        (false, None) if found.record.get("rua").is_some() => VALID
            .warn(domain, "The record states no policy (p=): receivers take it for none, older ones for no record.")
            .matters(Severity::Medium)
            .remedy("Add p=none behind v=DMARC1."),
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
        (Some(spf), Some(dkim)) => ALIGNMENT.pass(
            domain,
            format!(
                "SPF passes for {spf} and {} of {dkim}: both are aligned with {domain}.",
                if shown.verified { "so does the signature" } else { "there is a published key" }
            ),
        ),
        (Some(spf), None) => {
            ALIGNMENT.pass(domain, format!("SPF passes for {spf}, which is aligned with {domain}. A DKIM signature of {domain} would survive forwarding too."))
        }
        (None, Some(dkim)) if shown.verified => ALIGNMENT
            .pass(domain, format!("The signature of {dkim} verifies and is aligned with {domain}. SPF does not pass for it: all depends on the signature.")),
        (None, Some(dkim)) => ALIGNMENT
            .warn(domain, format!("SPF does not pass for {domain}; all depends on the signature of {dkim}, which only a mail that was sent can show."))
            .matters(Severity::Medium),
        (None, None) if shown.unasked => ALIGNMENT.unknown(domain, "Whether SPF or DKIM is aligned could not be asked."),
        (None, None) if !shown.evaluated && shown.dkim.is_empty() && !shown.verified => {
            ALIGNMENT.unknown(domain, "Neither an envelope sender with its address nor a DKIM selector is known: name them to see whether they are aligned.")
        }
        (None, None) if shown.dkim.is_empty() && !shown.verified && !shown.keyless => ALIGNMENT.unknown(
            domain,
            "SPF does not pass for the domain, and no DKIM selector is known: all depends on a signature. Name the selector, or add a mail that was sent.",
        ),
        (None, None) => ALIGNMENT
            .fail(domain, format!("Nothing that passes is aligned with {domain}: mail looks forged to receivers."))
            .matters(severity)
            .remedy("Send with an envelope sender of the domain itself, or sign with DKIM as the domain. Do not weaken the policy instead."),
    }
}

fn effective_policy(domain: &str, effective: &str, policy: &Policy, place: Place) -> Check {
    let by_suffix = policy.by_suffix.as_ref().map(|found| found.record.policy(place).unwrap_or("none").to_ascii_lowercase());
    let by_tree = policy.by_tree.as_ref().map(|_| effective.to_owned());
    match (by_tree, by_suffix) {
        (tree, suffix) if tree != suffix => {
            let word = |policy: Option<String>| policy.unwrap_or_else(|| "no policy".to_owned());
            POLICY.warn(domain, format!("Receivers differ: {} by RFC 9989, {} by RFC 7489.", word(tree), word(suffix))).matters(Severity::Medium)
        }
        (Some(_), _) if policy.by_tree.as_ref().is_some_and(|found| found.record.is_testing()) && effective != "none" => {
            POLICY.pass(domain, format!("The policy is {effective}, in test (t=y): receivers do one step less."))
        }
        _ if effective == "none" => POLICY.pass(domain, "The policy is none: failures are reported and not acted on."),
        _ => POLICY.pass(domain, format!("The policy is {effective}: mail that fails is treated so.")),
    }
}

/// What a record still has from RFC 7489, or has too much of.
fn leftovers(found: &Found) -> Check {
    let removed: Vec<String> = REMOVED.iter().filter(|tag| found.record.get(tag).is_some()).map(|tag| format!("{tag}=")).collect();
    let uris: Vec<&str> = found.record.get("rua").unwrap_or_default().split(',').map(str::trim).filter(|uri| !uri.is_empty()).collect();
    let mut said: Vec<String> = Vec::new();
    said.extend((!removed.is_empty()).then(|| format!("{} mean nothing since RFC 9989", removed.join(", "))));
    said.extend(
        found
            .record
            .get("pct")
            .filter(|share| *share != "100")
            .map(|share| format!("older receivers still apply the policy to {} % of the mail only", smtp::escape_controls(share.as_bytes()))),
    );
    said.extend(uris.iter().any(|uri| uri.contains('!')).then(|| "a size behind an address (!) means nothing any more".to_owned()));
    said.extend((uris.len() > MOST_REPORTS).then(|| format!("reports go to {} addresses; receivers look at {MOST_REPORTS}", uris.len())));
    match said.is_empty() {
        true => LEFTOVERS.pass(&found.domain, "The record holds no leftovers."),
        false => {
            LEFTOVERS.warn(&found.domain, format!("The record holds leftovers: {}.", said.join("; "))).remedy("Take them out when you next change the record.")
        }
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
        .take(MOST_REPORTS)
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
                (false, _) => REPORTS.warn(subject, format!("{target} has not agreed to take reports of {subject}.")).remedy(Remedy {
                    records: vec![Publish::new(permission.clone(), "TXT", "v=DMARC1")],
                    ..format!("The owner of {target} publishes the permission; or let reports go to an address of your own.").into()
                }),
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
        assert_eq!((record.policy(Place::Own), record.policy(Place::Below)), (Some("quarantine"), Some("reject")));
        let record2 = DmarcRecord::parse(b"v=DMARC1; p=none; sp=quarantine; np=reject; t=y").unwrap();
        assert_eq!((record2.policy(Place::Below), record2.policy(Place::BelowAbsent), record2.is_testing()), (Some("quarantine"), Some("reject"), true));
        assert!(is_meant(b"p=none; v=DMARC1") && is_meant(b"v=dmarc1; p=none") && !is_meant(b"v=DMARC1; p=none") && !is_meant(b"hello"));
        assert_eq!((record.mode("adkim"), record.mode("aspf")), (Mode::Strict, Mode::Relaxed));
        assert_eq!(DmarcRecord::parse(b"p=none; v=DMARC1"), None);
        assert_eq!(DmarcRecord::parse(b"v=DMARC1; p=bogus; rua=mailto:a@x.example").unwrap().policy(Place::Own), Some("none"));
    }
}
