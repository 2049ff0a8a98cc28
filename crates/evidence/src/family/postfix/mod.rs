//! Postfix (also Plesk, mailcow, Zimbra, Proxmox Mail Gateway, iRedMail, docker-mailserver, Virtualmin, Synology).
//!
//! The shapes follow `src/global/log_adhoc.c`, `src/smtp/smtp_trouble.c` and `src/qmgr/` of Postfix 3.7 to 3.11.
//! The family knows nothing of providers, and nothing of other records of the same message.

mod delivery;
mod queue;
pub(crate) mod reason;

use smtp::bytes::{alphanumeric, rfind};

use super::Family;
use crate::{Fact, Reading};

/// What `reprieve formats` says of this family.
pub const FAMILY: Family = Family {
    name: "postfix",
    products: "Postfix, Plesk, mailcow, docker-mailserver, Zimbra, iRedMail, Proxmox Mail Gateway, Virtualmin, Synology MailPlus",
    recognised_by: "the program tag of each line: an instance and one of Postfix's daemons, as in postfix/smtp[811]",
    holds: &["time", "message", "sender", "recipient", "remote_host", "remote_ip", "stage", "reply"],
    lacks: &["sending_ip"],
};

/// A daemon, as far as it matters which one wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daemon {
    /// `smtp`, which hands over.
    Client,
    /// `smtpd`, which takes in.
    Server,
    /// `cleanup`, which knows Message-IDs.
    Cleanup,
    /// `qmgr`, which knows senders and ends.
    Manager,
    /// `pickup`, which takes in what programs of the machine send.
    Pickup,
    /// `error` and `retry`, which repeat old replies.
    Retry,
    /// Another daemon of Postfix.
    Other,
    /// Not said: rsyslog cuts the program's name at its slash when it writes RFC 5424.
    Unsaid,
    /// `opendkim`, which signs for Postfix.
    Signer,
    /// None of Postfix's.
    Foreign,
}

impl Daemon {
    /// The daemon of a program's name.
    pub fn of(program: &[u8]) -> Daemon {
        match program {
            b"postfix" => Daemon::Unsaid,
            b"opendkim" => Daemon::Signer,
            _ => daemon(program).unwrap_or(Daemon::Foreign),
        }
    }
}

/// Reads what a daemon wrote.
#[inline]
pub fn read(daemon: Daemon, message: &[u8]) -> Reading<'_> {
    match daemon {
        Daemon::Client => delivery::read(message),
        Daemon::Server => queue::daemon(message),
        Daemon::Cleanup => queue::cleanup(message),
        Daemon::Manager => queue::manager(message),
        Daemon::Pickup => queue::pickup(message),
        Daemon::Retry => queue::suspended(message),
        Daemon::Other => Reading::Idle,
        Daemon::Unsaid => of_some_daemon(message),
        Daemon::Signer => signed(message).map_or(Reading::Foreign, Reading::Fact),
        Daemon::Foreign => Reading::Foreign,
    }
}

/// Where only `postfix` is left of the program's name, the shape of the line has to tell. What names no address of a remote
/// host was then delivered on this machine.
fn of_some_daemon(message: &[u8]) -> Reading<'_> {
    let Some((_, rest)) = split_id(message) else { return Reading::Idle };
    match () {
        () if rest.starts_with(b"client=") => queue::daemon(message),
        () if rest.starts_with(b"uid=") => queue::pickup(message),
        () if rest.starts_with(b"message-id=") => queue::cleanup(message),
        () if rest.starts_with(b"from=") || rest == b"removed" => queue::manager(message),
        () => match delivery::read(message) {
            Reading::Attempt(attempt) if attempt.reply.is_some() && attempt.remote_ip.and_then(smtp::address).is_none() => Reading::Fact(Fact::Aside),
            reading => reading,
        },
    }
}

/// `4D2F09CE4FB: DKIM-Signature field added (s=s2026, d=northwind.example)`: OpenDKIM signs for Postfix.
fn signed(message: &[u8]) -> Option<Fact<'_>> {
    let (_, rest) = split_id(message)?;
    let rest = rest.strip_prefix(b"DKIM-Signature field added (s=").or_else(|| rest.strip_prefix(b"DKIM-Signature header added (s="))?;
    let (selector, rest) = rest.split_at_checked(memchr::memchr(b',', rest)?)?;
    let domain = rest.strip_prefix(b", d=")?.strip_suffix(b")")?;
    Some(Fact::Signed { selector, domain })
}

/// Whether a program's name ends in one of a daemon.
pub(crate) fn is_daemon(program: &[u8]) -> bool {
    daemon(program).is_some()
}

/// The daemon in `postfix-out/relay/smtp`: what follows the last slash. The instance may have any name.
fn daemon(program: &[u8]) -> Option<Daemon> {
    let slash = rfind(b'/', program).filter(|slash| *slash > 0)?;
    named(program.get(slash + 1..)?)
}

fn named(daemon: &[u8]) -> Option<Daemon> {
    Some(match daemon {
        b"smtp" => Daemon::Client,
        b"smtpd" => Daemon::Server,
        b"cleanup" => Daemon::Cleanup,
        b"qmgr" | b"nqmgr" => Daemon::Manager,
        b"pickup" => Daemon::Pickup,
        b"error" | b"retry" => Daemon::Retry,
        b"anvil" | b"bounce" | b"defer" | b"discard" | b"dnsblog" | b"lmtp" | b"local" | b"master" | b"pipe" | b"postdrop" | b"postfix-script" | b"postlog"
        | b"postqueue" | b"postscreen" | b"postsuper" | b"proxymap" | b"qmqpd" | b"scache" | b"sendmail" | b"showq" | b"spawn" | b"tlsmgr" | b"tlsproxy"
        | b"trace" | b"trivial-rewrite" | b"verify" | b"virtual" => Daemon::Other,
        _ => return None,
    })
}

/// The first part of a program's name, which may carry the sending address: `postfix-203.0.113.25`.
pub fn instance(program: &[u8]) -> &[u8] {
    let slash = memchr::memrchr(b'/', program).unwrap_or(program.len());
    program.get(..slash).unwrap_or_default()
}

/// Splits `4D2F09CE4FB: ` from the rest: upper-case hexadecimal, or with long queue ids letters and digits.
#[inline]
fn split_id(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (id, rest) = message.split_at_checked(alphanumeric(message)).filter(|(id, _)| (6..26).contains(&id.len()))?;
    let rest = rest.strip_prefix(b": ")?;
    let is_id = id.iter().any(u8::is_ascii_digit) || id.iter().all(|byte| matches!(byte, b'A'..=b'F'));
    is_id.then_some((id, rest))
}

#[cfg(test)]
mod tests;
