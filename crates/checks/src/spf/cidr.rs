//! Prefix lengths: `/24`, `//64`, `/24//64` (RFC 7208, section 12).

use std::net::IpAddr;

/// The prefix lengths of a mechanism that names hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// For IPv4 addresses.
    pub v4: u8,
    /// For IPv6 addresses.
    pub v6: u8,
}

impl Lengths {
    /// Whole addresses.
    pub const WHOLE: Lengths = Lengths { v4: 32, v6: 128 };

    /// Whether two addresses of one family share the prefix.
    pub fn same(self, a: IpAddr, b: IpAddr) -> bool {
        match (a, b) {
            (IpAddr::V4(a), IpAddr::V4(b)) => shares(u128::from(u32::from(a)) << 96, u128::from(u32::from(b)) << 96, self.v4),
            (IpAddr::V6(a), IpAddr::V6(b)) => shares(u128::from(a), u128::from(b), self.v6),
            _ => false,
        }
    }
}

fn shares(a: u128, b: u128, length: u8) -> bool {
    length == 0 || (a ^ b) >> (128 - u32::from(length)) == 0
}

/// Splits the prefix lengths off the end of a text; a length that is none leaves no text.
pub fn split(text: &str) -> Option<(&str, Lengths)> {
    let (text, v6) = match text.rsplit_once("//") {
        Some((before, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => (before, length(digits, 128)?),
        _ => (text, 128),
    };
    let (text, v4) = match text.rsplit_once('/') {
        Some((before, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => (before, length(digits, 32)?),
        _ => (text, 32),
    };
    Some((text, Lengths { v4, v6 }))
}

/// A number without leading zeros.
pub fn length(digits: &str, most: u8) -> Option<u8> {
    let plain = !digits.is_empty() && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|length| plain && *length <= most)
}
