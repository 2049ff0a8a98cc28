//! The verdict on everything that was read: whose door, and how sure that is.

use diagnosis::{Diagnosis, Finding};
use providers::{Confidence, Door, Knowledge};

/// What the evidence says as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No attempt of the provider was found.
    Nothing,
    /// The provider refused nothing.
    Clear,
    /// The refusals look like trouble at the receiver that has passed.
    Outage,
    /// Refusals, of which those of one finding weigh most.
    Refused {
        /// The finding's place.
        finding: usize,
        /// Whose door it is; nothing where no rule knows the reply.
        door: Option<Door>,
        /// How sure that is.
        confidence: Confidence,
    },
}

/// Judges a diagnosis. Blocks weigh more than what concerns single recipients, however many these are.
pub fn judge(knowledge: &Knowledge, diagnosis: &Diagnosis) -> Verdict {
    if diagnosis.totals.attempts == 0 {
        return Verdict::Nothing;
    }
    if diagnosis.incident.outage.is_some() {
        return Verdict::Outage;
    }
    let weight = |finding: &Finding| (finding.is_block(), finding.messages, finding.attempts);
    let heaviest = diagnosis.findings.iter().enumerate().max_by_key(|(index, finding)| (weight(finding), std::cmp::Reverse(*index)));
    heaviest.map_or(Verdict::Clear, |(index, finding)| Verdict::Refused { finding: index, door: finding.door, confidence: confidence(knowledge, finding) })
}

fn confidence(knowledge: &Knowledge, finding: &Finding) -> Confidence {
    finding.group.rule.and_then(|rule| knowledge.rule(rule)).map_or(Confidence::Low, |rule| rule.confidence)
}
