//! The DKIM signatures of a mail that was sent (RFC 6376, section 3.5): whether there are any, what they cover, and whether
//! they verify. The cryptography is somebody else's: whoever runs the checks brings it as a function.

use crate::check::{AskedBy, Check, Row, Severity};
use crate::subject::Sender;

const SIGNED: Row = Row { id: "dkim.signed", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const HYGIENE: Row = Row { id: "dkim.hygiene", severity: Severity::Blocker, asked_by: &[AskedBy::GmailBulk] };
const VERIFIES: Row = Row { id: "dkim.verifies", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };

/// Header fields whose absence from a signature lets somebody change what people see; the last ones count where the mail
/// has them.
const EXPECTED: [&str; 3] = ["subject", "date", "to"];
const EXPECTED_IN_LISTS: [&str; 3] = ["list-id", "list-unsubscribe", "list-unsubscribe-post"];

/// How one half of a signature was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Good,
    /// It does not; why.
    Bad(String),
    /// It could not be told; why.
    Unknown(String),
}

/// A signature and whether it verifies: what it says of the body apart from what it says of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who signed (`d=`).
    pub domain: String,
    /// Under which selector (`s=`).
    pub selector: String,
    /// Whether the body is the one that was signed (`bh=`).
    pub body: Verdict,
    /// Whether the header fields are those that were signed, with the published key (`b=`).
    pub header: Verdict,
}

impl Verified {
    /// Whether a receiver takes it for genuine.
    pub fn is_good(&self) -> bool {
        self.body == Verdict::Good && self.header == Verdict::Good
    }
}

/// What the cryptography of a whole mail comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Its DKIM signatures.
    pub signatures: Vec<Verified>,
    /// Its ARC chain (RFC 8617); nothing where it has none.
    pub chain: Option<Verdict>,
}

/// Verifies a whole mail; the function it is given knows the text under a key's name.
pub type Verify<'v> = dyn Fn(&[u8], &dyn Fn(&str) -> Option<Vec<u8>>) -> Verification + 'v;

/// A signature's tags.
pub(crate) struct Tags(Vec<(String, String)>);

impl Tags {
    pub(crate) fn parse(field: &str) -> Tags {
        let tag = |tag: &str| tag.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect::<String>()));
        Tags(field.split(';').filter_map(tag).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether all that a signature must have is there.
    fn is_whole(&self) -> bool {
        ["v", "a", "d", "s", "h", "bh", "b"].iter().all(|name| self.get(name).is_some_and(|value| !value.is_empty()))
    }

    pub(crate) fn covers(&self, field: &str) -> bool {
        self.get("h").is_some_and(|fields| fields.split(':').any(|name| name.eq_ignore_ascii_case(field)))
    }

    fn is_expired(&self, now: Option<u64>) -> bool {
        let ends = self.get("x").and_then(|seconds| seconds.parse::<u64>().ok());
        ends.zip(now).is_some_and(|(ends, now)| ends < now)
    }
}

/// The checks of the signatures of the mail at hand.
pub(crate) fn checks(subject: &Sender, verified: &[Verified]) -> Vec<Check> {
    let domain = subject.domain.as_str();
    let Some(mail) = &subject.mail else {
        let why = "Whether mail is signed is seen in a mail that was sent: add one.";
        return [SIGNED, HYGIENE, VERIFIES].map(|row| row.unknown(domain, why)).into();
    };
    let fields = mail.fields();
    let present: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let signatures: Vec<Tags> = fields.iter().filter(|field| field.name == "dkim-signature").map(|field| Tags::parse(&field.value)).collect();
    if signatures.is_empty() {
        return vec![SIGNED.fail(domain, "The mail carries no DKIM signature.").remedy("Let the server sign what leaves it, with a key that is published.")];
    }
    let mut checks: Vec<Check> = signatures.iter().flat_map(|tags| form(domain, tags, &present, subject.now)).collect();
    match (mail.whole, verified.is_empty()) {
        (false, _) => {
            checks.push(VERIFIES.unknown(domain, "Only the header of the mail is at hand: whether its signatures verify needs the whole, unchanged mail."))
        }
        (true, true) => checks.push(VERIFIES.unknown(domain, "The signatures of the mail could not be read.")),
        (true, false) => checks.extend(verified.iter().map(verdict)),
    }
    checks
}

fn form(domain: &str, tags: &Tags, present: &[&str], now: Option<u64>) -> Vec<Check> {
    if !tags.is_whole() {
        return vec![SIGNED.fail(domain, "A DKIM signature of the mail is broken: a part that it must have is missing.")];
    }
    let subject = name(tags.get("s").unwrap_or_default(), tags.get("d").unwrap_or_default());
    let lists = EXPECTED_IN_LISTS.into_iter().filter(|field| present.contains(field));
    let unsigned: Vec<&str> = EXPECTED.into_iter().chain(lists).filter(|field| !tags.covers(field)).collect();
    let hygiene = match () {
        () if tags.get("a").is_some_and(|algorithm| algorithm.eq_ignore_ascii_case("rsa-sha1")) => {
            HYGIENE.fail(&subject, "The signature uses rsa-sha1, which receivers ignore.").remedy("Sign with rsa-sha256.")
        }
        () if !tags.covers("from") => HYGIENE.fail(&subject, "The signature leaves From out, so it proves nothing about the author."),
        () if tags.is_expired(now) => HYGIENE
            .fail(&subject, "The signature has expired (x=).")
            .matters(Severity::High)
            .remedy("Let signatures be valid for a week at least, or leave x= out."),
        () if tags.get("l").is_some() => {
            HYGIENE.warn(&subject, "The signature covers a part of the body only (l=): anybody may append to it.").matters(Severity::Medium)
        }
        () if !unsigned.is_empty() => HYGIENE.warn(&subject, format!("The signature leaves out: {}.", unsigned.join(", "))).matters(Severity::Low),
        () => HYGIENE.pass(&subject, "The signature covers what people see."),
    };
    vec![SIGNED.pass(&subject, "The mail is signed."), hygiene]
}

fn verdict(one: &Verified) -> Check {
    let subject = name(&one.selector, &one.domain);
    match (&one.body, &one.header) {
        (Verdict::Good, Verdict::Good) => VERIFIES.pass(&subject, "The signature verifies: body and header are as they were signed."),
        (Verdict::Bad(body), Verdict::Bad(header)) => VERIFIES.fail(&subject, format!("Neither body nor header verifies: {body}; {header}.")).remedy(CHANGED),
        (Verdict::Bad(why), Verdict::Good) => VERIFIES.fail(&subject, format!("The header verifies, the body does not: {why}.")).remedy(CHANGED),
        (Verdict::Bad(why), Verdict::Unknown(_)) => VERIFIES.fail(&subject, format!("The body does not verify: {why}.")).remedy(CHANGED),
        (_, Verdict::Bad(why)) => VERIFIES
            .fail(&subject, format!("The header does not verify: {why}."))
            .remedy("Either a program behind the signer changes header fields, or the published key is not the one that the server signs with: compare them."),
        (Verdict::Unknown(why), _) | (_, Verdict::Unknown(why)) => {
            VERIFIES.unknown(&subject, format!("Whether the signature verifies could not be told: {why}."))
        }
    }
}

const CHANGED: &str = "A program behind the signer changes the mail (a disclaimer, a virus scanner, a list): sign last. A mail that was copied, forwarded or saved by a mail program as text proves nothing: save its source.";

fn name(selector: &str, domain: &str) -> String {
    format!("{selector} of {domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;
    use crate::mail::Mail;

    const GOOD: &str = "v=1; a=rsa-sha256; d=x.example; s=s1; h=From:To:Subject:\r\n Date; bh=eA==; b=eA==";

    fn of(field: &str, more: &str) -> Vec<Check> {
        let raw = format!("DKIM-Signature: {field}\r\nFrom: a@x.example\r\n{more}\r\n").into_bytes();
        checks(&Sender { domain: "x.example".into(), mail: Some(Mail { raw, whole: false, markup: None }), now: Some(1_000), ..Sender::default() }, &[])
    }

    #[test]
    fn what_a_signature_leaves_open_is_said() {
        let hygiene = |field: &str, more: &str| of(field, more).into_iter().find(|check| check.id == "dkim.hygiene").map(|check| check.status);
        assert_eq!(hygiene(GOOD, ""), Some(Status::Pass));
        assert_eq!(hygiene(&GOOD.replace("sha256", "sha1"), ""), Some(Status::Fail));
        assert_eq!(hygiene(&GOOD.replace("From:", ""), ""), Some(Status::Fail));
        assert_eq!(hygiene(&GOOD.replace("; bh", "; x=999; bh"), ""), Some(Status::Fail));
        assert_eq!(hygiene(&GOOD.replace("; bh", "; l=10; bh"), ""), Some(Status::Warning));
        assert_eq!(hygiene(&GOOD.replace("Subject:", ""), ""), Some(Status::Warning));
        assert_eq!(hygiene(GOOD, "List-Unsubscribe: <https://x.example/u>\r\n"), Some(Status::Warning));
        assert_eq!(of("v=1; d=x.example", "").first().map(|check| (check.id, check.status)), Some(("dkim.signed", Status::Fail)));
    }

    #[test]
    fn body_and_header_are_judged_apart() {
        let said = |body: Verdict, header: Verdict| {
            let check = verdict(&Verified { domain: "x.example".into(), selector: "s1".into(), body, header });
            (check.status, check.summary)
        };
        let bad = || Verdict::Bad("it differs".into());
        assert_eq!(said(Verdict::Good, Verdict::Good).0, Status::Pass);
        assert!(said(bad(), Verdict::Good).1.contains("header verifies, the body does not"));
        assert!(said(Verdict::Good, bad()).1.contains("header does not verify"));
        assert_eq!(said(Verdict::Good, Verdict::Unknown("no key".into())).0, Status::Unknown);
    }
}
