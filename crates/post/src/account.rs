//! An account on a mail server.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain at first, TLS before anything that matters; without it nothing is sent.
    StartTls,
    /// No TLS: for a server on this machine.
    None,
}

impl Security {
    /// The way of a word, as in `starttls`.
    pub fn of(word: &str) -> Option<Security> {
        match word {
            "tls" => Some(Security::Tls),
            "starttls" => Some(Security::StartTls),
            "none" => Some(Security::None),
            _ => None,
        }
    }
}

/// How the user proves who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// A password.
    Password,
    /// An OAuth 2 access token, as Microsoft 365 and Gmail want it (XOAUTH2).
    Token,
}

/// An account on a mail server.
#[derive(Clone)]
pub struct Account {
    /// The server's name, which its certificate must hold.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login; none where the server wants none.
    pub user: Option<String>,
    /// The password or the token.
    pub secret: String,
    /// Which of the two.
    pub mechanism: Mechanism,
    /// A file of certificates (PEM) that are trusted beside the system's, as of a company's own authority.
    pub authority: Option<PathBuf>,
    /// How long one answer may take.
    pub timeout: Duration,
}

impl fmt::Debug for Account {
    /// Everything but the secret.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Account")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
