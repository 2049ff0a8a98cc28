//! Passwords in the system's keyring. A machine without one (a server, a bare session) is told so, and asks each time.

use keyring::v1::Entry;
use thiserror::Error;

/// The name under which the keyring lists what is ours.
const SERVICE: &str = "Reprieve";

/// Why the keyring did not help.
#[derive(Debug, Error)]
#[error("the system's keyring cannot be used: {0}")]
pub struct KeyringError(String);

/// The secret of an account, as in `smtp://maria@mail.example:587`; nothing where none was kept.
pub fn recall(account: &str) -> Option<String> {
    Entry::new(SERVICE, account).ok()?.get_password().ok()
}

/// Keeps the secret of an account.
pub fn remember(account: &str, secret: &str) -> Result<(), KeyringError> {
    let entry = Entry::new(SERVICE, account).map_err(|error| KeyringError(error.to_string()))?;
    entry.set_password(secret).map_err(|error| KeyringError(error.to_string()))
}

/// Forgets the secret of an account.
pub fn forget(account: &str) -> Result<(), KeyringError> {
    let entry = Entry::new(SERVICE, account).map_err(|error| KeyringError(error.to_string()))?;
    entry.delete_credential().map_err(|error| KeyringError(error.to_string()))
}
