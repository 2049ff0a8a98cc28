//! What the window shows of a case, in types that the page shares (`ui/src/bridge/wire.ts` is written from them).
//!
//! Texts of logs are given as they are: whoever shows them treats them as data. Sentences are the page's business; here
//! are words and numbers only, except for what rules say, which is knowledge and English.

use diagnosis::{Basis, Diagnosis, Finding, Ledger, SourceSummary};
use providers::Knowledge;
use serde::Serialize;
use ticket::rfc3339;
#[cfg(test)]
use ts_rs::TS;

use crate::verdict::{self, Verdict};
use crate::{Glimpse, Scan};

/// A case on one page.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CaseView {
    /// What was read.
    pub sources: Vec<SourceView>,
    /// How much there was of the provider.
    pub totals: TotalsView,
    /// What it comes to.
    pub verdict: VerdictView,
    /// The kinds of refusal, the most frequent first.
    pub findings: Vec<FindingView>,
    /// The story, hour by hour.
    pub hours: Vec<HourView>,
    /// The last acceptance before the first refusal, in RFC 3339.
    pub last_delivered_before: Option<String>,
    /// The first refusal that is a block.
    pub first_refused: Option<String>,
    /// The newest refusal that is a block.
    pub last_refused: Option<String>,
    /// Messages that met the block since it began.
    pub messages_refused: u64,
    /// Messages tried since then.
    pub messages_tried: u64,
    /// From where the mail was sent.
    pub sending_ips: Vec<SendingIpView>,
    /// What the block follows: `ip`, `domain`, `stream`, `message` or `undecided`.
    pub follows: String,
    /// Other providers in the same quarters of an hour.
    pub control: Vec<ControlView>,
    /// What was taken for granted.
    pub assumptions: AssumptionsView,
}

/// One source.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct SourceView {
    /// How it is named: a path, or the name of a pasted text.
    pub name: String,
    /// The family of its lines, or `unknown`.
    pub format: String,
    /// Bytes, unpacked.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Attempts of all providers.
    pub attempts: u64,
    /// Lines that should have held an attempt.
    pub not_understood: u64,
    /// What the user should know.
    pub problems: Vec<ProblemView>,
}

/// Something about a source: the page has words for the code, the texts are for what it does not know.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ProblemView {
    /// A stable word of docs/errors.md.
    pub code: String,
    /// The first line it was seen on.
    pub line: Option<u64>,
    /// How often.
    pub times: u64,
    /// What is the matter, in English.
    pub what: String,
    /// What to do, in English.
    pub hint: String,
}

/// How much there was.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct TotalsView {
    /// Attempts.
    pub attempts: u64,
    /// Messages.
    pub messages: u64,
    /// Different recipients.
    pub recipients: u64,
    /// Attempts that were accepted.
    pub delivered: u64,
    /// Attempts that were put off.
    pub deferred: u64,
    /// Attempts that were refused.
    pub rejected: u64,
}

/// What it comes to.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct VerdictView {
    /// `nothing`, `clear`, `outage`, `unknown`, or the word of a door.
    pub kind: String,
    /// Who stands behind the door.
    pub who: Option<String>,
    /// Where to reach them.
    pub contact: Option<String>,
    /// `low`, `medium` or `high`.
    pub confidence: Option<String>,
    /// The finding that weighs most.
    pub finding: Option<usize>,
}

/// One kind of refusal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct FindingView {
    /// The rule's name.
    pub rule: Option<String>,
    /// The marker in the reply.
    pub marker: Option<String>,
    /// The reply's code and enhanced code, as `554 5.7.1`.
    pub code: String,
    /// The first reply, or the sending server's own words.
    pub text: String,
    /// The word of the door.
    pub door: Option<String>,
    /// Who stands behind it.
    pub who: Option<String>,
    /// Where to reach them.
    pub contact: Option<String>,
    /// What the reply means, in English.
    pub meaning: Option<String>,
    /// How sure that is.
    pub confidence: Option<String>,
    /// What to do, in English, in order.
    pub advice: Vec<String>,
    /// Where this is known from, each with its date.
    pub known_from: Vec<String>,
    /// Whether it is a block.
    pub block: bool,
    /// Attempts.
    pub attempts: u64,
    /// Messages.
    pub messages: u64,
    /// Different recipients.
    pub recipients: u64,
    /// The first, in RFC 3339.
    pub first: Option<String>,
    /// The newest.
    pub last: Option<String>,
    /// The words of the stages.
    pub stages: Vec<String>,
}

/// One hour.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct HourView {
    /// Its beginning, in RFC 3339.
    pub hour: String,
    /// Accepted.
    pub delivered: u64,
    /// Put off.
    pub deferred: u64,
    /// Refused.
    pub rejected: u64,
    /// Other providers' acceptances in the same quarters of an hour.
    pub control_delivered: u64,
    /// Other providers' failures.
    pub control_failed: u64,
}

/// A sending address.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct SendingIpView {
    /// The address.
    pub ip: String,
    /// `given`, `provider_reply` or `instance_name`.
    pub basis: String,
    /// How sure that is.
    pub confidence: String,
    /// How many attempts show it.
    pub attempts: u64,
}

/// Another provider.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ControlView {
    /// The name for people; nothing is all that are not known.
    pub name: Option<String>,
    /// Attempts.
    pub attempts: u64,
    /// Accepted.
    pub delivered: u64,
}

/// What was taken for granted.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct AssumptionsView {
    /// The zone of stamps that have none.
    pub tz: String,
    /// `stated`, `assumed` or `given`; the weakest of all sources.
    pub tz_basis: String,
    /// The year of the newest stamp.
    pub year: Option<i32>,
    /// `stated`, `assumed` or `given`.
    pub year_basis: String,
}

impl Scan {
    /// What the window shows.
    pub fn view(&self) -> CaseView {
        let mut view = view(&self.ledger, &self.knowledge, &self.diagnosis);
        view.assumptions.tz = self.options.clock.zone.name().to_owned();
        view.sources.extend(self.unopened.iter().map(|unopened| SourceView {
            name: unopened.path.display().to_string(),
            format: "unknown".to_owned(),
            bytes: 0,
            lines: 0,
            attempts: 0,
            not_understood: 0,
            problems: vec![ProblemView {
                code: "unopened".to_owned(),
                line: None,
                times: 1,
                what: unopened.error.to_string(),
                hint: "check the path, and that you may read it".to_owned(),
            }],
        }));
        view
    }
}

impl Glimpse<'_> {
    /// What the window shows while reading goes on.
    pub fn view(&self) -> CaseView {
        view(self.ledger, self.knowledge, &self.diagnosis)
    }
}

fn view(ledger: &Ledger, knowledge: &Knowledge, diagnosis: &Diagnosis) -> CaseView {
    let (totals, incident) = (&diagnosis.totals, &diagnosis.incident);
    let findings: Vec<FindingView> = diagnosis.findings.iter().map(|finding| finding_view(ledger, knowledge, finding)).collect();
    CaseView {
        sources: ledger.sources.iter().map(source_view).collect(),
        totals: TotalsView {
            attempts: totals.attempts,
            messages: totals.messages,
            recipients: totals.recipients,
            delivered: totals.outcomes.delivered,
            deferred: totals.outcomes.deferred,
            rejected: totals.outcomes.rejected,
        },
        verdict: verdict_view(verdict::judge(knowledge, diagnosis), &findings),
        findings,
        hours: incident.hours.iter().map(hour_view).collect(),
        last_delivered_before: incident.last_delivered_before.map(rfc3339),
        first_refused: incident.first_refused.map(rfc3339),
        last_refused: incident.last_refused.map(rfc3339),
        messages_refused: incident.messages_refused,
        messages_tried: incident.messages_tried,
        sending_ips: diagnosis.sending_ips.iter().map(sending_view).collect(),
        follows: diagnosis.follows.what.word().to_owned(),
        control: diagnosis.control.iter().map(|control| control_view(knowledge, control)).collect(),
        assumptions: assumptions(ledger, diagnosis),
    }
}

fn verdict_view(verdict: Verdict, findings: &[FindingView]) -> VerdictView {
    let plain = |kind: &str| VerdictView { kind: kind.to_owned(), who: None, contact: None, confidence: None, finding: None };
    match verdict {
        Verdict::Nothing => plain("nothing"),
        Verdict::Clear => plain("clear"),
        Verdict::Outage => plain("outage"),
        Verdict::Refused { finding, door, confidence } => {
            let known = findings.get(finding);
            VerdictView {
                kind: door.map_or("unknown", providers::Door::word).to_owned(),
                who: known.and_then(|finding| finding.who.clone()),
                contact: known.and_then(|finding| finding.contact.clone()),
                confidence: Some(confidence.word().to_owned()),
                finding: Some(finding),
            }
        }
    }
}

fn source_view(source: &SourceSummary) -> SourceView {
    let problem = |problem: &diagnosis::Problem| ProblemView {
        code: problem.code.to_owned(),
        line: problem.line,
        times: problem.times,
        what: problem.what.clone(),
        hint: problem.hint.clone(),
    };
    SourceView {
        name: source.name.clone(),
        format: source.format().to_owned(),
        bytes: source.bytes,
        lines: source.counts.lines(),
        attempts: source.attempts,
        not_understood: source.counts.not_understood,
        problems: source.problems.iter().map(problem).collect(),
    }
}

fn finding_view(ledger: &Ledger, knowledge: &Knowledge, finding: &Finding) -> FindingView {
    let explanation = finding.group.rule.and_then(|rule| knowledge.explanation(rule));
    let (who, contact) = explanation.map_or(("", ""), |explanation| explanation.who());
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let rule = explanation.map(|explanation| explanation.rule);
    let first = finding.events.first().and_then(|(index, _)| ledger.events.get(*index));
    let codes = [finding.group.code.map(|code| code.to_string()), finding.group.enhanced.map(|code| code.to_string())];
    FindingView {
        rule: rule.map(|rule| rule.id.clone()),
        marker: finding.group.marker.map(|marker| ledger.texts.string(marker)),
        code: codes.into_iter().flatten().collect::<Vec<_>>().join(" "),
        text: first.and_then(|event| event.reply.or(event.note)).map(|text| ledger.texts.string(text)).unwrap_or_default(),
        door: finding.door.map(|door| door.word().to_owned()),
        who: some(who),
        contact: some(contact),
        meaning: rule.map(|rule| rule.meaning.clone()),
        confidence: rule.map(|rule| rule.confidence.word().to_owned()),
        advice: rule.map(|rule| rule.advice.clone()).unwrap_or_default(),
        known_from: rule.iter().flat_map(|rule| &rule.sources).map(|source| format!("{} ({})", source.what, source.date)).collect(),
        block: finding.is_block(),
        attempts: finding.attempts,
        messages: finding.messages,
        recipients: finding.recipients,
        first: finding.first.map(rfc3339),
        last: finding.last.map(rfc3339),
        stages: finding.stages.iter().map(|stage| stage.word().to_owned()).collect(),
    }
}

fn hour_view(hour: &diagnosis::Hour) -> HourView {
    HourView {
        hour: rfc3339(hour.start),
        delivered: hour.outcomes.delivered,
        deferred: hour.outcomes.deferred,
        rejected: hour.outcomes.rejected,
        control_delivered: hour.control.delivered,
        control_failed: hour.control.deferred + hour.control.rejected,
    }
}

fn sending_view(found: &diagnosis::SendingIp) -> SendingIpView {
    SendingIpView {
        ip: found.ip.to_string(),
        basis: found.basis.word().to_owned(),
        confidence: found.basis.confidence().word().to_owned(),
        attempts: found.attempts,
    }
}

fn control_view(knowledge: &Knowledge, control: &diagnosis::Control) -> ControlView {
    ControlView {
        name: control.provider.and_then(|id| knowledge.provider(id)).map(|provider| provider.name.clone()),
        attempts: control.outcomes.attempts(),
        delivered: control.outcomes.delivered,
    }
}

/// The weakest basis of all sources counts: one that was assumed makes the case's an assumption.
fn assumptions(ledger: &Ledger, diagnosis: &Diagnosis) -> AssumptionsView {
    let weakest = |bases: &mut dyn Iterator<Item = Basis>| {
        let rank = |basis: &Basis| match basis {
            Basis::Stated => 0,
            Basis::Given => 1,
            Basis::Inferred => 2,
        };
        ["stated", "given", "assumed"].get(bases.map(|basis| rank(&basis)).max().unwrap_or_default()).copied().unwrap_or_default().to_owned()
    };
    let newest = ledger.sources.iter().zip(&diagnosis.calendars).filter_map(|(source, calendar)| {
        let (turn, stamp) = source.span?.1;
        calendar.time(stamp, turn)
    });
    AssumptionsView {
        tz: String::new(),
        tz_basis: weakest(&mut diagnosis.calendars.iter().map(|calendar| calendar.zone_basis)),
        year: newest.max().and_then(|time| ticket::date(time).split('-').next()?.parse().ok()),
        year_basis: weakest(&mut diagnosis.calendars.iter().map(|calendar| calendar.year)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ts_rs::Config;

    use super::*;
    use crate::letter::{DocumentKind, FactsView, LetterView, MissingView, NoteView};
    use crate::lines::{Choice, LineView, LinesView, NeighbourView, RowView};

    /// Numbers are numbers in JSON, however long they may be.
    fn declarations() -> String {
        let config = Config::new().with_large_int("number");
        macro_rules! declare {
            ($($shape:ty),* $(,)?) => { [$(<$shape as TS>::decl(&config)),*] };
        }
        let all = declare!(
            CaseView,
            SourceView,
            ProblemView,
            TotalsView,
            VerdictView,
            FindingView,
            HourView,
            SendingIpView,
            ControlView,
            AssumptionsView,
            Choice,
            LinesView,
            RowView,
            LineView,
            NeighbourView,
            FactsView,
            LetterView,
            MissingView,
            NoteView,
            DocumentKind,
        );
        let head = "// Written by `UPDATE=1 cargo test -p desk shapes` from crates/desk/src: do not edit.\n";
        all.iter().fold(head.to_owned(), |text, shape| format!("{text}\nexport {shape}\n"))
    }

    #[test]
    fn the_page_knows_the_same_shapes() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/bridge/wire.ts");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, declarations()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), declarations(), "run UPDATE=1 cargo test -p desk shapes");
    }
}
