//! Host names and addresses, compared the way DNS compares them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a host is a domain or lies under it, on label boundaries and without regard to case.
///
/// `mx01.mail.icloud.com` is under `icloud.com`; `acme.com` is not under `me.com`.
pub fn is_under(host: &[u8], domain: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let Some(start) = host.len().checked_sub(domain.len()) else { return false };
    let Some((labels, tail)) = host.split_at_checked(start) else { return false };
    !domain.is_empty() && tail.eq_ignore_ascii_case(domain) && (labels.is_empty() || labels.ends_with(b"."))
}

/// Reads an IP address, with or without brackets and an `IPv6:` prefix (RFC 5321, section 4.1.3).
pub fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim_matches(['[', ']']);
    let text = text.get(..5).filter(|tag| tag.eq_ignore_ascii_case("ipv6:")).and(text.get(5..)).unwrap_or(text);
    text.split('%').next()?.parse().ok()
}

/// Whether an address may stand in a request to a provider.
///
/// Private, shared (RFC 6598), loopback, link-local, multicast and unspecified addresses may not. Documentation
/// addresses (RFC 5737, RFC 3849) count as public, so that examples can be tried.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let reserved = first == 0 || first >= 224;
    !(address.is_private() || address.is_loopback() || address.is_link_local() || shared || reserved)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, ..] = address.segments();
    let unique_local = first & 0xfe00 == 0xfc00;
    let link_local = first & 0xffc0 == 0xfe80;
    !(address.is_loopback() || address.is_unspecified() || address.is_multicast() || unique_local || link_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_boundaries() {
        assert!(is_under(b"mx01.mail.icloud.com", b"icloud.com"));
        assert!(is_under(b"ME.com.", b"me.com"));
        for host in [&b"acme.com"[..], b"readme.com", b"com", b"", b"me.com.example", b".me.co"] {
            assert!(!is_under(host, b"me.com"), "{host:?}");
        }
    }

    #[test]
    fn only_public_addresses_leave_the_program() {
        for text in ["203.0.113.25", "2001:db8::1", "17.57.154.33", "100.128.0.1", "::ffff:198.51.100.1"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["10.0.0.1", "172.22.1.4", "100.64.0.9", "127.0.0.1", "169.254.1.1", "::1", "fe80::1", "fd00::1", "::ffff:10.1.1.1", "0.0.0.0"] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn address_literals_are_read() {
        assert_eq!(address(b"[IPv6:2001:db8::7]"), "2001:db8::7".parse().ok());
        assert_eq!(address(b"198.51.100.7"), "198.51.100.7".parse().ok());
        assert_eq!(address(b"mx.example"), None);
        assert_eq!(address(b"\xff\xfe"), None);
    }
}
