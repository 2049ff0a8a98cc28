//! What a reading is for: whose attempts are kept, while all are counted.

use evidence::family::exim::Arrival;
use evidence::{Fact, Stamp, What};
use foldhash::fast::RandomState;
use hashbrown::HashSet;
use providers::ProviderId;
use smtp::strip_angles;

/// Whose attempts are kept; the others are counted only.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'w> {
    /// One provider's.
    One(ProviderId),
    /// Everybody's.
    All,
    /// Everybody's but one's, in these quarters of an hour as written: what the control group did.
    Others(ProviderId, &'w HashSet<Stamp, RandomState>),
    /// Everybody's, and the ids are told under which the message of this Message-ID lay in queues.
    Message(&'w [u8]),
    /// Nobody's; the lines are kept that should have held an attempt.
    NotUnderstood,
}

impl Wanted<'_> {
    pub(crate) fn holds(self, provider: Option<ProviderId>, quarter: Option<Stamp>) -> bool {
        match self {
            Wanted::One(wanted) => provider == Some(wanted),
            Wanted::All | Wanted::Message(_) => true,
            Wanted::Others(but, quarters) => provider != Some(but) && quarter.is_some_and(|quarter| quarters.contains(&quarter)),
            Wanted::NotUnderstood => false,
        }
    }

    /// The one provider whose attempts are kept.
    pub(crate) fn provider(self) -> Option<ProviderId> {
        if let Wanted::One(provider) = self { Some(provider) } else { None }
    }

    /// The queue id that a fact gives to the message that is asked for by its Message-ID.
    pub(crate) fn queue_id<'a>(self, fact: &Fact<'a>) -> Option<&'a [u8]> {
        let Wanted::Message(name) = self else { return None };
        let Fact::Message { id, what, text } = fact else { return None };
        let message_id = match what {
            What::MessageId => text,
            What::Arrived => Arrival::read(text).message_id?,
            _ => return None,
        };
        (strip_angles(message_id) == name).then_some(*id)
    }
}
