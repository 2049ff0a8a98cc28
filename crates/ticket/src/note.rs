//! The case on one page for a ticket system or a chat: plain text, or Markdown.

use smtp::escape_controls;

use crate::letter::{addresses, one_line, scale, start};
use crate::{Brief, Letter, date, look_again, moment, thousands};

/// How a note is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Plain text.
    Plain,
    /// Markdown, with everything from logs as code.
    Markdown,
}

/// The note: what it comes to, the figures, whose door, what is missing, what comes next.
pub fn note(brief: &Brief<'_>, letter: &Letter, verdict: &str, markup: Markup) -> String {
    let write = Writer(markup);
    let title = ["iCloud Mail".to_owned()].into_iter().chain(brief.facts.domain.as_deref().map(one_line)).chain(brief.facts.reference.as_deref().map(one_line));
    let mut text = write.heading(&title.collect::<Vec<_>>().join(" - "));
    text += &write.line("Verdict", &one_line(verdict));
    text += &write.line("Start", &start(brief));
    text += &write.line("Scale", &scale(brief));
    let ips = addresses(brief);
    text +=
        &write.line("Sent from", &if ips.is_empty() { "not known yet".to_owned() } else { ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") });
    for door in &brief.diagnosis.doors {
        let who = door.who.as_deref().or(door.door.map(providers::Door::word)).unwrap_or("unknown");
        let contact = door.contact.as_deref().map(|contact| format!(", {contact}")).unwrap_or_default();
        text += &write.line("Door", &one_line(&format!("{who}: {} messages{contact}", thousands(door.messages))));
    }
    text += &newest(brief).map(|(time, reply)| write.line("Newest reply", &time) + &write.verbatim(&reply)).unwrap_or_default();
    let readiness = &letter.readiness;
    let missing = readiness.facts.iter().filter(|fact| !fact.present).map(|fact| format!("{}: {}", fact.name, fact.remedy));
    let gaps = readiness.to_fill.iter().chain(&readiness.to_confirm).map(|gap| gap.text.clone());
    text.extend(missing.chain(gaps).map(|gap| write.line("Missing", &one_line(&gap))));
    text.extend(readiness.obstacles.iter().map(|gap| write.line("In the way", &one_line(&gap.text))));
    text += &write.line("State", if readiness.is_ready() { "letter ready to send" } else { "letter not ready" });
    text += &write.line("Next look", &date(look_again(brief.now)));
    text
}

/// The newest reply at the provider's door, else of any finding, with its time.
fn newest(brief: &Brief<'_>) -> Option<(String, String)> {
    let findings = || brief.diagnosis.findings.iter();
    let blocks = findings().filter(|finding| brief.is_apples(finding)).max_by_key(|finding| finding.last);
    let finding = blocks.or_else(|| findings().max_by_key(|finding| finding.last))?;
    let (event, time) = finding.events.iter().next_back()?;
    let event = brief.ledger.events.get(event)?;
    let reply = brief.ledger.reply(&event)?;
    let text = brief.redactor.redact(&escape_controls(&reply).replace('\n', " "));
    Some((time.map_or("time not logged".to_owned(), |time| format!("{} UTC", moment(time))), text))
}

struct Writer(Markup);

impl Writer {
    fn heading(&self, text: &str) -> String {
        match self.0 {
            Markup::Plain => format!("{text}\n"),
            Markup::Markdown => format!("## {}\n\n", escaped(text)),
        }
    }

    fn line(&self, name: &str, value: &str) -> String {
        match self.0 {
            Markup::Plain => format!("{name}: {value}\n"),
            Markup::Markdown => format!("- **{name}:** {}\n", escaped(value)),
        }
    }

    fn verbatim(&self, text: &str) -> String {
        match self.0 {
            Markup::Plain => format!("  {text}\n"),
            // A reply may hold backticks: the fence is longer than any run of them.
            Markup::Markdown => {
                let longest = text.split(|each| each != '`').map(str::len).max().unwrap_or_default();
                let fence = "`".repeat(longest.max(2) + 1);
                format!("\n  {fence}\n  {text}\n  {fence}\n")
            }
        }
    }
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for each in text.chars() {
        if matches!(each, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~') {
            out.push('\\');
        }
        out.push(each);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_log_says_is_no_markup() {
        let write = Writer(Markup::Markdown);
        assert_eq!(write.line("Door", "<b>*x*</b>"), "- **Door:** \\<b\\>\\*x\\*\\</b\\>\n");
        assert!(write.verbatim("550 ```` no").contains("`````\n  550 ```` no\n"));
    }
}
