//! A case as the window shows it: words and numbers of what was found, in the shapes that the page shares.

use diagnosis::{Basis, Conduct, Diagnosis, DoorShare, Finding, Follows, Ledger, SourceSummary, behind};
use providers::Knowledge;
use ticket::rfc3339;

use crate::shapes::{
    AssumptionsView, CandidateView, CaseView, CellView, ConductView, ControlView, DoorView, FindingView, FollowsView, HourView, ProblemView, RemarkView,
    SendingIpView, SourceView, TalkerView, TotalsView, VerdictView,
};
use crate::verdict::{self, Verdict};
use crate::{Glimpse, Remark, Scan};

/// How many cells of the matrix are shown.
const MOST_CELLS: usize = 40;

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
        verdict: verdict_view(verdict::judge(knowledge, diagnosis), diagnosis, &findings),
        findings,
        hours: incident.hours.iter().map(hour_view).collect(),
        last_delivered_before: incident.last_delivered_before.map(rfc3339),
        first_refused: incident.first_refused.map(rfc3339),
        last_refused: incident.last_refused.map(rfc3339),
        messages_refused: incident.messages_refused,
        messages_tried: incident.messages_tried,
        sending_ips: diagnosis.sending_ips.iter().map(|found| sending_view(knowledge, found)).collect(),
        candidates: diagnosis.candidates.iter().map(candidate_view).collect(),
        asked: asked(ledger, diagnosis),
        relay_hosts: ledger.relay_hosts.iter().cloned().collect(),
        follows: follows_view(&diagnosis.follows),
        conduct: conduct_view(&diagnosis.conduct),
        control: diagnosis.control.iter().map(|control| control_view(knowledge, control)).collect(),
        assumptions: assumptions(ledger, diagnosis),
    }
}

fn verdict_view(verdict: Verdict, diagnosis: &Diagnosis, findings: &[FindingView]) -> VerdictView {
    let known = verdict.finding.and_then(|finding| findings.get(finding));
    let remarks =
        |remarks: Vec<Remark>| remarks.into_iter().map(|remark| RemarkView { code: remark.code.to_owned(), names: remark.names, figures: remark.figures });
    VerdictView {
        kind: verdict.kind.word().to_owned(),
        who: known.and_then(|finding| finding.who.clone()),
        contact: known.and_then(|finding| finding.contact.clone()),
        confidence: verdict.confidence.map(|confidence| confidence.word().to_owned()),
        finding: verdict.finding,
        doors: diagnosis.doors.iter().map(door_view).collect(),
        before: remarks(verdict.before).collect(),
        remarks: remarks(verdict.remarks).collect(),
    }
}

fn door_view(door: &DoorShare) -> DoorView {
    DoorView {
        kind: door.door.map_or("unknown", providers::Door::word).to_owned(),
        who: door.who.clone(),
        contact: door.contact.clone(),
        messages: door.messages,
        findings: door.findings.clone(),
    }
}

/// The matrix for a picture: the cells with the most attempts, which is what fits on a screen.
fn follows_view(follows: &Follows) -> FollowsView {
    let cell = |cell: &diagnosis::Cell| CellView {
        ip: cell.ip.map(|ip| ip.to_string()),
        domain: cell.domain.clone(),
        stream: cell.stream.word().to_owned(),
        refused: cell.refused,
        tried: cell.tried,
    };
    let mut cells: Vec<&diagnosis::Cell> = follows.cells.iter().collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tried));
    FollowsView {
        what: follows.what.word().to_owned(),
        reason: follows.reason.word().to_owned(),
        red: follows.red.clone(),
        cells: cells.into_iter().take(MOST_CELLS).map(cell).collect(),
    }
}

fn conduct_view(conduct: &Conduct) -> ConductView {
    let talker = |talker: &diagnosis::Talker| TalkerView {
        kind: talker.kind.word().to_owned(),
        name: talker.name.clone(),
        messages: talker.before,
        week: talker.week,
        unknown: talker.unknown,
        suspect: talker.suspect,
    };
    ConductView {
        hours: conduct.before.hours as u64,
        week_hours: conduct.week.hours as u64,
        messages: conduct.before.messages,
        recipients: conduct.before.recipients,
        unknown: conduct.before.unknown,
        week_messages: conduct.week.messages,
        top: conduct.talkers.iter().map(talker).collect(),
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
    let (who, contact) = behind(ledger, knowledge, finding);
    let rule = explanation.map(|explanation| explanation.rule);
    let first = finding.events.first().and_then(|(index, _)| ledger.events.get(index));
    let codes = [finding.group.code.map(|code| code.to_string()), finding.group.enhanced.map(|code| code.to_string())];
    FindingView {
        rule: rule.map(|rule| rule.id.clone()),
        marker: finding.group.marker.map(|marker| ledger.texts.string(marker)),
        code: codes.into_iter().flatten().collect::<Vec<_>>().join(" "),
        text: first.and_then(|event| ledger.told(&event)).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default(),
        door: finding.door.map(|door| door.word().to_owned()),
        who,
        contact,
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

fn candidate_view(found: &diagnosis::Candidate) -> CandidateView {
    CandidateView { ip: found.ip.to_string(), basis: found.basis.word().to_owned(), by: found.by.clone(), times: found.times }
}

/// Whether refused mail left over a family of addresses of which no sending address is known.
fn asked(ledger: &Ledger, diagnosis: &Diagnosis) -> bool {
    let blocks = diagnosis.findings.iter().filter(|finding| finding.is_block()).flat_map(|finding| finding.events.iter());
    let mut families = blocks.filter_map(|(event, _)| Some(ledger.events.get(event)?.remote_ip?.is_ipv6()));
    families.any(|v6| diagnosis.sending_ips.iter().all(|found| found.ip.is_ipv6() != v6))
}

fn sending_view(knowledge: &Knowledge, found: &diagnosis::SendingIp) -> SendingIpView {
    SendingIpView {
        ip: found.ip.to_string(),
        basis: found.basis.word().to_owned(),
        confidence: found.basis.confidence().word().to_owned(),
        attempts: found.attempts,
        pool: knowledge.pool(found.ip).map(|pool| pool.name.clone()),
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
