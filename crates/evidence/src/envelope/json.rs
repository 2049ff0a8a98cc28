//! JSON lines: `journalctl -o json`, Docker's json-file driver, and the objects of mailcow's API (`/api/v1/get/logs/postfix/…`).

use std::borrow::Cow;

use serde::Deserialize;

use super::{Record, open_plain};
use crate::Stamp;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "_HOSTNAME")]
    host: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "SYSLOG_IDENTIFIER", alias = "program")]
    program: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "_SOURCE_REALTIME_TIMESTAMP")]
    written: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "__REALTIME_TIMESTAMP")]
    received: Option<Cow<'a, str>>,
    #[serde(rename = "MESSAGE", alias = "message")]
    message: Option<Message>,
    log: Option<String>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
}

/// A journal writes bytes that are not UTF-8 as an array of numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Text(String),
    Bytes(Vec<u8>),
}

/// Opens a JSON line; what it decodes is kept in `scratch`.
pub fn open<'a>(line: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<Record<'a>> {
    let parsed: Line<'_> = serde_json::from_slice(line).ok()?;
    match (parsed.log, parsed.message) {
        (Some(log), _) => {
            let outer = parsed.time.and_then(|time| Some(Stamp::rfc3339(time.as_bytes())?.0));
            *scratch = log.into_bytes();
            let record = open_plain(scratch.trim_ascii_end())?;
            Some(Record { stamp: outer.or(record.stamp), ..record })
        }
        (None, Some(message)) => {
            let micros = parsed.written.or(parsed.received).and_then(|micros| micros.trim().parse().ok());
            let seconds = || parsed.time.and_then(|seconds| seconds.trim().parse::<i64>().ok()?.checked_mul(1_000_000));
            let stamp = Stamp::from_epoch_micros(micros.or_else(seconds)?)?;
            Some(journal(stamp, &parsed.host.unwrap_or_default(), &parsed.program?, message, scratch))
        }
        (None, None) => None,
    }
}

/// Lays host, program and message side by side in `scratch`, where the record borrows them.
fn journal<'a>(stamp: Stamp, host: &str, program: &str, message: Message, scratch: &'a mut Vec<u8>) -> Record<'a> {
    let message = match message {
        Message::Text(text) => text.into_bytes(),
        Message::Bytes(bytes) => bytes,
    };
    scratch.clear();
    scratch.extend_from_slice(host.as_bytes());
    scratch.extend_from_slice(program.as_bytes());
    scratch.extend_from_slice(&message);
    let (host, rest) = scratch.split_at_checked(host.len()).unwrap_or_default();
    let (program, message) = rest.split_at_checked(program.len()).unwrap_or_default();
    Record { stamp: Some(stamp), host, program, message: message.trim_ascii_start(), head: 0, tag: 0 }
}
