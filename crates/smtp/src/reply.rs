//! One SMTP reply, kept verbatim, with the parts that a postmaster looks for.

use std::net::IpAddr;

use bstr::ByteSlice;

use crate::{Code, Enhanced, Outcome, address, normalise};

/// A reply as the source holds it: `554 5.7.1 [HM08] Message rejected due to local policy. …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    raw: &'a [u8],
    code: Option<Code>,
    enhanced: Option<Enhanced>,
    text: &'a [u8],
}

/// What stands before a reply in the logs and bounces of mail servers.
const BEFORE: [&[u8]; 3] = [b"said: ", b"refused to talk to me: ", b"SMTP error from remote mail server after "];

/// The reply without what a mail server writes around it: `host mx[192.0.2.1] said: 550 … (in reply to RCPT TO command)`.
fn bare(raw: &[u8]) -> &[u8] {
    let begin = if Code::split(raw).is_some() { None } else { BEFORE.iter().find_map(|words| after(raw, words)) };
    let inside = begin.unwrap_or(raw);
    let end = if inside.ends_with(b")") { inside.rfind(b" (in reply to ") } else { None };
    inside.get(..end.unwrap_or(inside.len())).unwrap_or(inside)
}

/// The reply behind some words: at once, or behind the stage that they name.
fn after<'a>(raw: &'a [u8], words: &[u8]) -> Option<&'a [u8]> {
    let rest = raw.get(raw.find(words)? + words.len()..)?;
    let is_reply = |text: &&[u8]| Code::split(text).is_some();
    Some(rest).filter(is_reply).or_else(|| rest.find_iter(b": ").filter_map(|at| rest.get(at + 2..)).find(is_reply))
}

impl<'a> Reply<'a> {
    /// Takes a reply apart; text without a code is a reply whose code is not known. What a mail server writes around it
    /// is no part of it.
    pub fn parse(raw: &'a [u8]) -> Reply<'a> {
        let raw = raw.trim_ascii();
        let bare = bare(raw);
        let (code, rest) = Code::split(bare).map_or((None, bare), |(code, rest)| (Some(code), rest));
        let rest = rest.strip_prefix(b"-").unwrap_or(rest).trim_ascii_start();
        let (enhanced, text) = Enhanced::split(rest).map_or((None, rest), |(code, text)| (Some(code), text));
        Reply { raw, code, enhanced, text: text.trim_ascii() }
    }

    /// The whole reply, unchanged.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The three-digit code.
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The enhanced status code.
    pub fn enhanced(&self) -> Option<Enhanced> {
        self.enhanced
    }

    /// What follows the codes, unchanged.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// What the reply amounts to.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.code)
    }

    /// The first marker in square brackets made of two to four capitals and one or two digits, as in `[HM08]`.
    pub fn marker(&self) -> Option<&'a [u8]> {
        bracketed(self.text).find(|word| is_marker(word))
    }

    /// The transaction id that follows `Txn ID` (seen at iCloud since 2026).
    pub fn txn(&self) -> Option<&'a [u8]> {
        let at = self.text.find(b"Txn ID")?;
        let rest = self.text.get(at + 6..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start();
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-').unwrap_or(rest.len());
        rest.get(..end).filter(|id| id.len() >= 8)
    }

    /// Every web address in the text, without the punctuation that ends the sentence around it.
    pub fn urls(&self) -> impl Iterator<Item = &'a [u8]> {
        let web = |word: &&[u8]| word.starts_with(b"http://") || word.starts_with(b"https://");
        words(self.text).filter(web).map(|word| word.trim_end_with(|end| ".,;:)>'\"".contains(end)))
    }

    /// The first IP address written in the text, also as the parameter of a web address.
    pub fn ip(&self) -> Option<IpAddr> {
        let between = |byte: &u8| !(byte.is_ascii_hexdigit() || *byte == b'.' || *byte == b':');
        let longest = |word: &&[u8]| (7..=45).contains(&word.len()) && (word.contains(&b'.') || word.contains(&b':'));
        self.text.split(between).filter(longest).find_map(|word| address(word.trim_end_with(|end| ".:".contains(end))))
    }

    /// The reply inside a wrapped one: `503 5.5.1 Error: need MAIL command - MAIL FROM error: 451 4.7.1 …`.
    pub fn inner(&self) -> Option<Reply<'a>> {
        // What follows may stand on a line of its own.
        let tag = b"error:";
        let starts = self.text.find_iter(tag).map(|at| at + tag.len());
        starts.filter_map(|start| self.text.get(start..)).map(|text| Reply::parse(without_line_prefix(text))).find(|reply| reply.code.is_some())
    }

    /// The text with line prefixes, runs of white space and the transaction id taken out, for comparing and never for
    /// quoting.
    pub fn normalised(&self) -> String {
        let own = self.txn().and_then(|_| self.text.find(b"Txn ID")).and_then(|at| self.text.get(..at));
        normalise(own.map_or(self.text, |own| own.trim_ascii_end().trim_end_with(|end| end == '.')))
    }
}

/// The text behind `503-5.5.1 `, where a reply of its own follows: the prefix belongs to the reply around it.
fn without_line_prefix(text: &[u8]) -> &[u8] {
    let inner = || {
        let (_, rest) = Code::split(text.trim_ascii_start())?;
        let rest = rest.strip_prefix(b"-")?;
        let rest = Enhanced::split(rest).map_or(rest, |(_, rest)| rest).trim_ascii_start();
        Code::split(rest).map(|_| rest)
    };
    inner().unwrap_or(text)
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let cut = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'"' | b'(');
    text.split(cut).filter(|word| !word.is_empty())
}

fn bracketed(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.find_iter(b"[").filter_map(move |open| {
        let rest = text.get(open + 1..)?;
        rest.get(..rest.find_byte(b']')?)
    })
}

fn is_marker(word: &[u8]) -> bool {
    let letters = word.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let digits = word.len() - letters;
    (2..=4).contains(&letters) && (1..=2).contains(&digits) && word.iter().skip(letters).all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_of_apple_is_taken_apart() {
        let reply = Reply::parse(b"554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137. Txn ID 4fbc0af0-417e-4180-91d8-66754d53a162");
        assert_eq!(reply.code().map(Code::number), Some(554));
        assert_eq!(reply.enhanced().map(|code| code.to_string()).as_deref(), Some("5.7.1"));
        assert_eq!(reply.marker(), Some(&b"HM08"[..]));
        assert_eq!(reply.txn(), Some(&b"4fbc0af0-417e-4180-91d8-66754d53a162"[..]));
        assert_eq!(reply.urls().collect::<Vec<_>>(), [&b"https://support.apple.com/en-us/HT204137"[..]]);
        assert_eq!(reply.ip(), None);
    }

    #[test]
    fn the_address_is_found_in_sentence_and_parameter() {
        let ip = |text: &str| Reply::parse(text.as_bytes()).ip().map(|ip| ip.to_string());
        assert_eq!(ip("550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected.").as_deref(), Some("203.0.113.25"));
        assert_eq!(ip("550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=198.51.100.7: x").as_deref(), Some("198.51.100.7"));
        assert_eq!(ip("550 Mail from IP 2001:db8::25 was rejected").as_deref(), Some("2001:db8::25"));
        assert_eq!(ip("550 5.7.1 at 09:14:07 version 4.16.55.1.2"), None);
    }

    #[test]
    fn a_wrapped_reply_shows_its_inner_one() {
        let reply = Reply::parse(b"503 5.5.1 Error: need MAIL command - MAIL FROM error: 451 4.7.1 Service unavailable - try again later");
        let inner = reply.inner().unwrap();
        assert_eq!((inner.code().map(Code::number), inner.text()), (Some(451), &b"Service unavailable - try again later"[..]));
        assert_eq!(Reply::parse(b"503 5.5.1 Error: need MAIL command").inner(), None);
    }

    #[test]
    fn text_without_a_code_stays_text() {
        let reply = Reply::parse(b"lost connection");
        assert_eq!((reply.code(), reply.text(), reply.outcome()), (None, &b"lost connection"[..], Outcome::Deferred));
    }
}
