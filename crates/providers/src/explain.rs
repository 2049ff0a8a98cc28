//! What a reply means, how sure that is, and whose door it is.

use smtp::{Code, Reply, Stage};

use crate::{Door, Knowledge, ListOwner, Provider, ProviderId, Rule, RuleId};

/// What is known of a reply of a recognised provider.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'k> {
    /// The provider that answered.
    pub provider: &'k Provider,
    /// The rule that matched.
    pub rule: &'k Rule,
    /// The list's owner, where the door is one.
    pub list: Option<&'k ListOwner>,
}

impl<'k> Explanation<'k> {
    /// Who stands behind the door, and where to reach them; empty where nobody does.
    pub fn who(&self) -> (&'k str, &'k str) {
        match (self.rule.door, self.list) {
            (Door::Provider | Door::DeveloperProgramme, _) => (&self.provider.operator, &self.provider.contact),
            (Door::ListOwner, Some(list)) => (&list.name, &list.contact),
            _ => ("", ""),
        }
    }
}

impl Knowledge {
    /// The rule that a provider's reply matches best. A wrapped reply is judged by the one inside it.
    pub fn rule_for(&self, provider: ProviderId, raw: &[u8], stage: Stage) -> Option<RuleId> {
        let reply = Reply::parse(raw);
        let reply = reply.inner().unwrap_or(reply);
        let text = reply.normalised();
        let fits = |(_, rule): &(RuleId, &Rule)| rule.provider == provider && rule.fits(reply.code(), &text, stage);
        self.candidates(&text).filter(fits).max_by_key(|(id, rule)| (rule.rank(), std::cmp::Reverse(*id))).map(|(id, _)| id)
    }

    /// A rule with its provider and its list's owner.
    pub fn explanation(&self, rule: RuleId) -> Option<Explanation<'_>> {
        let rule = self.rule(rule)?;
        let list = rule.who.as_deref().and_then(|who| self.list(who));
        Some(Explanation { provider: self.provider(rule.provider)?, rule, list })
    }
}

impl Rule {
    /// Whether the rule matches; the stage decides only where there is no pattern to match.
    pub(crate) fn fits(&self, code: Option<Code>, text: &str, stage: Stage) -> bool {
        let code_fits = self.codes.is_empty() || code.is_some_and(|code| self.codes.contains(&code));
        code_fits
            && match (&self.pattern, self.stage) {
                (Some(pattern), _) => pattern.matches(text),
                (None, Some(own)) => own == stage,
                (None, None) => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(reply: &str) -> Option<String> {
        let knowledge = Knowledge::built_in().unwrap();
        let icloud = knowledge.provider_named("icloud").unwrap();
        let id = knowledge.rule_for(icloud, reply.as_bytes(), Stage::Unknown)?;
        knowledge.rule(id).map(|rule| rule.id.clone())
    }

    #[test]
    fn the_strongest_rule_wins() {
        assert_eq!(rule("554 5.7.1 [HM08] Message rejected due to local policy.").as_deref(), Some("icloud-hm08"));
        assert_eq!(rule("554 5.7.1 [HM99] Message rejected due to local policy.").as_deref(), Some("icloud-undocumented-marker"));
        assert_eq!(rule("554 5.7.1 Message rejected due to local policy.").as_deref(), Some("icloud-local-policy"));
        assert_eq!(rule("554 5.7.1 Something else"), None);
        assert_eq!(rule("250 2.0.0 Ok: queued as [HM08] Message rejected due to local policy").as_deref(), Some("icloud-undocumented-marker"));
    }

    #[test]
    fn a_wrapped_reply_is_judged_by_the_inner_one() {
        let wrapped = "503 5.5.1 Error: need MAIL command - MAIL FROM error: 451 4.7.1 Service unavailable - try again later";
        assert_eq!(rule(wrapped).as_deref(), Some("icloud-service-unavailable"));
    }
}
