//! The shapes of the rule files.

use std::net::IpAddr;

use serde::Deserialize;
use smtp::{Code, Stage};

use crate::pattern::Pattern;

/// A provider's place in [`crate::Knowledge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderId(pub u8);

/// A rule's place in [`crate::Knowledge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

/// Where a fact comes from, and when it was seen there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A document, a thread or a log.
    pub what: String,
    /// `YYYY-MM-DD`.
    pub date: String,
}

/// Who can lift a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The receiver itself.
    Provider,
    /// The owner of a list that the receiver applies.
    ListOwner,
    /// The sender, by mending something of its own.
    Sender,
    /// The recipient or its administrator.
    Recipient,
    /// The operator of a server in between.
    Relay,
    /// Apple's developer programme.
    DeveloperProgramme,
    /// Nobody: the receiver has an outage.
    Outage,
    /// Nobody: it passes.
    Wait,
}

impl Door {
    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Door::Provider => "provider",
            Door::ListOwner => "list_owner",
            Door::Sender => "sender",
            Door::Recipient => "recipient",
            Door::Relay => "relay",
            Door::DeveloperProgramme => "developer_programme",
            Door::Outage => "outage",
            Door::Wait => "wait",
        }
    }
}

/// How sure a meaning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess from the context.
    Low,
    /// One primary sample, or rule sets only.
    Medium,
    /// The words say it, or several primary samples agree.
    High,
}

impl Confidence {
    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// How strong a rule's evidence is; the strongest rule that matches wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The code alone.
    Code,
    /// The code and the stage.
    CodeAndStage,
    /// A phrase.
    Phrase,
    /// The form of a marker that is not known.
    AnyMarker,
    /// A marker that is known.
    Marker,
}

/// Which evidence told who answered (in the order in which it is asked).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    /// The remote host's name.
    RemoteHost,
    /// The remote host's address.
    RemoteIp,
    /// Words of the reply.
    ReplyText,
    /// The recipient's domain.
    RecipientDomain,
}

impl MatchedBy {
    /// The word used in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            MatchedBy::RemoteHost => "remote_host",
            MatchedBy::RemoteIp => "remote_ip",
            MatchedBy::ReplyText => "reply_text",
            MatchedBy::RecipientDomain => "recipient_domain",
        }
    }
}

/// A receiver.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The word used in JSON and on the command line.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The company behind it.
    pub operator: String,
    /// Where to write: an address or a form.
    pub contact: String,
    /// What a request must hold.
    pub asks_for: Vec<String>,
    /// What is asked for in vain.
    pub does_not_offer: Vec<String>,
    /// Where this comes from.
    pub sources: Vec<Source>,
    pub(crate) recognise: Recognise,
}

/// The owner of a list that receivers apply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOwner {
    /// The word that rules use.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Where to look an address up and ask for removal.
    pub contact: String,
    /// Where this comes from.
    pub sources: Vec<Source>,
}

/// What one kind of reply means.
#[derive(Debug)]
pub struct Rule {
    /// Its name, unique among all files.
    pub id: String,
    /// Whose reply it is.
    pub provider: ProviderId,
    /// The codes it may come with; none means any.
    pub codes: Vec<Code>,
    /// The stage at which it is usually seen.
    pub stage: Option<Stage>,
    /// The kind of refusal, as in `policy_block`.
    pub kind: String,
    /// Who can lift it.
    pub door: Door,
    /// The list's owner, where the door is one.
    pub who: Option<String>,
    /// Whether to write: `yes`, `after_fix` or `no`.
    pub escalate: String,
    /// What it means.
    pub meaning: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// What the sender should do, in order.
    pub advice: Vec<String>,
    /// Where this comes from.
    pub sources: Vec<Source>,
    /// Replies that must match.
    pub samples: Vec<String>,
    /// Replies that must not.
    pub near_misses: Vec<String>,
    pub(crate) pattern: Option<Pattern>,
}

impl Rule {
    /// How strong the rule's evidence is.
    pub fn rank(&self) -> Rank {
        match (&self.pattern, self.stage) {
            (Some(pattern), _) => pattern.rank(),
            (None, Some(_)) => Rank::CodeAndStage,
            (None, None) => Rank::Code,
        }
    }
}

/// How a provider is recognised.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Recognise {
    pub hosts: Vec<String>,
    pub host_patterns: Vec<String>,
    pub addresses: Vec<Network>,
    pub texts: Vec<String>,
    pub domains: Vec<String>,
}

/// A network in CIDR notation (RFC 4632).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Network {
    base: u128,
    mask: u128,
    v4: bool,
}

impl Network {
    pub fn holds(&self, address: IpAddr) -> bool {
        let (bits, v4) = bits(address);
        v4 == self.v4 && bits & self.mask == self.base
    }
}

impl Network {
    /// Whether an IPv4 address that begins with an octet may lie in it.
    pub fn may_begin_with(&self, octet: u8) -> bool {
        let octet = u128::from(octet) << 24;
        let mask = self.mask & 0xff00_0000;
        self.v4 && octet & mask == self.base & mask
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Network, String> {
        let wrong = || format!("`{text}` is no network; write it as 192.0.2.0/24");
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let (bits, v4) = bits(address.parse().map_err(|_| wrong())?);
        let width = if v4 { 32 } else { 128 };
        let length: u32 = length.parse().ok().filter(|length| *length <= width).ok_or_else(wrong)?;
        let full = if v4 { u128::from(u32::MAX) } else { u128::MAX };
        let mask = full.checked_shl(width - length).unwrap_or(0) & full;
        Ok(Network { base: bits & mask, mask, v4 })
    }
}

fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(u32::from(address)), true),
        IpAddr::V6(address) => (u128::from(address), false),
    }
}

/// A provider's file as it stands on disk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderFile {
    pub id: String,
    pub name: String,
    pub operator: String,
    pub contact: String,
    #[serde(default)]
    pub asks_for: Vec<String>,
    #[serde(default)]
    pub does_not_offer: Vec<String>,
    pub sources: Vec<Source>,
    #[serde(default)]
    pub recognise: Recognise,
    #[serde(default)]
    pub rule: Vec<RuleFile>,
}

/// A rule as it stands on disk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub id: String,
    pub pattern: Option<String>,
    pub regex: Option<String>,
    #[serde(default)]
    pub anchored: bool,
    #[serde(default)]
    pub codes: Vec<u16>,
    pub stage: Option<String>,
    pub kind: String,
    pub door: Door,
    pub who: Option<String>,
    pub escalate: String,
    pub meaning: String,
    pub confidence: Confidence,
    pub advice: Vec<String>,
    pub sources: Vec<Source>,
    pub samples: Vec<String>,
    #[serde(default)]
    pub near_misses: Vec<String>,
}
