//! Macros (RFC 7208, section 7): checked when a record is read, expanded when it is evaluated.

use std::net::IpAddr;

/// One piece of a macro string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// `%{LETTER DIGITS r DELIMITERS}`.
    Macro {
        /// The letter, in lower case.
        letter: char,
        /// Whether it was written in upper case, which asks for URL escapes.
        escaped: bool,
        /// How many parts on the right are kept; nothing keeps all.
        keep: Option<usize>,
        /// Whether the parts are turned round.
        reverse: bool,
        /// What parts them.
        delimiters: String,
    },
}

/// A text with macros in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroString(pub Vec<Piece>);

/// What macros stand for.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// The sender's address.
    pub sender: &'a str,
    /// The domain that is being evaluated.
    pub domain: &'a str,
    /// The address that sends.
    pub ip: IpAddr,
    /// The name it gave.
    pub helo: &'a str,
    /// Its validated name, where a macro asks for it.
    pub validated: Option<&'a str>,
    /// The receiver, for explanations.
    pub receiver: &'a str,
}

impl MacroString {
    /// Reads a macro string; in explanations three letters more are allowed.
    pub fn parse(text: &str, explanation: bool) -> Option<MacroString> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            rest = rest.get(first.len_utf8()..)?;
            match first {
                '%' => {
                    let next = rest.chars().next()?;
                    rest = rest.get(next.len_utf8()..)?;
                    match next {
                        '%' => plain.push('%'),
                        '_' => plain.push(' '),
                        '-' => plain.push_str("%20"),
                        '{' => {
                            let (inside, after) = rest.split_once('}')?;
                            rest = after;
                            if !plain.is_empty() {
                                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                            }
                            pieces.push(piece(inside, explanation)?);
                        }
                        _ => return None,
                    }
                }
                '!'..='~' => plain.push(first),
                ' ' if explanation => plain.push(' '),
                _ => return None,
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Some(MacroString(pieces))
    }

    /// Whether the text depends on who sends.
    pub fn has_macros(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Macro { .. }))
    }

    /// The text, where nothing in it depends on who sends.
    pub fn plain(&self) -> Option<&str> {
        if let [Piece::Text(text)] = self.0.as_slice() { Some(text) } else { None }
    }

    /// Whether the sending address's own name is needed.
    pub fn needs_name(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Macro { letter: 'p', .. }))
    }

    /// Whether it may stand where a domain is asked for: it ends in a macro or in a top label that is no number.
    pub fn is_domain(&self) -> bool {
        match self.0.last() {
            Some(Piece::Macro { .. }) => true,
            Some(Piece::Text(text)) => {
                let text = text.strip_suffix('.').unwrap_or(text);
                // The dot may stand at the end of the text before it, behind a macro.
                text.rsplit_once('.').is_some_and(|(before, label)| (self.0.len() > 1 || !before.is_empty()) && is_top_label(label))
            }
            None => false,
        }
    }

    /// The text with everything filled in.
    pub fn expand(&self, values: &Values<'_>) -> String {
        self.0.iter().map(|piece| expand(piece, values)).collect()
    }
}

fn is_top_label(label: &str) -> bool {
    let inside = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let ends = !label.starts_with('-') && !label.ends_with('-');
    inside && ends && !label.is_empty() && !label.bytes().all(|byte| byte.is_ascii_digit())
}

fn piece(inside: &str, explanation: bool) -> Option<Piece> {
    let first = inside.chars().next()?;
    let letter = first.to_ascii_lowercase();
    let allowed = "slodiphv".contains(letter) || explanation && "crt".contains(letter);
    let rest = inside.get(first.len_utf8()..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at_checked(digits)?;
    let keep = if number.is_empty() { None } else { Some(number.parse::<usize>().unwrap_or(usize::MAX)) };
    let (reverse, delimiters) = match rest.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let fits = allowed && keep != Some(0) && delimiters.chars().all(|each| ".-+,/_=".contains(each));
    fits.then(|| Piece::Macro { letter, escaped: first.is_ascii_uppercase(), keep, reverse, delimiters: delimiters.to_owned() })
}

fn expand(piece: &Piece, values: &Values<'_>) -> String {
    let Piece::Macro { letter, escaped, keep, reverse, delimiters } = piece else {
        return if let Piece::Text(text) = piece { text.clone() } else { String::new() };
    };
    let value = value(*letter, values);
    let at: &str = if delimiters.is_empty() { "." } else { delimiters };
    let mut parts: Vec<&str> = value.split(|each| at.contains(each)).collect();
    if *reverse {
        parts.reverse();
    }
    let from = keep.map_or(0, |keep| parts.len().saturating_sub(keep));
    let text = parts.get(from..).unwrap_or_default().join(".");
    if *escaped { url_escaped(&text) } else { text }
}

fn value(letter: char, values: &Values<'_>) -> String {
    let (local, domain) = values.sender.rsplit_once('@').unwrap_or(("postmaster", values.sender));
    match letter {
        's' => values.sender.to_owned(),
        'l' => local.to_owned(),
        'o' => domain.to_owned(),
        'd' => values.domain.to_owned(),
        'i' => dotted(values.ip),
        'p' => values.validated.unwrap_or("unknown").to_owned(),
        'v' => if values.ip.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
        'h' => values.helo.to_owned(),
        'c' => values.ip.to_string(),
        'r' => values.receiver.to_owned(),
        // The time is not this crate's to know; RFC 7208 lets it be any.
        't' => "0".to_owned(),
        _ => String::new(),
    }
}

/// An address as the macro writes it: an IPv6 one by its nibbles.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => ip.octets().into_iter().flat_map(|octet| [octet >> 4, octet & 15]).map(|nibble| format!("{nibble:X}")).collect::<Vec<_>>().join("."),
    }
}

/// RFC 3986, section 2.3: what is not unreserved is escaped.
fn url_escaped(text: &str) -> String {
    let escape = |byte: u8| if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}
