//! Redaction: the local parts of addresses are replaced by tokens that are visible, stable within a case and not to
//! be guessed, because their key comes from the case.

/// Replaces local parts.
#[derive(Clone, Debug)]
pub struct Redactor {
    key: Option<[u8; 32]>,
}

impl Redactor {
    /// A redactor whose tokens depend on everything the case holds.
    pub fn of_case<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Redactor {
        let mut hasher = blake3::Hasher::new_derive_key("Reprieve 2026 redaction of a case");
        for text in texts {
            hasher.update(text).update(&[0]);
        }
        Redactor { key: Some(*hasher.finalize().as_bytes()) }
    }

    /// A redactor that leaves everything as it is, because the user asked for it.
    pub fn off() -> Redactor {
        Redactor { key: None }
    }

    /// Whether anything is replaced.
    pub fn is_on(&self) -> bool {
        self.key.is_some()
    }

    /// A sender; one that carries a recipient (VERP, SRS, BATV) is redacted like one.
    pub fn redact_sender(&self, sender: &str) -> String {
        if sender.contains('=') { self.redact(sender) } else { sender.to_owned() }
    }

    /// A login: an address loses its local part, a bare name all of it.
    pub fn redact_login(&self, login: &str) -> String {
        match &self.key {
            Some(key) if !login.contains('@') => token(key, login),
            _ => self.redact(login),
        }
    }

    /// A text with the local part of every address in it replaced: `[removed-7f3a]@icloud.com`.
    pub fn redact(&self, text: &str) -> String {
        let Some(key) = self.key else { return text.to_owned() };
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('@') {
            let start = if names_domain(after) { local_start(before) } else { before.len() };
            let (kept, local) = before.split_at_checked(start).unwrap_or((before, ""));
            out.push_str(kept);
            if !local.is_empty() {
                out.push_str(&token(&key, local));
            }
            out.push('@');
            rest = after;
        }
        out.push_str(rest);
        out
    }
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
    fn what_is_no_address_stays() {
        let redactor = Redactor::of_case(std::iter::empty());
        for text in ["at @ noon", "550 5.7.1 no", "", "@"] {
            assert_eq!(redactor.redact(text), text);
        }
        assert_eq!(Redactor::off().redact("anna@icloud.com"), "anna@icloud.com");
    }

    #[test]
    fn senders_stay_unless_they_carry_a_recipient() {
        let redactor = Redactor::of_case(std::iter::empty());
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
