//! The words that bouncing servers write for people: one paragraph for each recipient, in as many forms as there are
//! servers. Lines may be wrapped anywhere and quoted by those who passed the bounce on.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use smtp::{Disposition, Stage};

use super::{Failure, transcript};

/// Texts longer than this hold a whole mailbox, not a bounce; what is beyond it is not looked at.
const LONGEST: usize = 1 << 20;

/// A form of words; one that cannot be compiled, which a test rules out, matches nothing.
struct Form(LazyLock<Option<Regex>>);

impl Form {
    fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.0.as_ref()?.captures(text)
    }
}

macro_rules! form {
    ($pattern:expr) => {
        Form(LazyLock::new(|| Regex::new($pattern).ok()))
    };
}

/// `<anna@icloud.com>: host mx[192.0.2.17] said: 550 … (in reply to RCPT TO command)`, as Postfix writes it.
static POSTFIX: Form =
    form!(r"<([^<>\s]+@[^<>\s]+)>(?: \(expanded from <([^>]*)>\))?: (?:.*?)host (\S+?)\[([^\]]+)\] (said|refused to talk to me): ([245]\d\d.*)");
static IN_REPLY_TO: Form = form!(r"^(.*?) \(in reply to ([A-Za-z ]+?) command\)");

/// `anna@icloud.com host mx [192.0.2.17] SMTP error from remote mail server after end of data: 550 …`, as Exim writes it.
static EXIM: Form = form!(
    r"(\S+@\S+?)(?: \([^)]*\))?(?: host (\S+) \[([^\]]+)\])? SMTP error from remote mail server after ((?:pipelined )?(?:(?:MAIL FROM|RCPT TO):<[^>]*>(?: SIZE=\d+)?|[A-Za-z ]+?(?: [a-z0-9.-]+)?)): (?:host (\S+) \[([^\]]+)\]: )?([245]\d\d.*)"
);

/// `<anna@icloud.com>: … remote host 192.0.2.17 said: 550 …`, as qmail and Yahoo write it.
static QMAIL: Form = form!(r"(?i)<([^<>\s]+@[^<>\s]+)>: (?:.*?)(?:remote host|host) ?(\S+)? ?said: ([245]\d\d.*)");

/// The address that qmail names in its own sentence.
static QMAIL_PEER: Form = form!(r"(?:>: |Connected to )(\d{1,3}(?:\.\d{1,3}){3}) (?:does not like|failed after|but )");

/// What qmail and Yahoo say of the stage (qmail-remote.c, and Yahoo's mark behind the reply).
const QMAIL_STAGES: [(&str, Stage); 9] = [
    ("does not like recipient", Stage::Rcpt),
    ("[RCPT_TO]", Stage::Rcpt),
    ("most progress was RCPT TO", Stage::Rcpt),
    ("sender was rejected", Stage::Mail),
    ("[MAIL_FROM]", Stage::Mail),
    ("failed after I sent the message", Stage::EndOfData),
    ("[BODY]", Stage::EndOfData),
    ("failed on DATA command", Stage::Data),
    ("greeting failed", Stage::Connect),
];

/// Gmail's sentence about the server of the recipient's domain.
static GMAIL: Form = form!(
    r"(?:rejected by the server for the recipient domain (\S+) by (\S+?)\.? \[([^\]]+)\]|the remote server was|that the other server returned was|remote server responded)"
);

/// `Remote Server returned '550 5.7.1 …'`, as Exchange writes it for administrators, also around a report's own form.
static EXCHANGE: Form = form!(r"(?i)returned '([245]\d\d.*)'");
static EXCHANGE_REPORT: Form = form!(r"(?i)returned '?<[^>]*?smtp; ?([245]\d\d[^>]*)>");

/// `Error: 554 5.7.1 …` with `Message rejected by: mx`, as Microsoft 365 writes it.
static MICROSOFT: Form = form!(r"(?i)(?:error|erreur|fehler|fel|fout): ([245]\d\d \d\.\d{1,3}\.\d{1,3} .*)");
static REJECTED_BY: Form = form!(r"(?i)message rejected by: (\S+)");

/// Domino's words around the reply.
static DOMINO: Form = form!(r"(?i)SMTP Protocol Returned a (?:Permanent|Transient) Error ([245]\d\d.*)");

/// A reply by its codes alone.
static ANY: Form = form!(r"(?:^|[\s':;(])([45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}[ :].*)");

/// Every failure that a text tells of.
pub fn failures(text: &str) -> Vec<Failure> {
    failures_of(text, None)
}

/// The same of a text that may leave the recipient to a header field of its mail.
pub fn failures_of(text: &str, recipient: Option<String>) -> Vec<Failure> {
    let text = clean(text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default());
    let told = transcript::failures(&text);
    if !told.is_empty() {
        return told;
    }
    let paragraphs = paragraphs(&text);
    let known: Vec<Failure> = paragraphs.iter().filter_map(|paragraph| one(paragraph)).collect();
    if known.is_empty() { loose(&paragraphs, recipient) } else { known }
}

/// A reply somewhere in a text, by its codes.
pub fn reply_in(text: &str) -> Option<String> {
    ANY.captures(text).and_then(|found| found.get(1)).map(|reply| reply.as_str().trim().to_owned())
}

/// Marks of quoting (which look like a transcript's own marks), hard spaces and typographic quotes are the mail program's, not the server's.
fn clean(text: &str) -> String {
    let transcript = text.contains("Transcript of session follows") || text.contains("while talking to ");
    let bare = |line: &'_ str| if transcript { line.trim_start().to_owned() } else { line.trim_start_matches(['>', ' ', '\t']).to_owned() };
    let line = |line: &str| bare(line).replace(['\u{a0}', '\r'], " ").replace(['\u{2018}', '\u{2019}'], "'");
    text.lines().map(|raw| line(raw) + "\n").collect()
}

/// Paragraphs on one line each.
fn paragraphs(text: &str) -> Vec<String> {
    let joined = |paragraph: &[&str]| paragraph.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ");
    let lines: Vec<&str> = text.lines().collect();
    lines.split(|line| line.trim().is_empty()).map(joined).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The failure that a paragraph tells of in a form that names the recipient.
fn one(paragraph: &str) -> Option<Failure> {
    postfix(paragraph).or_else(|| exim(paragraph)).or_else(|| qmail(paragraph))
}

fn text(found: &Captures<'_>, group: usize) -> Option<String> {
    found.get(group).map(|group| group.as_str().trim().to_owned()).filter(|text| !text.is_empty())
}

fn postfix(paragraph: &str) -> Option<Failure> {
    let found = POSTFIX.captures(paragraph)?;
    let (all, greeting) = (text(&found, 6)?, found.get(5).is_some_and(|verb| verb.as_str() != "said"));
    let split = IN_REPLY_TO.captures(&all);
    let stage = split.as_ref().and_then(|split| split.get(2)).map_or(Stage::Unknown, |words| command(words.as_str()));
    Some(Failure {
        recipient: text(&found, 1),
        original: text(&found, 2),
        remote_host: text(&found, 3),
        remote_ip: text(&found, 4),
        stage: if greeting { Stage::Connect } else { stage },
        disposition: Disposition::Bounced,
        reply: Some(split.and_then(|split| text(&split, 1)).unwrap_or(all)),
        note: None,
    })
}

fn exim(paragraph: &str) -> Option<Failure> {
    let found = EXIM.captures(paragraph)?;
    Some(Failure {
        recipient: text(&found, 1).map(|name| name.trim_matches(['<', '>', ':']).to_owned()),
        remote_host: text(&found, 2).or_else(|| text(&found, 5)),
        remote_ip: text(&found, 3).or_else(|| text(&found, 6)),
        stage: text(&found, 4).map_or(Stage::Unknown, |words| command(&words)),
        disposition: Disposition::Bounced,
        reply: text(&found, 7),
        ..Failure::default()
    })
}

fn qmail(paragraph: &str) -> Option<Failure> {
    let found = QMAIL.captures(paragraph)?;
    let host = text(&found, 2);
    let is_address = host.as_deref().is_some_and(|host| smtp::address(host.as_bytes()).is_some());
    Some(Failure {
        recipient: text(&found, 1),
        remote_host: host.clone().filter(|_| !is_address),
        remote_ip: host.filter(|_| is_address).or_else(|| QMAIL_PEER.captures(paragraph).and_then(|found| text(&found, 1))),
        stage: QMAIL_STAGES.iter().find(|(words, _)| paragraph.contains(words)).map_or(Stage::Unknown, |(_, stage)| *stage),
        disposition: Disposition::Bounced,
        reply: text(&found, 3).map(|reply| own_words_off(&reply).to_owned()),
        ..Failure::default()
    })
}

/// The reply without what qmail and Yahoo write behind it.
fn own_words_off(reply: &str) -> &str {
    [" Giving up on ", " [RCPT_TO]", " [MAIL_FROM]", " [BODY]", " [DATA]", " I'm not going to try again"]
        .iter()
        .fold(reply, |reply, words| reply.split(words).next().unwrap_or(reply))
}

/// What servers write that spread a failure over paragraphs: the recipient is the last address named before the reply.
fn loose(paragraphs: &[String], mut recipient: Option<String>) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    let (mut host, mut ip) = (None, None);
    for (place, paragraph) in paragraphs.iter().enumerate() {
        if let Some(found) = GMAIL.captures(paragraph) {
            (host, ip) = (text(&found, 2).or(host), text(&found, 3).or(ip));
        }
        host = REJECTED_BY.captures(paragraph).and_then(|found| text(&found, 1)).or(host);
        let reply = [&EXCHANGE_REPORT, &EXCHANGE, &MICROSOFT, &DOMINO, &ANY]
            .iter()
            .find_map(|form| form.captures(paragraph)?.get(1).map(|reply| (reply.start(), reply.as_str().trim().to_owned())));
        let before = paragraph.get(..reply.as_ref().map_or(paragraph.len(), |(start, _)| *start)).unwrap_or_default();
        recipient = last_address(before).or(recipient);
        let Some((_, reply)) = reply else { continue };
        // A server between repeats the reply inside its own sentence; the same words twice are one failure.
        if failures
            .iter()
            .any(|known: &Failure| known.recipient == recipient && known.reply.as_deref().is_some_and(|known| known.contains(&reply) || reply.contains(known)))
        {
            continue;
        }
        let after = paragraphs.get(place + 1).and_then(|next| REJECTED_BY.captures(next)).and_then(|found| text(&found, 1));
        let reply = reply.split(" Message rejected by:").next().unwrap_or_default().to_owned();
        failures.push(Failure {
            recipient: recipient.clone(),
            remote_host: host.clone().or(after),
            remote_ip: ip.clone(),
            disposition: Disposition::Bounced,
            reply: Some(reply),
            ..Failure::default()
        });
    }
    failures.retain(|failure| failure.recipient.is_some());
    failures
}

/// The last address in a text.
fn last_address(text: &str) -> Option<String> {
    let words = text.split(|each: char| each.is_whitespace() || "<>()[]'\",;:".contains(each)).rev();
    words
        .map(|word| word.trim_end_matches('.'))
        .find(|word| word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')))
        .map(str::to_owned)
}

/// The stage that a command's name stands for.
pub fn command(words: &str) -> Stage {
    let words = words.strip_prefix("pipelined ").unwrap_or(words);
    match words {
        _ if words.starts_with("MAIL FROM") => Stage::Mail,
        _ if words.starts_with("RCPT TO") => Stage::Rcpt,
        _ if words.starts_with("end of") => Stage::EndOfData,
        _ if words.starts_with("DATA") || words.starts_with("sending data") => Stage::Data,
        _ if words.starts_with("STARTTLS") => Stage::StartTls,
        _ if words.starts_with("EHLO") || words.starts_with("HELO") => Stage::Helo,
        _ if words.starts_with("initial connection") => Stage::Connect,
        _ => Stage::Unknown,
    }
}
