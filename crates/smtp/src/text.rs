//! Text of servers made comparable, and made safe to show.

use std::fmt::Write;

use crate::{Code, Enhanced};

/// Takes repeated line prefixes (`550-5.7.1 `) out of a flattened reply, collapses white space and replaces the
/// typographic apostrophe. For comparing only: a quoted reply is never normalised.
pub fn normalise(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).replace('\u{2019}', "'").replace("\\n", " ");
    let mut out = String::with_capacity(text.len());
    let mut words = text.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        if is_line_prefix(word) {
            words.next_if(|next| is_enhanced(next));
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// `550-5.7.1`, or `550-` alone: what Postfix leaves inside the sentence when it joins the lines of a reply.
fn is_line_prefix(word: &str) -> bool {
    let Some((code, rest)) = Code::split(word.as_bytes()) else { return false };
    let tail = rest.strip_prefix(b"-");
    code.number() >= 400 && tail.is_some_and(|tail| tail.is_empty() || Enhanced::split(tail).is_some_and(|(_, rest)| rest.is_empty()))
}

fn is_enhanced(word: &str) -> bool {
    Enhanced::split(word.as_bytes()).is_some_and(|(_, rest)| rest.is_empty())
}

/// The text with control and bidirectional characters written as `\u{…}`, so that it can steer no terminal and
/// mislead no eye. Bytes that are not UTF-8 become U+FFFD.
pub fn escape_controls(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    if !text.chars().any(is_steering) {
        return text.into_owned();
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut out, each| {
        if is_steering(each) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", each.escape_unicode());
        } else {
            out.push(each);
        }
        out
    })
}

fn is_steering(each: char) -> bool {
    (each.is_control() && each != '\n' && each != '\t')
        || matches!(each, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_prefixes_inside_a_sentence_do_not_hide_it() {
        let flat = b"very low reputation of the sending 550-5.7.1 domain.  To best\\n550-5.7.1 protect 421- 4.7.0 our users";
        assert_eq!(normalise(flat), "very low reputation of the sending domain. To best protect our users");
        assert_eq!(normalise("it\u{2019}s 5.7.1 [550] 550 x".as_bytes()), "it's 5.7.1 [550] 550 x");
    }

    #[test]
    fn controls_are_shown_and_not_obeyed() {
        assert_eq!(escape_controls(b"a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escape_controls("a\u{202e}b".as_bytes()), "a\\u{202e}b");
        assert_eq!(escape_controls(b"plain\ttext\n"), "plain\ttext\n");
    }
}
