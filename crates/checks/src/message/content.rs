//! What a mail shows: who wrote it, whether it answers something, and whether its HTML hides anything.

use super::Subject;
use super::form::{addresses, shown};
use crate::check::{AskedBy, Check, Row, Severity};
use crate::mail::Markup;
use crate::org_domain;
use crate::signature::Tags;

const FOREIGN: Row = Row { id: "message.foreign_from", severity: Severity::Blocker, asked_by: &[AskedBy::Gmail] };
const REPLY: Row = Row { id: "message.reply", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };
const NAME: Row = Row { id: "message.display_name", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };
const HTML: Row = Row { id: "message.html", severity: Severity::Low, asked_by: &[AskedBy::Gmail] };
const HIDDEN: Row = Row { id: "message.hidden", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };
const LINKS: Row = Row { id: "message.links", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };

/// Every row of this module.
pub(super) const ROWS: &[Row] = &[FOREIGN, REPLY, NAME, HTML, HIDDEN, LINKS];

/// Domains of providers for everybody: their own servers alone may write in their name.
const FREEMAIL: &str = include_str!("../../../../assets/checks/freemail.txt");

/// What a subject begins with that answers or passes on something.
const ANSWERS: [&str; 9] = ["re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vb:", "antw:", "doorst:"];

/// Hidden text is allowed as a preview of a line or two; more than this is content.
const MOST_HIDDEN: usize = 200;

/// How many faults of HTML are named.
const MOST_NAMED: usize = 3;

pub(super) fn checks(subject: &Subject<'_>) -> Vec<Check> {
    let seen = |row: Row, judge: fn(&Subject<'_>, &Markup) -> Check| match (&subject.mail.markup, subject.mail.whole) {
        (Some(markup), _) => judge(subject, markup),
        (None, true) => row.not_applicable(&subject.name, "The mail holds no HTML."),
        (None, false) => row.unknown(&subject.name, "Only the header of the mail is at hand."),
    };
    vec![foreign(subject), reply(subject), name(subject), seen(HTML, html), seen(HIDDEN, hidden), seen(LINKS, misleading)]
}

fn foreign(subject: &Subject<'_>) -> Check {
    let domain = addresses(subject).into_iter().find_map(|(_, address)| address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()));
    let Some(domain) = domain else { return FOREIGN.unknown(&subject.name, "From names no address.") };
    let is_freemail = FREEMAIL.lines().any(|known| known == domain);
    // Its owner signs what leaves through it.
    let signed =
        subject.values("dkim-signature").into_iter().any(|field| Tags::parse(field).get("d").is_some_and(|signer| signer.eq_ignore_ascii_case(&domain)));
    match is_freemail && !signed {
        true => FOREIGN
            .fail(&subject.name, format!("From is in {domain}, whose owner alone may send for it: receivers refuse that."))
            .remedy("Send as an address of your own domain, and name the person in Reply-To."),
        false => FOREIGN.pass(&subject.name, format!("From is in {domain}.")),
    }
}

fn reply(subject: &Subject<'_>) -> Check {
    let title = subject.values("subject").first().map(|value| shown("Subject", value).trim_start().to_lowercase()).unwrap_or_default();
    let answers = ANSWERS.iter().find(|start| title.starts_with(*start));
    match answers {
        Some(start) if !subject.has("in-reply-to") && !subject.has("references") => REPLY
            .warn(&subject.name, format!("The subject begins with \"{start}\", and the mail is no answer to anything (no In-Reply-To, no References)."))
            .remedy("Begin the subject with what the mail is about."),
        _ => REPLY.pass(&subject.name, "The subject does not pretend to answer."),
    }
}

fn name(subject: &Subject<'_>) -> Check {
    let Some((Some(shown), address)) = addresses(subject).into_iter().next() else { return NAME.pass(&subject.name, "From shows an address and no name.") };
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    let other = shown
        .split([' ', '<', '>', '"', ','])
        .filter_map(|word| word.rsplit_once('@'))
        .map(|(_, named)| named)
        .find(|named| named.contains('.') && !org_domain(named).unwrap_or(named).eq_ignore_ascii_case(org_domain(&domain).unwrap_or(&domain)));
    match other {
        Some(other) => NAME
            .warn(&subject.name, format!("The name beside From shows an address in {other}, and the mail comes from {domain}."))
            .remedy("Show a person's or a company's name there."),
        None if shown.chars().any(is_picture) => NAME
            .warn(&subject.name, "The name beside From holds a sign that looks like a seal or a picture.")
            .remedy("Leave signs out of the name: they pretend that somebody verified it."),
        None => NAME.pass(&subject.name, "The name beside From is a plain name."),
    }
}

/// Emoji, dingbats and other small pictures.
fn is_picture(each: char) -> bool {
    matches!(each, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}')
}

fn html(subject: &Subject<'_>, markup: &Markup) -> Check {
    match markup.faults.len() {
        0 => HTML.pass(&subject.name, "The HTML is well formed."),
        many => {
            let first: Vec<&str> = markup.faults.iter().map(String::as_str).take(MOST_NAMED).collect();
            HTML.warn(&subject.name, format!("The HTML has {many} faults that readers mend each in their own way: {}.", first.join("; ")))
                .remedy("Run it through a validator; close every element that is opened.")
        }
    }
}

fn hidden(subject: &Subject<'_>, markup: &Markup) -> Check {
    match markup.hidden > MOST_HIDDEN {
        true => HIDDEN
            .warn(&subject.name, format!("{} characters of text are hidden from the reader.", markup.hidden))
            .remedy("Take hidden text out; a preview of a line or two may stay."),
        false => HIDDEN.pass(&subject.name, "Nothing of weight is hidden from the reader."),
    }
}

fn misleading(subject: &Subject<'_>, markup: &Markup) -> Check {
    let organisation = |name: &str| org_domain(name).unwrap_or(name).to_ascii_lowercase();
    let both = markup.links.iter().filter_map(|link| Some((host(&link.text)?, host(&link.to)?)));
    let lies: Vec<String> =
        both.filter(|(shown, real)| organisation(shown) != organisation(real)).map(|(shown, real)| format!("{shown} leads to {real}")).collect();
    match lies.is_empty() {
        true => LINKS.pass(&subject.name, format!("{} links lead where they say.", markup.links.len())),
        false => LINKS
            .warn(&subject.name, format!("Links show another place than they lead to: {}.", lies.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join("; ")))
            .remedy("Let a link's text say what is behind it; where clicks are counted, count them on a name of your own domain."),
    }
}

/// The host in an address of the web, whether its scheme is written or not.
pub(super) fn host(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).or_else(|| text.starts_with("www.").then_some(text))?;
    let host = rest.split(['/', '?', '#', ':']).next()?.rsplit('@').next()?;
    host.contains('.').then(|| host.to_ascii_lowercase())
}
