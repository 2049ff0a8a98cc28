//! A scripted SMTP receiver that writes down every refusal it gave: the truth that the log must agree with.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// Every refusal, in the order in which it was given.
pub static REFUSALS: Mutex<Vec<Value>> = Mutex::new(Vec::new());

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// Replies of iCloud by the first word of a sender's or recipient's local part; the rest of the word is the stage.
const REPLIES: [(&str, &str, &str); 12] = [
    ("mail-slow", "mail", "451 4.7.1 Service unavailable - try again later"),
    ("mail-domain", "mail", "450 4.1.8 <{sender}>: Sender address rejected: Domain not found"),
    ("rcpt-hcm2", "rcpt", "550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. https://support.apple.com/en-us/HT204137"),
    (
        "rcpt-sbl",
        "rcpt",
        "550 5.7.1 Mail from IP 203.0.113.25 was rejected due to listing in Spamhaus SBL. For details please see http://www.spamhaus.org/query/bl?ip=203.0.113.25",
    ),
    ("rcpt-unknown", "rcpt", "550 5.1.1 <{rcpt}>: user does not exist"),
    ("rcpt-quota", "rcpt", "552 5.2.2 <{rcpt}>: user is over quota"),
    ("rcpt-volume", "rcpt", "421 4.7.1 Messages to {rcpt} deferred due to excessive volume. Try again later - https://support.apple.com/en-us/HT204137"),
    ("rcpt-hcm1", "rcpt", "450 [HCM1] Your mail from 203.0.113.25 was deferred."),
    ("data-bs02", "data", "451 [BS02] Temporary server error. Please try again later."),
    ("eod-cs01", "end_of_data", "554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137."),
    ("eod-hm08", "end_of_data", "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137."),
    (
        "eod-dmarc",
        "end_of_data",
        "554-5.7.1 Your message was rejected due to northwind.example's DMARC policy.\r\n554 5.7.1 See https://support.apple.com/en-us/HT204137 for info.",
    ),
];

/// Answers that are none: the connection is dropped, or nothing is said until the client gives up.
const SILENCES: [(&str, &str, Duration); 4] = [
    ("rcpt-drop", "rcpt", Duration::ZERO),
    ("rcpt-hang", "rcpt", Duration::from_secs(20)),
    ("eod-drop", "end_of_data", Duration::ZERO),
    ("eod-hang", "end_of_data", Duration::from_secs(20)),
];

/// Listens on an address; a host that refuses in the greeting gives that reply instead of a greeting.
pub fn listen(address: &str, greeting: Option<&'static str>) {
    let listener = TcpListener::bind((address, 25)).expect("the receiver's port");
    let host = address.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let host = host.clone();
            std::thread::spawn(move || drop(serve(stream, &host, greeting)));
        }
    });
}

/// Who talks to whom: the host that answers, and the address of the server that asked.
struct Line {
    host: String,
    client: String,
}

/// The reply with a number of its own at the end, which makes every refusal one that can be found again.
fn refuse(stream: &mut TcpStream, line: &Line, stage: &str, sender: &str, recipients: &[String], reply: &str) -> std::io::Result<()> {
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let rcpt = recipients.last().map_or("", String::as_str);
    let text = format!("{} Txn ID 00000000-0000-4000-8000-{serial:012x}", reply.replace("{sender}", sender).replace("{rcpt}", rcpt));
    REFUSALS
        .lock()
        .unwrap()
        .push(json!({"serial": serial, "host": line.host, "client": line.client, "stage": stage, "sender": sender, "recipients": recipients, "reply": text.replace("\r\n", " ")}));
    stream.write_all(format!("{text}\r\n").as_bytes())
}

/// Writes down that nothing was answered, and keeps the client waiting.
fn be_silent(line: &Line, stage: &str, sender: &str, recipients: &[String], wait: Duration) -> std::io::Result<()> {
    REFUSALS
        .lock()
        .unwrap()
        .push(json!({"serial": null, "host": line.host, "client": line.client, "stage": stage, "sender": sender, "recipients": recipients, "reply": null}));
    std::thread::sleep(wait);
    Ok(())
}

fn silence(stage: &str, address: &str) -> Option<Duration> {
    SILENCES.iter().find(|(word, at, _)| *at == stage && address.starts_with(word)).map(|(.., wait)| *wait)
}

fn scripted(stage: &str, address: &str) -> Option<&'static str> {
    REPLIES.iter().find(|(word, at, _)| *at == stage && address.starts_with(word)).map(|(.., reply)| *reply)
}

fn serve(mut stream: TcpStream, host: &str, greeting: Option<&str>) -> std::io::Result<()> {
    let place = &Line { host: host.to_owned(), client: stream.peer_addr()?.ip().to_string() };
    if let Some(reply) = greeting {
        return refuse(&mut stream, place, "connect", "", &[], reply);
    }
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 iCloud iscream SMTP proxy\r\n")?;
    let (mut sender, mut recipients, mut line) = (String::new(), Vec::<String>::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default();
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => stream.write_all(b"250 mx\r\n")?,
            "MAIL" => match scripted("mail", &address) {
                Some(reply) => refuse(&mut stream, place, "mail", &address, &[], reply)?,
                None => {
                    (sender, recipients) = (address, Vec::new());
                    stream.write_all(b"250 2.1.0 Ok\r\n")?;
                }
            },
            "RCPT" if let Some(wait) = silence("rcpt", &address) => return be_silent(place, "rcpt", &sender, &[address], wait),
            "RCPT" => match scripted("rcpt", &address) {
                Some(reply) => {
                    refuse(&mut stream, place, "rcpt", &sender, &[address], reply)?;
                    if reply.starts_with("421") {
                        return Ok(());
                    }
                }
                None => {
                    recipients.push(address);
                    stream.write_all(b"250 2.1.5 Ok\r\n")?;
                }
            },
            "DATA" => match recipients.iter().find_map(|address| scripted("data", address)) {
                Some(reply) => refuse(&mut stream, place, "data", &sender, &recipients, reply)?,
                None => {
                    stream.write_all(b"354 go\r\n")?;
                    while line.trim_end() != "." {
                        line.clear();
                        if reader.read_line(&mut line)? == 0 {
                            return Ok(());
                        }
                    }
                    if let Some(wait) = recipients.iter().find_map(|address| silence("end_of_data", address)) {
                        return be_silent(place, "end_of_data", &sender, &recipients, wait);
                    }
                    match recipients.iter().find_map(|address| scripted("end_of_data", address)) {
                        Some(reply) => refuse(&mut stream, place, "end_of_data", &sender, &recipients, reply)?,
                        None => stream.write_all(b"250 2.0.0 Ok: queued as D04B3C0008B\r\n")?,
                    }
                }
            },
            "QUIT" => return stream.write_all(b"221 2.0.0 Bye\r\n"),
            _ => stream.write_all(b"250 2.0.0 Ok\r\n")?,
        }
    }
}
