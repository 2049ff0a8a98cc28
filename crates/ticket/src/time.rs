//! Times as documents show them: always UTC, always said so by whoever prints them.

use chrono::DateTime;

/// `2026-10-03 09:14:07`.
pub fn moment(time: i64) -> String {
    format(time, "%Y-%m-%d %H:%M:%S")
}

/// `2026-10-03`.
pub fn date(time: i64) -> String {
    format(time, "%Y-%m-%d")
}

/// `2026-10-03T09:14:07Z`.
pub fn rfc3339(time: i64) -> String {
    format(time, "%Y-%m-%dT%H:%M:%SZ")
}

/// `03-OCT-2026`, as document control writes it.
pub fn calendar(time: i64) -> String {
    format(time, "%d-%b-%Y").to_uppercase()
}

fn format(time: i64, pattern: &str) -> String {
    DateTime::from_timestamp(time, 0).map(|time| time.format(pattern).to_string()).unwrap_or_default()
}
