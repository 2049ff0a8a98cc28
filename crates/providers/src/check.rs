//! Proof that the knowledge holds: every sample matches its own rule best, no near miss does.

use std::fmt;

use smtp::{Reply, Stage};

use crate::{Knowledge, Rule, RuleId};

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The rule.
    pub rule: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rule `{}`: {}", self.rule, self.problem)
    }
}

/// Proves every rule: its samples match it and no other of the same rank, its near misses do not, its pattern can
/// be used, its list is known.
pub fn check(knowledge: &Knowledge) -> Vec<Complaint> {
    knowledge.rules().flat_map(|(id, rule)| check_rule(knowledge, id, rule)).collect()
}

fn check_rule(knowledge: &Knowledge, id: RuleId, rule: &Rule) -> Vec<Complaint> {
    let complain = |problem: String| Complaint { rule: rule.id.clone(), problem };
    if let Some(fault) = rule.pattern.as_ref().and_then(|pattern| pattern.fault()) {
        return vec![complain(format!("the expression cannot be used: {fault}"))];
    }
    let mut complaints: Vec<Complaint> = rule.samples.iter().flat_map(|sample| check_sample(knowledge, id, rule, sample)).map(complain).collect();
    complaints.extend(rule.near_misses.iter().filter(|near| matches(rule, near)).map(|near| complain(format!("the near miss matches: {near}"))));
    complaints
}

fn check_sample(knowledge: &Knowledge, id: RuleId, rule: &Rule, sample: &str) -> Vec<String> {
    if !matches(rule, sample) {
        return vec![format!("the sample does not match: {sample}")];
    }
    let rival = |(other, rival): &(RuleId, &Rule)| *other != id && rival.provider == rule.provider && rival.rank() == rule.rank() && matches(rival, sample);
    let mut problems: Vec<String> =
        knowledge.rules().filter(rival).map(|(_, rival)| format!("the sample also matches `{}` of the same rank: {sample}", rival.id)).collect();
    if problems.is_empty() && knowledge.rule_for(rule.provider, sample.as_bytes(), rule.stage.unwrap_or_default()) != Some(id) {
        problems.push(format!("the rule is never reached: a stronger one takes the sample {sample}"));
    }
    problems
}

fn matches(rule: &Rule, sample: &str) -> bool {
    let reply = Reply::parse(sample.as_bytes());
    let reply = reply.inner().unwrap_or(reply);
    rule.fits(reply.code(), &reply.normalised(), rule.stage.unwrap_or(Stage::Unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_hold() {
        let complaints = check(&Knowledge::built_in().unwrap());
        assert!(complaints.is_empty(), "{}", complaints.iter().map(|complaint| format!("{complaint}\n")).collect::<String>());
    }

    #[test]
    fn every_rule_has_a_near_miss_and_a_known_list() {
        let knowledge = Knowledge::built_in().unwrap();
        for (_, rule) in knowledge.rules() {
            assert!(!rule.near_misses.is_empty(), "{}", rule.id);
            assert!(rule.who.as_deref().is_none_or(|who| knowledge.list(who).is_some()), "{}", rule.id);
        }
    }
}
