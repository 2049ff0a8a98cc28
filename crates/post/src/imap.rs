//! A draft into the Drafts folder of an IMAP account (RFC 9051), found by its special use (RFC 6154).

use std::fmt::Debug;
use std::io;
use std::sync::Arc;

use async_imap::types::NameAttribute;
use async_imap::{Authenticator, Client, Session};
use futures_util::TryStreamExt;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::{Account, Mechanism, Security};

/// Why no draft was filed.
#[derive(Debug, Error)]
pub enum FileError {
    /// The server could not be reached.
    #[error("the server could not be reached: {0}")]
    Connect(String),
    /// The connection could not be protected.
    #[error("no protected connection: {0}")]
    Tls(String),
    /// The server refused the login.
    #[error("the server refused the login: {0}")]
    Login(String),
    /// The server refused the draft, or broke off.
    #[error("the draft was not filed: {0}")]
    Append(String),
    /// The server did not answer in time.
    #[error("the server did not answer within {0} seconds")]
    Timeout(u64),
}

/// Files a message as a draft; the answer is the folder.
pub fn file(account: &Account, message: &[u8]) -> Result<String, FileError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| FileError::Connect(error.to_string()))?;
    let seconds = account.timeout.as_secs();
    runtime.block_on(async {
        let timed = tokio::time::timeout(account.timeout, talk(account, message)).await;
        timed.unwrap_or(Err(FileError::Timeout(seconds)))
    })
}

async fn talk(account: &Account, message: &[u8]) -> Result<String, FileError> {
    let stream = TcpStream::connect((account.host.as_str(), account.port)).await.map_err(|error| FileError::Connect(error.to_string()))?;
    match account.security {
        Security::Tls => append(account, greeted(Client::new(protect(account, stream).await?)).await?, message).await,
        Security::StartTls => {
            let mut client = greeted(Client::new(stream)).await?;
            client.run_command_and_check_ok("STARTTLS", None).await.map_err(|error| FileError::Tls(error.to_string()))?;
            append(account, Client::new(protect(account, client.into_inner()).await?), message).await
        }
        Security::None => append(account, greeted(Client::new(stream)).await?, message).await,
    }
}

/// The server speaks first.
async fn greeted<T: AsyncRead + AsyncWrite + Unpin + Debug + Send>(mut client: Client<T>) -> Result<Client<T>, FileError> {
    let closed = || FileError::Connect("the server said nothing".to_owned());
    client.read_response().await.map_err(|error| FileError::Connect(error.to_string()))?.ok_or_else(closed)?;
    Ok(client)
}

async fn protect(account: &Account, stream: TcpStream) -> Result<TlsStream<TcpStream>, FileError> {
    let wrong = |error: &dyn ToString| FileError::Tls(error.to_string());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &account.authority {
        let own: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| wrong(&error))?;
        roots.add_parsable_certificates(own);
    }
    let config =
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().map_err(|error| wrong(&error))?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(account.host.clone()).map_err(|error| wrong(&error))?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| wrong(&error))
}

async fn append<T: AsyncRead + AsyncWrite + Unpin + Debug + Send>(account: &Account, client: Client<T>, message: &[u8]) -> Result<String, FileError> {
    let mut session = login(account, client).await?;
    let wrong = |error: async_imap::error::Error| FileError::Append(error.to_string());
    let folder = drafts(&mut session).await.map_err(wrong)?;
    session.append(&folder, Some(r"(\Draft)"), None, message).await.map_err(wrong)?;
    let _ = session.logout().await;
    Ok(folder)
}

async fn login<T: AsyncRead + AsyncWrite + Unpin + Debug + Send>(account: &Account, client: Client<T>) -> Result<Session<T>, FileError> {
    let user = account.user.clone().unwrap_or_default();
    let session = match account.mechanism {
        Mechanism::Password => client.login(&user, &account.secret).await,
        Mechanism::Token => client.authenticate("XOAUTH2", Token { user, token: account.secret.clone() }).await,
    };
    session.map_err(|(error, _)| FileError::Login(error.to_string()))
}

/// What XOAUTH2 says: the user and the token.
struct Token {
    user: String,
    token: String,
}

impl Authenticator for Token {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        format!("user={}\x01auth=Bearer {}\x01\x01", self.user, self.token)
    }
}

/// The folder that the server marks for drafts, else the one that is called so.
async fn drafts<T: AsyncRead + AsyncWrite + Unpin + Debug + Send>(session: &mut Session<T>) -> Result<String, async_imap::error::Error> {
    let marks = session.capabilities().await?.has_str("SPECIAL-USE");
    let pattern = if marks { r#""*" RETURN (SPECIAL-USE)"# } else { r#""*""# };
    let names: Vec<_> = session.list(Some(""), Some(pattern)).await?.try_collect().await?;
    let marked = names.iter().find(|name| name.attributes().contains(&NameAttribute::Drafts)).map(|name| name.name().to_owned());
    let called = || names.iter().map(|name| name.name()).find(|name| ["Drafts", "INBOX.Drafts", "INBOX/Drafts"].contains(name)).map(str::to_owned);
    marked.or_else(called).ok_or_else(|| async_imap::error::Error::Io(io::Error::other("no folder is marked for drafts, and none is called Drafts")))
}
