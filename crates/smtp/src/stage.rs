//! Where in the SMTP dialogue something happened (RFC 5321, section 3).

/// The step of the dialogue that the remote server was answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The connection itself, up to and including the greeting.
    Connect,
    /// HELO or EHLO.
    Helo,
    /// STARTTLS and the handshake that follows.
    StartTls,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// The DATA command itself.
    Data,
    /// The message's text and the dot that ends it.
    EndOfData,
    /// The source does not say.
    #[default]
    Unknown,
}

impl Stage {
    /// The word used in JSON, rules and tables.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Connect => "connect",
            Stage::Helo => "helo",
            Stage::StartTls => "starttls",
            Stage::Mail => "mail",
            Stage::Rcpt => "rcpt",
            Stage::Data => "data",
            Stage::EndOfData => "end_of_data",
            Stage::Unknown => "unknown",
        }
    }

    /// The stage that a word names, where it names one.
    pub fn from_word(word: &str) -> Option<Stage> {
        const ALL: [Stage; 8] = [Stage::Connect, Stage::Helo, Stage::StartTls, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::EndOfData, Stage::Unknown];
        ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// The stage as a postmaster would write it in a letter.
    pub fn phrase(self) -> &'static str {
        match self {
            Stage::Connect => "greeting",
            Stage::Helo => "EHLO",
            Stage::StartTls => "STARTTLS",
            Stage::Mail => "MAIL FROM",
            Stage::Rcpt => "RCPT TO",
            Stage::Data => "DATA",
            Stage::EndOfData => "end of DATA",
            Stage::Unknown => "stage not logged",
        }
    }
}
