//! Mailboxes as they stand in an envelope (RFC 5321, section 4.1.2).

use crate::bytes::rfind;

/// The address without the angle brackets around it, where there are any.
pub fn strip_angles(mailbox: &[u8]) -> &[u8] {
    mailbox.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).unwrap_or(mailbox)
}

/// What stands after the last `@`, or nothing.
pub fn domain_of(mailbox: &[u8]) -> Option<&[u8]> {
    split(mailbox).map(|(_, domain)| domain).filter(|domain| !domain.is_empty())
}

/// What stands before the last `@`, or nothing.
pub fn local_part_of(mailbox: &[u8]) -> Option<&[u8]> {
    split(mailbox).map(|(local, _)| local)
}

fn split(mailbox: &[u8]) -> Option<(&[u8], &[u8])> {
    let mailbox = strip_angles(mailbox);
    let at = rfind(b'@', mailbox)?;
    Some((mailbox.get(..at)?, mailbox.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_at_sign_separates() {
        assert_eq!(domain_of(b"<\"a@b\"@icloud.com>"), Some(&b"icloud.com"[..]));
        assert_eq!(local_part_of(b"anna@icloud.com"), Some(&b"anna"[..]));
        assert_eq!(domain_of(b"postmaster"), None);
        assert_eq!(domain_of(b"anna@"), None);
    }
}
