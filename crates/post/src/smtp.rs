//! Submission (RFC 6409) with lettre, command by command, so that it is always known how far the message came.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism as Sasl};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailParameter};

use crate::{Account, Mechanism, Security};

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The server took it, and said this.
    Taken(String),
    /// The server refused it at this step, and said this: it did not go out.
    Refused {
        /// The step, as in `MAIL FROM`.
        step: &'static str,
        /// The server's words.
        reply: String,
    },
    /// The server was not reached, or the connection broke before the text: it did not go out.
    NotReached {
        /// The step.
        step: &'static str,
        /// Why.
        why: String,
    },
    /// The connection broke after the text was begun: it may have gone out.
    Unknown(String),
}

/// Hands a message over for these recipients. Nothing is tried twice.
pub fn submit(account: &Account, envelope: &Envelope, message: &[u8]) -> Handed {
    match talk(account, envelope, message) {
        Ok(handed) | Err(handed) => handed,
    }
}

fn talk(account: &Account, envelope: &Envelope, message: &[u8]) -> Result<Handed, Handed> {
    let mut server = connect(account)?;
    if let Some(user) = &account.user {
        let mechanisms: &[Sasl] = match account.mechanism {
            Mechanism::Password => &[Sasl::Plain, Sasl::Login],
            Mechanism::Token => &[Sasl::Xoauth2],
        };
        let credentials = Credentials::new(user.clone(), account.secret.clone());
        server.auth(mechanisms, &credentials).map_err(at("login"))?;
    }
    let size = MailParameter::Size(message.len());
    server.command(Mail::new(envelope.from().cloned(), vec![size])).map_err(at("MAIL FROM"))?;
    for recipient in envelope.to() {
        server.command(Rcpt::new(recipient.clone(), Vec::new())).map_err(at("RCPT TO"))?;
    }
    server.command(Data).map_err(at("DATA"))?;
    let answer = server.message(message);
    // The text has left: only the server's own word says that it did not take it.
    let taken = answer.map_err(|error| if error.status().is_some() { at("end of DATA")(error) } else { Handed::Unknown(told(&error)) })?;
    let reply = taken.message().collect::<Vec<_>>().join(" ");
    let _ = server.quit();
    Ok(Handed::Taken(format!("{} {reply}", taken.code())))
}

fn connect(account: &Account) -> Result<SmtpConnection, Handed> {
    let name = ClientId::default();
    let tls = || parameters(account).map_err(|why| Handed::NotReached { step: "TLS", why });
    let address = (account.host.as_str(), account.port);
    let timeout: Option<Duration> = Some(account.timeout);
    match account.security {
        Security::Tls => SmtpConnection::connect(address, timeout, &name, Some(&tls()?), None).map_err(at("connect")),
        Security::StartTls => {
            let parameters = tls()?;
            let mut server = SmtpConnection::connect(address, timeout, &name, None, None).map_err(at("connect"))?;
            server.starttls(&parameters, &name).map_err(at("STARTTLS"))?;
            Ok(server)
        }
        Security::None => SmtpConnection::connect(address, timeout, &name, None, None).map_err(at("connect")),
    }
}

fn parameters(account: &Account) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(account.host.clone());
    if let Some(path) = &account.authority {
        let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| format!("{}: {}", path.display(), told(&error)))?);
    }
    builder.build_rustls().map_err(|error| told(&error))
}

/// What an error before the text comes to: a reply with a code is a refusal, everything else a line that broke. A reply that
/// ends in the middle counts as one of lettre's "response errors" and has no code.
fn at(step: &'static str) -> impl Fn(Error) -> Handed {
    move |error| if error.status().is_some() { Handed::Refused { step, reply: told(&error) } } else { Handed::NotReached { step, why: told(&error) } }
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
