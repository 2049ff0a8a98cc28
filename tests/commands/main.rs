//! What the page may ask, asked the way the page does: through the access list, on a runtime without a display.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn window() -> (tauri::App<MockRuntime>, WebviewWindow<MockRuntime>) {
    let app = reprieve_window::app(mock_builder()).unwrap();
    let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
    (app, window)
}

fn ask(window: &WebviewWindow<MockRuntime>, command: &str, body: Value) -> Result<Value, Value> {
    let request = tauri::webview::InvokeRequest {
        cmd: command.to_owned(),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" }.parse().unwrap(),
        body: body.into(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

fn nothing_assumed() -> Value {
    json!({"tz": null, "year": null, "ips": [], "outage": false})
}

fn read(window: &WebviewWindow<MockRuntime>, paths: &[PathBuf]) {
    let sources = json!({"paths": paths, "texts": []});
    ask(window, "read", json!({"job": 1, "sources": sources, "assumed": nothing_assumed(), "news": "__CHANNEL__:7"})).unwrap();
}

fn sample() -> (tauri::App<MockRuntime>, WebviewWindow<MockRuntime>) {
    let (app, window) = window();
    read(&window, &[root().join("assets/samples/mail.log")]);
    (app, window)
}

#[test]
fn what_is_not_allowed_is_refused() {
    let (_app, window) = window();
    for command in ["plugin:event|emit", "plugin:fs|read_file", "plugin:shell|execute", "plugin:window|set_title", "nonsense"] {
        assert!(ask(&window, command, json!({})).is_err(), "{command}");
    }
}

#[test]
fn nothing_can_be_asked_before_something_was_read() {
    let (_app, window) = window();
    for (command, body) in [
        ("assume", json!({"assumed": nothing_assumed()})),
        ("letter", json!({"facts": {}})),
        ("check", json!({"facts": {}, "how": {}})),
        ("look_up", json!({})),
        ("check_again", json!({"id": "spf.covers", "subject": "203.0.113.25 for northwind.example"})),
        ("lines", json!({"choice": {}, "from": 0})),
        ("line", json!({"attempt": 0, "choice": {}})),
    ] {
        assert_eq!(ask(&window, command, body).unwrap_err()["code"], "nothing_read", "{command}");
    }
}

#[test]
fn a_correction_counts_at_once() {
    let (_app, window) = sample();
    let before = ask(&window, "assume", json!({"assumed": nothing_assumed()})).unwrap();
    let zone =
        ask(&window, "assume", json!({"assumed": {"tz": "Asia/Tokyo", "year": 2024, "ips": ["203.0.113.25", "not an address"], "outage": false}})).unwrap();
    assert_eq!(before["verdict"]["kind"], "provider");
    assert_ne!(before["sending_ips"][0]["basis"], "given");
    assert_eq!((zone["sending_ips"].as_array().unwrap().len(), &zone["sending_ips"][0]["basis"]), (1, &json!("given")));
    let refused = ask(&window, "assume", json!({"assumed": {"tz": "Mars/Olympus", "year": null, "ips": [], "outage": false}})).unwrap_err();
    assert_eq!(refused["code"], "zone");
}

#[test]
fn a_list_or_a_key_that_is_none_is_told_before_anything_is_asked() {
    let (_app, window) = sample();
    for how in [json!({"lists": true, "agreed": ["sorbs"]}), json!({"lists": true, "spamhaus_key": "abc.example"})] {
        let failure = ask(&window, "check", json!({"facts": {"domain": "northwind.example"}, "how": how})).unwrap_err();
        assert_eq!(failure["code"], "lists", "{how}");
    }
}

#[test]
fn every_number_opens_its_lines() {
    let (_app, window) = sample();
    let view = ask(&window, "assume", json!({"assumed": nothing_assumed()})).unwrap();
    for (place, finding) in view["findings"].as_array().unwrap().iter().enumerate() {
        let page = ask(&window, "lines", json!({"choice": {"findings": [place]}, "from": 0})).unwrap();
        let rows = page["rows"].as_array().unwrap();
        let times: u64 = rows.iter().map(|row| row["times"].as_u64().unwrap()).sum();
        assert!(page["total"].as_u64() == finding["attempts"].as_u64() || times < 100, "{finding}");
        assert!(!rows.is_empty() && rows.len() <= 100);
    }
    for hour in view["hours"].as_array().unwrap() {
        for outcome in ["delivered", "deferred", "rejected"] {
            let page = ask(&window, "lines", json!({"choice": {"hour": hour["hour"], "outcome": outcome}, "from": 0})).unwrap();
            assert_eq!(page["total"], hour[outcome], "{hour} {outcome}");
        }
    }
    let page = ask(&window, "lines", json!({"choice": {"outcome": "rejected"}, "from": 100})).unwrap();
    let row = &page["rows"][0];
    let line = ask(&window, "line", json!({"attempt": row["attempt"], "choice": {}})).unwrap();
    let lines = line["lines"].as_array().unwrap();
    let asked: Vec<_> = lines.iter().filter(|line| line["asked"] == true).collect();
    assert_eq!((asked.len(), &asked[0]["line"]), (1, &row["line"]));
    assert!(lines.len() > 2 && lines.iter().all(|line| line["text"].as_str().unwrap().contains(row["message"].as_str().unwrap())));
}

#[test]
fn a_letter_is_shown_as_it_would_go_out_and_not_before_it_is_whole() {
    let (_app, window) = sample();
    let failure = ask(&window, "preview", json!({"facts": {"redact": true}})).unwrap_err();
    assert_eq!(failure["code"], "unsendable");
    let facts = json!({
        "company": "Northwind", "domain": "northwind.example", "from": "Maria <maria@northwind.example>", "cc": "a@northwind.example",
        "mail_kind": "invoices", "cause": "a stolen password", "fixed": "reset", "redact": true,
    });
    let shown = ask(&window, "preview", json!({"facts": facts})).unwrap();
    assert_eq!(shown["to"], json!(["icloudadmin@apple.com", "a@northwind.example"]));
    let letter = ask(&window, "letter", json!({"facts": facts})).unwrap();
    assert_eq!((shown["subject"].as_str(), shown["body"].as_str().map(str::trim)), (letter["subject"].as_str(), letter["body"].as_str().map(str::trim)));
    for command in ["send", "file_draft"] {
        let account = json!({"server": "mail.example", "security": "none"});
        let failure = ask(&window, command, json!({"facts": facts, "account": account, "again": false})).unwrap_err();
        assert_eq!(failure["code"], "account", "{command}");
    }
}

/// How many attempts stand behind a choice, repetitions counted, and the first row.
fn behind(window: &WebviewWindow<MockRuntime>, choice: &Value) -> (u64, Value) {
    let page = ask(window, "lines", json!({"choice": choice, "from": 0})).unwrap();
    (page["total"].as_u64().unwrap(), page["rows"][0].clone())
}

#[test]
fn doors_cells_and_senders_open_their_lines() {
    let (_app, window) = sample();
    let view = ask(&window, "assume", json!({"assumed": nothing_assumed()})).unwrap();
    for door in view["verdict"]["doors"].as_array().unwrap() {
        assert_eq!(behind(&window, &json!({"findings": door["findings"]})).0, door["messages"].as_u64().unwrap());
    }
    let (mut refused, mut tried) = (0, 0);
    for cell in view["follows"]["cells"].as_array().unwrap() {
        let mut name = json!({"ip": cell["ip"], "domain": cell["domain"], "stream": cell["stream"], "refused": true});
        assert_eq!(behind(&window, &json!({"cell": name})).0, cell["refused"].as_u64().unwrap(), "{cell}");
        name["refused"] = json!(false);
        assert_eq!(behind(&window, &json!({"cell": name})).0, cell["tried"].as_u64().unwrap(), "{cell}");
        refused += cell["refused"].as_u64().unwrap();
        tried += cell["tried"].as_u64().unwrap();
    }
    assert_eq!((behind(&window, &json!({"block": true})).0, behind(&window, &json!({"since": true})).0), (refused, tried));
    for talker in view["conduct"]["top"].as_array().unwrap() {
        let choice = json!({"talker": {"kind": talker["kind"], "name": talker["name"], "week": false}});
        assert_eq!(behind(&window, &choice).0, talker["messages"].as_u64().unwrap(), "{talker}");
    }
}

#[test]
fn what_was_only_counted_is_read_again_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let mut text = std::fs::read_to_string(root().join("assets/samples/mail.log")).unwrap();
    text.push_str("2026-10-05T07:10:00+00:00 mail postfix/smtp[7]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icl\n");
    std::fs::write(&log, &text).unwrap();
    let (_app, window) = window();
    read(&window, &[log]);
    let view = ask(&window, "assume", json!({"assumed": nothing_assumed()})).unwrap();
    let hours = view["hours"].as_array().unwrap();
    for hour in hours.iter().filter(|hour| hour["control_failed"] != 0).chain(hours.first()) {
        for (outcome, count) in [("delivered", &hour["control_delivered"]), ("failed", &hour["control_failed"])] {
            let choice = json!({"control": true, "hour": hour["hour"], "outcome": outcome});
            let (total, row) = behind(&window, &choice);
            assert_eq!(total, count.as_u64().unwrap(), "{hour} {outcome}");
            assert!(total == 0 || !row["recipient"].as_str().unwrap().ends_with("@icloud.com"), "{row}");
        }
    }
    let choice = json!({"not_understood": true, "source": 0});
    let (total, row) = behind(&window, &choice);
    assert_eq!((total, row["line"].as_u64().unwrap() as usize), (1, text.lines().count()));
    let line = ask(&window, "line", json!({"attempt": row["attempt"], "choice": choice})).unwrap();
    assert!(line["lines"][0]["text"].as_str().unwrap().ends_with("relay=mx01.mail.icl"), "{line}");
}

#[test]
fn eight_megabytes_are_a_verdict_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    let sample = std::fs::read(root().join("assets/samples/mail.log")).unwrap();
    std::fs::write(&log, sample.repeat((8 << 20) / sample.len() + 1)).unwrap();
    let (_app, window) = window();
    let begun = Instant::now();
    read(&window, &[log]);
    // The figure for people is 150 ms in a release build; this only holds the line against something absurd.
    assert!(begun.elapsed() < Duration::from_secs(20));
}

/// A check as `desk` shows it, of a sender whose name server is this table.
fn check_answer() -> Value {
    let remedy = |text: &str| json!({"text": text, "records": [], "steps": [], "may_break": null, "verify": null});
    let (old, new) =
        ("v=spf1 ip4:203.0.113.24 include:_spf.northwind.example -all", "v=spf1 ip4:203.0.113.24 include:_spf.northwind.example ip4:203.0.113.25 -all");
    let change = json!({
        "text": "First ask who else sends for this domain. Then put this text in the place of the SPF record that is there.",
        "records": [{"zone_file": format!("northwind.example. IN TXT \"{new}\""), "name": "@", "kind": "TXT", "value": new, "replaces": old}],
        "steps": [], "may_break": "Nothing that passed before.", "verify": "After the TTL: reprieve check --domain northwind.example",
    });
    let row = |id: &str, status: &str, severity: &str, subject: &str, summary: &str, asked: &[(&str, &str)], remedy: Option<Value>| json!({"id": id, "status": status, "severity": severity, "subject": subject, "summary": summary, "asked": asked.iter().map(|(query, answer)| json!({"query": query, "answer": answer, "ttl": 300, "time": "2026-10-05T08:00:00Z"})).collect::<Vec<_>>(), "remedy": remedy, "walk": [], "by_apple": true, "asked_by": ["Apple", "Gmail"]});
    let step = |term: &str, verdict: &str, lookups: u32, steps: Value| json!({"domain": "northwind.example", "term": term, "verdict": verdict, "asked": [], "lookups": lookups, "steps": steps});
    let mut covers = row(
        "spf.covers",
        "fail",
        "blocker",
        "203.0.113.25 for northwind.example",
        "SPF fails: -all of northwind.example decides; the nearest term is ip4:203.0.113.24.",
        &[("northwind.example TXT", "v=spf1 ip4:203.0.113.24 include:_spf.northwind.example -all")],
        Some(change),
    );
    covers["walk"] = json!([
        step("v=spf1 ip4:203.0.113.24 include:_spf.northwind.example -all", "read", 0, json!([])),
        step("ip4:203.0.113.24", "no match", 0, json!([])),
        step(
            "include:_spf.northwind.example",
            "fail there: no match",
            1,
            json!([step("v=spf1 ip4:198.51.100.0/24 -all", "read", 1, json!([])), step("-all", "match", 1, json!([]))])
        ),
        step("-all", "match", 1, json!([])),
    ]);
    json!({
        "domain": "northwind.example",
        "servers": "192.0.2.53",
        "checks": [
            covers,
            row("ip.fcrdns", "fail", "blocker", "203.0.113.25", "None of its names (mail.northwind.example) has the address.", &[("mail.northwind.example A", "NXDOMAIN")], Some(remedy("Ask whoever gave you the address."))),
            row("spf.all", "warning", "medium", "northwind.example", "?all says nothing about everybody else.", &[], Some(remedy("End the record with ~all."))),
            row("dkim.published", "unknown", "blocker", "northwind.example", "No selector is known, and none of the usual names has a key.", &[], None),
            row("ip.ptr", "pass", "blocker", "203.0.113.25", "The address is named mail.northwind.example.", &[("25.113.0.203.in-addr.arpa PTR", "mail.northwind.example.")], None),
            row("ip.v6", "not_applicable", "high", "northwind.example", "No mail is known to leave over IPv6.", &[], None),
            row("lists.proofpoint", "not_applicable", "blocker", "203.0.113.25", "Proofpoint Dynamic Reputation is not asked from here: look at https://ipcheck.proofpoint.com/.", &[], None),
        ],
        "line": "2026-10-05: SPF passes, DMARC aligned (p=quarantine).",
    })
}

/// The answers that the page is tested with are what the program answers: `UPDATE=1` writes them anew.
#[test]
fn recorded_answers_are_true() {
    let (_app, window) = window();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("mail.log");
    std::fs::copy(root().join("assets/samples/mail.log"), &log).unwrap();
    read(&window, &[log]);
    let mut view = ask(&window, "assume", json!({"assumed": {"tz": "UTC", "year": 2026, "ips": [], "outage": false}})).unwrap();
    view["sources"][0]["name"] = json!("mail.log");
    let mut lines = ask(&window, "lines", json!({"choice": {"outcome": "rejected"}, "from": 0})).unwrap();
    let rows = lines["rows"].as_array_mut().unwrap();
    rows.truncate(4);
    rows.iter_mut().for_each(|row| row["source"] = json!("mail.log"));
    lines["total"] = json!(4);
    let mut line = ask(&window, "line", json!({"attempt": lines["rows"][0]["attempt"], "choice": {}})).unwrap();
    line["source"] = json!("mail.log");
    let letter = ask(&window, "letter", json!({"facts": {"redact": true}})).unwrap();
    let answers = json!({"view": view, "letter": letter, "lines": lines, "line": line, "check": check_answer(), "cards": ask(&window, "cards", json!({})).unwrap(), "declarations": ask(&window, "declarations", json!({})).unwrap(), "blocklists": ask(&window, "blocklists", json!({})).unwrap()});
    let file = root().join("ui/src/bridge/recorded.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, serde_json::to_string_pretty(&answers).unwrap() + "\n").unwrap();
    }
    let recorded: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(recorded, answers, "run UPDATE=1 cargo test --test commands recorded");
}
