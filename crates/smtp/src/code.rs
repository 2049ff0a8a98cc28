//! Reply codes (RFC 5321, section 4.2) and enhanced status codes (RFC 3463).

use std::fmt;

/// A three-digit SMTP reply code between 200 and 599.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

impl Code {
    /// Accepts a number that RFC 5321 allows as the code of a final answer.
    pub fn new(number: u16) -> Option<Code> {
        (200..600).contains(&number).then_some(Code(number))
    }

    /// Reads the code that a text begins with, and returns what follows it.
    pub fn split(text: &[u8]) -> Option<(Code, &[u8])> {
        let (digits, rest) = text.split_at_checked(3)?;
        if rest.first().is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'.') {
            return None;
        }
        Code::new(number(digits)?).map(|code| (code, rest))
    }

    /// The code as a number.
    pub fn number(self) -> u16 {
        self.0
    }

    /// Whether the server took what it was offered (2xx, or 3xx in the middle of DATA).
    pub fn is_positive(self) -> bool {
        self.0 < 400
    }

    /// Whether the server said never to try this again (5xx).
    pub fn is_permanent(self) -> bool {
        self.0 >= 500
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// An enhanced status code such as 5.7.1 (RFC 3463, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Enhanced {
    class: u8,
    subject: u16,
    detail: u16,
}

impl Enhanced {
    /// Reads the enhanced code that a text begins with, and returns what follows it.
    pub fn split(text: &[u8]) -> Option<(Enhanced, &[u8])> {
        let end = text.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.').unwrap_or(text.len());
        let (token, rest) = text.split_at_checked(end)?;
        if rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut parts = token.strip_suffix(b".").unwrap_or(token).split(|byte| *byte == b'.');
        let class = part(parts.next(), 1)? as u8;
        let subject = part(parts.next(), 3)?;
        let detail = part(parts.next(), 3)?;
        let whole = parts.next().is_none() && matches!(class, 2 | 4 | 5);
        whole.then_some((Enhanced { class, subject, detail }, rest))
    }
}

impl fmt::Display for Enhanced {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

fn part(digits: Option<&[u8]>, most: usize) -> Option<u16> {
    digits.filter(|digits| (1..=most).contains(&digits.len())).and_then(number)
}

/// The value of at most four decimal digits.
fn number(digits: &[u8]) -> Option<u16> {
    let all_digits = !digits.is_empty() && digits.len() <= 4 && digits.iter().all(u8::is_ascii_digit);
    all_digits.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_end_at_a_word_boundary() {
        assert_eq!(Code::split(b"550 no").map(|(code, rest)| (code.number(), rest)), Some((550, &b" no"[..])));
        assert_eq!(Code::split(b"550-no").map(|(code, _)| code.number()), Some(550));
        for text in [&b"5501"[..], b"550.1", b"55", b"", b"99 x", b"650 x", b"5x0 "] {
            assert_eq!(Code::split(text), None, "{text:?}");
        }
    }

    #[test]
    fn enhanced_codes_have_three_parts() {
        let (code, rest) = Enhanced::split(b"5.7.606 banned").unwrap();
        assert_eq!((code.to_string().as_str(), rest), ("5.7.606", &b" banned"[..]));
        for text in [&b"5.7"[..], b"3.7.1", b"5.7.1.2 x", b"5..1", b"5.7.1x", b"17.57.154.33", b"5.7.1000"] {
            assert_eq!(Enhanced::split(text), None, "{text:?}");
        }
    }
}
