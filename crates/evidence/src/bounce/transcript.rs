//! Sendmail's transcript of a session: `... while talking to mx.:`, `>>> DATA`, `<<< 554 …`.

use smtp::{Code, Disposition, Stage};

use super::{Failure, human};

/// The failures that a transcript holds: for each recipient the refusal that came last before the connection was given
/// up. What answers QUIT is noise.
pub fn failures(text: &str) -> Vec<Failure> {
    if !text.contains("Transcript of session follows") && !text.contains("while talking to ") {
        return Vec::new();
    }
    let (mut host, mut stage, mut found) = (None, Stage::Connect, None);
    for line in text.lines() {
        if let Some(rest) = line.trim_start_matches("... ").strip_prefix("while talking to ") {
            (host, stage) = (Some(rest.trim_end_matches([':', '.']).to_owned()), Stage::Connect);
        } else if let Some(command) = line.strip_prefix(">>> ") {
            stage = if command.starts_with("QUIT") { Stage::Unknown } else { said(command) };
        } else if let Some(reply) = line.strip_prefix("<<< ").filter(|_| stage != Stage::Unknown) {
            let refused = Code::split(reply.as_bytes()).is_some_and(|(code, _)| code.number() >= 400);
            found = if refused { Some((host.clone(), stage, reply.trim().to_owned())) } else { found };
        }
    }
    let Some((host, stage, reply)) = found else { return Vec::new() };
    let failure = |recipient: String| Failure {
        recipient: Some(recipient),
        remote_host: host.clone(),
        stage,
        disposition: Disposition::Bounced,
        reply: Some(reply.clone()),
        ..Failure::default()
    };
    recipients(text).into_iter().map(failure).collect()
}

fn said(command: &str) -> Stage {
    match command {
        "." => Stage::EndOfData,
        "DATA" => Stage::EndOfData,
        _ => match command.split(':').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "MAIL FROM" => Stage::Mail,
            "RCPT TO" => Stage::Rcpt,
            other => human::command(other),
        },
    }
}

/// The addresses that are listed above the transcript.
fn recipients(text: &str) -> Vec<String> {
    let above = text.lines().take_while(|line| !line.contains("Transcript of session follows"));
    let after = above.skip_while(|line| !line.contains("addresses had"));
    let mut found: Vec<String> = after.filter_map(|line| super::returned::address(line.trim()).filter(|name| !name.contains(' '))).collect();
    found.dedup();
    found
}
