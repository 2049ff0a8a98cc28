//! Redaction: the local parts of addresses are replaced by tokens that are visible, stable within a case and not to
//! be guessed, because their key comes from the case. What is internal goes as well.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Replaces what is personal or internal.
#[derive(Clone, Debug)]
pub struct Redactor {
    key: Option<[u8; 32]>,
    /// Domains of private people that the provider hosts, in lower case, in the order of their numbers.
    domains: Vec<String>,
}

impl Redactor {
    /// A redactor whose tokens depend on everything the case holds.
    pub fn of_case<T: AsRef<[u8]>>(texts: impl Iterator<Item = T>) -> Redactor {
        let mut hasher = blake3::Hasher::new_derive_key("Reprieve 2026 redaction of a case");
        for text in texts {
            hasher.update(text.as_ref()).update(&[0]);
        }
        Redactor { key: Some(*hasher.finalize().as_bytes()), domains: Vec::new() }
    }

    /// A redactor that leaves everything as it is, because the user asked for it.
    pub fn off() -> Redactor {
        Redactor { key: None, domains: Vec::new() }
    }

    /// The same, that also hides the names of domains which private people have at the provider.
    pub fn hiding(self, domains: BTreeSet<String>) -> Redactor {
        Redactor { domains: domains.into_iter().collect(), ..self }
    }

    /// Whether anything is replaced.
    pub fn is_on(&self) -> bool {
        self.key.is_some()
    }

    /// A sender; one that carries a recipient (VERP, SRS, BATV) is redacted like one.
    pub fn redact_sender(&self, sender: &str) -> String {
        let local = sender.rsplit_once('@').map_or(sender, |(local, _)| local).to_ascii_lowercase();
        let carries = local.contains('=') || ["icloud.com", "me.com", "mac.com"].iter().any(|domain| local.ends_with(domain));
        let is_hosted = sender.rsplit_once('@').is_some_and(|(_, domain)| self.domains.iter().any(|hidden| hidden.eq_ignore_ascii_case(domain)));
        if carries || is_hosted { self.redact(sender) } else { sender.to_owned() }
    }

    /// A login: an address loses its local part, a bare name all of it.
    pub fn redact_login(&self, login: &str) -> String {
        match &self.key {
            Some(key) if !login.contains('@') => token(key, login),
            _ => self.redact(login),
        }
    }

    /// A host: the name of one inside a private network is nobody's business.
    pub fn redact_host(&self, host: &str) -> String {
        let inside = [".local", ".lan", ".internal", ".intranet", ".corp", ".home", ".localdomain", ".home.arpa"];
        let is_inside = inside.iter().any(|end| host.to_ascii_lowercase().trim_end_matches('.').ends_with(end));
        if self.is_on() && is_inside { "[internal host]".to_owned() } else { host.to_owned() }
    }

    /// A text with the local part of every address in it replaced: `[removed-7f3a]@icloud.com`. Addresses of private
    /// networks, hosts inside them and domains of private people go too.
    pub fn redact(&self, text: &str) -> String {
        let Some(key) = self.key else { return text.to_owned() };
        let text = ENCODED.replace_all(text, |found: &Captures<'_>| {
            format!("{}@{}", token(&key, found.get(1).map_or("", |local| local.as_str())), found.get(2).map_or("", |domain| domain.as_str()))
        });
        let text = local_parts(&key, &text);
        let text = PRIVATE.replace_all(&text, |found: &Captures<'_>| hidden_address(found.get(0).map_or("", |whole| whole.as_str())));
        let text = INSIDE.replace_all(&text, "[internal host]");
        self.domains.iter().zip(1..).fold(text.into_owned(), |text, (domain, number)| without_domain(&text, domain, number))
    }

    /// A line of a log or a header field: subjects, logins, home folders and unsubscribe links go as well.
    pub fn redact_line(&self, line: &str) -> String {
        let Some(key) = self.key else { return line.to_owned() };
        let line = SUBJECT.replace_all(line, "$1[removed]");
        let line = LOGIN.replace_all(&line, |found: &Captures<'_>| {
            let (name, login) = (found.get(1).map_or("", |name| name.as_str()), found.get(2).map_or("", |login| login.as_str()));
            match login.split_once('@') {
                Some((local, domain)) => format!("{name}{}@{domain}", token(&key, local)),
                None => format!("{name}{}", token(&key, login)),
            }
        });
        let line = FOLDER.replace_all(&line, "$1[removed]");
        self.redact(&line)
    }
}

/// An address whose `@` is written otherwise, as in xtext (RFC 3461, section 4) and in links.
static ENCODED: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?i)([a-z0-9._~+-]+?)(?:\+40|%40|\(at\)|\[at\])([a-z0-9-]+(?:\.[a-z0-9-]+)+)"));

/// Something that may be an address of a private network.
static PRIVATE: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?i)\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\bf[cde][0-9a-f]{2}:[0-9a-f:]+"));

/// A host inside a private network.
static INSIDE: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?i)\b(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:local|lan|internal|intranet|corp|home|localdomain|home\.arpa)\b"));

/// The subject in a line of Exim's, or in a header field; an unsubscribe link with its token.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| compiled(r#"(?i)( T=)"(?:[^"\\]|\\.)*"|(\bsubject: ?|list-unsubscribe(?:-post)?: ?|header Subject: ?).*"#));

/// A login, as Postfix, Exim and Dovecot write it.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| compiled(r"(\b(?:sasl_username|sasl_sender|U|user|uid|from|to|orig_to)=<?|\bA=[A-Za-z0-9_]+:)([^\s,>]+)"));

/// A folder that is named after somebody.
static FOLDER: LazyLock<Regex> = LazyLock::new(|| compiled(r"(/home/|/Users/|/var/www/vhosts/|\\Users\\)[^\s/\\:,;]+"));

/// A pattern of this module; a test compiles every one of them.
#[allow(clippy::expect_used, reason = "the patterns are constants, and a test compiles each")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this module")
}

/// The text with the local part of every plain address replaced; Message-IDs are our own and stay.
fn local_parts(key: &[u8; 32], text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        let start = if names_domain(after) && !in_message_id(before) { local_start(before) } else { before.len() };
        let (kept, local) = before.split_at_checked(start).unwrap_or((before, ""));
        out.push_str(kept);
        if !local.is_empty() && !local.ends_with(']') {
            out.push_str(&token(key, local));
        } else {
            out.push_str(local);
        }
        out.push('@');
        rest = after;
    }
    out + rest
}

/// Whether a text ends inside a Message-ID, as in `message-id=<20261003.1@`.
fn in_message_id(before: &str) -> bool {
    let open = before.rfind('<').and_then(|at| before.get(..at)).unwrap_or_default().trim_end().to_ascii_lowercase();
    let inside = before.rsplit('<').next().is_some_and(|inner| !inner.contains(['>', ' ']));
    inside && ["message-id=", "message-id:", "msgid=", "in-reply-to:", "references:"].iter().any(|name| open.ends_with(name))
}

fn hidden_address(text: &str) -> String {
    match text.parse::<std::net::IpAddr>() {
        Ok(ip) if is_inside(ip) => "[private address]".to_owned(),
        _ => text.to_owned(),
    }
}

/// Whether an address belongs to a network that the public does not see.
fn is_inside(ip: std::net::IpAddr) -> bool {
    match ip {
        std::net::IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        std::net::IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// A text without the name of a private domain, in any case, at label boundaries.
fn without_domain(text: &str, domain: &str, number: usize) -> String {
    let lower = text.to_ascii_lowercase();
    let is_part = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, found) in lower.match_indices(domain) {
        let end = at + found.len();
        let before = at.checked_sub(1).and_then(|at| lower.as_bytes().get(at)).copied();
        if is_part(before) || is_part(lower.as_bytes().get(end).copied()) {
            continue;
        }
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(&format!("[custom domain #{number}]"));
        done = end;
    }
    out + text.get(done..).unwrap_or_default()
}

/// The last part of a path: the folders before it may name people and clients.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn names_domain(after: &str) -> bool {
    after.starts_with(|first: char| first.is_alphanumeric() || first == '[')
}

/// Where the local part that a text ends with begins (RFC 5321, section 4.1.2): a quoted string or a dot-string.
fn local_start(before: &str) -> usize {
    if let Some(inner) = before.strip_suffix('"') {
        return inner.rfind('"').unwrap_or(inner.len());
    }
    let outside = |each: char| !(each.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(each));
    before.char_indices().rev().find(|(_, each)| outside(*each)).map_or(0, |(at, each)| at + each.len_utf8())
}

fn token(key: &[u8; 32], local: &str) -> String {
    let hash = blake3::keyed_hash(key, local.to_lowercase().as_bytes());
    let [first, second, ..] = *hash.as_bytes();
    format!("[removed-{first:02x}{second:02x}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_local_part_goes_and_the_same_one_gets_the_same_token() {
        let redactor = Redactor::of_case([&b"case"[..]].into_iter());
        assert_eq!(redactor.redact_login("anna@x.example"), format!("{}@x.example", redactor.redact_login("anna")));
        let text = redactor.redact(r#"552 5.2.2 <anna@icloud.com>: over, "a b"@me.com, bounce+anna=icloud.com@x.example, Anna@mac.com"#);
        assert!(!text.to_lowercase().contains("anna") && !text.contains("a b"), "{text}");
        assert!(text.contains("]@icloud.com>: over"), "{text}");
        let tokens: Vec<_> = text.match_indices("[removed-").filter_map(|(at, _)| text.get(at..at + 14)).collect();
        assert_eq!((tokens.len(), tokens[0]), (4, tokens[3]));
    }

    #[test]
    fn addresses_in_other_clothes_go_as_well() {
        let redactor = Redactor::of_case(std::iter::empty::<&[u8]>()).hiding(BTreeSet::from(["lindfamily.example".to_owned()]));
        let lines = [
            r#"1kHz <= news@x.example U=anna P=local T="Dear anna, your order" for anna@icloud.com"#,
            "orcpt=rfc822;anna+40icloud.com, https://x.example/u?m=anna%40icloud.com",
            "SRS0=Xy=7f=icloud.com=anna@fwd.example prvs=123=anna@x.example bounce-anna_icloud.com@x.example",
            "sasl_method=PLAIN, sasl_username=anna, A=dovecot_login:anna cwd=/home/anna/public_html",
            "List-Unsubscribe: <https://x.example/u/anna>",
            "Subject: anna",
            "to=<anna@LindFamily.example>, relay=mail.lindfamily.example[10.1.2.3]:25 via host.corp and fd00::12",
        ];
        for line in lines {
            let shown = redactor.redact_line(line).to_lowercase();
            for secret in ["anna", "lindfamily", "10.1.2.3", "fd00", "host.corp"] {
                assert!(!shown.contains(secret), "{secret}: {shown}");
            }
        }
        let kept = "message-id=<20261003.1@mail.northwind.example> from 203.0.113.25 by mx01.mail.icloud.com";
        assert_eq!(redactor.redact_line(kept), kept);
        assert_eq!(redactor.redact("mylindfamily.example"), "mylindfamily.example");
        assert_eq!(
            (redactor.redact_host("mta1.lan"), redactor.redact_host("mx01.mail.icloud.com")),
            ("[internal host]".to_owned(), "mx01.mail.icloud.com".to_owned())
        );
    }

    #[test]
    fn what_is_no_address_stays() {
        let redactor = Redactor::of_case(std::iter::empty::<&[u8]>());
        for text in ["at @ noon", "550 5.7.1 no", "", "@"] {
            assert_eq!(redactor.redact(text), text);
        }
        assert_eq!(Redactor::off().redact("anna@icloud.com"), "anna@icloud.com");
    }

    #[test]
    fn senders_stay_unless_they_carry_a_recipient() {
        let redactor = Redactor::of_case(std::iter::empty::<&[u8]>());
        assert_eq!(redactor.redact_sender("news@northwind.example"), "news@northwind.example");
        assert!(!redactor.redact_sender("bounce+anna=icloud.com@northwind.example").contains("anna"));
        assert_eq!((file_name("/home/maria/mail.log"), file_name(r"C:\\logs\\mail.log"), file_name("-")), ("mail.log", "mail.log", "-"));
    }

    #[test]
    fn another_case_has_other_tokens() {
        let one = Redactor::of_case([&b"1"[..]].into_iter()).redact("anna@icloud.com");
        assert_ne!(one, Redactor::of_case([&b"2"[..]].into_iter()).redact("anna@icloud.com"));
    }
}
