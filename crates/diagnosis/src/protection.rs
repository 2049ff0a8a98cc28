//! How connections to the provider were protected, counted.

use std::ops::AddAssign;

use evidence::Channel;

/// Connections and deliveries, by how they were protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsCount {
    /// Under TLS 1.2 or newer.
    pub protected: u64,
    /// Under an older version.
    pub old: u64,
    /// Delivered in plain text.
    pub plain: u64,
    /// TLS failed.
    pub failed: u64,
}

impl TlsCount {
    pub(crate) fn add(&mut self, channel: Channel<'_>, failed: bool) {
        match channel {
            _ if failed => self.failed += 1,
            Channel::Unsaid => {}
            Channel::Plain => self.plain += 1,
            Channel::Tls(version) if is_old(version) => self.old += 1,
            Channel::Tls(_) => self.protected += 1,
        }
    }
}

impl AddAssign for TlsCount {
    fn add_assign(&mut self, more: TlsCount) {
        self.protected += more.protected;
        self.old += more.old;
        self.plain += more.plain;
        self.failed += more.failed;
    }
}

/// SSL, TLS 1.0 and TLS 1.1 (RFC 8996), as OpenSSL and GnuTLS write them.
fn is_old(version: &[u8]) -> bool {
    let number = version.strip_prefix(b"TLS").map(|rest| rest.strip_prefix(b"v").unwrap_or(rest));
    version.starts_with(b"SSL") || matches!(number, Some(b"1" | b"1.0" | b"1.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart_however_they_are_written() {
        for version in [&b"TLSv1"[..], b"TLSv1.1", b"TLS1.0", b"TLS1.1", b"SSLv3"] {
            assert!(is_old(version));
        }
        assert!(!is_old(b"TLSv1.2") && !is_old(b"TLS1.3"));
    }
}
