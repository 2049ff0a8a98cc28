//! Asks DNS for what the checks want to know. It knows servers, time-outs and the network, and deliberately nothing of
//! what an answer means.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use checks::{Answer, Outcome, Pending, Question, Questions, Record, Way};
use futures_util::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use thiserror::Error;

mod wire;

/// Where and how patiently to ask.
#[derive(Clone, Debug)]
pub struct Options {
    /// A server of the user's choice; nothing is the system's own.
    pub server: Option<SocketAddr>,
    /// How long one try waits.
    pub timeout: Duration,
    /// The port at which the name servers of a domain are asked.
    pub port: u16,
}

/// Why nothing can be asked at all.
#[derive(Debug, Error)]
#[error("DNS cannot be asked: {0}")]
pub struct ResolverError(String);

/// Asks DNS.
pub struct Resolver {
    hickory: TokioResolver,
    runtime: tokio::runtime::Runtime,
    /// The servers that are asked, for people.
    pub servers: Vec<String>,
    /// The first of them, for what hickory's resolver cannot be told.
    first: Option<SocketAddr>,
    timeout: Duration,
    port: u16,
}

impl Resolver {
    /// A resolver on the system's servers or on one that was chosen.
    pub fn new(options: &Options) -> Result<Resolver, ResolverError> {
        let fault = |error: &dyn std::fmt::Display| ResolverError(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| fault(&error))?;
        let config = match options.server {
            Some(server) => chosen(server),
            None => without_search(hickory_resolver::system_conf::read_system_conf().map_err(|error| fault(&error))?.0),
        };
        let servers = config.name_servers.iter().map(|server| server.ip.to_string()).collect();
        let first = config.name_servers.first().map(|server| SocketAddr::new(server.ip, server.connections.first().map_or(53, |one| one.port)));
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let own = builder.options_mut();
        own.timeout = options.timeout;
        // A server that answers with an error is not asked again; one that does not answer is, once.
        own.attempts = 0;
        own.use_hosts_file = ResolveHosts::Never;
        own.num_concurrent_reqs = 1;
        own.edns0 = true;
        // A port of the system's choice raises no question of a firewall.
        own.os_port_selection = true;
        let hickory = builder.build().map_err(|error| fault(&error))?;
        Ok(Resolver { hickory, runtime, servers, first, timeout: options.timeout, port: options.port })
    }

    /// Runs a check until all that it asks is answered; what it asks at one time is asked at once.
    pub fn settle<T>(&self, dns: &mut Questions, mut check: impl FnMut(&mut Questions) -> Result<T, Pending>) -> T {
        loop {
            if let Ok(done) = check(dns) {
                return done;
            }
            let open = dns.take_open();
            let answers = self.runtime.block_on(join_all(open.iter().map(|question| self.ask(question))));
            open.into_iter().zip(answers).for_each(|(question, answer)| dns.answer(question, answer));
        }
    }

    async fn ask(&self, question: &Question) -> Answer {
        let Ok(mut name) = Name::from_labels(question.name.split('.').map(str::as_bytes)) else { return Answer::empty(Outcome::NoName) };
        name.set_fqdn(true);
        match (question.way, self.first) {
            (Way::Resolver, _) => self.look_up(name, question).await,
            // A zone may name any address: nobody is to be led into the user's own network.
            (Way::Server(ip), _) if !(smtp::is_public(ip) || ip.is_loopback()) => Answer::empty(Outcome::Refused),
            (Way::Server(ip), _) => wire::ask(SocketAddr::new(ip, self.port), name, question, self.timeout).await,
            (Way::Unvalidated | Way::Tcp, Some(first)) => wire::ask(first, name, question, self.timeout).await,
            (Way::Unvalidated | Way::Tcp, None) => Answer::empty(Outcome::Refused),
        }
    }

    async fn look_up(&self, name: Name, question: &Question) -> Answer {
        let first = self.hickory.lookup(name.clone(), kind(question)).await;
        let last = match first {
            Err(error) if outcome(&error) == Outcome::TimedOut => self.hickory.lookup(name, kind(question)).await,
            first => first,
        };
        match last {
            Ok(found) => answer(found.answers(), question),
            Err(error) => Answer::empty(outcome(&error)),
        }
    }
}

/// A server that is asked by UDP, and by TCP where an answer is too long.
fn chosen(server: SocketAddr) -> ResolverConfig {
    let with_port = |mut connection: ConnectionConfig| {
        connection.port = server.port();
        connection
    };
    let mut name_server = NameServerConfig::udp_and_tcp(server.ip());
    name_server.connections = vec![with_port(ConnectionConfig::udp()), with_port(ConnectionConfig::tcp())];
    ResolverConfig::from_parts(None, Vec::new(), vec![name_server])
}

/// Names are asked for as they are, never with the machine's own domain behind them.
fn without_search(config: ResolverConfig) -> ResolverConfig {
    ResolverConfig::from_parts(None, Vec::new(), config.name_servers)
}

fn kind(question: &Question) -> RecordType {
    match question.kind {
        checks::Kind::A => RecordType::A,
        checks::Kind::Aaaa => RecordType::AAAA,
        checks::Kind::Cname => RecordType::CNAME,
        checks::Kind::Mx => RecordType::MX,
        checks::Kind::Ns => RecordType::NS,
        checks::Kind::Ptr => RecordType::PTR,
        checks::Kind::Txt => RecordType::TXT,
    }
}

/// The records of the type that was asked for; names that lead there are kept apart.
fn answer(found: &[hickory_resolver::proto::rr::Record], question: &Question) -> Answer {
    let wanted = kind(question);
    let records: Vec<Record> = found.iter().filter(|record| record.record_type() == wanted).filter_map(|record| data(&record.data)).collect();
    let led = found.iter().filter_map(|record| if let RData::CNAME(name) = &record.data { Some(text(&name.0)) } else { None });
    Answer {
        chain: if wanted == RecordType::CNAME { Vec::new() } else { led.collect() },
        ttl: found.iter().map(|record| record.ttl).min(),
        ..Answer::of(records)
    }
}

fn data(data: &RData) -> Option<Record> {
    Some(match data {
        RData::A(ip) => Record::A(ip.0),
        RData::AAAA(ip) => Record::Aaaa(ip.0),
        RData::CNAME(name) => Record::Cname(text(&name.0)),
        RData::MX(mx) => Record::Mx(mx.preference, text(&mx.exchange)),
        RData::NS(name) => Record::Ns(text(&name.0)),
        RData::PTR(name) => Record::Ptr(text(&name.0)),
        RData::TXT(txt) => Record::Txt(txt.txt_data.iter().map(|string| string.to_vec()).collect()),
        _ => return None,
    })
}

/// A name without a dot at its end, in lower case.
fn text(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn outcome(error: &NetError) -> Outcome {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NXDomain => Outcome::NoName,
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NoError => Outcome::NoData,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => Outcome::Refused,
        NetError::Timeout => Outcome::TimedOut,
        NetError::Io(_) | NetError::NoConnections => Outcome::Refused,
        _ => Outcome::Failed,
    }
}

/// An address of a name server: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:53`, `localhost:5353`.
pub fn server(text: &str) -> Option<SocketAddr> {
    let bare = || text.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53));
    let named = || text.to_socket_addrs().ok().and_then(|mut found| found.next());
    text.parse().ok().or_else(bare).or_else(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_with_or_without_a_port() {
        assert_eq!(server("192.0.2.53").unwrap().to_string(), "192.0.2.53:53");
        assert_eq!(server("[2001:db8::53]:5353").unwrap().to_string(), "[2001:db8::53]:5353");
        assert!(server("no port").is_none());
    }
}
