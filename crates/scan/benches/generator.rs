//! Writes Postfix logs as hostile as life, from a seed, with the truth beside them.
//!
//! 500 and more messages open at once, one in ten retried after 5 minutes to 5 hours, three in a hundred with 2 to 50
//! recipients, ids reused within 10 minutes, one line in a hundred of another MX, repeated, cut, or with CR or NUL.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Write};

/// What a reader must find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Lines.
    pub lines: u64,
    /// Attempts towards iCloud.
    pub attempts: u64,
    /// Of these, accepted.
    pub delivered: u64,
    /// Of these, put off.
    pub deferred: u64,
    /// Of these, refused.
    pub rejected: u64,
}

/// What one line adds to the truth when it is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Adds {
    Nothing,
    Delivered,
    Deferred,
    Rejected,
}

/// A small generator of numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % below
    }

    fn percent(&mut self, share: u64) -> bool {
        self.roll(100) < share
    }
}

struct Generator {
    dice: Dice,
    due: BinaryHeap<Reverse<(u64, u64, String, Adds)>>,
    order: u64,
    free: VecDeque<(u64, String)>,
    next_id: u64,
}

/// Writes a log of at least `bytes` bytes and returns its truth.
pub fn write(out: &mut impl Write, bytes: u64, seed: u64) -> io::Result<Truth> {
    write_on("mail", out, bytes, seed)
}

/// Writes the log of a host.
pub fn write_on(host: &str, out: &mut impl Write, bytes: u64, seed: u64) -> io::Result<Truth> {
    let mut generator = Generator { dice: Dice(seed), due: BinaryHeap::new(), order: 0, free: VecDeque::new(), next_id: 0 };
    let (mut truth, mut written, mut now, mut last) = (Truth::default(), 0, 0, Adds::Nothing);
    while written < bytes || !generator.due.is_empty() {
        if written < bytes {
            now += generator.dice.roll(1000);
            generator.message(now);
        }
        let until = if written < bytes { now } else { u64::MAX };
        while generator.due.peek().is_some_and(|Reverse((time, ..))| *time <= until) {
            let Some(Reverse((time, _, line, adds))) = generator.due.pop() else { break };
            written += line_out(out, &mut generator.dice, time, host, &line)?;
            truth.add(adds, 1);
            last = adds;
            if generator.dice.roll(400) == 0 {
                let times = 1 + generator.dice.roll(3);
                let again = format!("{} {host} last message repeated {times} times\n", stamp(time));
                out.write_all(again.as_bytes())?;
                truth.lines += 1;
                truth.add_attempts(last, times);
                last = Adds::Nothing;
            }
        }
    }
    let _ = last;
    Ok(truth)
}

fn line_out(out: &mut impl Write, dice: &mut Dice, time: u64, host: &str, line: &str) -> io::Result<u64> {
    let (before, after) = match dice.roll(400) {
        0 => ("\0\0\0", "\n"),
        1 => ("", "\r\n"),
        _ => ("", "\n"),
    };
    let whole = format!("{before}{} {host} {line}{after}", stamp(time));
    out.write_all(whole.as_bytes())?;
    Ok(whole.len() as u64)
}

impl Truth {
    fn add(&mut self, adds: Adds, times: u64) {
        self.lines += 1;
        self.add_attempts(adds, times);
    }

    fn add_attempts(&mut self, adds: Adds, times: u64) {
        match adds {
            Adds::Nothing => return,
            Adds::Delivered => self.delivered += times,
            Adds::Deferred => self.deferred += times,
            Adds::Rejected => self.rejected += times,
        }
        self.attempts += times;
    }
}

impl Generator {
    fn put(&mut self, time: u64, line: String, adds: Adds) {
        self.order += 1;
        self.due.push(Reverse((time, self.order, line, adds)));
    }

    fn id(&mut self, now: u64) -> String {
        if self.free.front().is_some_and(|(time, _)| *time < now) && self.dice.percent(20) {
            return self.free.pop_front().map(|(_, id)| id).unwrap_or_default();
        }
        self.next_id += 1;
        format!("{:X}", 0x4D00_0000_0000 + self.next_id * 0x1_3577)
    }

    /// All lines of one message.
    fn message(&mut self, now: u64) {
        let id = self.id(now);
        let sender = format!("user{}@northwind.example", self.dice.roll(400));
        let client = self.dice.roll(250);
        self.put(now, format!("postfix/smtpd[911]: connect from app{client}.northwind.example[10.0.4.{client}]"), Adds::Nothing);
        self.put(
            now + 40,
            format!("postfix/smtpd[911]: {id}: client=app{client}.northwind.example[10.0.4.{client}], sasl_method=PLAIN, sasl_username={sender}"),
            Adds::Nothing,
        );
        self.put(now + 60, format!("postfix/cleanup[912]: {id}: message-id=<{now}.{id}@mail.northwind.example>"), Adds::Nothing);
        self.put(now + 90, format!("postfix/smtpd[911]: disconnect from app{client}.northwind.example[10.0.4.{client}] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8"), Adds::Nothing);
        let recipients = if self.dice.percent(3) { 2 + self.dice.roll(49) } else { 1 };
        let mut time = now + 100 + self.dice.roll(3000);
        for attempt in 0..4 {
            let size = 1000 + self.dice.roll(90_000);
            self.put(time, format!("postfix/qmgr[702]: {id}: from=<{sender}>, size={size}, nrcpt={recipients} (queue active)"), Adds::Nothing);
            time += 500 + self.dice.roll(600_000);
            let retry = attempt < 3 && self.dice.percent(10);
            self.deliver(&id, time, recipients, retry);
            if !retry {
                break;
            }
            time += 300_000 + self.dice.roll(17_700_000);
        }
        self.put(time + 20, format!("postfix/qmgr[702]: {id}: removed"), Adds::Nothing);
        self.free.push_back((time + 1000 + self.dice.roll(500_000), id));
    }

    fn deliver(&mut self, id: &str, time: u64, recipients: u64, retry: bool) {
        let to_icloud = self.dice.percent(6);
        let (host, ip, domain) = if to_icloud { ("mx01.mail.icloud.com", "17.57.154.33", "icloud.com") } else { ("mx.acme.com", "198.51.100.14", "acme.com") };
        let refusal = if to_icloud {
            "550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. https://support.apple.com/en-us/HT204137"
        } else {
            "550 5.7.1 Service refused, client host [203.0.113.25] is on our own list; see https://postmaster.acme.com/blocked"
        };
        let one = |adds| if to_icloud { adds } else { Adds::Nothing };
        self.put(
            time - 10,
            format!("postfix/smtp[811]: Untrusted TLS connection established to {host}[{ip}]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"),
            Adds::Nothing,
        );
        if self.dice.roll(100) == 0 {
            self.put(
                time - 5,
                format!("postfix/smtp[811]: {id}: host {host}[{ip}] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)"),
                one(Adds::Deferred),
            );
        }
        for _ in 0..recipients {
            let to = format!("r{}@{domain}", self.dice.roll(5000));
            let head = format!("postfix/smtp[811]: {id}: to=<{to}>, relay={host}[{ip}]:25, delay=2.1, delays=0.1/0/0.7/1.3");
            let (tail, adds) = match (retry, self.dice.roll(10)) {
                (true, _) => (
                    format!(
                        "dsn=4.7.1, status=deferred (host {host}[{ip}] said: 451 4.7.1 Service unavailable - try again later (in reply to RCPT TO command))"
                    ),
                    Adds::Deferred,
                ),
                (false, 0..=2) => (format!("dsn=5.7.1, status=bounced (host {host}[{ip}] said: {refusal} (in reply to RCPT TO command))"), Adds::Rejected),
                (false, 3) => (
                    format!("dsn=5.1.1, status=bounced (host {host}[{ip}] said: 550 5.1.1 <{to}>: user does not exist (in reply to RCPT TO command))"),
                    Adds::Rejected,
                ),
                (false, _) => (format!("dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {:X})", self.dice.roll(1 << 40)), Adds::Delivered),
            };
            let mut line = format!("{head}, {tail}");
            if self.dice.roll(400) == 0 {
                line = line.replace(" (in reply", &format!(" {} (in reply", "x".repeat(2000)));
                line.truncate(2000);
            }
            self.put(time, line, one(adds));
        }
    }
}

/// A stamp in milliseconds from the 1st of December, so that long logs turn the year.
fn stamp(time: u64) -> String {
    let seconds = time / 1000;
    let (mut day, mut month) = (seconds / 86_400, 11);
    const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    while day >= DAYS[month] {
        day -= DAYS[month];
        month = (month + 1) % 12;
    }
    format!("{} {:>2} {:02}:{:02}:{:02}", NAMES[month], day + 1, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

/// Writes an Exim main log of about so many bytes: messages overlap, some are put off first, lines of cPanel stand between.
#[allow(dead_code, reason = "not everybody who generates wants Exim")]
pub fn write_exim(out: &mut impl Write, bytes: u64, seed: u64) -> io::Result<Truth> {
    let mut generator = Generator { dice: Dice(seed), due: BinaryHeap::new(), order: 0, free: VecDeque::new(), next_id: 0 };
    let (mut truth, mut written, mut now) = (Truth::default(), 0, 0);
    while written < bytes || !generator.due.is_empty() {
        if written < bytes {
            now += generator.dice.roll(1000);
            generator.exim_message(now);
        }
        let until = if written < bytes { now } else { u64::MAX };
        while generator.due.peek().is_some_and(|Reverse((time, ..))| *time <= until) {
            let Some(Reverse((time, _, line, adds))) = generator.due.pop() else { break };
            let whole = format!("{} {line}\n", exim_stamp(time));
            out.write_all(whole.as_bytes())?;
            written += whole.len() as u64;
            truth.add(adds, 1);
        }
    }
    Ok(truth)
}

impl Generator {
    fn exim_message(&mut self, now: u64) {
        self.next_id += 1;
        let id = format!("1wt{:03X}-{:011X}-{:04X}", self.next_id % 4096, self.next_id, self.next_id % 65_536);
        let sender = format!("user{}@northwind.example", self.dice.roll(400));
        let size = 1000 + self.dice.roll(90_000);
        self.put(now, format!("cwd=/var/spool/exim 3 args: /usr/sbin/exim -Mc {id}"), Adds::Nothing);
        let client = self.dice.roll(250);
        let from = format!(
            "{id} <= {sender} H=(app{client}) [10.0.4.{client}]:51234 P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=dovecot_login:{sender} S={size} id={now}@mail.northwind.example T=\"Offer => now\" for x@y.example"
        );
        self.put(now + 5, from, Adds::Nothing);
        let icloud = self.dice.percent(6);
        let (host, ip, domain) = if icloud { ("mx01.mail.icloud.com", "17.57.154.33", "icloud.com") } else { ("mx.acme.com", "198.51.100.14", "acme.com") };
        let one = |adds| if icloud { adds } else { Adds::Nothing };
        let to = format!("r{}@{domain} R=dkim_lookuphost T=dkim_remote_smtp H={host} [{ip}] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes", self.dice.roll(5000));
        let mut time = now + 100 + self.dice.roll(600_000);
        if self.dice.percent(10) {
            let (rcpt, way) = to.split_once(" H=").unwrap_or_default();
            let line = format!(
                "{id} == {rcpt} defer (-44) H={way}: SMTP error from remote mail server after RCPT TO:<x>: 451 4.7.1 Service unavailable - try again later"
            );
            self.put(time, line, one(Adds::Deferred));
            time += 300_000 + self.dice.roll(17_700_000);
        }
        let (line, adds) = match self.dice.roll(10) {
            0..=2 => (
                format!(
                    "{id} ** {to} : SMTP error from remote mail server after end of data: 550-5.7.1 [HCM2] Your mail from 203.0.113.25\\n550 5.7.1 was rejected."
                ),
                Adds::Rejected,
            ),
            _ => (format!("{id} => {to} C=\"250 2.0.0 Ok: queued as {:X}\"", self.dice.roll(1 << 40)), Adds::Delivered),
        };
        self.put(time, line, one(adds));
        self.put(time + 20, format!("{id} Completed"), Adds::Nothing);
    }
}

/// The same as Exim writes it, in the year in which it ends.
fn exim_stamp(time: u64) -> String {
    let seconds = time / 1000;
    let (mut day, mut month) = (seconds / 86_400, 0);
    const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while day >= DAYS[month] {
        day -= DAYS[month];
        month = (month + 1) % 12;
    }
    format!("2026-{:02}-{:02} {:02}:{:02}:{:02}", month + 1, day + 1, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}
