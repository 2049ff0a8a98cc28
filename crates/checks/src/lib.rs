//! What the sender's own house looks like to a receiver: SPF, DKIM, DMARC and names, each answer with its evidence.
//!
//! Everything here is logic over [`Questions`]: no network, no clock, no thread. It knows who asks for what, and
//! deliberately not how a question travels.

mod check;
mod conduct;
pub mod dkim;
pub mod dmarc;
pub mod dns;
mod health;
mod idn;
mod lists;
mod mail;
mod message;
mod names;
mod outbound;
pub mod remedy;
mod run;
mod sender;
mod signature;
pub mod spf;
mod subject;

pub use check::{AskedBy, Check, Evidence, Severity, Status};
pub use conduct::is_bulk;
pub use dns::{Answer, Kind, Outcome, Pending, Question, Questions, Record, Way};
pub use lists::List;
pub use mail::{Field, Link, Mail, Markup};
pub use run::{Control, Report, run, self_test, unasked};
pub use signature::{Verdict, Verification, Verified, Verify};
pub use subject::{Habit, Seen, Sender, Service, Tls};

/// The domain that an organisation registered, by the list of public suffixes; nothing for a suffix itself, and nothing
/// for what is no name.
pub fn org_domain(name: &str) -> Option<&str> {
    if name.starts_with('.') {
        return None;
    }
    // The list is written in lower case; the domain is the end of the name, however that is written.
    let lower = name.to_ascii_lowercase();
    let start = name.len().checked_sub(psl::domain_str(&lower)?.len())?;
    name.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of publicsuffix.org (checkPublicSuffix, public domain): a name, and the domain that was registered.
    const VECTORS: &str = include_str!("../tests/public_suffixes.txt");

    #[test]
    fn the_public_suffix_list_is_read_as_its_own_vectors_say() {
        let vectors: Vec<&str> = VECTORS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        for line in &vectors {
            let (name, expected) = line.split_once(' ').unwrap();
            let found = org_domain(name).map(str::to_lowercase);
            assert_eq!(found.as_deref(), Some(expected).filter(|word| *word != "null"), "{line}");
        }
        assert_eq!(vectors.len(), 78);
    }
}
