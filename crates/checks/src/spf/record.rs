//! An SPF record, read strictly by the grammar of RFC 7208, section 12.

use std::net::IpAddr;

use super::cidr::{self, Lengths};
use super::macros::MacroString;

/// What a match means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`
    Pass,
    /// `-`
    Fail,
    /// `~`
    SoftFail,
    /// `?`
    Neutral,
}

/// What a term compares the sending address with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Everything.
    All,
    /// Whatever another domain's record lets pass.
    Include(MacroString),
    /// The addresses of a name.
    A(Option<MacroString>, Lengths),
    /// The addresses of a domain's mail servers.
    Mx(Option<MacroString>, Lengths),
    /// The name of the address.
    Ptr(Option<MacroString>),
    /// A network, of either family.
    Ip(IpAddr, Lengths),
    /// Whether a name has an address at all.
    Exists(MacroString),
}

/// What a record says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// Go on with another domain's record.
    Redirect(MacroString),
    /// Where the reason for a refusal is written.
    Exp(MacroString),
    /// Something that is not known, and is allowed.
    Other(String),
}

/// One term, as written and as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A mechanism with what its match means.
    Mechanism(Qualifier, Mechanism, String),
    /// A modifier.
    Modifier(Modifier, String),
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfRecord {
    /// As it was published.
    pub text: String,
    /// Its terms.
    pub terms: Vec<Term>,
}

/// Why a record is broken: the term, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The term as written.
    pub term: String,
    /// What is wrong.
    pub why: &'static str,
}

/// Whether a text is meant to be an SPF record of this version.
pub fn is_spf(text: &[u8]) -> bool {
    let Some((version, rest)) = text.split_at_checked(6) else { return false };
    version.eq_ignore_ascii_case(b"v=spf1") && matches!(rest.first(), None | Some(b' '))
}

impl SpfRecord {
    /// Reads a record; anything that the grammar does not allow breaks all of it (RFC 7208, section 4.6).
    pub fn parse(text: &[u8]) -> Result<SpfRecord, Fault> {
        let whole = String::from_utf8_lossy(text).into_owned();
        let fault = |term: &str, why| Fault { term: term.to_owned(), why };
        if !text.is_ascii() || text.iter().any(u8::is_ascii_control) {
            return Err(fault(&smtp::escape_controls(text), "it holds signs that are not printable ASCII"));
        }
        let mut terms = Vec::new();
        for word in whole.get(6..).unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
            let term = term(word).map_err(|why| fault(word, why))?;
            if let Term::Modifier(Modifier::Redirect(_) | Modifier::Exp(_), _) = term {
                let same = |known: &&Term| {
                    matches!(
                        (known, &term),
                        (Term::Modifier(Modifier::Redirect(_), _), Term::Modifier(Modifier::Redirect(_), _))
                            | (Term::Modifier(Modifier::Exp(_), _), Term::Modifier(Modifier::Exp(_), _))
                    )
                };
                if terms.iter().any(|known| same(&known)) {
                    return Err(fault(word, "it may stand in a record once only"));
                }
            }
            terms.push(term);
        }
        Ok(SpfRecord { text: whole, terms })
    }

    /// The mechanisms in their order.
    pub fn mechanisms(&self) -> impl Iterator<Item = (Qualifier, &Mechanism, &str)> {
        self.terms
            .iter()
            .filter_map(|term| if let Term::Mechanism(qualifier, mechanism, text) = term { Some((*qualifier, mechanism, text.as_str())) } else { None })
    }

    /// Where the record goes on, where no mechanism matches.
    pub fn redirect(&self) -> Option<(&MacroString, &str)> {
        self.terms.iter().find_map(|term| if let Term::Modifier(Modifier::Redirect(target), text) = term { Some((target, text.as_str())) } else { None })
    }

    /// Where the reason for a refusal is written.
    pub fn exp(&self) -> Option<&MacroString> {
        self.terms.iter().find_map(|term| if let Term::Modifier(Modifier::Exp(target), _) = term { Some(target) } else { None })
    }
}

fn term(word: &str) -> Result<Term, &'static str> {
    let name_end = word.find(|each: char| !(each.is_ascii_alphanumeric() || "-_.".contains(each))).unwrap_or(word.len());
    let (name, rest) = word.split_at_checked(name_end).unwrap_or_default();
    if let Some(value) = rest.strip_prefix('=') {
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err("a modifier's name begins with a letter");
        }
        return modifier(name, value).map(|modifier| Term::Modifier(modifier, word.to_owned()));
    }
    let (qualifier, bare) = match word.chars().next() {
        Some('+') => (Qualifier::Pass, word.get(1..)),
        Some('-') => (Qualifier::Fail, word.get(1..)),
        Some('~') => (Qualifier::SoftFail, word.get(1..)),
        Some('?') => (Qualifier::Neutral, word.get(1..)),
        _ => (Qualifier::Pass, Some(word)),
    };
    mechanism(bare.unwrap_or_default()).map(|mechanism| Term::Mechanism(qualifier, mechanism, word.to_owned()))
}

fn modifier(name: &str, value: &str) -> Result<Modifier, &'static str> {
    match name.to_ascii_lowercase().as_str() {
        "redirect" => domain(value).map(Modifier::Redirect),
        "exp" => domain(value).map(Modifier::Exp),
        _ => MacroString::parse(value, false).map(|_| Modifier::Other(name.to_owned())).ok_or("its value is no macro string"),
    }
}

fn mechanism(word: &str) -> Result<Mechanism, &'static str> {
    let end = word.find([':', '/']).unwrap_or(word.len());
    let (name, rest) = word.split_at_checked(end).unwrap_or_default();
    let value = rest.strip_prefix(':');
    match (name.to_ascii_lowercase().as_str(), value) {
        ("all", None) if rest.is_empty() => Ok(Mechanism::All),
        ("include", Some(value)) => domain(value).map(Mechanism::Include),
        ("exists", Some(value)) => domain(value).map(Mechanism::Exists),
        ("ptr", None) if rest.is_empty() => Ok(Mechanism::Ptr(None)),
        ("ptr", Some(value)) => domain(value).map(|name| Mechanism::Ptr(Some(name))),
        ("a", _) => hosts(rest).map(|(name, lengths)| Mechanism::A(name, lengths)),
        ("mx", _) => hosts(rest).map(|(name, lengths)| Mechanism::Mx(name, lengths)),
        ("ip4", Some(value)) => network(value, 32, IpAddr::is_ipv4),
        ("ip6", Some(value)) => network(value, 128, IpAddr::is_ipv6),
        ("all" | "include" | "exists" | "ptr" | "ip4" | "ip6", _) => Err("its value is missing, or it takes none"),
        _ => Err("no mechanism has this name"),
    }
}

fn domain(text: &str) -> Result<MacroString, &'static str> {
    MacroString::parse(text, false).filter(MacroString::is_domain).ok_or("this is no domain name, or a macro in it is broken")
}

/// `[:NAME][/24][//64]`.
fn hosts(rest: &str) -> Result<(Option<MacroString>, Lengths), &'static str> {
    let (name, lengths) = cidr::split(rest).ok_or("the prefix length is none")?;
    match name.strip_prefix(':') {
        None if name.is_empty() => Ok((None, lengths)),
        None => Err("a colon or a prefix length is asked for here"),
        Some(name) => domain(name).map(|name| (Some(name), lengths)),
    }
}

fn network(value: &str, most: u8, is_family: fn(&IpAddr) -> bool) -> Result<Mechanism, &'static str> {
    let (address, length) = match value.split_once('/') {
        Some((address, digits)) => (address, cidr::length(digits, most).ok_or("the prefix length is none")?),
        None => (value, most),
    };
    let plain = !address.contains('%');
    let ip: IpAddr = address.parse().ok().filter(|ip| is_family(ip) && plain).ok_or("this is no address of the family")?;
    let lengths = if most == 32 { Lengths { v4: length, v6: 0 } } else { Lengths { v4: 0, v6: length } };
    Ok(Mechanism::Ip(ip, lengths))
}
