//! The journal: what left the house, when, about which addresses. Entries are added and never changed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// How long a letter that nobody settled counts as open, in seconds: 60 days.
const OPEN: i64 = 60 * 24 * 3600;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A letter is about to be handed over; if nothing follows, nobody knows whether it went out.
    Sending,
    /// A server took the letter.
    Sent,
    /// A server refused the letter, or it never reached one: it did not go out.
    Failed,
    /// The connection broke after the text: it may have gone out.
    Unknown,
    /// The draft was put into a Drafts folder.
    Filed,
    /// The user says that the letter went out by other means.
    Declared,
    /// The user sends although something stands in the way, and says why.
    Overruled,
    /// Mail flows again, or the case was given up.
    Settled,
}

impl What {
    /// The word for it, as in the journal on disk.
    pub fn word(self) -> &'static str {
        match self {
            What::Sending => "sending",
            What::Sent => "sent",
            What::Failed => "failed",
            What::Unknown => "unknown",
            What::Filed => "filed",
            What::Declared => "declared",
            What::Overruled => "overruled",
            What::Settled => "settled",
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in seconds since 1970.
    pub time: i64,
    /// What happened.
    pub what: What,
    /// Whom the letter is to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, which is the same for every try.
    #[serde(default)]
    pub message_id: Option<String>,
    /// The sending addresses that it is about.
    #[serde(default)]
    pub ips: Vec<IpAddr>,
    /// The writer's own reference.
    #[serde(default)]
    pub reference: Option<String>,
    /// What the server said, or why the user overruled.
    #[serde(default)]
    pub note: Option<String>,
}

/// The newest letter to a receiver about one of these addresses that may have gone out and is not settled.
pub fn open<'e>(entries: &'e [Entry], to: &str, ips: &[IpAddr], now: i64) -> Option<&'e Entry> {
    let about = |entry: &&Entry| entry.to.eq_ignore_ascii_case(to) && entry.ips.iter().any(|ip| ips.contains(ip));
    let tells = |entry: &&Entry| match entry.what {
        What::Sent | What::Unknown | What::Declared | What::Settled => true,
        // What followed it tells; if nothing did, the letter may have gone out.
        What::Sending => entry.message_id.as_deref().and_then(|id| state(entries, id)).is_some_and(|newest| newest == *entry),
        What::Failed | What::Filed | What::Overruled => false,
    };
    let newest = entries.iter().rfind(|entry| about(entry) && tells(entry))?;
    (newest.what != What::Settled && now - newest.time < OPEN).then_some(newest)
}

/// What is known of a letter by its Message-ID: the newest entry.
pub fn state<'e>(entries: &'e [Entry], message_id: &str) -> Option<&'e Entry> {
    entries.iter().rfind(|entry| entry.message_id.as_deref() == Some(message_id))
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    fn entry(time: i64, what: What) -> Entry {
        let ips = vec!["203.0.113.25".parse().unwrap()];
        Entry {
            time,
            what,
            to: "icloudadmin@apple.com".to_owned(),
            subject: String::new(),
            message_id: Some(format!("<{time}@x>")),
            ips,
            reference: None,
            note: None,
        }
    }

    #[test]
    fn one_letter_is_open_until_it_is_settled_or_old() {
        let ips: Vec<IpAddr> = vec!["203.0.113.25".parse().unwrap(), "203.0.113.26".parse().unwrap()];
        let find = |entries: &[Entry], now| open(entries, "ICLOUDADMIN@apple.com", &ips, now).map(|entry| entry.time);
        let sent = [entry(1, What::Sending), entry(2, What::Sent), entry(3, What::Failed)];
        assert_eq!(find(&sent, 10), Some(2));
        assert_eq!(find(&sent, 2 + OPEN), None);
        assert_eq!(find(&[entry(2, What::Unknown), entry(4, What::Settled)], 10), None);
        let refused = Entry { message_id: Some("<1@x>".to_owned()), ..entry(2, What::Failed) };
        assert_eq!(find(&[entry(1, What::Sending), refused], 10), None);
        assert_eq!(find(&[entry(1, What::Sending)], 10), Some(1), "the program ended before it knew");
        assert_eq!(open(&sent, "icloudadmin@apple.com", &["198.51.100.1".parse().unwrap()], 10), None);
        assert_eq!(state(&sent, "<2@x>").map(|entry| entry.what), Some(What::Sent));
    }

    #[test]
    fn the_word_is_the_one_on_disk() {
        for what in [What::Sending, What::Sent, What::Failed, What::Unknown, What::Filed, What::Declared, What::Overruled, What::Settled] {
            let written: StrDeserializer<'_, Error> = what.word().into_deserializer();
            assert_eq!(What::deserialize(written), Ok(what));
        }
    }
}
