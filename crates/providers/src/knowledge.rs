//! All that is known: built in, and added to or overridden by the user's own files.

use std::borrow::Cow;
use std::net::IpAddr;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use thiserror::Error;

use crate::model::{ProviderFile, RuleFile};
use crate::pattern::Pattern;
use crate::pool::PoolFile;
use crate::{ListOwner, Pool, Provider, ProviderId, Rule, RuleId};
use smtp::{Code, Stage};

const PROVIDERS: &[(&str, &str)] = &[
    ("icloud.toml", include_str!("../../../assets/providers/icloud.toml")),
    ("apple_private_relay.toml", include_str!("../../../assets/providers/apple_private_relay.toml")),
    ("icloud_submission.toml", include_str!("../../../assets/providers/icloud_submission.toml")),
    ("apple_corporate.toml", include_str!("../../../assets/providers/apple_corporate.toml")),
    ("gmail.toml", include_str!("../../../assets/providers/gmail.toml")),
    ("outlook.toml", include_str!("../../../assets/providers/outlook.toml")),
    ("microsoft365.toml", include_str!("../../../assets/providers/microsoft365.toml")),
    ("yahoo.toml", include_str!("../../../assets/providers/yahoo.toml")),
];

const LISTS: &[(&str, &str)] = &[
    ("spamhaus.toml", include_str!("../../../assets/lists/spamhaus.toml")),
    ("proofpoint.toml", include_str!("../../../assets/lists/proofpoint.toml")),
    ("cloudmark.toml", include_str!("../../../assets/lists/cloudmark.toml")),
    ("barracuda.toml", include_str!("../../../assets/lists/barracuda.toml")),
];

const POOLS: (&str, &str) = ("pools.toml", include_str!("../../../assets/pools/pools.toml"));

/// Why a rule file was not taken. The rules that were in force before stay in force.
#[derive(Debug, Error)]
#[error("{file}{}: {problem}", place(.line))]
pub struct RuleFileError {
    /// The file's name.
    pub file: String,
    /// The line, where it is known; the first is 1.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub problem: String,
}

fn place(line: &Option<usize>) -> String {
    line.map(|line| format!(" line {line}")).unwrap_or_default()
}

/// Providers, their rules, and the owners of lists.
#[derive(Debug, Default)]
pub struct Knowledge {
    pools: Vec<Pool>,
    providers: Vec<Provider>,
    rules: Vec<Rule>,
    lists: Vec<ListOwner>,
    literals: Option<AhoCorasick>,
    without_literal: Vec<RuleId>,
    with_literal: Vec<RuleId>,
}

impl Knowledge {
    /// What the program knows by itself.
    pub fn built_in() -> Result<Knowledge, RuleFileError> {
        let mut knowledge = Knowledge::default();
        for (name, text) in LISTS {
            knowledge.lists.push(toml::from_str(text).map_err(|error| broken(name, text, &error))?);
        }
        let (name, text) = POOLS;
        knowledge.pools = toml::from_str::<PoolFile>(text).map_err(|error| broken(name, text, &error))?.pool;
        for (name, text) in PROVIDERS {
            let file = toml::from_str(text).map_err(|error| broken(name, text, &error))?;
            knowledge.take(name, text, file)?;
        }
        knowledge.index();
        Ok(knowledge)
    }

    /// Adds a user's file: a rule or provider with a known name replaces the built-in one, others are added.
    ///
    /// The samples of the file are proved first; on an error nothing is changed.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), RuleFileError> {
        let parse = |text: &str| toml::from_str::<ProviderFile>(text).map_err(|error| broken(name, text, &error));
        let mut trial = Knowledge::default();
        trial.take(name, text, parse(text)?)?;
        trial.index();
        if let Some(complaint) = crate::check(&trial).into_iter().next() {
            let line = line_of(text, &complaint.rule);
            return Err(RuleFileError { file: name.to_owned(), line, problem: complaint.to_string() });
        }
        self.take(name, text, parse(text)?)?;
        self.index();
        Ok(())
    }

    /// The outgoing service that an address belongs to, if many senders share it.
    pub fn pool(&self, ip: IpAddr) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.holds(ip))
    }

    /// Every provider, in the order in which they are asked.
    pub fn providers(&self) -> impl Iterator<Item = (ProviderId, &Provider)> {
        self.providers.iter().enumerate().map(|(index, provider)| (ProviderId(index as u8), provider))
    }

    /// A provider by its place.
    pub fn provider(&self, id: ProviderId) -> Option<&Provider> {
        self.providers.get(usize::from(id.0))
    }

    /// A provider by the word used on the command line.
    pub fn provider_named(&self, name: &str) -> Option<ProviderId> {
        self.providers().find(|(_, provider)| provider.id == name).map(|(id, _)| id)
    }

    /// Every rule.
    pub fn rules(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        self.rules.iter().enumerate().map(|(index, rule)| (RuleId(index as u16), rule))
    }

    /// A rule by its place.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(usize::from(id.0))
    }

    /// The owner of a list by its word.
    pub fn list(&self, id: &str) -> Option<&ListOwner> {
        self.lists.iter().find(|list| list.id == id)
    }

    /// The rules that could match a normalised reply: those whose literal text it holds, and those without one.
    pub(crate) fn candidates(&self, text: &str) -> impl Iterator<Item = (RuleId, &Rule)> {
        let found = self.literals.iter().flat_map(move |literals| literals.find_overlapping_iter(text.as_bytes()).map(|hit| hit.pattern().as_usize()));
        let with = found.filter_map(|index| self.with_literal.get(index).copied());
        with.chain(self.without_literal.iter().copied()).filter_map(|id| Some((id, self.rule(id)?)))
    }

    fn take(&mut self, name: &str, text: &str, file: ProviderFile) -> Result<(), RuleFileError> {
        let fault =
            |rule: &str, problem: Cow<'_, str>| RuleFileError { file: name.to_owned(), line: line_of(text, rule), problem: format!("`{rule}`: {problem}") };
        if file.sources.is_empty() {
            return Err(fault(&file.id, "a provider needs a source with a date".into()));
        }
        let (provider, rules) = split(file);
        let id = self.place(provider);
        for rule in rules {
            let rule_id = rule.id.clone();
            let rule = build(rule, id).map_err(|problem| fault(&rule_id, problem))?;
            match self.rules.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => self.rules.push(rule),
            }
        }
        Ok(())
    }

    fn place(&mut self, provider: Provider) -> ProviderId {
        let at = self.providers.iter().position(|known| known.id == provider.id).unwrap_or(self.providers.len());
        match self.providers.get_mut(at) {
            Some(known) => *known = provider,
            None => self.providers.push(provider),
        }
        ProviderId(at as u8)
    }

    fn index(&mut self) {
        let literal = |rule: &Rule| rule.pattern.as_ref().map(|pattern| pattern.literal().to_owned()).filter(|text| !text.is_empty());
        let (with, without): (Vec<_>, Vec<_>) = self.rules().map(|(id, rule)| (id, literal(rule))).partition(|(_, text)| text.is_some());
        self.without_literal = without.into_iter().map(|(id, _)| id).collect();
        self.with_literal = with.iter().map(|(id, _)| *id).collect();
        let texts = with.into_iter().filter_map(|(_, text)| text);
        self.literals =
            AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(texts).ok();
    }
}

fn split(file: ProviderFile) -> (Provider, Vec<RuleFile>) {
    let provider = Provider {
        id: file.id,
        name: file.name,
        operator: file.operator,
        contact: file.contact,
        asks_for: file.asks_for,
        does_not_offer: file.does_not_offer,
        sources: file.sources,
        recognise: file.recognise,
    };
    (provider, file.rule)
}

fn build(file: RuleFile, provider: ProviderId) -> Result<Rule, Cow<'static, str>> {
    if file.sources.is_empty() || file.samples.is_empty() {
        return Err("a rule needs a source with a date, and a sample that it must match".into());
    }
    let bad_date = |source: &&crate::Source| chrono::NaiveDate::parse_from_str(&source.date, "%Y-%m-%d").is_err();
    if let Some(source) = file.sources.iter().find(bad_date) {
        return Err(format!("`{}` is no date; write YYYY-MM-DD", source.date).into());
    }
    let pattern = match (&file.pattern, &file.regex) {
        (Some(_), Some(_)) => return Err("give `pattern` or `regex`, not both".into()),
        (Some(text), None) => Some(Pattern::text(text, file.anchored)),
        (None, Some(source)) => Some(Pattern::regex(source)),
        (None, None) => None,
    };
    let stage = match file.stage.as_deref() {
        Some(word) => Some(Stage::from_word(word).ok_or_else(|| format!("`{word}` is no stage"))?),
        None => None,
    };
    let code = |number: &u16| Code::new(*number).ok_or_else(|| Cow::from(format!("{number} is no reply code")));
    Ok(Rule {
        codes: file.codes.iter().map(code).collect::<Result<_, _>>()?,
        id: file.id,
        provider,
        stage,
        kind: file.kind,
        door: file.door,
        who: file.who,
        escalate: file.escalate,
        meaning: file.meaning,
        confidence: file.confidence,
        advice: file.advice,
        sources: file.sources,
        samples: file.samples,
        near_misses: file.near_misses,
        pattern,
    })
}

fn broken(name: &str, text: &str, error: &toml::de::Error) -> RuleFileError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| before.bytes().filter(|byte| *byte == b'\n').count() + 1);
    RuleFileError { file: name.to_owned(), line, problem: error.message().to_owned() }
}

/// The line on which a name stands in quotes.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let quoted = format!("\"{name}\"");
    text.lines().position(|line| line.contains(&quoted)).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"
id = "icloud"
name = "iCloud Mail"
operator = "Apple"
contact = "icloudadmin@apple.com"
sources = [{ what = "own logs", date = "2026-10-01" }]
recognise.domains = ["icloud.com"]
[[rule]]
id = "icloud-hm08"
pattern = "[HM08] Message rejected"
kind = "policy_block"
door = "provider"
escalate = "yes"
meaning = "Ours."
confidence = "low"
advice = []
sources = [{ what = "own logs", date = "2026-10-01" }]
samples = ["554 5.7.1 [HM08] Message rejected due to local policy."]
"#;

    #[test]
    fn a_users_rule_replaces_the_built_in_one() {
        let mut knowledge = Knowledge::built_in().unwrap();
        let before = knowledge.rules().count();
        knowledge.add("own.toml", OWN).unwrap();
        assert_eq!(knowledge.rules().count(), before);
        assert!(knowledge.rules().any(|(_, rule)| rule.meaning == "Ours."));
    }

    #[test]
    fn a_bad_file_is_named_by_line_and_changes_nothing() {
        let mut knowledge = Knowledge::built_in().unwrap();
        let cases = [
            (OWN.replace("date = \"2026-10-01\" }]\nsamples", "date = \"soon\" }]\nsamples"), Some(9)),
            (OWN.replace("[HM08] Message rejected due", "[HM07] Message rejected due"), Some(9)),
            (OWN.replace("door = \"provider\"", "door = \"window\""), Some(12)),
            (OWN.replace("\nsamples = [\"554 5.7.1 [HM08] Message rejected due to local policy.\"]", ""), None),
            ("id = ".to_owned(), Some(1)),
        ];
        for (text, line) in cases {
            let error = knowledge.add("own.toml", &text).unwrap_err();
            assert!(line.is_none() || error.line == line, "{error}");
        }
        assert!(!knowledge.rules().any(|(_, rule)| rule.meaning == "Ours."));
    }
}
