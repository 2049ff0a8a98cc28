//! Sending and filing: always of a draft that was shown, written into the journal before the first byte leaves, and
//! never twice.

use std::path::PathBuf;
use std::time::Duration;

use casework::journal::{self, Entry, What};
use lettre::address::Envelope;
use post::{Account, Handed, Mechanism, Security};
use serde::{Deserialize, Serialize};
use ticket::Outgoing;
#[cfg(test)]
use ts_rs::TS;

use crate::{Error, Journal, LetterView, investigation};

/// An account as a form or a command line gives it.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(default)]
pub struct AccountView {
    /// `HOST` or `HOST:PORT`.
    pub server: String,
    /// `starttls`, `tls` or `none`.
    pub security: String,
    /// The login.
    pub user: String,
    /// The password or the token; empty where the keyring has it.
    pub secret: String,
    /// Whether the secret is an OAuth 2 token.
    pub token: bool,
    /// Whether the keyring is to keep the secret.
    pub remember: bool,
    /// A file of certificates that are trusted beside the system's.
    pub authority: Option<PathBuf>,
}

/// What goes out, shown before it does.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Preview {
    /// Who writes.
    pub from: String,
    /// Everybody who gets it.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The files that go along.
    pub attachments: Vec<String>,
    /// The Message-ID.
    pub message_id: String,
    /// What the journal knows of this very draft, as in `sent` or `unknown`.
    pub before: Option<String>,
}

/// What became of it, for people.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Handover {
    /// `sent`, `filed`, `failed` or `unknown`.
    pub state: String,
    /// The server's words, or what went wrong and what to do.
    pub said: String,
}

/// Opens the letter in the mail program of this machine: as a link where it fits into one, else as the draft itself.
/// The answer is `link` or `draft`.
pub fn open_mail(letter: &LetterView, cc: &str, eml: &[u8]) -> Result<&'static str, Error> {
    let copies: Vec<String> = cc.split(',').map(|copy| copy.trim().to_owned()).filter(|copy| !copy.is_empty()).collect();
    if let Some(link) = post::mailto(&letter.to, &copies, &letter.subject, &letter.body) {
        return post::open(link).map(|()| "link").map_err(|error| Error::new("open", error, "the mail program", "save the draft and open it by hand"));
    }
    open_document("ticket.eml", eml).map(|()| "draft")
}

/// Opens a document with the program that the system has for it, from a folder that is nobody else's.
pub fn open_document(name: &str, content: &[u8]) -> Result<(), Error> {
    let wrong = |error: std::io::Error| Error::new("open", error, name, "save it and open it by hand");
    let folder = tempfile::Builder::new().prefix("reprieve-").tempdir().map_err(wrong)?.keep();
    crate::save(&folder, name, content, true)?;
    post::open(folder.join(name)).map_err(wrong)
}

/// A draft as it would go out.
pub fn preview(draft: &[u8]) -> Result<Preview, Error> {
    let out = outgoing(draft)?;
    let journal = Journal::open()?;
    let before = journal::state(&journal.entries, &out.message_id).map(|entry| entry.what.word().to_owned());
    Ok(Preview { from: out.from, to: out.to, subject: out.subject, body: out.body, attachments: out.attachments, message_id: out.message_id, before })
}

fn outgoing(draft: &[u8]) -> Result<Outgoing, Error> {
    ticket::outgoing(draft, investigation::now())
        .map_err(|error| Error::new("unsendable", error, "the draft", "write it again with `reprieve draft`, with --from"))
}

/// Sends a draft through a submission server. A draft that went out, or may have, goes out again only on the user's word.
pub fn send(draft: &[u8], view: &AccountView, again: bool) -> Result<Handover, Error> {
    let out = outgoing(draft)?;
    let account = account(view, "smtp", 587, 465)?;
    let envelope = envelope(&out)?;
    let mut journal = Journal::open()?;
    if !again {
        refuse_second(&journal, &out)?;
    }
    journal.add(entry(&out, What::Sending, None))?;
    let handed = post::submit(&account, &envelope, &out.raw);
    let (what, said) = told(&handed);
    journal.add(entry(&out, what, Some(said.clone())))?;
    let kept = if what == What::Sent { keep(view, &account, "smtp") } else { None };
    Ok(Handover { state: what.word().to_owned(), said: with(said, kept) })
}

/// Writes down that a draft went out by other means, as the user says.
pub fn declare(draft: &[u8]) -> Result<(), Error> {
    let out = outgoing(draft)?;
    Journal::open()?.add(entry(&out, What::Declared, None))
}

/// Files a draft into the Drafts folder of an account.
pub fn file(draft: &[u8], view: &AccountView) -> Result<Handover, Error> {
    let account = account(view, "imap", 143, 993)?;
    let folder = post::file(&account, draft).map_err(|error| Error::new("imap", &error, &account.host, imap_remedy(&error)))?;
    if let Ok(out) = outgoing(draft) {
        Journal::open()?.add(entry(&out, What::Filed, Some(folder.clone())))?;
    }
    let kept = keep(view, &account, "imap");
    Ok(Handover { state: What::Filed.word().to_owned(), said: with(folder, kept) })
}

fn imap_remedy(error: &post::FileError) -> &'static str {
    match error {
        post::FileError::Connect(_) | post::FileError::Timeout(_) => "check the server's name and port, and that no firewall stands between",
        post::FileError::Tls(_) => "check the name against the certificate, and try tls with port 993 or starttls with port 143",
        post::FileError::Login(_) => "check the login; Microsoft 365 and Gmail want a token or an app password",
        post::FileError::Append(_) => "save the draft as a file and open it in the mail program instead",
    }
}

fn refuse_second(journal: &Journal, out: &Outgoing) -> Result<(), Error> {
    let (what, remedy) = match journal::state(&journal.entries, &out.message_id).map(|entry| entry.what) {
        Some(What::Sent | What::Declared) => ("this very draft was sent already", "nothing is to be done; if it must go out again, say so with --again"),
        Some(What::Sending | What::Unknown) => (
            "nobody knows whether this very draft went out: the connection broke",
            "look for its Message-ID in the server's log or the Sent folder; if it is not there, send it with --again",
        ),
        _ => return Ok(()),
    };
    Err(Error::new("sent_before", what, &out.message_id, remedy))
}

fn entry(out: &Outgoing, what: What, note: Option<String>) -> Entry {
    Entry {
        time: investigation::now(),
        what,
        to: out.to.first().cloned().unwrap_or_default(),
        subject: out.subject.clone(),
        message_id: Some(out.message_id.clone()),
        ips: out.ips.clone(),
        reference: out.subject.rsplit_once(" - ref ").map(|(_, reference)| reference.to_owned()),
        note,
    }
}

/// What became of it: for the journal, and for people with what to do.
fn told(handed: &Handed) -> (What, String) {
    match handed {
        Handed::Taken(reply) => (What::Sent, reply.clone()),
        Handed::Refused { step, reply } => (What::Failed, format!("refused at {step}: {reply}. {}", refused_remedy(step))),
        Handed::NotReached { step, why } => (What::Failed, format!("not sent, at {step}: {why}. {}", missed_remedy(step))),
        Handed::Unknown(why) => (
            What::Unknown,
            format!(
                "the connection broke after the text ({why}): it may have gone out. Look for its Message-ID in the server's log or the Sent folder before you send again."
            ),
        ),
    }
}

fn refused_remedy(step: &str) -> &'static str {
    match step {
        "login" => "Check login and password; Microsoft 365 and Gmail want a token or an app password.",
        "MAIL FROM" => "The server does not let this account write with that From, or the mail is too large for it.",
        "RCPT TO" => "The server does not pass mail on for this account: log in, or use your own submission server.",
        "connect" => "The server does not talk to this machine: use the submission server of your own domain.",
        _ => "Nothing went out; read what the server says.",
    }
}

fn missed_remedy(step: &str) -> &'static str {
    match step {
        "TLS" | "STARTTLS" => "Check the server's name against its certificate; port 465 wants tls, port 587 starttls.",
        "login" => "The server offers no login of this kind on this connection.",
        _ => "Check the server's name and port, and that no firewall stands between; nothing went out.",
    }
}

fn envelope(out: &Outgoing) -> Result<Envelope, Error> {
    let wrong = |address: &str| Error::new("unsendable", format!("`{address}` is no address"), "the draft", "correct it in the draft");
    let parse = |address: &String| address.parse().map_err(|_| wrong(address));
    let to = out.to.iter().map(parse).collect::<Result<Vec<_>, Error>>()?;
    Envelope::new(Some(parse(&out.from)?), to).map_err(|_| wrong(&out.from))
}

/// The account behind a form. Without TLS only this machine itself is talked to.
fn account(view: &AccountView, protocol: &str, starttls: u16, tls: u16) -> Result<Account, Error> {
    let wrong = |what: &str, remedy: &str| Error::new("account", what, &view.server, remedy);
    let security = match view.security.as_str() {
        "" => Security::StartTls,
        word => Security::of(word).ok_or_else(|| wrong("no such protection", "choose starttls, tls or none"))?,
    };
    let default = if security == Security::Tls { tls } else { starttls };
    let (host, port) = match view.server.trim().rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().map_err(|_| wrong("the port is no number", "write HOST or HOST:PORT"))?),
        _ => (view.server.trim(), default),
    };
    if host.is_empty() {
        return Err(wrong("no server is named", "write HOST or HOST:PORT"));
    }
    if security == Security::None && !is_own(host) {
        return Err(wrong("without TLS only a server on this machine is talked to", "choose starttls or tls"));
    }
    let user = Some(view.user.trim().to_owned()).filter(|user| !user.is_empty());
    let known = || user.as_ref().and_then(|user| post::recall(&name(protocol, user, host, port)));
    let secret = Some(view.secret.clone()).filter(|secret| !secret.is_empty()).or_else(known).unwrap_or_default();
    if user.is_some() && secret.is_empty() {
        return Err(wrong("there is no password for this account", "give it; the keyring has none"));
    }
    let mechanism = if view.token { Mechanism::Token } else { Mechanism::Password };
    Ok(Account { host: host.to_owned(), port, security, user, secret, mechanism, authority: view.authority.clone(), timeout: Duration::from_secs(60) })
}

/// Whether the keyring has the secret of an account, for sending or for filing.
pub fn has_secret(view: &AccountView) -> bool {
    let known = |protocol, starttls, tls| account(view, protocol, starttls, tls).is_ok();
    known("smtp", 587, 465) || known("imap", 143, 993)
}

fn is_own(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn name(protocol: &str, user: &str, host: &str, port: u16) -> String {
    format!("{protocol}://{user}@{host}:{port}")
}

/// Keeps the secret after it proved right, if the user wants that; the answer is what hindered it.
fn keep(view: &AccountView, account: &Account, protocol: &str) -> Option<String> {
    let user = account.user.as_ref().filter(|_| view.remember && !view.secret.is_empty())?;
    let error = post::remember(&name(protocol, user, &account.host, account.port), &account.secret).err()?;
    Some(format!("{error}; type the password next time"))
}

fn with(said: String, hindrance: Option<String>) -> String {
    hindrance.map_or(said.clone(), |hindrance| format!("{said} ({hindrance})"))
}
