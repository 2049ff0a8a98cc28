//! The DKIM signatures of a mail that was sent (RFC 6376, section 3.5): whether there are any, and what they cover.
//! Whether they verify is not known here: that takes the whole mail, unchanged.

use crate::check::{AskedBy, Check, Row, Severity};

const SIGNED: Row = Row { id: "dkim.signed", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::Gmail] };
const HYGIENE: Row = Row { id: "dkim.hygiene", severity: Severity::Blocker, asked_by: &[AskedBy::GmailBulk] };

/// Header fields whose absence from a signature lets somebody change what people see.
const EXPECTED: [&str; 3] = ["subject", "date", "to"];

/// A signature's tags.
struct Tags(Vec<(String, String)>);

impl Tags {
    fn parse(field: &str) -> Tags {
        let tag = |tag: &str| tag.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect::<String>()));
        Tags(field.split(';').filter_map(tag).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether all that a signature must have is there.
    fn is_whole(&self) -> bool {
        ["v", "a", "d", "s", "h", "bh", "b"].iter().all(|name| self.get(name).is_some_and(|value| !value.is_empty()))
    }

    fn covers(&self, field: &str) -> bool {
        self.get("h").is_some_and(|fields| fields.split(':').any(|name| name.eq_ignore_ascii_case(field)))
    }
}

/// The checks of the signatures of a mail.
pub(crate) fn checks(domain: &str, fields: &[String]) -> Vec<Check> {
    if fields.is_empty() {
        return vec![SIGNED.fail(domain, "The mail carries no DKIM signature.").remedy("Let the server sign what leaves it, with a key that is published.")];
    }
    fields.iter().flat_map(|field| one(domain, &Tags::parse(field))).collect()
}

fn one(domain: &str, tags: &Tags) -> Vec<Check> {
    if !tags.is_whole() {
        return vec![SIGNED.fail(domain, "A DKIM signature of the mail is broken: a part that it must have is missing.")];
    }
    let subject = format!("{} of {}", tags.get("s").unwrap_or_default(), tags.get("d").unwrap_or_default());
    let unsigned: Vec<&str> = EXPECTED.into_iter().filter(|field| !tags.covers(field)).collect();
    let hygiene = match () {
        () if tags.get("a").is_some_and(|algorithm| algorithm.eq_ignore_ascii_case("rsa-sha1")) => {
            HYGIENE.fail(&subject, "The signature uses rsa-sha1, which receivers ignore.").remedy("Sign with rsa-sha256.")
        }
        () if !tags.covers("from") => HYGIENE.fail(&subject, "The signature leaves From out, so it proves nothing about the author."),
        () if tags.get("l").is_some() => {
            HYGIENE.warn(&subject, "The signature covers a part of the body only (l=): anybody may append to it.").matters(Severity::Medium)
        }
        () if !unsigned.is_empty() => HYGIENE.warn(&subject, format!("The signature leaves out: {}.", unsigned.join(", "))).matters(Severity::Low),
        () => HYGIENE.pass(&subject, "The signature covers what people see."),
    };
    vec![SIGNED.pass(&subject, "The mail is signed."), hygiene]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;

    const GOOD: &str = "v=1; a=rsa-sha256; d=x.example; s=s1; h=From:To:Subject:\r\n Date; bh=eA==; b=eA==";

    #[test]
    fn what_a_signature_leaves_open_is_said() {
        let status = |field: &str| checks("x.example", &[field.to_owned()]).last().map(|check| (check.id, check.status));
        assert_eq!(status(GOOD), Some(("dkim.hygiene", Status::Pass)));
        assert_eq!(status(&GOOD.replace("sha256", "sha1")), Some(("dkim.hygiene", Status::Fail)));
        assert_eq!(status(&GOOD.replace("From:", "")), Some(("dkim.hygiene", Status::Fail)));
        assert_eq!(status(&GOOD.replace("; bh", "; l=10; bh")), Some(("dkim.hygiene", Status::Warning)));
        assert_eq!(status(&GOOD.replace("Subject:", "")), Some(("dkim.hygiene", Status::Warning)));
        assert_eq!(status("v=1; d=x.example"), Some(("dkim.signed", Status::Fail)));
        assert_eq!(checks("x.example", &[]).first().map(|check| check.status), Some(Status::Fail));
    }
}
