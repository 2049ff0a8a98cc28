//! Every row about conduct: a log in which it fails, one in which it passes, and none at hand.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world;
use crate::zones::{check, ended, of, zones};

/// A log that is written message by message.
#[derive(Default)]
struct Log {
    text: String,
    number: u32,
}

const HM08: &str = "554 5.7.1 [HM08] Message rejected due to local policy.";
const LATER: &str = "451 4.7.1 Service unavailable - try again later";
const UNKNOWN: &str = "550 5.1.1 <x@icloud.com>: user does not exist";

impl Log {
    /// A message from somebody to somebody on a day of October, at a second of the day, with its Message-ID and its answers.
    fn put(&mut self, sender: &str, recipient: &str, day: u32, second: u32, id: &str, replies: &[(&str, u32)]) {
        self.number += 1;
        let queue = format!("4D2F{:07X}", self.number);
        let stamp = |second: u32| format!("2026-10-{day:02}T{:02}:{:02}:{:02}Z mail", second / 3600, second / 60 % 60, second % 60);
        self.text += &format!("{} postfix/cleanup[1]: {queue}: message-id=<{id}>\n", stamp(second));
        self.text += &format!("{} postfix/qmgr[1]: {queue}: from=<{sender}>, size=1, nrcpt=1 (queue active)\n", stamp(second));
        for (reply, after) in replies {
            let (dsn, status) = match reply.as_bytes().first() {
                Some(b'2') => ("2.0.0", format!("sent ({reply})")),
                Some(b'4') => ("4.7.1", format!("deferred (host mx01.mail.icloud.com[17.57.154.33] said: {reply} (in reply to RCPT TO command))")),
                _ => ("5.7.1", format!("bounced (host mx01.mail.icloud.com[17.57.154.33] said: {reply} (in reply to end of DATA command))")),
            };
            self.text += &format!(
                "{} postfix/smtp[1]: {queue}: to=<{recipient}>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, dsn={dsn}, status={status}\n",
                stamp(second + after)
            );
        }
        self.text += &format!("{} postfix/qmgr[1]: {queue}: removed\n", stamp(second + replies.iter().map(|(_, after)| after).max().unwrap_or(&0)));
    }

    /// So many messages of several people, a day each for five days.
    fn ordinary(each_day: u32) -> Log {
        let mut log = Log::default();
        for day in 1..=5 {
            for number in 0..each_day {
                let sender = format!("{}@good.example", ["maria", "jan", "eva"][number as usize % 3]);
                log.put(
                    &sender,
                    &format!("r{}@icloud.com", number % 40),
                    day,
                    30_000 + number * 60,
                    &format!("{day}-{number}@good.example"),
                    &[("250 2.0.0 Ok", 1)],
                );
            }
        }
        log
    }
}

fn judged(server: std::net::SocketAddr, log: &Log) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = world::write(folder.path(), "mail.log", &log.text);
    check(server, &["--domain", "good.example", "--ip", "203.0.113.25", "--log", path.to_str().unwrap()])
}

fn with(change: impl FnOnce(&mut Log)) -> Log {
    let mut log = Log::ordinary(40);
    change(&mut log);
    log
}

#[test]
fn each_row_about_conduct_fails_passes_and_is_unknown() {
    let server = zones();
    let ok: &[(&str, u32)] = &[("250 2.0.0 Ok", 1)];
    let healthy = with(|log| log.put("maria@good.example", "r1@icloud.com", 5, 80_000, "h@good.example", &[(HM08, 1)]));
    let cases: Vec<(&str, Log)> = vec![
        (
            "conduct.dead_addresses",
            with(|log| (0..30).for_each(|n| log.put("maria@good.example", &format!("gone{n}@icloud.com"), 5, 70_000 + n, &format!("d{n}@g"), &[(UNKNOWN, 1)]))),
        ),
        (
            "conduct.after_refusal",
            with(|log| (0..8).for_each(|n| log.put("maria@good.example", "r1@icloud.com", 5, 70_000 + n * 60, &format!("a{}@g", n / 2), &[(HM08, 1)]))),
        ),
        (
            "conduct.back_off",
            with(|log| {
                (0..15).for_each(|n| {
                    log.put("maria@good.example", "r1@icloud.com", 5, 70_000 + n * 60, &format!("b{n}@g"), &[(LATER, 1), (LATER, 20), ("250 2.0.0 Ok", 40)])
                })
            }),
        ),
        (
            "conduct.volume",
            with(|log| {
                (0..300).for_each(|n| {
                    log.put(
                        ["maria@good.example", "jan@good.example"][n as usize % 2],
                        &format!("v{}@icloud.com", n % 90),
                        5,
                        40_000 + n * 60,
                        &format!("v{n}@g"),
                        ok,
                    )
                })
            }),
        ),
        (
            "conduct.mixed",
            with(|log| (0..30).for_each(|n| log.put("newsletter@good.example", &format!("n{n}@icloud.com"), 4, 70_000 + n, &format!("n{n}@g"), ok))),
        ),
        (
            "conduct.forwarded",
            with(|log| {
                (0..30)
                    .for_each(|n| log.put(&format!("SRS0=a=b=x.example=s{n}@good.example"), "r1@icloud.com", 5, 70_000 + n, &format!("f{n}@g"), &[(HM08, 1)]))
            }),
        ),
        ("conduct.null_sender", with(|log| (0..120).for_each(|n| log.put("", &format!("z{n}@icloud.com"), 5, 70_000 + n, &format!("z{n}@g"), ok)))),
        (
            "conduct.top_recipient",
            with(|log| (0..150).for_each(|n| log.put("jan@good.example", "alarm@icloud.com", 4, 40_000 + n * 60, &format!("t{n}@g"), ok))),
        ),
        (
            "conduct.abuse",
            with(|log| {
                (0..400).for_each(|n| log.put("web@good.example", &format!("w{n}@icloud.com"), 5, 60_000 + n * 2, &format!("w{n}@g"), ok));
                log.put("web@good.example", "r1@icloud.com", 5, 70_000, "w@g", &[(HM08, 1)]);
            }),
        ),
    ];
    let right = judged(server.address, &healthy);
    let bare = check(server.address, &["--domain", "good.example"]);
    let rows: BTreeSet<String> = ended(&right).into_keys().filter(|id| id.starts_with("conduct.")).collect();
    // The tier tells which rules hold, and is right or wrong of nobody.
    let expected: BTreeSet<String> = cases.iter().map(|(id, _)| (*id).to_owned()).chain(["conduct.bulk_tier".to_owned()]).collect();
    assert_eq!(rows, expected);
    for check in right["checks"].as_array().unwrap().iter().filter(|check| check["id"].as_str().unwrap().starts_with("conduct.")) {
        assert!(["pass", "not_applicable"].contains(&check["status"].as_str().unwrap()), "{check:#}");
    }
    for (id, log) in &cases {
        assert_eq!(of(&right, id)["status"], "pass", "{:#}", of(&right, id));
        assert_eq!(of(&bare, id)["status"], "unknown");
        let document = judged(server.address, log);
        let found = of(&document, id);
        assert!(["fail", "warning"].contains(&found["status"].as_str().unwrap()), "{found:#}");
    }
}

#[test]
fn five_thousand_a_day_are_a_bulk_sender() {
    let server = zones();
    let mut log = Log::default();
    (0..5200).for_each(|n| log.put("maria@good.example", &format!("r{n}@icloud.com"), 5, 10_000 + n * 10, &format!("m{n}@g"), &[("250 2.0.0 Ok", 1)]));
    let document = judged(server.address, &log);
    assert!(of(&document, "conduct.bulk_tier")["summary"].as_str().unwrap().contains("bulk senders holds"));
}
