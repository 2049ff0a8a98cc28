//! Blocklists: which there are, and which of them the user may ask and wants to.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use checks::{List, Severity};
use serde::{Deserialize, Serialize};
#[cfg(test)]
use ts_rs::TS;

use crate::Error;

const LISTS: &str = include_str!("../../../assets/checks/lists.toml");

/// What the user says of blocklists.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The user's own key for Spamhaus' Data Query Service.
    pub spamhaus_key: Option<String>,
    /// Lists whose terms hold for the user, by their names.
    pub agreed: Vec<String>,
}

/// A list as it is offered; the texts are knowledge and English.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Blocklist {
    /// The word used on the command line.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `key` where a key opens it too, `free` where its terms do, `link` for a page that people look at.
    pub access: String,
    /// Its terms.
    pub terms: String,
}

impl Wanted {
    /// What the user wants, with a key as it was typed or lies in a file; an empty one is none.
    pub fn new(key: &str, agreed: Vec<String>) -> Result<Wanted, Error> {
        let key = Some(key.trim()).filter(|key| !key.is_empty());
        if key.is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            return Err(Error::new("lists", "the key is none", "--spamhaus-key", "a key is letters and digits, as Spamhaus' portal shows it"));
        }
        Ok(Wanted { spamhaus_key: key.map(str::to_owned), agreed })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    list: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    about: String,
    access: String,
    zone: Option<String>,
    free_zone: Option<String>,
    page: String,
    terms: String,
    severity: String,
    source: String,
    date: String,
    #[serde(default)]
    answers: BTreeMap<Ipv4Addr, String>,
}

fn entries() -> Result<Vec<Entry>, Error> {
    Ok(toml::from_str::<File>(LISTS).map_err(|error| Error::new("lists", error, "", "this is a fault of Reprieve"))?.list)
}

/// Every list, as it is offered.
pub fn blocklists() -> Result<Vec<Blocklist>, Error> {
    let offered = |Entry { id, name, access, terms, .. }| Blocklist { id, name, access, terms };
    Ok(entries()?.into_iter().map(offered).collect())
}

/// Every list, with the zone to ask where the user may ask it.
pub fn lists(wanted: &Wanted) -> Result<Vec<List>, Error> {
    let entries = entries()?;
    let known: Vec<&str> = entries.iter().filter(|entry| entry.access != "link").map(|entry| entry.id.as_str()).collect();
    if let Some(name) = wanted.agreed.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::new("lists", format!("`{name}` is no list that can be asked"), "--list", format!("choose of {}", known.join(", "))));
    }
    Ok(entries.into_iter().filter_map(|entry| entry.list(wanted)).collect())
}

impl Entry {
    /// The list; one without source and date is not loaded.
    fn list(self, wanted: &Wanted) -> Option<List> {
        let agreed = wanted.agreed.contains(&self.id);
        let zone = match (self.access.as_str(), &wanted.spamhaus_key, self.zone) {
            ("key", Some(key), Some(zone)) => Some(format!("{key}.{zone}")),
            ("key", None, _) if agreed => self.free_zone,
            ("free", _, zone) if agreed => zone,
            _ => None,
        };
        let severity = match self.severity.as_str() {
            "blocker" => Severity::Blocker,
            "high" => Severity::High,
            _ => Severity::Info,
        };
        let (id, of_domains) = (id(&self.id)?, self.about == "domain");
        let is_proven = !self.source.is_empty() && !self.date.is_empty();
        is_proven.then_some(List { id, name: self.name, of_domains, zone, page: self.page, terms: self.terms, severity, answers: self.answers })
    }
}

/// The row of a list.
fn id(name: &str) -> Option<&'static str> {
    const ROWS: [&str; 7] =
        ["lists.spamhaus_zen", "lists.spamhaus_dbl", "lists.spamcop", "lists.psbl", "lists.proofpoint", "lists.cloudmark", "lists.validity"];
    ROWS.into_iter().find(|row| row.strip_prefix("lists.") == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_without_a_key_or_a_word() {
        let zones = |wanted: &Wanted| lists(wanted).unwrap().into_iter().filter_map(|list| list.zone).collect::<Vec<_>>();
        assert_eq!(lists(&Wanted::default()).unwrap().len(), 7);
        assert_eq!(zones(&Wanted::default()), Vec::<String>::new());
        let key = Wanted { spamhaus_key: Some("abc".into()), agreed: vec!["psbl".into()] };
        assert_eq!(zones(&key), ["abc.zen.dq.spamhaus.net", "abc.dbl.dq.spamhaus.net", "psbl.surriel.com"]);
        assert!(lists(&Wanted { agreed: vec!["sorbs".into()], ..Wanted::default() }).is_err());
        assert!(Wanted::new("a.b", Vec::new()).is_err() && Wanted::new(" \n", Vec::new()).unwrap().spamhaus_key.is_none());
    }

    #[test]
    fn every_list_that_can_be_asked_is_offered_with_its_terms() {
        let offered = blocklists().unwrap();
        for list in offered.iter().filter(|list| list.access != "link") {
            assert!(!list.terms.is_empty() && lists(&Wanted::new("", vec![list.id.clone()]).unwrap()).is_ok(), "{list:?}");
        }
        assert_eq!(offered.iter().filter(|list| list.access == "link").count(), 3);
    }
}
