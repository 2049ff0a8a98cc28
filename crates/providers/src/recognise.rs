//! Who answered: remote host name, remote address, reply text, recipient's domain, in that order.

use aho_corasick::packed::Searcher;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};
use smtp::bytes::same;
use smtp::{address, domain_of, is_under};

use crate::model::Recognise;
use crate::{Knowledge, MatchedBy, Provider, ProviderId};

/// The most names that are remembered before the memory is emptied.
const MOST_NAMES: usize = 20_000;

/// How many of the names that were asked for last are at hand.
const AT_HAND: usize = 256;

/// What names were found to be.
#[derive(Default)]
struct Memory {
    names: HashMap<Box<[u8]>, Option<ProviderId>, RandomState>,
    /// Names that were asked for last, by a few of their bytes: most mail goes to few hosts.
    at_hand: Vec<(Box<[u8]>, Option<ProviderId>)>,
}

impl Memory {
    #[inline]
    fn get(&mut self, name: &[u8]) -> Option<Option<ProviderId>> {
        match self.at_hand.get(place(name)) {
            Some((known, found)) if same(known, name) => Some(*found),
            _ => self.look_up(name),
        }
    }

    fn look_up(&mut self, name: &[u8]) -> Option<Option<ProviderId>> {
        let (name, found) = self.names.get_key_value(name).map(|(name, found)| (name.clone(), *found))?;
        self.at_hand.resize_with(AT_HAND, Default::default);
        if let Some(at_hand) = self.at_hand.get_mut(place(&name)) {
            *at_hand = (name, found);
        }
        Some(found)
    }

    fn keep(&mut self, name: &[u8], found: Option<ProviderId>) -> Option<ProviderId> {
        if self.names.len() >= MOST_NAMES {
            self.names.clear();
        }
        self.names.insert(name.into(), found);
        found
    }
}

/// Where a name is at hand; names are told apart by how they begin and end.
#[inline]
fn place(name: &[u8]) -> usize {
    let ends = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(20) ^ u64::from_le_bytes(*last),
        _ => name.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    (ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
}

/// Recognises receivers, and remembers the names it has seen. One for each thread.
pub struct Recogniser<'k> {
    knowledge: &'k Knowledge,
    host_patterns: Vec<(ProviderId, Regex)>,
    texts: Vec<(ProviderId, Finder<'k>)>,
    /// All texts at once: most replies hold none.
    any_text: Option<Searcher>,
    hosts: Memory,
    addresses: Memory,
    first_octets: FirstOctets,
    domains: Memory,
}

/// The first octets of all networks that are known: most addresses are told apart by their first number alone.
struct FirstOctets([bool; 256]);

impl FirstOctets {
    fn of(knowledge: &Knowledge) -> FirstOctets {
        let networks = || knowledge.providers().flat_map(|(_, provider)| &provider.recognise.addresses);
        let begins = |octet: u8| networks().any(|network| network.may_begin_with(octet));
        FirstOctets(std::array::from_fn(|octet| begins(octet as u8)))
    }

    /// Whether an address as written may lie in a known network; what is no IPv4 address may.
    #[inline]
    fn may_hold(&self, ip: &[u8]) -> bool {
        let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0').min(10));
        let octet = match *ip {
            [a, b'.', ..] => digit(a),
            [a, b, b'.', ..] => digit(a) * 10 + digit(b),
            [a, b, c, b'.', ..] => digit(a) * 100 + digit(b) * 10 + digit(c),
            _ => return true,
        };
        self.0.get(octet).is_some_and(|known| *known)
    }
}

impl<'k> Recogniser<'k> {
    /// A recogniser that has seen nothing yet.
    pub fn new(knowledge: &'k Knowledge) -> Recogniser<'k> {
        let compile = |source: &String| RegexBuilder::new(&format!("^(?:{source})$")).case_insensitive(true).build().ok();
        let host_patterns = knowledge
            .providers()
            .flat_map(|(id, provider)| provider.recognise.host_patterns.iter().filter_map(move |source| Some((id, compile(source)?))))
            .collect();
        let finders = |(id, provider): (ProviderId, &'k Provider)| provider.recognise.texts.iter().map(move |text| (id, Finder::new(text)));
        let texts: Vec<(ProviderId, Finder<'k>)> = knowledge.providers().flat_map(finders).collect();
        Recogniser {
            knowledge,
            host_patterns,
            any_text: Searcher::new(texts.iter().map(|(_, words)| words.needle())),
            texts,
            hosts: Memory::default(),
            addresses: Memory::default(),
            first_octets: FirstOctets::of(knowledge),
            domains: Memory::default(),
        }
    }

    /// Who received, and by which evidence that is known; the address is taken as it was written.
    pub fn recognise(&mut self, host: Option<&[u8]>, ip: Option<&[u8]>, text: Option<&[u8]>, recipient: Option<&[u8]>) -> Option<(ProviderId, MatchedBy)> {
        if let Some(id) = host.and_then(|host| self.by_host(host)) {
            return Some((id, MatchedBy::RemoteHost));
        }
        if let Some(id) = ip.and_then(|ip| self.by_address(ip)) {
            return Some((id, MatchedBy::RemoteIp));
        }
        if let Some(id) = text.and_then(|text| self.by_text(text)) {
            return Some((id, MatchedBy::ReplyText));
        }
        let domain = recipient.and_then(domain_of)?;
        self.by_domain(domain).map(|id| (id, MatchedBy::RecipientDomain))
    }

    fn by_host(&mut self, host: &[u8]) -> Option<ProviderId> {
        if let Some(known) = self.hosts.get(host) {
            return known;
        }
        let listed = find(self.knowledge, |provider| provider.hosts.iter().any(|name| is_under(host, name.as_bytes())));
        let found = listed.or_else(|| self.host_patterns.iter().find(|(_, regex)| regex.is_match(host)).map(|(id, _)| *id));
        self.hosts.keep(host, found)
    }

    fn by_domain(&mut self, domain: &[u8]) -> Option<ProviderId> {
        if let Some(known) = self.domains.get(domain) {
            return known;
        }
        let is_its = |name: &String| name.as_bytes().eq_ignore_ascii_case(domain);
        let found = find(self.knowledge, |provider| provider.domains.iter().any(is_its));
        self.domains.keep(domain, found)
    }

    fn by_address(&mut self, ip: &[u8]) -> Option<ProviderId> {
        if !self.first_octets.may_hold(ip) {
            return None;
        }
        if let Some(known) = self.addresses.get(ip) {
            return known;
        }
        let found = address(ip).and_then(|ip| find(self.knowledge, |provider| provider.addresses.iter().any(|network| network.holds(ip))));
        self.addresses.keep(ip, found)
    }

    fn by_text(&self, text: &[u8]) -> Option<ProviderId> {
        if self.any_text.as_ref().is_some_and(|any| any.find(text).is_none()) {
            return None;
        }
        self.texts.iter().find(|(_, words)| words.find(text).is_some()).map(|(id, _)| *id)
    }
}

fn find(knowledge: &Knowledge, is_it: impl Fn(&Recognise) -> bool) -> Option<ProviderId> {
    knowledge.providers().find(|(_, provider)| is_it(&provider.recognise)).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_asked_in_order() {
        let knowledge = Knowledge::built_in().unwrap();
        let mut recogniser = Recogniser::new(&knowledge);
        let mut who = |host: &str, ip: &str, text: &str, recipient: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.as_bytes().to_vec());
            let (host, text, recipient) = (some(host), some(text), some(recipient));
            let found = recogniser.recognise(host.as_deref(), Some(ip.as_bytes()), text.as_deref(), recipient.as_deref());
            found.map(|(id, by)| (knowledge.provider(id).unwrap().id.clone(), by.word()))
        };
        let icloud = |by| Some(("icloud".to_owned(), by));
        assert_eq!(who("MX01.mail.icloud.com.", "", "", "x@gmail.com"), icloud("remote_host"));
        assert_eq!(who("p00-iscream-smtp-7b95d6f6c9-64bmv", "", "", ""), icloud("remote_host"));
        assert_eq!(who("st11p00im-smtpin005.me.com", "", "", ""), icloud("remote_host"));
        assert_eq!(who("mx.example", "17.57.154.33", "", ""), icloud("remote_ip"));
        assert_eq!(who("relay.example", "192.0.2.1", "554 see https://support.apple.com/en-us/HT204137", ""), icloud("reply_text"));
        assert_eq!(who("relay.example", "192.0.2.1", "250 ok", "<anna@ME.com>"), icloud("recipient_domain"));
        for domain in ["acme.com", "readme.com", "pineapple.com", "icloud.com.evil.example", "mail.icloud.com.example.net"] {
            assert_eq!(who(&format!("mx.{domain}"), "192.0.2.1", "550 no", &format!("a@{domain}")), None, "{domain}");
            assert_eq!(who(domain, "192.0.2.1", "550 no", ""), None, "{domain}");
        }
        assert_eq!(who("mx-in-vib.apple.com", "17.132.108.22", "550 no", ""), Some(("apple_corporate".to_owned(), "remote_host")));
        assert_eq!(who("smtp.mail.me.com", "17.57.155.25", "550 no", "a@icloud.com"), Some(("icloud_submission".to_owned(), "remote_host")));
        assert_eq!(who("p10-asmtp3.me.com", "17.57.155.25", "550 no", ""), Some(("icloud_submission".to_owned(), "remote_host")));
        assert_eq!(who("gmail-smtp-in.l.google.com", "", "550 support.apple.com/", "a@icloud.com"), Some(("gmail".to_owned(), "remote_host")));
        assert_eq!(who("smtp1.privaterelay.appleid.com", "17.1.1.1", "", "x@icloud.com"), Some(("apple_private_relay".to_owned(), "remote_host")));
        assert_eq!(who("", "", "550 5.7.1 Mail from IP 192.0.2.1 was rejected due to listing in Spamhaus PBL", "a@alice.it"), None);
    }
}
