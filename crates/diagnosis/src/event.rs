//! An attempt that is kept: compact, with its provenance, its texts in a [`crate::Texts`].

use std::net::IpAddr;

use evidence::{Origin, Stamp};
use providers::{MatchedBy, ProviderId, RuleId};
use smtp::{Code, Disposition, Enhanced, Outcome, Stage};

use crate::{MessageName, SendingBasis, TextId};

/// A message's number in the ledger: one use of an id on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageRef(pub u32);

/// A group's number in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// What makes two refusals of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// Who refused.
    pub provider: Option<ProviderId>,
    /// The rule that the reply matches.
    pub rule: Option<RuleId>,
    /// The reply's skeleton, where no rule matches.
    pub skeleton: Option<TextId>,
    /// The reply's code.
    pub code: Option<Code>,
    /// The reply's enhanced code.
    pub enhanced: Option<Enhanced>,
    /// The reply's marker.
    pub marker: Option<TextId>,
    /// Whether a host answered that is not known to be the provider's: a relay or a forwarder in between.
    pub by_other: bool,
}

/// The words of a reply. What a receiver says when it takes a message is nearly always the same but for an id at its end,
/// which is kept apart then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub(crate) begin: TextId,
    pub(crate) end: Option<TextId>,
}

impl Said {
    /// Words that are kept as one text.
    pub(crate) fn whole(text: TextId) -> Said {
        Said { begin: text, end: None }
    }
}

/// One kept attempt.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The source's number.
    pub source: u32,
    /// The line; the first is 1. In a part it counts from the part's first line.
    pub line: u64,
    /// Where the line begins, in bytes of the (decompressed) source.
    pub offset: u64,
    /// How often a repetition says that the line stood there.
    pub times: u32,
    /// When, as written.
    pub stamp: Option<Stamp>,
    /// How often the year had turned since the source's first stamp.
    pub turn: i32,
    /// The message.
    pub message: MessageRef,
    /// The sending server's id of the message.
    pub id: TextId,
    /// The envelope sender.
    pub sender: Option<TextId>,
    /// The Message-ID.
    pub message_id: Option<MessageName>,
    /// How the message came to the server.
    pub origin: Option<Origin<TextId>>,
    /// Whether the server passed it on: the recipient stands for an address at another domain.
    pub forwarded: bool,
    /// The recipient.
    pub recipient: Option<TextId>,
    /// The remote host's name.
    pub remote_host: Option<TextId>,
    /// The remote host's address.
    pub remote_ip: Option<IpAddr>,
    /// The address the mail was sent from, and how that is known.
    pub sending: Option<(IpAddr, SendingBasis)>,
    /// What the remote was answering.
    pub stage: Stage,
    /// What the reply amounts to.
    pub outcome: Outcome,
    /// What the sending server did then.
    pub disposition: Disposition,
    /// The remote's reply, verbatim.
    pub reply: Option<Said>,
    /// The sending server's words where there is no reply.
    pub note: Option<TextId>,
    /// Who received.
    pub provider: Option<(ProviderId, MatchedBy)>,
    /// The kind of refusal; nothing for what was delivered.
    pub group: Option<GroupId>,
    /// The whole line, where it is one of the samples that are kept.
    pub raw: Option<TextId>,
}

impl Event {
    /// The reply, if it is no acceptance: attempts that were answered with the same words share it.
    pub fn words(&self) -> Option<TextId> {
        self.reply.filter(|_| self.outcome != Outcome::Delivered).map(|said| said.begin)
    }
}
