//! What the check found, as JSON for scripts, as text for people, as rows for the window and as a line of the letter.

use std::net::IpAddr;

use checks::remedy::{Publish, Remedy};
use checks::spf::{Audit, Evaluation, Step};
use checks::{Check, Severity, Status};
use serde_json::{Value, json};

use crate::check::told;
use crate::shapes::{AskedView, CheckRow, CheckView, RecordView, RemedyView, StepView};
use crate::{Checked, Declaration};

pub(crate) fn spf_json(found: &Evaluation) -> Value {
    json!({
        "schema": "reprieve.spf/1",
        "result": found.result.word(),
        "domain": found.domain,
        "explanation": found.explanation,
        "matched": found.matched,
        "problem": found.problem,
        "lookups": found.lookups,
        "void_lookups": found.void_lookups,
        "trace": found.trace.iter().map(step_json).collect::<Vec<_>>(),
    })
}

/// `reprieve.spf/1` of a whole tree: what it comes to depends on the sender, so that there is no result.
pub(crate) fn audit_json(found: &Audit) -> Value {
    json!({
        "schema": "reprieve.spf/1",
        "result": null,
        "domain": found.domain,
        "explanation": null,
        "matched": null,
        "problem": found.broken.first(),
        "lookups": found.lookups,
        "void_lookups": found.void.len(),
        "void": found.void,
        "broken": found.broken,
        "macros": found.macros,
        "trace": found.trace.iter().map(step_json).collect::<Vec<_>>(),
    })
}

fn step_json(step: &Step) -> Value {
    json!({
        "domain": step.domain, "term": step.term, "asked": step.asked, "verdict": step.verdict, "lookups": step.lookups,
        "void_lookups": step.void_lookups, "steps": step.steps.iter().map(step_json).collect::<Vec<_>>(),
    })
}

/// The SPF walk for people: a line a term, what is inside another record further in.
pub fn spf_text(answer: &Value) -> String {
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let result = answer.get("result").and_then(Value::as_str).unwrap_or("the whole tree");
    let mut text = format!("{result} for {}", word(answer, "domain"));
    for key in ["matched", "problem", "explanation"] {
        let said = word(answer, key);
        if !said.is_empty() {
            text += &format!("\n  {key}: {}", smtp::escape_controls(said.as_bytes()));
        }
    }
    text += &format!(
        "\n  look-ups: {} of 10, finding nothing: {} of 2\n",
        answer.get("lookups").unwrap_or(&Value::Null),
        answer.get("void_lookups").unwrap_or(&Value::Null)
    );
    steps(&mut text, answer.get("trace"), 1);
    text
}

fn steps(text: &mut String, trace: Option<&Value>, depth: usize) {
    for step in trace.and_then(Value::as_array).into_iter().flatten() {
        let of = |key: &str| smtp::escape_controls(step.get(key).and_then(Value::as_str).unwrap_or_default().as_bytes());
        *text += &format!("{}{}  [{}]\n", "  ".repeat(depth), of("term"), of("verdict"));
        steps(text, step.get("steps"), depth + 1);
    }
}

/// Answers that could not be had for one and the same reason, as one.
struct Together {
    /// The names of all; of many of one kind, the kind.
    name: String,
    ids: Vec<&'static str>,
    check: Check,
}

impl std::ops::Deref for Together {
    type Target = Check;

    fn deref(&self) -> &Check {
        &self.check
    }
}

/// Puts answers together that are unknown for the same reason: a missing log is said once, and not ten times.
fn together(checks: &[Check]) -> Vec<Together> {
    let mut all: Vec<Together> = Vec::new();
    for check in checks {
        let same = |known: &&mut Together| {
            check.status == Status::Unknown && known.status == check.status && known.summary == check.summary && known.subject == check.subject
        };
        match all.iter_mut().find(same) {
            Some(known) => known.ids.push(check.id),
            None => all.push(Together { name: String::new(), ids: vec![check.id], check: check.clone() }),
        }
    }
    all.iter_mut().for_each(|one| one.name = kinds(&one.ids));
    all
}

/// Names side by side; those of a kind of which there are several as `message.*`.
fn kinds(ids: &[&str]) -> String {
    let kind = |id: &str| id.split_once('.').map_or_else(|| id.to_owned(), |(kind, _)| format!("{kind}.*"));
    let many = |id: &str| ids.iter().filter(|other| kind(other) == kind(id)).count() > 1;
    let mut names: Vec<String> = ids.iter().map(|id| if many(id) { kind(id) } else { (*id).to_owned() }).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

/// The records of a remedy in both forms.
fn records(check: &Check) -> Value {
    let record = |record: &Publish| json!({"name": record.name, "type": record.kind, "value": record.value, "replaces": record.replaces, "zone_file": record.zone_file(), "form_name": record.form_name()});
    check.remedy.iter().flat_map(|remedy| &remedy.records).map(record).collect::<Vec<_>>().into()
}

/// What to do, for people: the text, each record as a zone file and as a web form takes it, the days, what may break.
fn remedy_text(remedy: &Remedy) -> String {
    let shown = |text: &str| smtp::escape_controls(text.as_bytes());
    let mut text = format!("        > {}\n", shown(&remedy.text));
    for record in &remedy.records {
        text += &record.replaces.as_ref().map(|old| format!("          instead of  {}\n", shown(old))).unwrap_or_default();
        text += &format!("          zone file   {}\n", shown(&record.zone_file()));
        text += &format!("          web form    name {}, type {}, value {}\n", shown(&record.form_name()), record.kind, shown(&record.value));
    }
    text.extend(remedy.steps.iter().map(|step| format!("          {}\n", shown(step))));
    text.extend(remedy.may_break.iter().map(|what| format!("          may break   {}\n", shown(what))));
    text.extend(remedy.verify.iter().map(|how| format!("          afterwards  {}\n", shown(how))));
    text
}

impl RemedyView {
    fn of(remedy: &Remedy) -> RemedyView {
        let record = |record: &Publish| RecordView {
            zone_file: record.zone_file(),
            name: record.form_name(),
            kind: record.kind.to_owned(),
            value: record.value.clone(),
            replaces: record.replaces.clone(),
        };
        RemedyView {
            text: remedy.text.clone(),
            records: remedy.records.iter().map(record).collect(),
            steps: remedy.steps.clone(),
            may_break: remedy.may_break.clone(),
            verify: remedy.verify.clone(),
        }
    }
}

/// How long an answer may be kept.
fn ttl(one: &checks::Evidence) -> String {
    one.ttl.map(|seconds| format!(" (TTL {seconds})")).unwrap_or_default()
}

impl StepView {
    fn of(step: &Step) -> StepView {
        StepView {
            domain: step.domain.clone(),
            term: step.term.clone(),
            verdict: step.verdict.clone(),
            asked: step.asked.clone(),
            lookups: step.lookups,
            steps: step.steps.iter().map(StepView::of).collect(),
        }
    }
}

impl Checked {
    /// `reprieve.check/1`.
    pub fn json(&self) -> Value {
        let resolver = self.servers.join(", ");
        let evidence = |one: &checks::Evidence| json!({"query": one.query, "answer": one.answer, "ttl": one.ttl, "resolver": resolver, "time": self.time(one)});
        let check = |check: &Check| {
            json!({
                "id": check.id, "status": check.status.word(), "severity": check.severity.word(), "subject": check.subject, "summary": check.summary,
                "evidence": check.evidence.iter().map(evidence).collect::<Vec<_>>(),
                "remedy": check.remedy.as_ref().map(Remedy::said), "records": records(check),
                "may_break": check.remedy.as_ref().and_then(|remedy| remedy.may_break.as_deref()), "verify": check.remedy.as_ref().and_then(|remedy| remedy.verify.as_deref()),
                "asked_by": check.asked_by.iter().map(|who| who.word()).collect::<Vec<_>>(),
            })
        };
        json!({
            "schema": "reprieve.check/1",
            "domain": self.domain,
            "resolver": resolver,
            "time": self.newest(),
            "checks": self.report.checks.iter().map(check).collect::<Vec<_>>(),
            "declarations": self.query.declared.iter().map(Declaration::json).collect::<Vec<_>>(),
            "spf": self.report.walks.iter().map(spf_json).collect::<Vec<_>>(),
            "spf_trees": self.report.audits.iter().map(audit_json).collect::<Vec<_>>(),
        })
    }

    /// The same for people: what is wrong first, what is in order in one line each.
    pub fn text(&self) -> String {
        let mut text = format!("{}, asked of {} at {}\n", self.domain, self.servers.join(", "), self.newest().unwrap_or_default());
        for check in &together(&self.report.checks) {
            let mark = match check.status {
                Status::Fail => "FAIL   ",
                Status::Warning => "warning",
                Status::Unknown => "unknown",
                Status::Pass => "ok     ",
                Status::NotApplicable => "-      ",
            };
            text += &format!(
                "{mark} {:<20} {}: {}\n",
                check.name,
                smtp::escape_controls(check.subject.as_bytes()),
                smtp::escape_controls(check.summary.as_bytes())
            );
            if matches!(check.status, Status::Fail | Status::Warning | Status::Unknown) {
                let asked = check.evidence.iter().map(|one| format!("          {}: {}{}\n", one.query, smtp::escape_controls(one.answer.as_bytes()), ttl(one)));
                text.extend(asked.take(6));
                text.extend(check.remedy.iter().map(remedy_text));
            }
        }
        text + &self.declared_text()
    }

    /// Whether something is wrong or could not be told.
    pub fn is_open(&self) -> bool {
        self.report.checks.iter().any(|check| matches!(check.status, Status::Fail | Status::Warning | Status::Unknown))
    }

    /// What was asked of the sender, for people: statements, and what nobody answered yet.
    fn declared_text(&self) -> String {
        let bulk = self.query.sender.bulk.or_else(|| checks::is_bulk(self.query.sender.seen.as_ref()?)) == Some(true);
        let asked = self.query.declared.iter().filter(|one| bulk || !one.bulk || one.answer.is_some());
        let line = |one: &Declaration| match one.statement() {
            Some(said) => format!("{:<7} declared.{:<16} {}\n", "said", one.id, smtp::escape_controls(said.as_bytes())),
            None => format!("{:<7} declared.{:<16} {}\n", "ask", one.id, one.question),
        };
        let lines: String = asked.map(line).collect();
        if lines.is_empty() { lines } else { format!("\nNot measured, asked of the sender (--declare ID=ANSWER):\n{lines}") }
    }

    /// What the window shows.
    pub fn view(&self) -> CheckView {
        let asked = |one: &checks::Evidence| AskedView {
            query: one.query.clone(),
            answer: one.answer.clone(),
            ttl: one.ttl,
            time: self.time(one).unwrap_or_default().to_owned(),
        };
        let row = |check: &Together| CheckRow {
            id: check.name.clone(),
            status: check.status.word().to_owned(),
            severity: check.severity.word().to_owned(),
            subject: check.subject.clone(),
            summary: check.summary.clone(),
            asked: check.evidence.iter().map(asked).collect(),
            remedy: check.remedy.as_ref().map(RemedyView::of),
            asked_by: check.asked_by.iter().map(|who| who.word().to_owned()).collect(),
            by_apple: check.is_asked_by_apple(),
            walk: self.walk(check).iter().map(StepView::of).collect(),
        };
        CheckView {
            domain: self.domain.clone(),
            servers: self.servers.join(", "),
            checks: together(&self.report.checks).iter().map(row).collect(),
            line: self.line(&crate::today()),
        }
    }

    /// When the newest question was asked.
    fn newest(&self) -> Option<&str> {
        self.times.values().map(String::as_str).max()
    }

    /// When a question was asked.
    fn time(&self, one: &checks::Evidence) -> Option<&str> {
        self.times.iter().find(|(question, _)| one.query.starts_with(&told(question))).map(|(_, time)| time.as_str())
    }

    /// The SPF walk behind an answer.
    fn walk(&self, check: &Check) -> &[Step] {
        let walk = || self.report.walks.iter().find(|walk| check.subject == format!("{} for {}", walk.ip, walk.domain)).map(|walk| walk.trace.as_slice());
        let tree = || self.report.audits.iter().find(|tree| check.subject == tree.domain).map(|tree| tree.trace.as_slice());
        match check.id {
            "spf.covers" => walk().unwrap_or_default(),
            "spf.tree" | "spf.lookups" | "spf.void" => tree().unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether nothing could be asked.
    pub fn is_unasked(&self) -> bool {
        self.report.checks.iter().any(|check| check.id == "resolver.self_test")
    }

    /// The names of addresses that lead back to them.
    pub(crate) fn names(&self) -> Vec<(IpAddr, String)> {
        let confirmed = self.report.checks.iter().filter(|check| check.id == "ip.fcrdns" && check.status == Status::Pass);
        let pair = |check: &Check| {
            let name = check.evidence.iter().find_map(|one| one.query.strip_suffix(" A").or_else(|| one.query.strip_suffix(" AAAA")))?;
            Some((check.subject.parse().ok()?, name.trim_end_matches('.').to_owned()))
        };
        confirmed.filter_map(pair).collect()
    }

    /// What is wrong and would have mail refused.
    pub fn blockers(&self) -> impl Iterator<Item = &Check> {
        self.report.checks.iter().filter(|check| check.status == Status::Fail && check.severity == Severity::Blocker)
    }

    /// The line of the letter that says what was checked: only what is in order, with the day.
    pub fn line(&self, day: &str) -> Option<String> {
        let passes = |id: &str| {
            let mut all = self.report.checks.iter().filter(|check| check.id == id).peekable();
            all.peek().is_some() && all.all(|check| check.status == Status::Pass)
        };
        let bits = self
            .report
            .checks
            .iter()
            .filter(|check| check.id == "dkim.length" && check.status == Status::Pass)
            .find_map(|check| check.summary.split(' ').find(|word| word.parse::<u32>().is_ok()));
        let policy = self
            .report
            .checks
            .iter()
            .find(|check| check.id == "dmarc.policy")
            .and_then(|check| ["reject", "quarantine", "none"].into_iter().find(|word| check.summary.contains(word)));
        let mut said: Vec<String> = Vec::new();
        said.extend(passes("spf.covers").then(|| "SPF passes".to_owned()));
        said.extend(bits.filter(|_| passes("dkim.published")).map(|bits| format!("DKIM key of {bits} bits")));
        said.extend(policy.filter(|_| passes("dmarc.alignment")).map(|policy| format!("DMARC aligned (p={policy})")));
        said.extend(passes("ip.fcrdns").then(|| "forward-confirmed PTR".to_owned()));
        (!said.is_empty()).then(|| format!("{day}: {}.", said.join(", ")))
    }
}
