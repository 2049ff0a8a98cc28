//! Whether the DKIM signatures of a whole mail verify (RFC 6376, section 6): the cryptography and the canonical forms are
//! mail-auth's, behind one function. It asks nobody anything: whoever calls it knows the keys.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Instant;

use checks::{Verdict, Verification, Verified};
use futures_util::FutureExt;
use hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::common::crypto::HashAlgorithm;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::{Canonicalization, DkimError};
use mail_auth::{AuthenticatedMessage, DkimResult, DnsError, Error, MessageAuthenticator, Parameters, ResolverCache, Txt};

/// Verifies every signature of a mail and its ARC chain; the function knows the text that is published under a name.
///
/// A signature whose header field cannot be read is not among the answers: that it is broken is seen in its form.
pub fn verify(raw: &[u8], key: &dyn Fn(&str) -> Option<Vec<u8>>) -> Verification {
    let lines = with_crlf(raw);
    let Some(message) = AuthenticatedMessage::parse(&lines) else { return Verification::default() };
    let signatures = (0..message.dkim_headers.len()).filter_map(|place| one(&lines, place, key)).collect();
    Verification { signatures, chain: chain(&message, key) }
}

/// Whether the ARC chain verifies; nothing where there is none.
fn chain(message: &AuthenticatedMessage<'_>, key: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Verdict> {
    let signatures = message.ams_headers.iter().map(|field| (&field.header.s, &field.header.d));
    let seals = message.as_headers.iter().map(|field| (&field.header.s, &field.header.d));
    let names: BTreeSet<String> = signatures.chain(seals).map(|(selector, domain)| format!("{selector}._domainkey.{domain}")).collect();
    if names.is_empty() {
        return None;
    }
    let keys = Keys::of(names.into_iter().map(|name| (key(&name), name)));
    let output = judge()?.verify_arc(Parameters::new(message).with_txt_cache(&keys)).now_or_never()?;
    Some(match output.result() {
        DkimResult::Pass => Verdict::Good,
        DkimResult::None => return None,
        DkimResult::TempError(_) => Verdict::Unknown("a key of the chain is not known".to_owned()),
        DkimResult::Fail(error) | DkimResult::Neutral(error) | DkimResult::PermError(error) => match error {
            Error::Dns(_) => Verdict::Unknown("a key of the chain is not known".to_owned()),
            _ => Verdict::Bad("the chain does not verify".to_owned()),
        },
    })
}

/// mail-auth's judge, which knows nobody to ask.
fn judge() -> Option<MessageAuthenticator> {
    MessageAuthenticator::new(ResolverConfig::from_parts(None, Vec::new(), Vec::new()), ResolverOpts::default()).ok()
}

/// Verifies one signature: the body first, then the header as if the body were the one that was signed.
fn one(raw: &[u8], place: usize, key: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Verified> {
    let mut message = AuthenticatedMessage::parse(raw)?;
    message.dkim_headers = vec![message.dkim_headers.into_iter().nth(place)?];
    let signature = &message.dkim_headers.first()?.header;
    let name = format!("{}._domainkey.{}", signature.s, signature.d);
    let (domain, selector, relaxed) = (signature.d.clone(), signature.s.clone(), signature.cb == Canonicalization::Relaxed);
    let keys = Keys::of([(key(&name), name.clone())].into_iter());
    // That it has expired is said elsewhere, and says nothing about what was changed.
    message.dkim_headers.first_mut()?.header.x = 0;
    let body = body(&result(&message, &keys), relaxed, raw);
    let signature = &message.dkim_headers.first()?.header;
    let (form, hash, length, signed) = (signature.cb, HashAlgorithm::from(signature.a), signature.l, signature.bh.clone());
    for known in message.body_hashes.iter_mut().filter(|(c, h, l, _)| (*c, *h, *l) == (form, hash, length)) {
        known.3.clone_from(&signed);
    }
    let header = header(&result(&message, &keys), &name);
    Some(Verified { domain, selector, body, header })
}

fn result(message: &AuthenticatedMessage<'_>, keys: &Keys) -> DkimResult {
    let Some(judge) = judge() else { return DkimResult::None };
    let parameters = Parameters::new(message).with_txt_cache(keys);
    // Every answer is in the cache, so nothing is waited for.
    let output = judge.verify_dkim(parameters).now_or_never().unwrap_or_default();
    let own = output.into_iter().find(|one| one.signature().is_some());
    own.map_or(DkimResult::None, |one| one.result().clone())
}

/// mail-auth 0.13 keeps lines of white space at the end of a relaxed body, which RFC 6376, section 3.4.4, drops: of such a
/// body it cannot be told whether it was changed.
fn body(result: &DkimResult, relaxed: bool, raw: &[u8]) -> Verdict {
    let (DkimResult::Neutral(error) | DkimResult::Fail(error)) = result else { return Verdict::Good };
    let ends_in_spaces = raw.trim_ascii_end().len() + 2 < raw.len()
        && raw.rsplit(|byte| *byte == b'\n').take_while(|line| line.trim_ascii().is_empty()).any(|line| line.len() > 1);
    match error {
        Error::Dkim(DkimError::FailedBodyHashMatch) if relaxed && ends_in_spaces => Verdict::Unknown("the body ends in lines of white space".to_owned()),
        Error::Dkim(DkimError::FailedBodyHashMatch) => Verdict::Bad("the body is not the one that was signed".to_owned()),
        _ => Verdict::Good,
    }
}

fn header(result: &DkimResult, name: &str) -> Verdict {
    match result {
        DkimResult::Pass => Verdict::Good,
        DkimResult::Fail(Error::Dkim(DkimError::FailedAuidMatch)) => {
            Verdict::Bad("i= names another domain than the key allows (t=s), or none of the signer's".to_owned())
        }
        DkimResult::Fail(Error::Crypto(_)) => Verdict::Bad("the header fields are not those that were signed, or the key is another one".to_owned()),
        DkimResult::Fail(Error::Dkim(DkimError::RevokedPublicKey)) | DkimResult::PermError(Error::Dkim(DkimError::RevokedPublicKey)) => {
            Verdict::Bad("its key was taken back".to_owned())
        }
        DkimResult::None => Verdict::Unknown("the signature could not be read".to_owned()),
        _ => Verdict::Unknown(format!("no usable key is known for {name}")),
    }
}

/// Mails that were saved on Unix have lost the line ends that were signed.
fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(raw.len() + raw.len() / 40);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line {
            [bare @ .., b'\r', b'\n'] | [bare @ .., b'\n'] => {
                lines.extend_from_slice(bare);
                lines.extend_from_slice(b"\r\n");
            }
            last => lines.extend_from_slice(last),
        }
    }
    lines
}

/// The keys that are known; every other name is not there.
struct Keys(HashMap<Box<str>, Txt>);

impl Keys {
    fn of(texts: impl Iterator<Item = (Option<Vec<u8>>, String)>) -> Keys {
        let key = |(text, name): (Option<Vec<u8>>, String)| {
            let key = DomainKey::parse(&text?).map_or_else(Txt::Error, |key| Txt::DomainKey(Arc::new(key)));
            Some((format!("{name}.").into_boxed_str(), key))
        };
        Keys(texts.filter_map(key).collect())
    }
}

impl ResolverCache<Box<str>, Txt> for Keys {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let absent = || Txt::Error(Error::Dns(DnsError::RecordNotFound(hickory_resolver::proto::op::ResponseCode::NXDomain)));
        Some(self.0.get(name).cloned().unwrap_or_else(absent))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_signed_mail_has_no_signatures() {
        for raw in [&b""[..], b"From: a@x.example\r\n\r\nHello\r\n", b"DKIM-Signature: v=1; a=none\r\n\r\n", &[0xff, 0, 10, 13, 10]] {
            assert_eq!(verify(raw, &|_| None), Verification::default());
        }
    }

    #[test]
    fn without_its_key_a_signature_is_neither_right_nor_wrong() {
        let raw = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x.example; s=s1; h=from;\r\n bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=eA==\r\nFrom: a@x.example\r\n\r\n";
        let found = verify(raw, &|_| None).signatures;
        assert_eq!(found.len(), 1);
        assert!(matches!((&found[0].body, &found[0].header), (Verdict::Good, Verdict::Unknown(_))), "{found:?}");
    }

    #[test]
    fn names_are_the_same_in_upper_case() {
        let mail = |domain: &str, selector: &str| {
            format!(
                "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d={domain}; s={selector}; h=from;\r\n bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=eA==\r\nFrom: a@x.example\r\n\r\n"
            )
        };
        let key = |_: &str| Some(b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_vec());
        let header = |mail: String| verify(mail.as_bytes(), &key).signatures.first().map(|one| one.header.clone());
        assert!(matches!(header(mail("x.example", "s1")), Some(Verdict::Bad(_))));
        assert_eq!(header(mail("X.Example", "S1")), header(mail("x.example", "s1")));
    }

    #[test]
    fn mails_that_are_cut_or_damaged_are_read() {
        let signature = "a=rsa-sha256; d=x.example; s=s1; t=1; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; h=from:subject; b=eA==";
        let sealed = format!(
            "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=x.example; s=s1; t=1; b=eA==\r\nARC-Message-Signature: i=1; {signature}\r\nARC-Authentication-Results: i=1; x.example; spf=pass\r\nDKIM-Signature: v=1; {signature}; l=3; x=9; c=relaxed/simple; i=@x.example\r\nFrom: a@x.example\r\nSubject: x\r\n\r\nHello \r\n"
        );
        let key = |_: &str| Some(b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_vec());
        for at in 0..sealed.len() {
            let _ = verify(sealed.as_bytes().get(..at).unwrap(), &key);
            for byte in [0, b'\n', b';', b'=', 0xff] {
                let mut damaged = sealed.clone().into_bytes();
                damaged[at] = byte;
                let _ = verify(&damaged, &key);
            }
        }
        assert!(matches!(verify(sealed.as_bytes(), &key).chain, Some(Verdict::Bad(_) | Verdict::Unknown(_))));
    }
}
