//! What a family reads out of one record.

use smtp::{Code, Disposition, Outcome, Stage};

use crate::Class;

/// One try to hand one message, for one recipient where known, to a remote host; borrowed from its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// The sending server's own id of the message.
    pub id: &'a [u8],
    /// The recipient, without angle brackets; a refusal by a host that was not the last to be tried names none.
    pub recipient: Option<&'a [u8]>,
    /// The address that the recipient stood for before the sending server rewrote it, where the source says so.
    pub original: Option<&'a [u8]>,
    /// The remote host's name.
    pub remote_host: Option<&'a [u8]>,
    /// The remote host's address as written: most attempts are only counted, and need no number made of it.
    pub remote_ip: Option<&'a [u8]>,
    /// The address that the mail was sent from as written, where the source has a field for it.
    pub local_ip: Option<&'a [u8]>,
    /// What the remote was answering.
    pub stage: Stage,
    /// What the sending server did then.
    pub disposition: Disposition,
    /// The remote's reply, verbatim.
    pub reply: Option<&'a [u8]>,
    /// The sending server's own words where there is no reply: a time-out, a lost connection, no route.
    pub note: Option<&'a [u8]>,
    /// How the connection was protected, where the record says so.
    pub channel: Channel<'a>,
}

/// How a connection was protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel<'a> {
    /// The record does not say.
    #[default]
    Unsaid,
    /// In no way.
    Plain,
    /// By TLS, of this version as the source writes it: `TLSv1.3`, `TLS1.2`.
    Tls(&'a [u8]),
}

impl Attempt<'_> {
    /// What the reply amounts to; no reply is a deferral.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.reply.and_then(|raw| Code::split(raw.trim_ascii_start())).map(|(code, _)| code))
    }
}

/// How a message came to the sending server, where its log says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin<T> {
    /// Somebody logged in under this name and handed it over.
    Login(T),
    /// A program on the server itself handed it over, under this user.
    Script(T),
}

impl<T> Origin<T> {
    /// The same with another name.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Origin<U> {
        match self {
            Origin::Login(name) => Origin::Login(change(name)),
            Origin::Script(name) => Origin::Script(change(name)),
        }
    }

    /// The name.
    pub fn name(self) -> T {
        match self {
            Origin::Login(name) | Origin::Script(name) => name,
        }
    }
}

/// What a line says of a message beside attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It entered the queue under its id: whatever the id meant before has ended.
    Born,
    /// The same; somebody handed it over who had logged in under the name in the text.
    Login,
    /// The same; a program on the server itself handed it over, under the user in the text.
    Script,
    /// It arrived, and the text says all of it; [`crate::family::exim::Arrival`] takes it apart when somebody asks.
    Arrived,
    /// Its envelope sender is the text, without angle brackets, empty for a bounce.
    Sender,
    /// Its Message-ID is the text, with its angle brackets where the source has them.
    MessageId,
    /// It left the queue, so that its id may be used again.
    Ended,
}

/// Something that is no attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact<'a> {
    /// Something about a message.
    Message {
        /// The message's id.
        id: &'a [u8],
        /// What is said.
        what: What,
        /// The text that belongs to it, or nothing.
        text: &'a [u8],
    },
    /// A connection of which no message is named was protected, or TLS failed on it.
    Connection {
        /// The remote host's name.
        host: Option<&'a [u8]>,
        /// The remote host's address as written.
        ip: Option<&'a [u8]>,
        /// The version of TLS; nothing where it failed.
        version: Option<&'a [u8]>,
    },
    /// A message was signed.
    Signed {
        /// The selector (`s=`).
        selector: &'a [u8],
        /// The domain (`d=`).
        domain: &'a [u8],
    },
    /// A fact that joins nothing: a connection that failed before a message was named, a suspended delivery.
    Aside,
}

/// What one record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// A try to hand over a message.
    Attempt(Attempt<'a>),
    /// Something about a message that is no attempt.
    Fact(Fact<'a>),
    /// The record is of the family and says nothing about mail that leaves.
    Idle,
    /// The record is of no family that is read.
    Foreign,
    /// The record should have held an attempt; the reason why it could not be read.
    NotUnderstood(&'static str),
}

impl Reading<'_> {
    /// The class under which the record is counted.
    pub fn class(&self) -> Class {
        match self {
            Reading::Attempt(_) => Class::Bears,
            Reading::Fact(_) => Class::Fact,
            Reading::Idle => Class::Idle,
            Reading::Foreign => Class::Foreign,
            Reading::NotUnderstood(_) => Class::NotUnderstood,
        }
    }
}
