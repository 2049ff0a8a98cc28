//! What is asked of mail to many, and of mail that is passed on: a way out, the list's name, and ARC.

use super::Subject;
use crate::check::{AskedBy, Check, Row, Severity};
use crate::signature::{Tags, Verdict};

const UNSUBSCRIBE: Row = Row { id: "message.unsubscribe", severity: Severity::High, asked_by: &[AskedBy::Apple, AskedBy::GmailBulk] };
const LIST_ID: Row = Row { id: "message.list_id", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };
const ARC: Row = Row { id: "message.arc", severity: Severity::Medium, asked_by: &[AskedBy::Apple2025, AskedBy::Gmail] };

/// Every row of this module.
pub(super) const ROWS: &[Row] = &[UNSUBSCRIBE, LIST_ID, ARC];

/// Words that lead out of a list, in the languages that are met most.
const WAYS_OUT: [&str; 12] = [
    "unsubscribe",
    "opt out",
    "opt-out",
    "avregistrera",
    "avprenumerera",
    "avsluta prenumeration",
    "afmelden",
    "uitschrijven",
    "abmelden",
    "abbestellen",
    "désabonner",
    "désinscrire",
];

pub(super) fn checks(subject: &Subject<'_>, chain: Option<&Verdict>) -> Vec<Check> {
    vec![unsubscribe(subject), list_id(subject), arc(subject, chain)]
}

/// One-click unsubscribing (RFC 8058), covered by DKIM, and a link that people see.
fn unsubscribe(subject: &Subject<'_>) -> Check {
    match subject.bulk {
        Some(false) => return UNSUBSCRIBE.not_applicable(&subject.name, "This is no mail to many: nobody has to leave a list."),
        None if !is_list(subject) => return UNSUBSCRIBE.unknown(&subject.name, "Whether this is mail to many is not known: say so."),
        _ => {}
    }
    let remedy = "Add List-Unsubscribe: <https://YOUR.DOMAIN/unsubscribe/TOKEN> and List-Unsubscribe-Post: List-Unsubscribe=One-Click, let the DKIM signature cover both, and answer the POST at once.";
    let ways = subject.values("list-unsubscribe");
    let one_click = subject.values("list-unsubscribe-post").iter().any(|value| value.eq_ignore_ascii_case("List-Unsubscribe=One-Click"));
    let covered =
        subject.values("dkim-signature").iter().any(|field| ["list-unsubscribe", "list-unsubscribe-post"].iter().all(|name| Tags::parse(field).covers(name)));
    let body = format!("{} {}", subject.text, subject.mail.markup.as_ref().map(|markup| markup.text.as_str()).unwrap_or_default()).to_lowercase();
    let visible = !subject.mail.whole || WAYS_OUT.iter().any(|words| body.contains(words));
    match () {
        () if ways.is_empty() => UNSUBSCRIBE.fail(&subject.name, "Mail to many without List-Unsubscribe.").remedy(remedy),
        () if !ways.iter().any(|value| value.contains("<https://")) || !one_click => UNSUBSCRIBE
            .warn(&subject.name, "One click is not enough to leave: an https link with List-Unsubscribe-Post is missing.")
            .matters(Severity::Medium)
            .remedy(remedy),
        () if !covered => UNSUBSCRIBE
            .warn(&subject.name, "No DKIM signature covers the fields for unsubscribing: receivers ignore them.")
            .matters(Severity::Medium)
            .remedy(remedy),
        () if !visible => UNSUBSCRIBE
            .warn(&subject.name, "The text shows no way to unsubscribe.")
            .matters(Severity::Medium)
            .remedy("Put a link that everybody sees into the text."),
        () => UNSUBSCRIBE.pass(&subject.name, "One click is enough to leave, and the text shows the way."),
    }
}

/// Whether a mail says that it goes to a list.
fn is_list(subject: &Subject<'_>) -> bool {
    let precedence = subject.values("precedence").iter().any(|value| ["list", "bulk"].iter().any(|word| value.eq_ignore_ascii_case(word)));
    precedence || ["list-id", "list-unsubscribe", "list-post", "mailing-list"].iter().any(|name| subject.has(name))
}

fn list_id(subject: &Subject<'_>) -> Check {
    match (subject.has("list-id"), is_list(subject)) {
        (true, _) => LIST_ID.pass(&subject.name, "The list has a name (List-Id)."),
        (false, true) => LIST_ID
            .warn(&subject.name, "A list without List-Id (RFC 2919).")
            .remedy("Add List-Id: \"NAME\" <name.YOUR.DOMAIN>, the same on every mail of the list."),
        (false, false) => LIST_ID.not_applicable(&subject.name, "This is no list."),
    }
}

/// Whether a mail that was passed on says so (RFC 8617): sets numbered from 1, none of which failed.
fn arc(subject: &Subject<'_>, chain: Option<&Verdict>) -> Check {
    let seals: Vec<Tags> = subject.values("arc-seal").into_iter().map(Tags::parse).collect();
    let path = subject.values("return-path").iter().any(|value| value.trim_start_matches('<').to_ascii_uppercase().starts_with("SRS"));
    let forwarded = path || ["resent-from", "x-forwarded-to", "x-forwarded-for"].iter().any(|name| subject.has(name));
    let remedy = "Let the server that forwards add ARC (OpenARC, rspamd), rewrite the envelope sender (SRS), and filter before it forwards.";
    if seals.is_empty() {
        return match forwarded {
            true => ARC.warn(&subject.name, "The mail was passed on without ARC: receivers see a sender that fails SPF.").remedy(remedy),
            false => ARC.not_applicable(&subject.name, "The mail was not passed on."),
        };
    }
    let mut places: Vec<usize> = seals.iter().filter_map(|seal| seal.get("i")?.parse().ok()).collect();
    places.sort_unstable();
    let counts = ["arc-message-signature", "arc-authentication-results"].map(|name| subject.values(name).len());
    let is_chain = places.iter().copied().eq(1..=seals.len()) && counts.iter().all(|count| *count == seals.len());
    let fits = |seal: &Tags| match seal.get("i") {
        Some("1") => seal.get("cv") == Some("none"),
        _ => seal.get("cv") == Some("pass"),
    };
    match is_chain && seals.iter().all(fits) {
        true if matches!(chain, Some(Verdict::Bad(_))) => ARC
            .warn(&subject.name, "The ARC chain does not verify: the mail was changed after it was sealed, or the key is another one.")
            .remedy("Let the server that forwards seal last, when nothing changes the mail any more."),
        true => ARC.pass(&subject.name, format!("The mail was passed on with {} ARC sets, in order.", seals.len())),
        false => ARC.warn(&subject.name, "The ARC chain is broken: sets are missing, doubled, or say that an earlier one failed.").remedy(remedy),
    }
}
