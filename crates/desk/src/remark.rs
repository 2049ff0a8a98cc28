//! Remarks: sentences that the evidence proves, each with a stable code and its figures, so that the page can say them
//! in its own language. What must be cleaned up before anybody is written to comes first.

use diagnosis::{Conduct, Diagnosis, DoorShare, TalkerKind};
use providers::{Door, Knowledge};
use ticket::{Redactor, file_name, moment, thousands};

use crate::verdict::Kind;

/// How long everything may have been refused before a block is likelier than an outage, in seconds.
const UNDECIDED: i64 = 6 * 3600;

/// How many hours before the 72 of the abuse check the log must hold to compare them.
const ENOUGH_BEFORE: f64 = 24.0;

/// One sentence with its names and numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// A stable word.
    pub code: &'static str,
    /// The names in it, in the order of the English sentence.
    pub names: Vec<String>,
    /// The numbers in it, in the order of the English sentence.
    pub figures: Vec<u64>,
}

/// What to do before writing: the sender's own house first, then other doors.
pub(crate) fn before(knowledge: &Knowledge, diagnosis: &Diagnosis) -> Vec<Remark> {
    let others = diagnosis.doors.iter().skip(1).filter(|door| matches!(door.door, Some(Door::ListOwner | Door::Sender)));
    let own = [suspect(&diagnosis.conduct), unknown_users(&diagnosis.conduct), forwarding(&diagnosis.conduct), own_spam(knowledge, diagnosis)];
    own.into_iter().flatten().chain(others.map(other_door)).collect()
}

/// What else the evidence proves.
pub(crate) fn besides(diagnosis: &Diagnosis, kind: Kind) -> Vec<Remark> {
    let all = match kind {
        Kind::Nothing => vec![hole(diagnosis), apart(diagnosis)],
        Kind::Foreign => vec![Some(Remark::new("foreign", vec![], vec![diagnosis.foreign]))],
        Kind::Clear => vec![Some(Remark::new("junk", vec![], vec![])), relays(diagnosis)],
        _ => vec![relays(diagnosis), control(diagnosis), alike(diagnosis, kind), short(diagnosis, kind), hole(diagnosis), apart(diagnosis)],
    };
    all.into_iter().flatten().collect()
}

fn suspect(conduct: &Conduct) -> Option<Remark> {
    let talker = conduct.suspect()?;
    let code = match talker.kind {
        TalkerKind::Login => "suspect_login",
        TalkerKind::Script => "suspect_script",
        TalkerKind::NullSender => "suspect_null_sender",
        TalkerKind::Sender | TalkerKind::Domain => "suspect_sender",
    };
    Some(Remark::new(code, vec![talker.name.clone()], vec![talker.before, conduct.before.messages, talker.week, talker.unknown]))
}

/// One in ten to nobody is an old list, a guessed one, or a form that is abused.
fn unknown_users(conduct: &Conduct) -> Option<Remark> {
    let span = conduct.before;
    let many = span.unknown >= 20 && span.unknown * 10 >= span.messages;
    many.then(|| Remark::new("unknown_users", vec![], vec![span.unknown, span.messages]))
}

fn forwarding(conduct: &Conduct) -> Option<Remark> {
    let (forwarded, refused) = conduct.forwarded;
    (forwarded * 5 >= refused && forwarded > 0).then(|| Remark::new("forwarding", vec![], vec![forwarded, refused]))
}

/// A block of the address by its reputation is nearly always the trace of spam that left it.
fn own_spam(knowledge: &Knowledge, diagnosis: &Diagnosis) -> Option<Remark> {
    let rules = diagnosis.findings.iter().filter(|finding| finding.door == Some(Door::Provider)).filter_map(|finding| knowledge.rule(finding.group.rule?));
    let traces = rules.filter(|rule| rule.kind == "reputation" && rule.escalate == "after_fix").count();
    (traces > 0 && diagnosis.conduct.suspect().is_none()).then(|| Remark::new("own_spam", vec![], vec![]))
}

fn other_door(door: &DoorShare) -> Remark {
    let code = if door.door == Some(Door::ListOwner) { "first_list_owner" } else { "first_sender" };
    let names = [door.who.clone(), door.contact.clone()].into_iter().flatten();
    Remark::new(code, if code == "first_sender" { vec![] } else { names.collect() }, vec![door.messages])
}

/// Mail for the provider that another server took or refused: the provider sees that server's address.
fn relays(diagnosis: &Diagnosis) -> Option<Remark> {
    let through: u64 = diagnosis.relays.iter().map(|(_, attempts)| attempts).sum();
    let (host, _) = diagnosis.relays.first()?;
    Some(Remark::new("relays", vec![host.clone()], vec![through, diagnosis.totals.attempts]))
}

fn control(diagnosis: &Diagnosis) -> Option<Remark> {
    let accepted: u64 = diagnosis.control.iter().map(|control| control.outcomes.delivered).sum();
    let refused: u64 = diagnosis.control.iter().map(|control| control.outcomes.rejected).sum();
    let attempts: u64 = diagnosis.control.iter().map(|control| control.outcomes.attempts()).sum();
    (attempts > 0).then(|| Remark::new("control", vec![], vec![accepted, attempts, refused * 1000 / attempts]))
}

/// Everything from everybody for less than six hours: from one address a block looks like that, and so does an outage.
fn alike(diagnosis: &Diagnosis, kind: Kind) -> Option<Remark> {
    let incident = &diagnosis.incident;
    let lasted = incident.last_refused? - incident.first_refused?;
    let all = incident.messages_refused == incident.messages_tried && incident.messages_refused > 1;
    // Of bounces alone it is not known whether anything was accepted.
    let may_be = !diagnosis.bounces_only && matches!(kind, Kind::Door(None | Some(Door::Provider)));
    (may_be && all && lasted < UNDECIDED).then(|| Remark::new("alike", vec![], vec![]))
}

fn short(diagnosis: &Diagnosis, kind: Kind) -> Option<Remark> {
    let conduct = &diagnosis.conduct;
    let hours = conduct.before.hours + conduct.week.hours;
    let asked = !diagnosis.bounces_only && matches!(kind, Kind::Door(None | Some(Door::Provider)));
    (asked && conduct.week.hours < ENOUGH_BEFORE).then(|| Remark::new("short", vec![], vec![hours as u64]))
}

/// A rotated log that is missing may hold the first refusal.
fn hole(diagnosis: &Diagnosis) -> Option<Remark> {
    let (from, to) = diagnosis.clocks.hole?;
    Some(Remark::new("hole", vec![moment(from), moment(to)], vec![((to - from) / 3600).unsigned_abs()]))
}

/// Two sources that tell of the same at different times: a clock or a zone is wrong.
fn apart(diagnosis: &Diagnosis) -> Option<Remark> {
    let (ahead, behind, seconds) = diagnosis.clocks.apart.clone()?;
    let (ahead, behind) = if seconds > 0 { (ahead, behind) } else { (behind, ahead) };
    let name = |path: String| file_name(&path).to_owned();
    Some(Remark::new("apart", vec![name(ahead), name(behind)], vec![(seconds.unsigned_abs() + 30) / 60]))
}

impl Remark {
    fn new(code: &'static str, names: Vec<String>, figures: Vec<u64>) -> Remark {
        Remark { code, names, figures }
    }

    /// The same with the names of logins hidden.
    pub fn redacted(&self, redactor: &Redactor) -> Remark {
        let hidden = |name: &String| if self.code.starts_with("suspect_") { redactor.redact_login(name) } else { name.clone() };
        Remark { names: self.names.iter().map(hidden).collect(), ..self.clone() }
    }

    /// The sentence in English.
    pub fn text(&self) -> String {
        let name = |place: usize| self.names.get(place).map(String::as_str).unwrap_or_default();
        let number = |place: usize| self.figures.get(place).copied().unwrap_or_default();
        let sentence = SENTENCES.iter().find(|(code, _)| *code == self.code).map_or(self.code, |(_, sentence)| sentence);
        let figures = ["{a}", "{b}", "{c}", "{d}"].into_iter().enumerate().map(|(place, mark)| (mark, thousands(number(place))));
        let percent = format!("{}.{}", number(2) / 10, number(2) % 10);
        let names = [("{name}", name(0).to_owned()), ("{contact}", name(1).to_owned()), ("{percent}", percent)];
        let filled = sentence.replace("{sent}", SENT);
        figures.chain(names).fold(filled, |text, (mark, value)| text.replace(mark, &value))
    }
}

/// What somebody sent who stands out.
const SENT: &str = "{a} of {b} messages to the provider in the 72 hours before the first refusal, {c} in the week before; {d} to unknown recipients";

/// The sentences in English; `window.ftl` says them in every language of the page.
const SENTENCES: [(&str, &str); 17] = [
    ("hole", "Between {name} and {contact} UTC ({a} hours) the sources hold nothing: add the rotated log that is missing, it may hold the first refusal."),
    (
        "apart",
        "{name} is {a} minutes ahead of {contact} for the same mail: a clock or a zone is wrong. Correct the zone, or say in the letter whose time it is.",
    ),
    ("suspect_login", "The login {name} stands out: {sent}. Look at it first: was the password stolen, or is it a mailing?"),
    ("suspect_script", "The program user {name} stands out: {sent}. Look for an abused web form or script."),
    ("suspect_null_sender", "Mail without a sender stands out: {sent}. Look for bounces to forged addresses and vacation replies."),
    ("suspect_sender", "The sender {name} stands out: {sent}. Look at it first: was an account stolen, or is it a mailing?"),
    (
        "unknown_users",
        "{a} of {b} messages in the 72 hours before the first refusal went to recipients that do not exist: remove those addresses, and look where they come from.",
    ),
    (
        "forwarding",
        "{a} of {b} refused messages had been passed on for others: filter before forwarding, rewrite the sender (SRS), or let people fetch their mail.",
    ),
    ("own_spam", "Such replies are usually the trace of spam that left the address: find its source and stop it, or say what you checked and did not find."),
    ("first_list_owner", "{a} messages were refused because {name} lists the address: ask there first ({contact})."),
    ("first_sender", "{a} messages name a fault of the sending side: mend it first, the finding says how."),
    (
        "relays",
        "{a} of {b} attempts went through {name}, not to the provider itself: it is that server's address that is judged, and its operator who must act.",
    ),
    ("control", "In the same quarters of an hour {a} of {b} attempts at other providers were accepted, {percent} % refused."),
    ("alike", "A block and an outage look alike from one address. Check Apple's System Status; if mail is still refused after 6 hours, write."),
    ("short", "The evidence begins {a} hours before the first refusal. Ten days would show whether somebody's mail jumped before it."),
    ("foreign", "{a} bounces are of mail that never passed your servers: somebody forges your addresses. No ticket helps; publish SPF, DKIM and DMARC."),
    ("junk", "Everything was accepted. If a recipient misses mail, it may lie in Junk: ask them to mark it as not junk. No letter helps there."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_figures_stand_where_they_belong() {
        let remark = Remark::new("first_list_owner", vec!["Spamhaus".to_owned(), "https://check.spamhaus.org".to_owned()], vec![12_431]);
        assert_eq!(remark.text(), "12,431 messages were refused because Spamhaus lists the address: ask there first (https://check.spamhaus.org).");
        for (code, _) in SENTENCES {
            let text = Remark::new(code, vec![], vec![]).text();
            assert!(!text.contains('{') && text.ends_with(['.', '?']), "{text}");
        }
    }
}
