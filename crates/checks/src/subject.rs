//! What is to be checked: a sender as the evidence, the user, or both show it.

use std::net::IpAddr;

use crate::lists::List;
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
    /// Addresses that the user confirmed as own and static: only these may be added to a record.
    pub own: Vec<IpAddr>,
    /// Blocklists that the user wants asked.
    pub lists: Vec<List>,
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
    /// How the server treated the provider, for each address and stream.
    pub habits: Vec<Habit>,
    /// The recipient with most attempts, how many, and all attempts.
    pub top_recipient: Option<(String, u64, u64)>,
    /// Messages that were refused and had been forwarded, and all that were refused.
    pub forwarded: (u64, u64),
    /// Who stood out before the first refusal: the abuse check.
    pub suspect: Option<String>,
    /// Whether the log shows a refusal before which something could have stood out.
    pub has_refusal: bool,
}

/// What left from one address in one stream: figures of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// The address, where it is known.
    pub ip: Option<IpAddr>,
    /// The stream: `person`, `script`, `list`, `forwarded`, `null_sender` or `mail`.
    pub stream: &'static str,
    /// Messages.
    pub messages: u64,
    /// Messages to recipients that do not exist.
    pub unknown: u64,
    /// Recipients that do not exist and were written to again.
    pub dead_again: u64,
    /// Messages that were sent again although they had been refused for good.
    pub after_refusal: u64,
    /// Attempts that were put off.
    pub deferred: u64,
    /// Of these, those that were tried again within a minute.
    pub hasty: u64,
    /// Messages of the fullest day.
    pub fullest_day: u64,
    /// Messages of a usual day.
    pub usual_day: u64,
    /// Days with mail.
    pub days: u64,
    /// The first day, counted from the first one of the log.
    pub begins: i64,
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
