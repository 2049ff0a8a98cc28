//! Doors: who can lift what, each with its share of the messages that were not accepted.

use providers::{Door, Knowledge};

use crate::distinct::Distinct;
use crate::{Finding, Ledger};

/// One door of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorShare {
    /// Whose door; nothing where no rule knows the replies.
    pub door: Option<Door>,
    /// Who stands behind it, where that is known.
    pub who: Option<String>,
    /// Where to reach them.
    pub contact: Option<String>,
    /// The findings behind it, by their places.
    pub findings: Vec<usize>,
    /// Messages that ended there.
    pub messages: u64,
    /// Their attempts.
    pub attempts: u64,
    /// Whether something is blocked there.
    pub block: bool,
}

/// The doors of the findings: blocks first, then by the number of messages.
pub(crate) fn of(ledger: &Ledger, knowledge: &Knowledge, findings: &[Finding]) -> Vec<DoorShare> {
    let mut doors: Vec<DoorShare> = Vec::new();
    for (place, finding) in findings.iter().enumerate() {
        let (who, contact) = behind(ledger, knowledge, finding);
        match doors.iter_mut().find(|door| door.door == finding.door && door.who == who) {
            Some(door) => {
                door.findings.push(place);
                door.attempts += finding.attempts;
                door.block |= finding.is_block();
            }
            None => doors.push(DoorShare {
                door: finding.door,
                who,
                contact,
                findings: vec![place],
                messages: 0,
                attempts: finding.attempts,
                block: finding.is_block(),
            }),
        }
    }
    for door in &mut doors {
        door.messages = messages(ledger, door.findings.iter().filter_map(|place| findings.get(*place)));
    }
    doors.sort_by_key(|door| std::cmp::Reverse((door.block, door.messages, door.attempts)));
    doors
}

/// Who stands behind a finding's door, and where to reach them; of an operator in between only the host is known.
pub fn behind(ledger: &Ledger, knowledge: &Knowledge, finding: &Finding) -> (Option<String>, Option<String>) {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    if finding.group.by_other && finding.door == Some(Door::Relay) {
        let event = finding.events.first().and_then(|(index, _)| ledger.events.get(index));
        return (event.and_then(|event| event.remote_host).map(|host| ledger.texts.string(host)), None);
    }
    let explanation = finding.group.rule.and_then(|rule| knowledge.explanation(rule));
    explanation.map_or((None, None), |explanation| {
        let (who, contact) = explanation.who();
        (some(who), some(contact))
    })
}

/// How many different messages the findings hold.
fn messages<'f>(ledger: &Ledger, findings: impl Iterator<Item = &'f Finding>) -> u64 {
    let events = findings.flat_map(|finding| finding.events.iter().map(|(index, _)| index));
    let distinct: Distinct = events.filter_map(|index| ledger.events.get(index)).map(|event| event.message.0 as usize).collect();
    distinct.len()
}
