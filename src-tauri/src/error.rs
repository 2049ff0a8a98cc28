//! Errors on their way to the page, which has words for the codes it knows.

use serde::Serialize;

/// An error as the page gets it.
#[derive(Debug, Serialize)]
pub struct Failure {
    code: &'static str,
    text: String,
}

impl From<desk::Error> for Failure {
    fn from(error: desk::Error) -> Failure {
        Failure { code: error.code, text: error.to_string() }
    }
}

impl From<tauri::Error> for Failure {
    fn from(error: tauri::Error) -> Failure {
        Failure { code: "internal", text: error.to_string() }
    }
}

/// What every command answers.
pub type Answer<T> = Result<T, Failure>;

/// Nothing was read yet, so nothing can be asked of it.
pub fn nothing_read() -> Failure {
    Failure { code: "nothing_read", text: "nothing has been read yet; drop a log first".to_owned() }
}
