//! What the remote answered, and what the sending server made of it. The two are never the same thing.

use crate::Code;

/// What the remote server's reply amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A 2xx reply: the remote took the message.
    Delivered,
    /// A 4xx reply, or none at all.
    Deferred,
    /// A 5xx reply, also where the sending server goes on trying.
    Rejected,
}

impl Outcome {
    /// The outcome that a reply's code stands for; no reply is a deferral.
    pub fn of(code: Option<Code>) -> Outcome {
        match code {
            Some(code) if code.is_positive() => Outcome::Delivered,
            Some(code) if code.is_permanent() => Outcome::Rejected,
            _ => Outcome::Deferred,
        }
    }

    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Delivered => "delivered",
            Outcome::Deferred => "deferred",
            Outcome::Rejected => "rejected",
        }
    }
}

/// What the sending server did with the message after the attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Handed over.
    Sent,
    /// Kept for another try.
    Deferred,
    /// Returned to the sender.
    Bounced,
    /// Given up after the queue's lifetime.
    Expired,
    /// The source does not say.
    #[default]
    Unknown,
}

impl Disposition {
    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Disposition::Sent => "sent",
            Disposition::Deferred => "deferred",
            Disposition::Bounced => "bounced",
            Disposition::Expired => "expired",
            Disposition::Unknown => "unknown",
        }
    }
}
