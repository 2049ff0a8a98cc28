//! What goes wrong, in words that say what, where and what to do.

use thiserror::Error as ThisError;

/// An error of the door. Faces decide by `code`; the rest is for people.
#[derive(Clone, Debug, ThisError)]
#[error("{what}{}{}", at(.place), then(.remedy))]
pub struct Error {
    /// A stable word.
    pub code: &'static str,
    /// What is the matter.
    pub what: String,
    /// Where.
    pub place: String,
    /// What to do.
    pub remedy: String,
}

impl Error {
    /// An error with a place and a remedy, either of which may be empty.
    pub fn new(code: &'static str, what: impl ToString, place: impl ToString, remedy: impl ToString) -> Error {
        Error { code, what: what.to_string(), place: place.to_string(), remedy: remedy.to_string() }
    }
}

fn at(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" ({place})") }
}

fn then(remedy: &str) -> String {
    if remedy.is_empty() { String::new() } else { format!("; {remedy}") }
}
