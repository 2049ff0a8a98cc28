//! A domain's whole SPF tree without an address: every term is walked, whatever would match, and the worst case is counted.

use super::Fault;
use super::macros::MacroString;
use super::record::{Mechanism, Modifier, SpfRecord, Term};
use super::walk::{Step, asked, find_record};
use crate::dns::{Answer, Kind, Outcome, Pending, Questions};

/// How many terms that ask DNS are walked: enough to say by how far a record is beyond the limit.
const MOST_TERMS: u32 = 60;

/// How many mail servers one term may lead to (RFC 7208, section 4.6.4).
const MOST_SERVERS: usize = 10;

/// What the tree of a domain comes to for a sender that nothing matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// The domain.
    pub domain: String,
    /// Terms that ask DNS; a receiver stops after ten.
    pub lookups: u32,
    /// Terms that ask for what is not there; a receiver may stop after two.
    pub void: Vec<String>,
    /// What breaks the tree for everybody: a target without record, a loop, too many servers, a fault below.
    pub broken: Vec<String>,
    /// Terms with macros: what they come to depends on the sender.
    pub macros: Vec<String>,
    /// Names that could not be asked for.
    pub unasked: Vec<String>,
    /// The walk.
    pub trace: Vec<Step>,
}

struct Survey<'d> {
    dns: &'d mut Questions,
    found: Audit,
    /// The domains on the way down.
    above: Vec<String>,
    steps: Vec<Step>,
    pending: bool,
}

/// Walks all of a domain's SPF tree.
pub fn audit(dns: &mut Questions, domain: &str) -> Result<Audit, Pending> {
    let mut survey = Survey { dns, found: Audit { domain: domain.to_owned(), ..Audit::default() }, above: Vec::new(), steps: Vec::new(), pending: false };
    survey.record(domain, None);
    if survey.pending {
        return Err(Pending);
    }
    Ok(Audit { trace: survey.steps, ..survey.found })
}

impl Survey<'_> {
    /// Walks a domain's record; a term led there, unless it is the first.
    fn record(&mut self, domain: &str, term: Option<&str>) {
        let lower = domain.to_ascii_lowercase();
        if self.above.contains(&lower) {
            self.found.broken.push(format!("{} leads back to {domain}", term.unwrap_or_default()));
            return;
        }
        let Some(answer) = self.ask(domain, Kind::Txt) else { return };
        let told = vec![asked(domain, Kind::Txt, &answer)];
        match (find_record(&answer).map(|text| text.map(|text| SpfRecord::parse(&text))), term) {
            (Err(why), Some(_)) => self.fault(domain, told, format!("{domain}: {why}")),
            (Ok(None), Some(term)) => self.fault(domain, told, format!("{term}: {domain} has no SPF record")),
            (Ok(Some(Err(Fault { term, why }))), Some(_)) => self.fault(domain, told, format!("{term} of {domain}: {why}")),
            // What is wrong with the domain's own record has checks of its own.
            (Err(_) | Ok(None | Some(Err(_))), None) => self.note(domain, "", told, "no record to walk"),
            (Ok(Some(Ok(record))), _) => {
                self.note(domain, &record.text, told, "read");
                self.above.push(lower);
                self.terms(&record, domain);
                self.above.pop();
            }
        }
    }

    fn terms(&mut self, record: &SpfRecord, domain: &str) {
        let has_all = record.mechanisms().any(|(_, mechanism, _)| matches!(mechanism, Mechanism::All));
        for term in &record.terms {
            match term {
                Term::Mechanism(_, Mechanism::Include(target), text) => self.further(target, domain, text),
                // A redirect beside all is never followed.
                Term::Modifier(Modifier::Redirect(target), text) if !has_all => self.further(target, domain, text),
                Term::Mechanism(_, Mechanism::A(target, _), text) => self.hosts(target.as_ref(), domain, text),
                Term::Mechanism(_, Mechanism::Mx(target, _), text) => self.servers(target.as_ref(), domain, text),
                Term::Mechanism(_, Mechanism::Exists(target), text) => self.hosts(Some(target), domain, text),
                Term::Mechanism(_, Mechanism::Ptr(_), text) => {
                    self.found.lookups += 1;
                    self.note(domain, text, Vec::new(), "depends on the address");
                }
                Term::Mechanism(_, _, text) => self.note(domain, text, Vec::new(), "asks nothing"),
                Term::Modifier(..) => {}
            }
        }
    }

    /// A term that leads into another record.
    fn further(&mut self, target: &MacroString, domain: &str, term: &str) {
        let Some(name) = self.name(Some(target), domain, term) else { return };
        let outside = std::mem::take(&mut self.steps);
        self.record(&name, Some(term));
        let inside = std::mem::replace(&mut self.steps, outside);
        let step = self.step(domain, term, Vec::new(), "walked");
        self.steps.push(Step { steps: inside, ..step });
    }

    fn hosts(&mut self, target: Option<&MacroString>, domain: &str, term: &str) {
        let Some(name) = self.name(target, domain, term) else { return };
        let (v4, v6) = (self.ask(&name, Kind::A), self.ask(&name, Kind::Aaaa));
        let (Some(v4), Some(v6)) = (v4, v6) else { return };
        self.judge(domain, term, &[(&name, Kind::A, v4), (&name, Kind::Aaaa, v6)]);
    }

    fn servers(&mut self, target: Option<&MacroString>, domain: &str, term: &str) {
        let Some(name) = self.name(target, domain, term) else { return };
        let Some(answer) = self.ask(&name, Kind::Mx) else { return };
        if answer.records.len() > MOST_SERVERS {
            self.found.broken.push(format!("{term} of {domain}: more than {MOST_SERVERS} mail servers"));
        }
        self.judge(domain, term, &[(&name, Kind::Mx, answer)]);
    }

    /// Notes a term with its answers; one that finds nothing is counted.
    fn judge(&mut self, domain: &str, term: &str, answers: &[(&String, Kind, Answer)]) {
        let found = answers.iter().any(|(.., answer)| answer.outcome == Outcome::Found);
        let told = answers.iter().map(|(name, kind, answer)| asked(name, *kind, answer)).collect();
        if !found && answers.iter().all(|(.., answer)| answer.outcome.is_known()) {
            self.found.void.push(format!("{term} of {domain}"));
        }
        self.note(domain, term, told, if found { "found" } else { "finds nothing" });
    }

    /// The name that a term asks for; nothing where it depends on the sender, or enough was walked.
    fn name(&mut self, target: Option<&MacroString>, domain: &str, term: &str) -> Option<String> {
        self.found.lookups += 1;
        let Some(target) = target else { return Some(domain.to_owned()) };
        let Some(name) = target.plain() else {
            self.found.macros.push(format!("{term} of {domain}"));
            self.note(domain, term, Vec::new(), "depends on the sender");
            return None;
        };
        (self.found.lookups <= MOST_TERMS).then(|| name.trim_end_matches('.').to_owned())
    }

    fn ask(&mut self, name: &str, kind: Kind) -> Option<Answer> {
        match self.dns.ask(name, kind) {
            Ok(answer) => {
                if !answer.outcome.is_known() {
                    self.found.unasked.push(format!("{name} {kind}"));
                }
                Some(answer)
            }
            Err(Pending) => {
                self.pending = true;
                None
            }
        }
    }

    fn fault(&mut self, domain: &str, told: Vec<String>, why: String) {
        self.note(domain, "", told, &why);
        // What could not be asked is not broken.
        if !self.found.unasked.iter().any(|name| name.as_str() == format!("{domain} TXT")) {
            self.found.broken.push(why);
        }
    }

    fn note(&mut self, domain: &str, term: &str, asked: Vec<String>, verdict: &str) {
        let step = self.step(domain, term, asked, verdict);
        self.steps.push(step);
    }

    fn step(&self, domain: &str, term: &str, asked: Vec<String>, verdict: &str) -> Step {
        Step::new((domain, term), asked, verdict, (self.found.lookups, self.found.void.len() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Record;

    fn survey(domain: &str, zone: &[(&str, &str)]) -> Audit {
        let answer = |question: &crate::dns::Question| {
            let texts = zone.iter().filter(|(name, _)| *name == question.name && question.kind == Kind::Txt);
            let records: Vec<Record> = texts.map(|(_, text)| Record::Txt(vec![text.as_bytes().to_vec()])).collect();
            if records.is_empty() { Answer::empty(Outcome::NoName) } else { Answer::of(records) }
        };
        Questions::default().settle(answer, |dns| audit(dns, domain))
    }

    #[test]
    fn the_whole_tree_is_counted_whatever_would_match() {
        let found = survey(
            "a.example",
            &[
                ("a.example", "v=spf1 ip4:192.0.2.1 include:b.example a:gone.example exists:%{i}.x.example redirect=c.example"),
                ("b.example", "v=spf1 mx include:c.example -all"),
                ("c.example", "v=spf1 ~all"),
            ],
        );
        assert_eq!(
            (found.lookups, found.void, found.macros),
            (6, vec!["mx of b.example".into(), "a:gone.example of a.example".into()], vec!["exists:%{i}.x.example of a.example".into()])
        );
        assert!(found.broken.is_empty() && found.trace.iter().any(|step| step.steps.len() > 2));
    }

    #[test]
    fn loops_and_targets_without_record_break_the_tree() {
        let found = survey("a.example", &[("a.example", "v=spf1 include:b.example include:none.example -all"), ("b.example", "v=spf1 include:A.example -all")]);
        assert_eq!(found.broken, ["include:A.example leads back to A.example", "include:none.example: none.example has no SPF record"]);
    }
}
