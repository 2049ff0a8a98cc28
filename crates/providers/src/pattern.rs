//! The pattern of a rule: text with placeholders, or a regular expression as the named exception.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use crate::Rank;

/// What each placeholder stands for.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("{ip}", r"[0-9A-Fa-f.:]+"),
    ("{rcpt}", r"[^\s<>]+"),
    ("{sender}", r"[^\s<>]*"),
    ("{domain}", r"[\w.-]+"),
    ("{host}", r"[\w.-]+"),
    ("{helo}", r"[^\s<>]+"),
    ("{uuid}", r"[0-9A-Fa-f-]{36}"),
];

/// A pattern, compiled when it is first tried.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    literal: String,
    rank: Rank,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern of text with placeholders; `anchored` lets it match a whole reply only.
    pub fn text(text: &str, anchored: bool) -> Pattern {
        let body = PLACEHOLDERS.iter().fold(regex::escape(text), |body, (name, class)| body.replace(&regex::escape(name), class));
        let source = if anchored { format!("^{body}$") } else { body };
        let rank = if has_marker(text) { Rank::Marker } else { Rank::Phrase };
        Pattern { source, literal: longest_literal(text), rank, regex: OnceLock::new() }
    }

    /// A pattern that is a regular expression; one that begins with a bracket describes the form of a marker.
    pub fn regex(source: &str) -> Pattern {
        let rank = if source.starts_with(r"\[") { Rank::AnyMarker } else { Rank::Phrase };
        Pattern { source: format!("(?-i){source}"), literal: String::new(), rank, regex: OnceLock::new() }
    }

    /// How strong the pattern's evidence is.
    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// A piece of text, in lower case, without which the pattern cannot match; empty where there is none.
    pub fn literal(&self) -> &str {
        &self.literal
    }

    /// Whether a normalised reply holds the pattern.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled().is_some_and(|regex| regex.is_match(text))
    }

    /// Why the pattern cannot be used, if it cannot.
    pub fn fault(&self) -> Option<String> {
        RegexBuilder::new(&self.source).build().err().map(|error| error.to_string())
    }

    fn compiled(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.source).case_insensitive(true).size_limit(1 << 20).build().ok();
        self.regex.get_or_init(build).as_ref()
    }
}

fn has_marker(text: &str) -> bool {
    smtp::Reply::parse(text.as_bytes()).marker().is_some()
}

/// The longest run between placeholders.
fn longest_literal(text: &str) -> String {
    let pieces = PLACEHOLDERS.iter().fold(text.to_owned(), |text, (name, _)| text.replace(name, "\0"));
    pieces.split('\0').max_by_key(|piece| piece.len()).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_their_classes() {
        let pattern = Pattern::text("Your mail from {ip} was rejected", false);
        assert!(pattern.matches("your MAIL from 2001:db8::7 was rejected."));
        assert!(!pattern.matches("Your mail from anna was rejected"));
        assert_eq!((pattern.literal(), pattern.rank()), ("your mail from ", Rank::Phrase));
        assert!(Pattern::text("{host}.me.com ESMTP", false).matches("st11.me.com ESMTP"));
    }

    #[test]
    fn markers_outrank_phrases() {
        assert_eq!(Pattern::text("[HM08] x", false).rank(), Rank::Marker);
        assert_eq!(Pattern::regex(r"\[[A-Z]{2,4}[0-9]{1,2}\]").rank(), Rank::AnyMarker);
        assert!(!Pattern::regex(r"\[[A-Z]{2,4}[0-9]{1,2}\]").matches("[hm08]"));
    }

    #[test]
    fn a_broken_expression_says_so_and_matches_nothing() {
        let broken = Pattern::regex("(");
        assert!(broken.fault().is_some());
        assert!(!broken.matches("("));
    }
}
