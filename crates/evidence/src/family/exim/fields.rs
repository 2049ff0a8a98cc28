//! The fields of a delivery, ` H=NAME [IP] I=[IP] X=TLS1.3:… C="250 …"`, found in one pass over the spaces.

use memchr::memrchr;

use smtp::bytes::{find, places};

/// A host's name and address.
#[derive(Clone, Copy, Default)]
pub struct Host<'a> {
    pub name: Option<&'a [u8]>,
    pub ip: Option<&'a [u8]>,
}

/// What stands between a recipient and a reason.
#[derive(Clone, Copy, Default)]
pub struct Fields<'a> {
    /// The remote host.
    pub host: Option<Host<'a>>,
    /// The address that the mail was sent from, where both selectors for interfaces are on.
    pub local: Option<&'a [u8]>,
    /// The version of TLS.
    pub tls: Option<&'a [u8]>,
    /// What the remote answered.
    pub answer: Option<&'a [u8]>,
}

/// Finds the fields; of two of a name the first counts, and what stands behind an answer is not looked at.
pub fn read(text: &[u8]) -> Fields<'_> {
    let mut found = Fields::default();
    if text.starts_with(b"H=") {
        found.host = text.get(2..).and_then(host_in);
    }
    for space in places(b' ', text) {
        let Some([letter, b'=', value @ ..]) = text.get(space + 1..) else { continue };
        match (letter, value.first()) {
            (b'H', _) if found.host.is_none() => found.host = host_in(value),
            (b'I', Some(b'[')) if found.local.is_none() => found.local = value.get(1..).and_then(|rest| rest.get(..find([b']'], rest)?)),
            (b'X', _) if found.tls.is_none() => found.tls = value.get(..find(*b": ", value).unwrap_or(value.len())),
            (b'C', Some(b'"')) => {
                let answer = value.get(1..).unwrap_or_default();
                found.answer = answer.get(..memrchr(b'"', answer).unwrap_or(answer.len()));
                break;
            }
            _ => {}
        }
    }
    found
}

/// Reads `NAME [IP]`, or `[IP]` alone.
pub fn host_in(text: &[u8]) -> Option<Host<'_>> {
    let stop = find(*b"[ ", text)?;
    let (name, rest) = text.split_at_checked(stop)?;
    match rest.strip_prefix(b" ").unwrap_or(rest) {
        [b'[', ip @ ..] => Some(Host { name: Some(name).filter(|name| !name.is_empty()), ip: ip.get(..find([b']'], ip)?) }),
        // Several words are no name.
        rest => Some(Host { name: None, ip: host_in(rest.get(find([b'['], rest)?..)?)?.ip }),
    }
}
