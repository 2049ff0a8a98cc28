//! What the replies of one session have to do with each other: an answer that only follows from an earlier one is
//! counted with that one.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smtp::{Outcome, Stage};

use crate::events::Placed;
use crate::{Event, GroupId, Ledger, MessageRef};

/// How long a session lasts at most, in lines of the same message: what is further apart is another try.
const NEAR: i64 = 300;

/// The kinds of refusals, with what follows from an earlier reply moved to that reply's kind.
#[derive(Debug, Default)]
pub(crate) struct Causes(HashMap<usize, GroupId, RandomState>);

impl Causes {
    /// Looks through the refusals, which stand in the order of time.
    pub fn of(ledger: &Ledger, timed: crate::diagnose::Timeline<'_>) -> Causes {
        let mut causes = Causes::default();
        let mut last: HashMap<MessageRef, Placed, RandomState> = HashMap::default();
        for attempt in timed.iter().filter(|attempt| attempt.event.group.is_some()) {
            let event = attempt.event;
            let before = last.get(&event.message).map(Placed::parts);
            let near = before.filter(|(_, time)| attempt.time.zip(*time).is_none_or(|(now, then)| now - then <= NEAR));
            let cause = near.and_then(|(index, _)| ledger.events.get(index)).filter(|cause| follows(ledger, &event, cause));
            match cause {
                Some(cause) => {
                    causes.0.extend(cause.group.map(|group| (attempt.index, group)));
                }
                None => {
                    last.insert(event.message, Placed::new((attempt.index, attempt.time)));
                }
            }
        }
        causes
    }

    /// The kind of an attempt's refusal.
    pub fn group(&self, index: usize, event: &Event) -> Option<GroupId> {
        self.0.get(&index).copied().or(event.group)
    }
}

/// Whether a refusal follows from the one before it in the same session: a command out of order after MAIL was put
/// off, or a connection that ended after a recipient was refused.
fn follows(ledger: &Ledger, event: &Event, before: &Event) -> bool {
    let same_host = event.remote_host == before.remote_host && event.remote_ip == before.remote_ip;
    let code = |event: &Event| event.group.and_then(|group| ledger.groups.get(group.0 as usize)).and_then(|group| group.code).map(smtp::Code::number);
    let out_of_order = code(event) == Some(503) && before.outcome == Outcome::Deferred && code(before).is_some();
    let dropped =
        event.reply.is_none() && matches!(event.stage, Stage::Rcpt | Stage::Data | Stage::EndOfData) && before.stage == Stage::Rcpt && before.reply.is_some();
    same_host && (out_of_order || dropped)
}
