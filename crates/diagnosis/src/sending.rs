//! From which addresses the mail was sent, with the basis of each: never guessed in silence.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bstr::ByteSlice;
use providers::Confidence;
use smtp::{Reply, address, is_public};

use crate::Event;

/// How a sending address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SendingBasis {
    /// The user said so.
    Given,
    /// A field of the log holds it.
    Field,
    /// The provider's own reply names it.
    ProviderReply,
    /// The name of the sending instance carries it: `postfix-203.0.113.25`.
    InstanceName,
}

impl SendingBasis {
    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            SendingBasis::Given => "given",
            SendingBasis::Field => "field",
            SendingBasis::ProviderReply => "provider_reply",
            SendingBasis::InstanceName => "instance_name",
        }
    }

    /// How sure it is.
    pub fn confidence(self) -> Confidence {
        match self {
            SendingBasis::Given | SendingBasis::Field | SendingBasis::ProviderReply => Confidence::High,
            SendingBasis::InstanceName => Confidence::Medium,
        }
    }
}

/// An address that mail was sent from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendingIp {
    /// The address.
    pub ip: IpAddr,
    /// The best basis for it.
    pub basis: SendingBasis,
    /// How many attempts show it.
    pub attempts: u64,
}

/// The address that a field, a reply or an instance names. What is not public, or is the remote's own, is not it.
pub(crate) fn named(field: Option<&[u8]>, reply: Option<&[u8]>, instance: &[u8], remote: Option<IpAddr>) -> Option<(IpAddr, SendingBasis)> {
    let own = |ip: &IpAddr| is_public(*ip) && Some(*ip) != remote;
    let told = reply.and_then(|raw| Reply::parse(raw).ip()).filter(own);
    let held = field.and_then(address).filter(own).map(|ip| (ip, SendingBasis::Field));
    held.or(told.map(|ip| (ip, SendingBasis::ProviderReply))).or_else(|| Some((in_instance(instance).filter(own)?, SendingBasis::InstanceName)))
}

fn in_instance(instance: &[u8]) -> Option<IpAddr> {
    let at = instance.find_byteset(b"0123456789")?;
    instance.get(at..).filter(|rest| rest.contains(&b'.') || rest.contains(&b':')).and_then(address)
}

/// Every sending address of the attempts, the most frequent first.
pub(crate) fn addresses(events: impl Iterator<Item = Event>) -> Vec<SendingIp> {
    let mut found: BTreeMap<IpAddr, (SendingBasis, u64)> = BTreeMap::new();
    for event in events {
        if let Some((ip, basis)) = event.sending {
            let entry = found.entry(ip).or_insert((basis, 0));
            *entry = (entry.0.min(basis), entry.1 + u64::from(event.times));
        }
    }
    let mut list: Vec<SendingIp> = found.into_iter().map(|(ip, (basis, attempts))| SendingIp { ip, basis, attempts }).collect();
    list.sort_by_key(|found| (std::cmp::Reverse(found.attempts), found.ip));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_come_before_instances_and_private_addresses_never() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let reply: &[u8] = b"550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected.";
        assert_eq!(named(None, Some(reply), b"postfix-198.51.100.7", None), Some((ip("203.0.113.25"), SendingBasis::ProviderReply)));
        assert_eq!(named(None, Some(b"550 no"), b"postfix-198.51.100.7", None), Some((ip("198.51.100.7"), SendingBasis::InstanceName)));
        assert_eq!(named(None, Some(b"550 mail from 10.0.0.1 no"), b"postfix-out2", None), None);
        assert_eq!(named(None, Some(reply), b"postfix", Some(ip("203.0.113.25"))), None);
        assert_eq!(named(Some(b"198.51.100.9"), Some(reply), b"exim", None), Some((ip("198.51.100.9"), SendingBasis::Field)));
        assert_eq!(named(Some(b"10.0.0.9"), Some(reply), b"exim", None), Some((ip("203.0.113.25"), SendingBasis::ProviderReply)));
    }
}
