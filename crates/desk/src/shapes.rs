//! What the window shows of a case, in types that the page shares (`ui/src/bridge/wire.ts` is written from them).
//!
//! Texts of logs are given as they are: whoever shows them treats them as data. Sentences are the page's business; here
//! are words and numbers only, except for what rules say, which is knowledge and English.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;

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
    /// From where it may have been sent, to be confirmed.
    pub candidates: Vec<CandidateView>,
    /// Whether the address of some refused mail is not known.
    pub asked: bool,
    /// Hosts that a configuration hands mail to.
    pub relay_hosts: Vec<String>,
    /// What the block follows.
    pub follows: FollowsView,
    /// What was sent before the first refusal.
    pub conduct: ConductView,
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
    /// All doors with their shares, blocks first.
    pub doors: Vec<DoorView>,
    /// What must be done before anybody is written to, in order.
    pub before: Vec<RemarkView>,
    /// What the evidence proves besides.
    pub remarks: Vec<RemarkView>,
}

/// One door.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct DoorView {
    /// The word of the door, or `unknown`.
    pub kind: String,
    /// Who stands behind it.
    pub who: Option<String>,
    /// Where to reach them.
    pub contact: Option<String>,
    /// Messages that ended there.
    pub messages: u64,
    /// The findings behind it, by their places.
    pub findings: Vec<usize>,
}

/// A sentence that the page says in its own language.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct RemarkView {
    /// A stable word.
    pub code: String,
    /// The names in it.
    pub names: Vec<String>,
    /// The numbers in it.
    pub figures: Vec<u64>,
}

/// What the block follows, and the matrix that proves it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct FollowsView {
    /// `ip`, `domain`, `stream`, `message` or `undecided`.
    pub what: String,
    /// `no_block`, `split`, `named`, `every_domain`, `scattered` or `alone`.
    pub reason: String,
    /// What is refused while its like is not.
    pub red: Vec<String>,
    /// The cells, those with the most attempts first.
    pub cells: Vec<CellView>,
}

/// One cell of the matrix.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CellView {
    /// The sending address.
    pub ip: Option<String>,
    /// The sender's domain; empty for mail without a sender.
    pub domain: Option<String>,
    /// The word of the stream.
    pub stream: String,
    /// Attempts that met the block since it began.
    pub refused: u64,
    /// Attempts since it began.
    pub tried: u64,
}

/// What was sent before the first refusal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ConductView {
    /// Hours of evidence in the 72 before the first refusal.
    pub hours: u64,
    /// Hours of evidence in the week before those.
    pub week_hours: u64,
    /// Messages to the provider in the 72 hours.
    pub messages: u64,
    /// Different recipients of theirs.
    pub recipients: u64,
    /// Messages to recipients that do not exist.
    pub unknown: u64,
    /// Messages in the week before.
    pub week_messages: u64,
    /// Who sent most.
    pub top: Vec<TalkerView>,
}

/// Somebody who sends.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct TalkerView {
    /// `login`, `script`, `null_sender`, `sender` or `domain`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// Messages in the 72 hours.
    pub messages: u64,
    /// Messages in the week before.
    pub week: u64,
    /// Messages to recipients that do not exist.
    pub unknown: u64,
    /// Whether it stands out.
    pub suspect: bool,
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
    /// The outgoing service that it belongs to, if many senders share it.
    pub pool: Option<String>,
}

/// An address that may be a sending one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CandidateView {
    /// The address.
    pub ip: String,
    /// `other_reply`, `configuration` or `received`.
    pub basis: String,
    /// Who or what names it.
    pub by: Vec<String>,
    /// How often.
    pub times: u64,
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

/// The authentication check.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CheckView {
    /// The domain that people see in From.
    pub domain: String,
    /// The name servers that were asked.
    pub servers: String,
    /// The answers: what is wrong first.
    pub checks: Vec<CheckRow>,
    /// What the letter may say of it.
    pub line: Option<String>,
}

/// A question to DNS and its answer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct AskedView {
    /// `northwind.example TXT`.
    pub query: String,
    /// The records, or why there are none.
    pub answer: String,
    /// How long it may be kept, in seconds.
    pub ttl: Option<u32>,
    /// When it was asked: RFC 3339.
    pub time: String,
}

/// What to do about something that is wrong.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct RemedyView {
    /// What to do, in sentences.
    pub text: String,
    /// The records to publish.
    pub records: Vec<RecordView>,
    /// Steps that have a day each.
    pub steps: Vec<String>,
    /// What may break.
    pub may_break: Option<String>,
    /// How to see that it worked.
    pub verify: Option<String>,
}

/// A record to publish, in both forms.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct RecordView {
    /// As a zone file holds it.
    pub zone_file: String,
    /// The name as a web form takes it.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The value as a web form takes it.
    pub value: String,
    /// The record that it takes the place of.
    pub replaces: Option<String>,
}

/// A step of an SPF walk.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct StepView {
    /// The domain whose record it is in.
    pub domain: String,
    /// The term as published; the whole record for its first step.
    pub term: String,
    /// What came of it.
    pub verdict: String,
    /// What was asked, each with its answer.
    pub asked: Vec<String>,
    /// Terms that asked DNS until then.
    pub lookups: u32,
    /// The steps inside another domain's record.
    pub steps: Vec<StepView>,
}

/// One question and its answer, which is knowledge and English.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CheckRow {
    /// A stable name.
    pub id: String,
    /// `fail`, `warning`, `unknown`, `pass` or `not_applicable`.
    pub status: String,
    /// `blocker`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// What it is about.
    pub subject: String,
    /// The answer.
    pub summary: String,
    /// What was asked, each with its answer.
    pub asked: Vec<AskedView>,
    /// What to do.
    pub remedy: Option<RemedyView>,
    /// The walk behind it, where it is about SPF.
    pub walk: Vec<StepView>,
    /// Whether Apple's own page asks for it.
    pub by_apple: bool,
    /// Who asks for it.
    pub asked_by: Vec<String>,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ts_rs::{Config, TS};

    use super::*;
    use crate::howto::Card;
    use crate::letter::{DocumentKind, DoorLetterView, FactsView, LetterView, MissingView, NoteView};
    use crate::lines::{CellChoice, Choice, LineView, LinesView, NeighbourView, RowView, TalkerChoice};
    use crate::post::{AccountView, Handover, Preview};

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
            DoorView,
            RemarkView,
            FollowsView,
            CellView,
            ConductView,
            TalkerView,
            FindingView,
            HourView,
            SendingIpView,
            CandidateView,
            ControlView,
            AssumptionsView,
            CheckView,
            AskedView,
            crate::Declaration,
            crate::Blocklist,
            RemedyView,
            RecordView,
            StepView,
            CheckRow,
            Card,
            Choice,
            CellChoice,
            TalkerChoice,
            LinesView,
            RowView,
            LineView,
            NeighbourView,
            FactsView,
            LetterView,
            MissingView,
            NoteView,
            DocumentKind,
            DoorLetterView,
            AccountView,
            Preview,
            Handover,
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
