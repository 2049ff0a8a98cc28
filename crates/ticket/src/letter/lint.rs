//! What a careful colleague would say of a letter: the mistakes that get requests ignored, each with what to do.

use casework::Form;
use smtp::is_public;

use super::{Brief, Note, domains, thousands};
use crate::quote::Quote;

/// How long an answer of the user may be before it is a story.
const STORY: usize = 300;

/// What people ask for that no postmaster gives, and what makes them stop reading.
const WISHES: [&str; 12] = [
    "whitelist",
    "white list",
    "allow list",
    "allowlist",
    "urgent",
    "asap",
    "immediately",
    "legal",
    "lawyer",
    "losing money",
    "revenue",
    "customers are angry",
];

/// Other receivers: what they do is no argument.
const OTHERS: [&str; 6] = ["gmail", "google", "outlook.com", "hotmail", "microsoft", "yahoo"];

pub(super) fn of(brief: &Brief<'_>, body: &str, quotes: &[Quote]) -> Vec<Note> {
    let mut lint = Lint::default();
    form(brief, body, &mut lint);
    writer(brief, &mut lint);
    wrong_door(brief, quotes, &mut lint);
    words(brief, &mut lint);
    lint.0
}

#[derive(Default)]
struct Lint(Vec<Note>);

impl Lint {
    fn note(&mut self, code: &'static str, figures: &[u64], text: impl Into<String>) {
        self.0.push(Note { code, figures: figures.to_vec(), text: text.into() });
    }
}

fn form(brief: &Brief<'_>, body: &str, lint: &mut Lint) {
    let (lines, characters) = (body.lines().count(), body.chars().count());
    if lines > 45 || characters > 3500 {
        lint.note("long", &[lines as u64, characters as u64], format!("the letter has {lines} lines and {characters} characters; 45 and 3,500 are enough"));
    }
    if brief.facts.ip.iter().any(|ip| !is_public(*ip)) {
        lint.note("not_public", &[], "an address that is not public was left out");
    }
    if !brief.redactor.is_on() {
        lint.note("clear", &[], "recipients stand in clear: put the redaction back on unless they agreed");
    }
    let domains = domains(brief).len();
    if domains > 1 && brief.form() != Form::Host && brief.facts.domain.is_none() {
        lint.note(
            "domains",
            &[domains as u64],
            format!("{domains} sender domains were refused: name the one it is about, or write as their host (--form host)"),
        );
    }
}

fn writer(brief: &Brief<'_>, lint: &mut Lint) {
    let from = brief.facts.from.as_deref().unwrap_or_default().to_lowercase();
    let free = ["@icloud.", "@me.com", "@mac.com", "@gmail.", "@outlook.", "@hotmail.", "@live.", "@yahoo.", "@gmx.", "noreply", "no-reply", "donotreply"];
    if free.iter().any(|free| from.contains(free)) {
        lint.note("from", &[], "write from a named address at the operator's or sender's own domain");
    }
    if from.contains("support@") || from.contains("helpdesk@") || from.contains("ticket") {
        lint.note("intake", &[], "the address looks like a ticket intake: let a person write, and let replies from apple.com through your own filter");
    }
    if brief.facts.operator.is_some() && brief.facts.cc.is_empty() {
        lint.note("both", &[], "let the client know with --cc, so that not both of you write");
    }
}

fn wrong_door(brief: &Brief<'_>, quotes: &[Quote], lint: &mut Lint) {
    let others = brief.diagnosis.findings.iter().filter(|finding| finding.is_block() && !brief.is_apples(finding)).map(|finding| finding.attempts).sum::<u64>();
    if others > 0 {
        lint.note("other_door", &[others], format!("{} refusals belong at another door and are not quoted: see `reprieve scan`", thousands(others)));
    }
    let unlike = quotes.iter().filter(|quote| quote.time.is_none()).count() as u64;
    if unlike > 0 {
        lint.note("untimed", &[unlike], format!("{unlike} quoted replies have no time: the receiver can hardly find them"));
    }
}

fn words(brief: &Brief<'_>, lint: &mut Lint) {
    let facts = brief.facts;
    let said = [&facts.mail_kind, &facts.cause, &facts.fixed, &facts.explained].map(|fact| fact.as_deref().unwrap_or_default().to_lowercase());
    if let Some(longest) = said.iter().map(|text| text.chars().count()).max().filter(|longest| *longest > STORY) {
        lint.note("story", &[longest as u64], format!("an answer has {longest} characters: what happened and when is enough"));
    }
    let holds = |words: &[&str]| said.iter().any(|text| words.iter().any(|word| text.contains(word)));
    if holds(&WISHES) {
        lint.note("wish", &[], "no allow-list, no urgency, no threats: there is no such list, and it makes readers stop");
    }
    if holds(&OTHERS) {
        lint.note("others", &[], "leave other receivers out of it");
    }
    if holds(&["screenshot", "attached", "attachment"]) {
        lint.note("attachment", &[], "nothing is attached, and pictures are not read: put the facts into the text");
    }
    let fixed = said.get(2).map(String::as_str).unwrap_or_default();
    if ["will ", "going to", "plan to", "soon"].iter().any(|word| fixed.contains(word)) {
        lint.note("unfixed", &[], "mend it first and write afterwards: what will be done is no fix");
    }
}
