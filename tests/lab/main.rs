//! A real Postfix sends to a scripted receiver; its real log must say exactly what the receiver wrote down.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, clippy::print_stdout)]

#[path = "../reading/cuts.rs"]
mod cuts;
mod packages;
mod receiver;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use packages::{lab, run, unpack};

/// The variable that tells the test which it started in the new world that it is there.
const INSIDE: &str = "REPRIEVE_LAB";

#[test]
fn postfix_logs_what_the_receiver_answered() {
    let lab = lab();
    if let Err(reason) = unpack(&lab).and_then(|()| run("unshare -n -m --fork --pid --mount-proc true").map(drop)) {
        assert!(std::env::var_os("CI").is_none(), "the lab cannot run: {reason}");
        println!("\nSKIPPED lab: {reason}");
        return;
    }
    let _ = fs::remove_dir_all(lab.join("out"));
    let mut world = Command::new("unshare");
    world.args(["-n", "-m", "--fork", "--pid", "--kill-child", "--mount-proc"]).arg(std::env::current_exe().unwrap());
    world.args(["--exact", "inside", "--ignored", "--nocapture"]);
    let output = world.env(INSIDE, &lab).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let written = |name: &str| -> Vec<Value> { serde_json::from_slice(&fs::read(lab.join("out").join(name)).unwrap()).unwrap() };
    let refusals = written("refusals.json");
    assert!(refusals.len() > 300, "only {} refusals were given", refusals.len());
    let mut bounced = BTreeSet::new();
    for log in ["traditional.log", "rfc3339.log", "rfc5424.log"] {
        bounced = compare(&lab.join("out").join(log), &refusals, Server::Postfix);
        cuts::change_nothing(&lab.join("out").join(log));
    }
    same_bounces(&lab.join("out/postfix-bounces/new"), &refusals, &bounced);
    for (selectors, _) in SELECTORS {
        let refusals = written(&format!("refusals-exim-{selectors}.json"));
        assert!(refusals.len() > 100, "only {} refusals were given to Exim", refusals.len());
        let bounced = compare(&lab.join(format!("out/exim-{selectors}_mainlog")), &refusals, Server::Exim);
        cuts::change_nothing(&lab.join(format!("out/exim-{selectors}_mainlog")));
        same_bounces(&lab.join(format!("out/exim-{selectors}/new")), &refusals, &bounced);
    }
}

/// What Exim is told to log, everything and what it logs by itself; and the address that it sends from.
const SELECTORS: [(&str, &str); 2] = [("all", "127.0.0.2"), ("default", "127.0.0.3")];

/// Whose log is compared. Exim does not write what it was doing when nobody answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Server {
    Postfix,
    Exim,
}

/// The bounces tell of the same refusals as the log: of every recipient that was given up with the receiver's reply.
fn same_bounces(folder: &Path, refusals: &[Value], bounced: &BTreeSet<u64>) {
    let serials: BTreeSet<u64> = attempts(folder).iter().filter(|attempt| attempt["disposition"] == "bounced").filter_map(serial).collect();
    let given: BTreeSet<u64> = refusals.iter().filter_map(|refusal| refusal["serial"].as_u64()).collect();
    println!("bounces: {} refusals told of, {} in the log", serials.len(), bounced.len());
    assert!(serials.len() > 30, "only {} refusals in bounces", serials.len());
    let invented: Vec<_> = serials.difference(&given).collect();
    let missed: Vec<_> = bounced.difference(&serials).collect();
    assert!(invented.is_empty() && missed.is_empty(), "invented {invented:?}, missed {missed:?}");
}

/// The attempts that the program finds in a source.
fn attempts(source: &Path) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_reprieve")).args(["scan", "--attempts", "--provider", "all", "--tz", "UTC"]).arg(source).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The number that the receiver gave its refusal.
fn serial(attempt: &Value) -> Option<u64> {
    let reply = attempt["reply"].as_str()?;
    let (_, id) = reply.rsplit_once("00000000-0000-4000-8000-")?;
    u64::from_str_radix(id.get(..12)?, 16).ok()
}

/// The same messages, recipients, stages, codes and texts; nothing more, nothing less.
fn compare(log: &Path, refusals: &[Value], server: Server) -> BTreeSet<u64> {
    let attempts = attempts(log);
    let (refusals, silences): (Vec<&Value>, Vec<&Value>) = refusals.iter().partition(|refusal| refusal["serial"].is_u64());
    let (attempts, unanswered): (Vec<Value>, Vec<Value>) =
        attempts.into_iter().filter(|attempt| attempt["outcome"] != "delivered").partition(|attempt| attempt["reply"].is_string());
    if server == Server::Postfix {
        same_silences(&silences, &unanswered);
    }
    let mut found: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    for attempt in attempts {
        found.entry(serial(&attempt).unwrap_or_else(|| panic!("not given by the receiver: {attempt}"))).or_default().push(attempt);
    }
    let given: BTreeSet<u64> = refusals.iter().map(|refusal| refusal["serial"].as_u64().unwrap()).collect();
    let missed: Vec<_> = given.iter().filter(|serial| !found.contains_key(serial)).collect();
    let wrong: Vec<_> = found.keys().filter(|serial| !given.contains(serial)).collect();
    let (all, got) = (given.len() + silences.len(), given.len() - missed.len() + unanswered.len());
    println!("{}: {all} given, {got} found, {} wrongly found; {} of them no answer", log.file_name().unwrap().display(), wrong.len(), silences.len());
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:?}, wrong {wrong:?}");
    for refusal in refusals {
        for attempt in &found[&refusal["serial"].as_u64().unwrap()] {
            same(refusal, attempt);
        }
    }
    let bounced = |attempts: &Vec<Value>| attempts.iter().any(|attempt| attempt["disposition"] == "bounced");
    found.iter().filter(|(_, attempts)| bounced(attempts)).map(|(serial, _)| *serial).collect()
}

/// Every connection that was dropped, and every command that was not answered, is an attempt of its message: as many
/// times, at the same hosts and stages.
fn same_silences(given: &[&Value], found: &[Value]) {
    let count = |all: &mut dyn Iterator<Item = &Value>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        all.for_each(|one| {
            *counts.entry(format!("{} {} {}", one["sender"], one["host"].as_str().or(one["remote_ip"].as_str()).unwrap(), one["stage"])).or_default() += 1
        });
        counts
    };
    assert!(given.len() > 50, "only {} silences", given.len());
    assert_eq!(count(&mut found.iter()), count(&mut given.iter().copied()));
}

fn same(refusal: &Value, attempt: &Value) {
    // Exim keeps the lines of a reply apart.
    let reply = attempt["reply"].as_str().unwrap().replace('\n', " ");
    assert_eq!((&attempt["stage"], Some(reply.as_str())), (&refusal["stage"], refusal["reply"].as_str()), "{attempt}");
    let sender = attempt["sender"].as_str();
    assert!(sender.is_some(), "no sender: {attempt}");
    if refusal["stage"] != "connect" {
        assert_eq!(sender, refusal["sender"].as_str(), "{attempt}");
    }
    let recipients = refusal["recipients"].as_array().unwrap();
    let recipient = &attempt["recipient"];
    assert!(recipient.is_null() || recipients.is_empty() || recipients.contains(recipient), "{attempt} {refusal}");
    assert!(!attempt["remote_host"].is_null() && attempt["remote_ip"] == refusal["host"], "{attempt} {refusal}");
}

#[test]
#[ignore = "runs inside the world that the other test makes"]
fn inside() {
    let Some(lab) = std::env::var_os(INSIDE).map(PathBuf::from) else { return };
    run(&format!("ip link set lo up && sh {}/../../tests/lab/world.sh {}", env!("CARGO_MANIFEST_DIR"), lab.display())).unwrap();
    receiver::listen("127.0.17.1", None);
    receiver::listen("127.0.17.2", None);
    receiver::listen("127.0.17.3", Some("550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=203.0.113.25"));
    receiver::listen("127.0.17.4", None);
    receiver::listen("127.0.17.5", None);
    // Each server sends from an address of its own, so that the three may send at the same time.
    let exims: Vec<_> = SELECTORS.map(|(selectors, _)| begin_exim(&lab, selectors)).into_iter().collect();
    send("short", &inject);
    settle("");
    run("postconf -e enable_long_queue_ids=yes && postfix reload && sleep 1").unwrap();
    send("long", &inject);
    settle("");
    run("postfix stop; sleep 1").unwrap();
    exims.into_iter().for_each(|exim| exim.join().unwrap());
    write_down(&lab, "refusals.json", "127.0.0.1");
    for (selectors, address) in SELECTORS {
        write_down(&lab, &format!("refusals-exim-{selectors}.json"), address);
    }
}

/// Sets an Exim up, and lets it send and empty its queue.
fn begin_exim(lab: &Path, selectors: &'static str) -> std::thread::JoinHandle<()> {
    let exim = format!("sh {}/../../tests/lab/exim.sh {} {selectors}", env!("CARGO_MANIFEST_DIR"), lab.display());
    run(&format!("{exim} -bV")).unwrap();
    std::thread::spawn(move || {
        send(selectors, &|sender, recipients| hand_over(&exim, sender, recipients));
        settle(&exim);
    })
}

/// Writes down what one server was refused.
fn write_down(lab: &Path, name: &str, client: &str) {
    let all = receiver::REFUSALS.lock().unwrap();
    let refusals: Vec<&Value> = all.iter().filter(|refusal| refusal["client"] == client).collect();
    fs::write(lab.join("out").join(name), serde_json::to_vec(&refusals).unwrap()).unwrap();
}

/// One message for every kind of reply and domain, and some for several recipients.
fn send(round: &str, inject: &dyn Fn(&str, &[String])) {
    const KINDS: [&str; 16] = [
        "ok",
        "rcpt-hcm2",
        "rcpt-sbl",
        "rcpt-unknown",
        "rcpt-quota",
        "rcpt-volume",
        "rcpt-hcm1",
        "rcpt-drop",
        "rcpt-hang",
        "data-bs02",
        "eod-cs01",
        "eod-hm08",
        "eod-dmarc",
        "eod-drop",
        "eod-hang",
        "ok",
    ];
    const DOMAINS: [&str; 6] = ["icloud.com", "me.com", "mac.com", "custom.example", "gmail.com", "acme.com"];
    let mut number = 0;
    for domain in DOMAINS {
        for kind in KINDS {
            number += 1;
            inject(&format!("s{number}-{round}@northwind.example"), &[format!("{kind}-{number}-{round}@{domain}")]);
        }
        for kind in ["mail-slow", "mail-domain"] {
            number += 1;
            inject(&format!("{kind}-{number}-{round}@northwind.example"), &[format!("ok-{number}-{round}@{domain}")]);
        }
        let many: Vec<String> = ["ok", "rcpt-quota", "rcpt-unknown", "rcpt-hcm1"].iter().map(|kind| format!("{kind}-m{number}-{round}@{domain}")).collect();
        inject(&format!("many{number}-{round}@northwind.example"), &many);
    }
}

fn inject(sender: &str, recipients: &[String]) {
    let mut child = Command::new("/usr/sbin/sendmail").arg("-f").arg(sender).args(recipients).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"Subject: lab\n\nHello\n").unwrap();
    assert!(child.wait().unwrap().success());
}

fn hand_over(exim: &str, sender: &str, recipients: &[String]) {
    run(&format!("printf 'Subject: lab => and ** more\\n\\nHello\\n' | {exim} -odq -f {sender} {}", recipients.join(" "))).unwrap();
}

/// Waits until the queue is empty, at most 90 seconds. Exim's is run by hand.
fn settle(exim: &str) {
    let begun = Instant::now();
    let waiting = || match exim.is_empty() {
        true => run("postqueue -j").unwrap_or_default().trim().to_owned(),
        false => run(&format!("{exim} -q; {exim} -bpc")).unwrap_or_default().trim().trim_start_matches('0').to_owned(),
    };
    while begun.elapsed() < Duration::from_secs(90) {
        std::thread::sleep(Duration::from_secs(2));
        if waiting().is_empty() {
            return;
        }
    }
    panic!("the queue does not empty: {}", waiting());
}
