//! Results to standard output, messages for people to standard error. A closed pipe ends quietly.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use desk::{Draft, escape_controls};
use serde_json::Value;

/// Prints text.
pub fn out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Tells a person.
pub fn err(text: &str) {
    // Nobody is left to tell if this fails.
    let _ = writeln!(io::stderr(), "{}", escape_controls(text.as_bytes()));
}

/// Prints a document.
pub fn json(document: &Value) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Prints one document a line.
pub fn lines(documents: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for document in documents {
        serde_json::to_writer(&mut out, &document)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Prints the attempts of a message for people.
pub fn story(attempts: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut text = String::new();
    for attempt in attempts {
        let of = |key: &str| show(attempt.get(key));
        let said = if attempt.get("reply").is_some_and(Value::is_null) { of("note") } else { of("reply") };
        let _ = writeln!(
            text,
            "{}  {} -> {}  {} [{}]  {}\n    {said}\n    {}:{}",
            of("time"),
            of("sender"),
            of("recipient"),
            of("remote_host"),
            of("remote_ip"),
            of("outcome"),
            of("source"),
            of("line")
        );
    }
    out(&text)
}

/// The scan's document as a table for people.
pub fn table(document: &Value) -> String {
    let mut text = String::new();
    let get = |path: &str| show(document.pointer(path));
    for source in list(document, "/intake/sources") {
        let of = |key: &str| show(source.get(key));
        let _ = writeln!(
            text,
            "{}: {} {}, {} attempts, {} not understood, {} to {}, zone {}{}",
            of("path"),
            of("lines"),
            if matches!(of("format").as_str(), "bounce" | "queue") { "mails" } else { "lines" },
            of("attempts"),
            of("not_understood"),
            of("first"),
            of("last"),
            // Without a stamp there is no zone to speak of.
            if source.get("first").is_none_or(Value::is_null) { "-".to_owned() } else { of("zone") },
            inferred(&source)
        );
    }
    let _ = writeln!(
        text,
        "\n{} attempts, {} messages, {} recipients: {} delivered, {} deferred, {} rejected",
        get("/totals/attempts"),
        get("/totals/messages"),
        get("/totals/recipients"),
        get("/totals/delivered"),
        get("/totals/deferred"),
        get("/totals/rejected")
    );
    text.push_str(&verdict(document));
    for finding in list(document, "/findings") {
        text.push_str(&one_finding(&finding));
    }
    text.push_str(&sending(document));
    let _ = writeln!(
        text,
        "\nlast accepted before {}, first refused {}, newest refused {}",
        get("/incident/last_delivered_before"),
        get("/incident/first_refused"),
        get("/incident/last_refused")
    );
    let _ = writeln!(text, "the block follows: {}. {}", get("/block_follows/what"), get("/block_follows/sentence"));
    for control in list(document, "/control") {
        let of = |key: &str| show(control.get(key));
        let _ = writeln!(text, "in the same quarters of an hour, {}: {} of {} attempts accepted", of("provider"), of("delivered"), of("attempts"));
    }
    text
}

/// From where mail was sent, from where it may have been, and what is asked for.
fn sending(document: &Value) -> String {
    let mut text = String::new();
    for ip in list(document, "/sending_ips") {
        let of = |key: &str| show(ip.get(key));
        let pool = ip.get("pool").and_then(Value::as_str).map(|pool| format!("; of {pool}, shared with others and not your own")).unwrap_or_default();
        let _ = writeln!(text, "\nsending address {} ({}, {} confidence, {} attempts{pool})", of("ip"), of("basis"), of("confidence"), of("attempts"));
    }
    for candidate in list(document, "/sending_candidates") {
        let of = |key: &str| show(candidate.get(key));
        let by = list(&candidate, "/by").iter().map(|by| show(Some(by))).collect::<Vec<_>>().join(", ");
        let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
        let _ = writeln!(text, "\ncandidate {} ({}{by}, {} times): if it is yours, confirm it with --ip", of("ip"), of("basis"), of("times"));
    }
    if let Some(asked) = document.pointer("/sending_asked").and_then(Value::as_str) {
        let _ = writeln!(text, "\n{asked}");
    }
    text
}

/// Whose doors, what to do there, and what the evidence proves.
fn verdict(document: &Value) -> String {
    let mut text = String::new();
    for door in list(document, "/verdict/doors") {
        let of = |key: &str| show(door.get(key));
        let percent = door.get("share").and_then(Value::as_f64).unwrap_or_default() * 100.0;
        let _ = writeln!(text, "\ndoor: {} {}, {} messages ({percent:.0} %)\n  next: {}", of("door"), of("who"), of("messages"), of("next_step"));
    }
    for (title, path) in [("first", "/verdict/before_writing"), ("note", "/verdict/remarks")] {
        for remark in list(document, path) {
            let _ = writeln!(text, "{title}: {}", show(remark.get("text")));
        }
    }
    text
}

fn inferred(source: &Value) -> &'static str {
    if source.get("year_inferred").and_then(Value::as_bool).unwrap_or_default() { ", year inferred" } else { "" }
}

fn one_finding(finding: &Value) -> String {
    let of = |key: &str| show(finding.get(key));
    let door = |key: &str| show(finding.pointer(&format!("/door/{key}")));
    let whose = if finding.get("door").is_none_or(Value::is_null) {
        "whose door: not known; no rule knows this reply".to_owned()
    } else {
        format!("whose door: {} {} {}", door("kind"), door("who"), door("contact"))
    };
    format!(
        "\n{} attempts, {} messages, {} recipients, {} to {}, {}\n  {}\n  {whose}\n  {} (confidence {})\n",
        of("attempts"),
        of("messages"),
        of("recipients"),
        of("first"),
        of("last"),
        of("kind"),
        of("text"),
        of("meaning"),
        of("confidence"),
    )
}

fn list(document: &Value, path: &str) -> Vec<Value> {
    document.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A value for people: text without quotes, nothing as a dash.
fn show(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => escape_controls(text.as_bytes()),
        Some(other) => other.to_string(),
    }
}

/// What a draft holds and lacks.
pub fn readiness(draft: &Draft, folder: &Path) -> String {
    let readiness = draft.readiness();
    let mut text = String::new();
    for fact in &readiness.facts {
        let state = if fact.present { "present".to_owned() } else { format!("MISSING: {}", fact.remedy) };
        let _ = writeln!(text, "{:<28} {state}", fact.name);
    }
    let gaps = [("to fill in", &readiness.to_fill), ("to confirm", &readiness.to_confirm), ("in the way", &readiness.obstacles)];
    let gaps = gaps.into_iter().flat_map(|(name, gaps)| gaps.iter().map(move |gap| (name, gap.to_string())));
    for (name, line) in gaps.chain(draft.letter.lint.iter().map(|note| ("note", note.to_string()))) {
        let _ = writeln!(text, "{name:<13} {line}");
    }
    let verdict = match () {
        () if readiness.is_complete() => "ready to send, after you have read it",
        () if readiness.is_ready() => "goes out all the same, as you say",
        () => "not ready",
    };
    let _ = writeln!(text, "\n{}: {verdict}", folder.join("ticket.eml").display());
    let others = draft.files.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "ticket.eml");
    let _ = writeln!(text, "beside it: {}", others.collect::<Vec<_>>().join(", "));
    text
}
