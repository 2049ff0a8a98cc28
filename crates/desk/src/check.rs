//! The quick authentication check: asks DNS for what the evidence or the user names, and says what a receiver sees.

use std::net::IpAddr;
use std::time::Duration;

use checks::spf::{Evaluation, Input, Step};
use checks::{Check, Control, Report, Sender, Severity, Status};
use resolver::{Options, Resolver};
use serde_json::{Value, json};

use crate::shapes::{CheckRow, CheckView};
use crate::{Error, Facts, Scan};

/// What is to be checked, and whom to ask.
#[derive(Clone, Debug, Default)]
pub struct CheckQuery {
    /// The sender.
    pub sender: Sender,
    /// A name server of the user's choice, as `HOST:PORT`.
    pub nameserver: Option<String>,
    /// How long one question waits.
    pub timeout: Option<Duration>,
    /// Names that the resolver is tested with.
    pub control: Control,
}

/// The answers, and who gave them.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The domain that people see in From.
    pub domain: String,
    /// The servers that were asked.
    pub servers: Vec<String>,
    /// The answers.
    pub report: Report,
}

/// Runs the check. A resolver that does not answer or that lies makes everything unknown.
pub fn check(query: &CheckQuery) -> Result<Checked, Error> {
    let resolver = resolver(query)?;
    let mut dns = checks::Questions::default();
    // The test of the resolver and the checks ask together; the checks count only if the test is passed.
    let report = resolver.settle(&mut dns, |dns| match (checks::self_test(dns, &query.control), checks::run(dns, &query.sender)) {
        (Ok(Err(why)), _) => Ok(checks::unasked(&query.sender, &why)),
        (Ok(Ok(())), run) => run,
        (Err(pending), _) => Err(pending),
    });
    Ok(Checked { domain: query.sender.domain.clone(), servers: resolver.servers.clone(), report })
}

/// Evaluates SPF for one sender, without any self-test: `reprieve check spf`.
pub fn check_spf(query: &CheckQuery, ip: IpAddr, mail_from: &str, helo: &str) -> Result<Value, Error> {
    let input = Input { ip, mail_from: mail_from.to_owned(), helo: helo.to_owned(), receiver: "unknown".to_owned() };
    let found = resolver(query)?.settle(&mut checks::Questions::default(), |dns| checks::spf::evaluate(dns, &input));
    Ok(spf_json(&found))
}

/// How many envelope senders of the evidence are checked.
const MOST_SENDERS: usize = 5;

impl Scan {
    /// The sender as the evidence and the user's facts show it: what is to be checked.
    pub fn sender(&self, facts: &Facts) -> Sender {
        let blocks = || self.diagnosis.findings.iter().filter(|finding| finding.is_block());
        let senders = blocks().flat_map(|finding| &finding.senders).map(|sender| self.ledger.texts.string(*sender));
        let mut domains: Vec<String> = Vec::new();
        let mut mail_from = Vec::new();
        for sender in senders {
            let Some(domain) = sender.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()) else { continue };
            if !domains.contains(&domain) && domains.len() < MOST_SENDERS {
                domains.push(domain);
                mail_from.push(sender);
            }
        }
        let seen = self.diagnosis.sending_ips.iter().map(|found| found.ip).filter(|ip| smtp::is_public(*ip));
        Sender {
            domain: facts.domain.clone().or_else(|| domains.first().cloned()).unwrap_or_default().trim().to_ascii_lowercase(),
            ips: if facts.ip.is_empty() { seen.take(10).collect() } else { facts.ip.clone() },
            helo: Vec::new(),
            mail_from,
            selectors: self.ledger.signers.iter().cloned().collect(),
            signatures: None,
        }
    }
}

/// What a mail says of its sender, where the user did not say it.
pub fn of_message(raw: &[u8], own: Sender) -> Sender {
    let Some(headers) = evidence::bounce::headers(raw) else { return own };
    let domain = |address: &Option<String>| address.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain.to_ascii_lowercase());
    let selectors = headers.signatures.iter().map(|(signer, selector)| format!("{selector}:{signer}"));
    Sender {
        domain: if own.domain.is_empty() { domain(&headers.from).unwrap_or_default() } else { own.domain },
        mail_from: if own.mail_from.is_empty() { headers.sender.into_iter().collect() } else { own.mail_from },
        selectors: if own.selectors.is_empty() { selectors.collect() } else { own.selectors },
        signatures: Some(headers.signature_fields),
        ..own
    }
}

fn resolver(query: &CheckQuery) -> Result<Resolver, Error> {
    let wrong =
        |text: &str| Error::new("nameserver", format!("`{text}` is no name server"), "--nameserver", "write an address, as 192.0.2.53 or 192.0.2.53:5353");
    let server = query.nameserver.as_deref().map(|text| resolver::server(text).ok_or_else(|| wrong(text))).transpose()?;
    let options = Options { server, timeout: query.timeout.unwrap_or(Duration::from_secs(3)) };
    Resolver::new(&options).map_err(|error| Error::new("resolver", error, "", "name a server with --nameserver"))
}

fn spf_json(found: &Evaluation) -> Value {
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

fn step_json(step: &Step) -> Value {
    json!({
        "domain": step.domain, "term": step.term, "asked": step.asked, "verdict": step.verdict, "lookups": step.lookups,
        "void_lookups": step.void_lookups, "steps": step.steps.iter().map(step_json).collect::<Vec<_>>(),
    })
}

/// The SPF walk for people: a line a term, what is inside another record further in.
pub fn spf_text(answer: &Value) -> String {
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut text = format!("{} for {}", word(answer, "result"), word(answer, "domain"));
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

impl Checked {
    /// `reprieve.check/1`.
    pub fn json(&self) -> Value {
        let check = |check: &Check| {
            json!({
                "id": check.id, "status": check.status.word(), "severity": check.severity.word(), "subject": check.subject, "summary": check.summary,
                "evidence": check.evidence.iter().map(|one| json!({"query": one.query, "answer": one.answer, "ttl": one.ttl})).collect::<Vec<_>>(),
                "remedy": check.remedy, "asked_by": check.asked_by.iter().map(|who| who.word()).collect::<Vec<_>>(),
            })
        };
        json!({
            "schema": "reprieve.check/1",
            "domain": self.domain,
            "resolver": self.servers.join(", "),
            "checks": self.report.checks.iter().map(check).collect::<Vec<_>>(),
            "spf": self.report.walks.iter().map(spf_json).collect::<Vec<_>>(),
        })
    }

    /// The same for people: what is wrong first, what is in order in one line each.
    pub fn text(&self) -> String {
        let mut text = format!("{}, asked of {}\n", self.domain, self.servers.join(", "));
        for check in &self.report.checks {
            let mark = match check.status {
                Status::Fail => "FAIL   ",
                Status::Warning => "warning",
                Status::Unknown => "unknown",
                Status::Pass => "ok     ",
                Status::NotApplicable => "-      ",
            };
            text +=
                &format!("{mark} {:<20} {}: {}\n", check.id, smtp::escape_controls(check.subject.as_bytes()), smtp::escape_controls(check.summary.as_bytes()));
            if matches!(check.status, Status::Fail | Status::Warning | Status::Unknown) {
                let asked = check.evidence.iter().map(|one| format!("          {}: {}\n", one.query, smtp::escape_controls(one.answer.as_bytes())));
                text.extend(asked.take(6));
                text.extend(check.remedy.iter().map(|remedy| format!("        > {}\n", smtp::escape_controls(remedy.as_bytes()))));
            }
        }
        text
    }

    /// What the window shows.
    pub fn view(&self) -> CheckView {
        let asked = |one: &checks::Evidence| format!("{}: {}", one.query, one.answer);
        let row = |check: &Check| CheckRow {
            id: check.id.to_owned(),
            status: check.status.word().to_owned(),
            severity: check.severity.word().to_owned(),
            subject: check.subject.clone(),
            summary: check.summary.clone(),
            asked: check.evidence.iter().map(asked).collect(),
            remedy: check.remedy.clone(),
            asked_by: check.asked_by.iter().map(|who| who.word().to_owned()).collect(),
        };
        CheckView {
            domain: self.domain.clone(),
            servers: self.servers.join(", "),
            checks: self.report.checks.iter().map(row).collect(),
            line: self.line(&crate::today()),
        }
    }

    /// Whether nothing could be asked.
    pub fn is_unasked(&self) -> bool {
        self.report.checks.iter().all(|check| check.id == "resolver.self_test")
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
