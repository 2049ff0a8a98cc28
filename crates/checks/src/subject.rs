//! What is to be checked: a sender as the evidence, the user, or both show it.

use std::net::IpAddr;

use crate::mail::Mail;

/// What is known of a sender: by the evidence, by the user, or by both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The domain that people see in From.
    pub domain: String,
    /// The addresses that mail is sent from.
    pub ips: Vec<IpAddr>,
    /// The names given in EHLO.
    pub helo: Vec<String>,
    /// Envelope senders: addresses or domains.
    pub mail_from: Vec<String>,
    /// DKIM selectors, each of the domain itself or as `selector:domain`.
    pub selectors: Vec<String>,
    /// A mail that was sent; nothing where none is at hand.
    pub mail: Option<Mail>,
    /// Whether it is mail to many: what the log shows, or what the user says; nothing where neither is known.
    pub bulk: Option<bool>,
    /// What the log shows of the mail to the provider; nothing where there is no log.
    pub seen: Option<Seen>,
    /// Services that many share, to which some of the addresses belong.
    pub services: Vec<Service>,
    /// Seconds since 1970, for signatures that expire.
    pub now: Option<u64>,
}

/// What a log shows of the mail that left for the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The addresses it left from, as far as they are known.
    pub ips: Vec<IpAddr>,
    /// The domains of its envelope senders.
    pub domains: Vec<String>,
    /// How its connections were protected.
    pub tls: Tls,
}

/// How connections to the provider were protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// Connections or deliveries under TLS 1.2 or newer.
    pub protected: u64,
    /// Those under an older version.
    pub old: u64,
    /// Deliveries in plain text.
    pub plain: u64,
    /// Connections on which TLS failed.
    pub failed: u64,
}

/// An outgoing service that many share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The address that belongs to it.
    pub ip: IpAddr,
    /// What it is called.
    pub name: String,
    /// What its customers put into their SPF records.
    pub include: String,
}
