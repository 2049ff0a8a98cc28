//! One question put to one server, for what a resolver cannot be told: not to validate, to use TCP, to ask the domain's
//! own name server. hickory writes and reads the messages.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use checks::{Answer, Outcome, Question, Way};
use hickory_resolver::proto::op::{Edns, Message, Query, ResponseCode};
use hickory_resolver::proto::rr::Name;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

/// How much of an answer fits into a datagram on every path (RFC 9715).
const PAYLOAD: u16 = 1232;

/// Asks a server, by UDP and again by TCP where the answer is cut off.
pub(crate) async fn ask(server: SocketAddr, name: Name, question: &Question, timeout: Duration) -> Answer {
    let Ok(message) = message(name, question).to_vec() else { return Answer::empty(Outcome::NoName) };
    let by_udp = if question.way == Way::Tcp { None } else { Some(within(timeout, udp(server, &message)).await) };
    let last = match by_udp {
        Some(Ok(found)) if !found.metadata.truncation => Ok(found),
        Some(Err(outcome)) => Err(outcome),
        _ => within(timeout, tcp(server, &message)).await,
    };
    match last {
        Ok(found) => read(&found, question),
        Err(outcome) => Answer::empty(outcome),
    }
}

fn message(name: Name, question: &Question) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = !matches!(question.way, Way::Server(_));
    message.metadata.checking_disabled = question.way == Way::Unvalidated;
    message.add_query(Query::query(name, super::kind(question)));
    let mut edns = Edns::new();
    edns.set_max_payload(PAYLOAD);
    message.set_edns(edns);
    message
}

fn read(found: &Message, question: &Question) -> Answer {
    match found.metadata.response_code {
        ResponseCode::NoError => super::answer(&found.answers, question),
        ResponseCode::NXDomain => Answer::empty(Outcome::NoName),
        ResponseCode::Refused => Answer::empty(Outcome::Refused),
        _ => Answer::empty(Outcome::Failed),
    }
}

async fn within(timeout: Duration, asked: impl Future<Output = std::io::Result<Message>>) -> Result<Message, Outcome> {
    match tokio::time::timeout(timeout, asked).await {
        Err(_) => Err(Outcome::TimedOut),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::InvalidData => Err(Outcome::Failed),
        Ok(Err(_)) => Err(Outcome::Refused),
        Ok(Ok(message)) => Ok(message),
    }
}

async fn udp(server: SocketAddr, message: &[u8]) -> std::io::Result<Message> {
    let any = if server.is_ipv4() { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(message).await?;
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        let got = socket.recv(&mut buffer).await?;
        let answer = buffer.get(..got).unwrap_or_default();
        // Somebody else's answer is not the one that is waited for.
        if answer.get(..2) == message.get(..2) {
            return decoded(answer);
        }
    }
}

async fn tcp(server: SocketAddr, message: &[u8]) -> std::io::Result<Message> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&(message.len() as u16).to_be_bytes()).await?;
    stream.write_all(message).await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await?;
    decoded(&answer)
}

fn decoded(answer: &[u8]) -> std::io::Result<Message> {
    Message::from_vec(answer).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error.to_string()))
}
