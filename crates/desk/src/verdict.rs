//! The verdict on everything that was read: whose doors, how sure that is, what to do before writing to anybody.

use diagnosis::{Diagnosis, DoorShare};
use providers::{Confidence, Door, Knowledge};

use crate::remark::{self, Remark};

/// What the evidence says as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No attempt of the provider was found.
    Nothing,
    /// Only bounces of mail that never was the client's: somebody forges its addresses.
    Foreign,
    /// The provider refused nothing; what is missing may lie in Junk.
    Clear,
    /// The refusals are trouble at the receiver that passes.
    Outage,
    /// Most of what was refused had been passed on for others: the forwarding has to change first.
    Forwarding,
    /// A door; nothing where no rule knows the reply.
    Door(Option<Door>),
}

impl Kind {
    /// The word used in JSON and by the page's catalogue.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Nothing => "nothing",
            Kind::Foreign => "foreign",
            Kind::Clear => "clear",
            Kind::Outage => "outage",
            Kind::Forwarding => "forwarding",
            Kind::Door(door) => door.map_or("unknown", Door::word),
        }
    }
}

/// The verdict on a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What it comes to.
    pub kind: Kind,
    /// How sure that is, where a rule says so.
    pub confidence: Option<Confidence>,
    /// The finding that weighs most, by its place.
    pub finding: Option<usize>,
    /// What must be done before anybody is written to, in this order.
    pub before: Vec<Remark>,
    /// What the evidence proves besides.
    pub remarks: Vec<Remark>,
}

/// Judges a diagnosis. Blocks weigh more than what concerns single recipients, however many these are.
pub fn judge(knowledge: &Knowledge, diagnosis: &Diagnosis) -> Verdict {
    let heaviest = diagnosis.doors.first();
    let kind = kind(diagnosis, heaviest);
    let finding = heaviest.and_then(|door| door.findings.first()).copied().filter(|_| matches!(kind, Kind::Door(_) | Kind::Forwarding));
    let writes = matches!(kind, Kind::Door(None | Some(Door::Provider | Door::ListOwner | Door::Relay)) | Kind::Forwarding);
    Verdict {
        kind,
        confidence: finding.map(|finding| confidence(knowledge, diagnosis, finding)),
        finding,
        before: if writes { remark::before(knowledge, diagnosis) } else { Vec::new() },
        remarks: remark::besides(diagnosis, kind),
    }
}

fn kind(diagnosis: &Diagnosis, heaviest: Option<&DoorShare>) -> Kind {
    match heaviest {
        _ if diagnosis.totals.attempts == 0 && diagnosis.foreign > 0 => Kind::Foreign,
        _ if diagnosis.totals.attempts == 0 => Kind::Nothing,
        _ if diagnosis.incident.outage.is_some() => Kind::Outage,
        None => Kind::Clear,
        Some(door) if door.block && diagnosis.conduct.is_forwarding() => Kind::Forwarding,
        Some(door) => Kind::Door(door.door),
    }
}

/// As sure as its rule; that a host answered which is not the provider's is seen, not guessed.
fn confidence(knowledge: &Knowledge, diagnosis: &Diagnosis, place: usize) -> Confidence {
    let Some(finding) = diagnosis.findings.get(place) else { return Confidence::Low };
    if finding.group.by_other && finding.door == Some(Door::Relay) {
        return Confidence::Medium;
    }
    finding.group.rule.and_then(|rule| knowledge.rule(rule)).map_or(Confidence::Low, |rule| rule.confidence)
}
