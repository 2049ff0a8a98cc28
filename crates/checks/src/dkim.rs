//! DKIM keys (RFC 6376, section 3.6.1): whether they are published, what kind they are and how long.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::check::{AskedBy, Check, Evidence, Row, Severity, unknown};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions};

const PUBLISHED: Row = Row { id: "dkim.published", severity: Severity::Blocker, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const REVOKED: Row = Row { id: "dkim.revoked", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const LENGTH: Row = Row { id: "dkim.length", severity: Severity::Blocker, asked_by: &[AskedBy::Gmail] };
const SYNTAX: Row = Row { id: "dkim.syntax", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const ALGORITHM: Row = Row { id: "dkim.algorithm", severity: Severity::High, asked_by: &[AskedBy::Rfc] };
const TESTING: Row = Row { id: "dkim.testing", severity: Severity::Low, asked_by: &[AskedBy::Rfc] };

const SELECTORS: &str = include_str!("../../../assets/checks/selectors.txt");

/// The length below which receivers ignore RSA keys, in bits (RFC 8301, section 3.2).
const SHORTEST: usize = 1024;

/// What a key record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// `rsa` or `ed25519`.
    pub algorithm: String,
    /// The length of an RSA key in bits.
    pub bits: Option<usize>,
    /// Whether the key was taken back.
    pub revoked: bool,
    /// Whether the domain says that it only tests.
    pub testing: bool,
}

impl KeyRecord {
    /// Whether receivers take signatures with it.
    pub fn is_in_force(&self) -> bool {
        !self.revoked && self.bits.is_none_or(|bits| bits >= SHORTEST)
    }

    /// Reads a key record; the error says what is wrong.
    pub fn parse(text: &[u8]) -> Result<KeyRecord, &'static str> {
        let text = std::str::from_utf8(text).map_err(|_| "it is not plain text")?;
        let mut tags = Vec::new();
        for tag in text.split(';').filter(|tag| !tag.trim().is_empty()) {
            let (name, value) = tag.split_once('=').ok_or("a part of it has no =")?;
            tags.push((name.trim(), value.split_whitespace().collect::<String>()));
        }
        let get = |name: &str| tags.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let version = tags.iter().position(|(name, _)| *name == "v");
        if version.is_some_and(|place| place > 0) || get("v").is_some_and(|version| version != "DKIM1") {
            return Err("v=DKIM1 has to come first, and nothing else");
        }
        let algorithm = get("k").unwrap_or("rsa").to_ascii_lowercase();
        if get("h").is_some_and(|hashes| !hashes.split(':').any(|hash| hash == "sha256")) {
            return Err("h= leaves sha256 out");
        }
        if get("s").is_some_and(|services| !services.split(':').any(|service| service == "*" || service == "email")) {
            return Err("s= leaves mail out");
        }
        let key = get("p").ok_or("p=, the key itself, is missing")?;
        let bytes = STANDARD.decode(key).map_err(|_| "the key in p= is damaged")?;
        let bits = match algorithm.as_str() {
            _ if bytes.is_empty() => None,
            "rsa" => Some(rsa_bits(&bytes).ok_or("the key in p= is no RSA key")?),
            "ed25519" if bytes.len() == 32 => None,
            "ed25519" => return Err("the key in p= is no Ed25519 key"),
            _ => return Err("k= names an algorithm that nobody knows"),
        };
        let testing = get("t").is_some_and(|flags| flags.split(':').any(|flag| flag == "y"));
        Ok(KeyRecord { algorithm, bits, revoked: bytes.is_empty(), testing })
    }
}

/// The length of an RSA key in DER: as SubjectPublicKeyInfo (RFC 5280) or bare (RFC 8017, appendix A.1.1).
fn rsa_bits(der: &[u8]) -> Option<usize> {
    let (outer, _) = element(der, 0x30)?;
    let modulus = match element(outer, 0x02) {
        Some((modulus, _)) => modulus,
        None => {
            let (_, rest) = element(outer, 0x30)?;
            let (bits, _) = element(rest, 0x03)?;
            let (key, _) = element(bits.get(1..)?, 0x30)?;
            element(key, 0x02)?.0
        }
    };
    let modulus = modulus.get(modulus.iter().position(|byte| *byte != 0)?..)?;
    Some(modulus.len() * 8 - modulus.first()?.leading_zeros() as usize)
}

/// The content of a DER element with a tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    if *first != tag {
        return None;
    }
    let (short, rest) = rest.split_first()?;
    let (length, rest) = match *short {
        length @ 0..=127 => (usize::from(length), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?), rest.get(2..)?),
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The key of a selector that is in use, where there is a good one, and its checks.
pub(crate) fn selector(dns: &mut Questions, selector: &str, domain: &str) -> Result<(Option<KeyRecord>, Vec<Check>), Pending> {
    let name = format!("{selector}._domainkey.{domain}");
    let answer = dns.ask(&name, Kind::Txt)?;
    let is_missing = answer.outcome.is_known() && answer.outcome != Outcome::Found;
    // A delegation that leads nowhere looks like no key at all.
    let delegated = if is_missing { Some(dns.ask(&name, Kind::Cname)?) } else { None };
    let record = match answer.texts().collect::<Vec<_>>().as_slice() {
        [text] => KeyRecord::parse(text).ok(),
        _ => None,
    };
    Ok((record, judge(&name, &answer, delegated.as_ref())))
}

fn judge(name: &str, answer: &Answer, delegated: Option<&Answer>) -> Vec<Check> {
    let evidence = Evidence::of(name, Kind::Txt, answer);
    let texts: Vec<Vec<u8>> = answer.texts().collect();
    let target = delegated.and_then(|answer| answer.names().next());
    let published = match (texts.len(), target) {
        (0, Some(target)) => PUBLISHED
            .fail(name, format!("The name leads to {target} by CNAME, and no key is there."))
            .remedy("Ask whoever owns the other name for the key that is in use now, and publish the CNAME that they give."),
        (0, None) => PUBLISHED.fail(name, "No key is published under this selector.").remedy(crate::remedy::key(name)),
        (1, _) if !answer.chain.is_empty() => {
            PUBLISHED.pass(name, format!("One key is published, at {} by CNAME: its owner decides about it.", answer.chain.join(", ")))
        }
        (1, _) => PUBLISHED.pass(name, "One key is published."),
        (many, _) => PUBLISHED
            .fail(name, format!("{many} texts are published; there may be one only."))
            .remedy("Keep the text whose key the server signs with, remove the others."),
    };
    if !answer.outcome.is_known() {
        let why = format!("The key could not be asked for ({}).", answer.outcome.word());
        return unknown(&[PUBLISHED, SYNTAX, REVOKED, LENGTH, TESTING], name, &why, &evidence);
    }
    let mut checks = vec![published.with([evidence]).with(delegated.map(|answer| Evidence::of(name, Kind::Cname, answer)))];
    if let [text] = texts.as_slice() {
        checks.extend(key(name, text));
    }
    checks
}

/// Whether there is a key that every receiver can use among those of a sender.
pub(crate) fn algorithms<'k>(domain: &str, keys: impl Iterator<Item = &'k KeyRecord>) -> Option<Check> {
    let algorithms: Vec<&str> = keys.filter(|key| key.is_in_force()).map(|key| key.algorithm.as_str()).collect();
    match algorithms.as_slice() {
        [] => None,
        all if all.contains(&"rsa") => Some(ALGORITHM.pass(domain, "There is an RSA key, which every receiver can use.")),
        _ => Some(
            ALGORITHM
                .warn(domain, "There are only Ed25519 keys, which many receivers cannot use.")
                .remedy("Sign with an RSA key of 2048 bits too, under a selector of its own."),
        ),
    }
}

fn key(name: &str, text: &[u8]) -> Vec<Check> {
    let record = match KeyRecord::parse(text) {
        Ok(record) => record,
        Err(why) => {
            return vec![
                SYNTAX.fail(name, format!("The key record is broken: {why}.")).remedy("Publish the record again as your mail server prints it, in one piece."),
            ];
        }
    };
    let syntax = SYNTAX.pass(name, "The key record is well formed.");
    if record.revoked {
        return vec![syntax, REVOKED.fail(name, "The key was taken back (p= is empty).").remedy("Publish a new key, or sign with a selector that has one.")];
    }
    let length = match (record.algorithm.as_str(), record.bits) {
        ("rsa", Some(bits @ 0..SHORTEST)) => LENGTH
            .fail(name, format!("The RSA key has {bits} bits; receivers ignore keys below 1024."))
            .remedy("Make a key of 2048 bits, publish it under a new selector, then sign with it."),
        ("rsa", Some(bits @ SHORTEST..2048)) => LENGTH
            .warn(name, format!("The RSA key has {bits} bits."))
            .matters(Severity::Medium)
            .remedy("Make a key of 2048 bits, publish it under a new selector, then sign with it."),
        ("rsa", Some(bits)) => LENGTH.pass(name, format!("The RSA key has {bits} bits.")),
        _ => LENGTH.pass(name, "An Ed25519 key of 256 bits."),
    };
    let testing =
        if record.testing { TESTING.warn(name, "The domain says that it only tests DKIM (t=y).") } else { TESTING.pass(name, "The key is in earnest.") };
    vec![syntax, REVOKED.pass(name, "The key is in force."), length, testing]
}

/// Where no selector is known: the usual names are tried, and finding none proves nothing.
pub(crate) fn probe(dns: &mut Questions, domain: &str) -> Result<(Vec<String>, Vec<Check>), Pending> {
    let tree = dns.ask(&format!("_domainkey.{domain}"), Kind::Txt)?;
    if tree.outcome == Outcome::NoName {
        let evidence = Evidence::of(&format!("_domainkey.{domain}"), Kind::Txt, &tree);
        let check = PUBLISHED.warn(domain, "Very likely no DKIM key is published: nothing is there below _domainkey.").matters(Severity::High);
        return Ok((Vec::new(), vec![check.with([evidence]).remedy("Let the mail server sign with DKIM, and publish the key that it prints.")]));
    }
    let names: Vec<&str> = SELECTORS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    // A name that cannot be there tells whether the domain answers for every name.
    let random = dns.ask(&format!("reprieve-4d2f09ce._domainkey.{domain}"), Kind::Txt);
    let asked: Vec<(&str, Result<Answer, Pending>)> =
        names.into_iter().map(|name| (name, dns.ask(&format!("{name}._domainkey.{domain}"), Kind::Txt))).collect();
    let everything = random?.outcome == Outcome::Found;
    let (mut found, mut revoked) = (Vec::new(), Vec::new());
    for (name, answer) in asked {
        let keys: Vec<KeyRecord> = answer?.texts().filter_map(|text| KeyRecord::parse(&text).ok()).collect();
        match keys.iter().any(|key| !key.revoked) {
            _ if everything => {}
            true => found.push(name.to_owned()),
            false if !keys.is_empty() => revoked.push(name),
            false => {}
        }
    }
    if found.is_empty() {
        let check = PUBLISHED.unknown(domain, "No selector is known, and none of the usual names has a key.");
        return Ok((found, vec![check.remedy("Name the selector: it stands as s= in the DKIM-Signature of a mail that was sent.")]));
    }
    let (mut checks, mut keys) = (Vec::new(), Vec::new());
    for name in &found {
        let (key, own) = selector(dns, name, domain)?;
        keys.extend(key);
        checks.extend(own);
    }
    checks.extend(algorithms(domain, keys.iter()));
    if !revoked.is_empty() {
        checks.push(REVOKED.pass(domain, format!("Keys of selectors that are not in use were taken back: {}.", revoked.join(", "))).matters(Severity::Info));
    }
    Ok((found, checks))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of so many bits in DER: a modulus of ones, the usual exponent.
    fn rsa(bits: usize, wrapped: bool) -> String {
        let tlv = |tag: u8, content: &[u8]| {
            let length = content.len();
            let head = if length < 128 { vec![tag, length as u8] } else { vec![tag, 0x82, (length >> 8) as u8, length as u8] };
            [head, content.to_vec()].concat()
        };
        let modulus = [vec![0], vec![0xff; bits / 8]].concat();
        let key = tlv(0x30, &[tlv(0x02, &modulus), tlv(0x02, &[1, 0, 1])].concat());
        let info = tlv(0x30, &[tlv(0x30, &[0x06, 0x01, 0x2a]), tlv(0x03, &[vec![0], key.clone()].concat())].concat());
        STANDARD.encode(if wrapped { info } else { key })
    }

    #[test]
    fn lengths_are_read_in_both_forms() {
        for bits in [512, 1024, 2048, 4096] {
            for wrapped in [true, false] {
                let record = KeyRecord::parse(format!("v=DKIM1; k=rsa; p={}", rsa(bits, wrapped)).as_bytes()).unwrap();
                assert_eq!((record.bits, record.revoked, record.testing), (Some(bits), false, false));
            }
        }
    }

    #[test]
    fn broken_records_say_why() {
        let key = rsa(2048, true);
        for (text, why) in [
            (format!("k=rsa; v=DKIM1; p={key}"), "first"),
            (format!("v=DKIM1; h=sha1; p={key}"), "sha256"),
            (format!("v=DKIM1; s=tlsrpt; p={key}"), "mail"),
            ("v=DKIM1; k=rsa".to_owned(), "missing"),
            ("v=DKIM1; p=!!!".to_owned(), "damaged"),
            ("v=DKIM1; p=AAAA".to_owned(), "no RSA key"),
            (format!("v=DKIM1; k=dsa; p={key}"), "nobody knows"),
            ("v=DKIM1; k=ed25519; p=AAAA".to_owned(), "Ed25519"),
            ("v=DKIM1; p".to_owned(), "no ="),
        ] {
            assert!(KeyRecord::parse(text.as_bytes()).unwrap_err().contains(why), "{text}");
        }
        let (one, other) = key.split_at(40);
        let spaced = format!("v=DKIM1; t=y; p={one} {other}");
        assert!(KeyRecord::parse(spaced.as_bytes()).unwrap().testing);
        assert!(KeyRecord::parse(b"v=DKIM1; p=").unwrap().revoked);
        assert!(KeyRecord::parse(&[0xff]).is_err());
    }
}
