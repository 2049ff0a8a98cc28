//! The authentication check against a real name server: what fails, what passes, and what could not be asked.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use world::{Mood, serve, wire};

/// RSA keys that nobody has: 2048 and 512 bits, as SubjectPublicKeyInfo.
const RSA2048: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxQIDAQAB";
const RSA512: &str = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcUCAwEAAQ==";

const GOOD: &str = r#"
@ MX 10 mail
@ A 203.0.113.80
@ TXT "v=spf1 ip4:203.0.113.25 ip6:2001:db8::25 include:_spf.good.example -all"
_spf TXT "v=spf1 ip4:198.51.100.0/24 -all"
mail A 203.0.113.25
mail AAAA 2001:db8::25
_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@good.example"
s2026._domainkey TXT ( "v=DKIM1; k=rsa; p=" "KEY2048" )
"#;

const BAD: &str = r#"
@ TXT "v=spf1 ip4:203.0.113.25 -all"
two TXT "v=spf1 -all"
two TXT "v=spf1 ~all"
broken TXT "v=spf1 ip4:203.0.113.0/33 -all"
plus TXT "v=spf1 ptr ip4:10.0.0.0/8 +all"
soft TXT "v=spf1 ip4:198.51.100.7 ~all"
soft MX 10 soft
soft A 203.0.113.80
none A 203.0.113.80
deny TXT "v=spf1 ip4:198.51.100.7 -all"
deny MX 0 .
void TXT "v=spf1 a:gone1.bad.example a:gone2.bad.example a:gone3.bad.example ip4:203.0.113.25 -all"
deep TXT "v=spf1 include:l1.bad.example include:l2.bad.example include:l3.bad.example include:l4.bad.example include:l5.bad.example include:l6.bad.example include:l7.bad.example include:l8.bad.example include:l9.bad.example include:l10.bad.example include:l11.bad.example -all"
l1 TXT "v=spf1 -all"
l2 TXT "v=spf1 -all"
l3 TXT "v=spf1 -all"
l4 TXT "v=spf1 -all"
l5 TXT "v=spf1 -all"
l6 TXT "v=spf1 -all"
l7 TXT "v=spf1 -all"
l8 TXT "v=spf1 -all"
l9 TXT "v=spf1 -all"
l10 TXT "v=spf1 -all"
l11 TXT "v=spf1 -all"
helo A 198.51.100.99
dead MX 10 nowhere.bad.example
big TXT "v=spf1 ip4:203.0.113.25 -all"
big TXT "BIG"
s1._domainkey TXT "v=DKIM1; p="
s2._domainkey TXT "v=DKIM1; k=rsa; p=KEY512"
s3._domainkey TXT "k=rsa; v=DKIM1; p=AAAA"
s4._domainkey TXT ( "v=DKIM1; t=y; k=rsa; p=" "KEY2048" )
s5._domainkey TXT ( "v=DKIM1; k=rsa; p=" "KEY2048" )
s5._domainkey TXT "another"
_dmarc.soft TXT "v=DMARC1; p=reject; rua=mailto:a@elsewhere.example"
_dmarc.two TXT "v=DMARC1; p=none"
_dmarc.two TXT "v=DMARC1; p=reject"
_dmarc.deny TXT "v=DMARC1; p=bogus"
_dmarc.deny.deny TXT "v=DMARC1; p=none; rua=mailto:a@good.example"
"#;

const REVERSE: &str = r#"
25 PTR mail.good.example.
26 PTR mail.good.example.
27 PTR dyn-203-0-113-27.isp.example.
28 PTR 203-0-113-28.host.good.example.
29 PTR mail.stranger.example.
"#;

const REVERSE6: &str = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mail.good.example.\n";

/// The server that all tests ask.
fn zones() -> world::Server {
    // A string of a TXT record holds 255 bytes at most.
    let pieces = RSA2048.as_bytes().chunks(200).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\" \"");
    let key = |text: &str| text.replace("KEY512", RSA512).replace("KEY2048", &pieces);
    let (good, bad) = (key(GOOD), key(BAD).replace("\"BIG\"", &format!("\"{}\" \"{}\" \"{}\"", "x".repeat(200), "x".repeat(200), "x".repeat(200))));
    serve(&[
        ("control.example", "@ MX 10 ns\n"),
        ("good.example", &good),
        ("bad.example", &bad),
        ("example", ""),
        ("elsewhere.example", "@ MX 10 ns\n"),
        ("isp.example", "dyn-203-0-113-27 A 203.0.113.27\n"),
        ("stranger.example", "mail A 198.51.100.1\n"),
        ("113.0.203.in-addr.arpa", REVERSE),
        ("8.b.d.0.1.0.0.2.ip6.arpa", REVERSE6),
    ])
}

fn check(server: SocketAddr, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_reprieve"))
        .args([
            "check",
            "--json",
            "--control",
            "control.example",
            "--control-absent",
            "absent.control.example",
            "--timeout",
            "0.4",
            "--nameserver",
            &server.to_string(),
        ])
        .args(arguments)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// How each check ended; the worst where there are several of a name.
fn ended(document: &Value) -> BTreeMap<String, String> {
    let mut ended = BTreeMap::new();
    for check in document["checks"].as_array().unwrap() {
        ended.entry(check["id"].as_str().unwrap().to_owned()).or_insert_with(|| check["status"].as_str().unwrap().to_owned());
    }
    ended
}

fn of<'d>(document: &'d Value, id: &str) -> &'d Value {
    document["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id} in {document}"))
}

const HEALTHY: [&str; 12] = [
    "--domain",
    "good.example",
    "--ip",
    "203.0.113.25",
    "--ip",
    "2001:db8::25",
    "--helo",
    "mail.good.example",
    "--mail-from",
    "maria@good.example",
    "--selector",
    "s2026",
];

#[test]
fn a_healthy_sender_gives_no_warning() {
    let server = zones();
    let document = check(server.address, &HEALTHY);
    let wrong: Vec<&Value> =
        document["checks"].as_array().unwrap().iter().filter(|check| !matches!(check["status"].as_str(), Some("pass" | "not_applicable"))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(document["schema"], "reprieve.check/1");
    let ids: BTreeSet<String> = ended(&document).into_keys().collect();
    for id in [
        "ip.ptr",
        "ip.fcrdns",
        "ip.generic_ptr",
        "ip.ptr_owner",
        "ip.v6",
        "helo.name",
        "helo.resolves",
        "spf.record",
        "spf.syntax",
        "spf.covers",
        "spf.lookups",
        "spf.void",
        "spf.all",
        "spf.size",
        "dkim.published",
        "dkim.revoked",
        "dkim.length",
        "dkim.syntax",
        "dkim.testing",
        "dmarc.record",
        "dmarc.valid",
        "dmarc.alignment",
        "dmarc.policy",
        "dmarc.reports",
        "return_path.exists",
        "from.answers",
        "names.look_alike",
    ] {
        assert!(ids.contains(id), "{id} is not among {ids:?}");
    }
}

#[test]
fn each_fault_is_found_and_named() {
    let server = zones();
    let cases: &[(&[&str], &str, &str, &str)] = &[
        (&["--domain", "good.example", "--ip", "203.0.113.99"], "ip.ptr", "fail", "no name"),
        (&["--domain", "good.example", "--ip", "10.0.0.1"], "ip.ptr", "fail", "private"),
        (&["--domain", "good.example", "--ip", "203.0.113.26"], "ip.fcrdns", "fail", "has the address"),
        (&["--domain", "good.example", "--ip", "203.0.113.27"], "ip.generic_ptr", "fail", "line for customers"),
        (&["--domain", "good.example", "--ip", "203.0.113.28"], "ip.generic_ptr", "warning", "network gave"),
        (&["--domain", "good.example", "--ip", "203.0.113.29"], "ip.ptr_owner", "warning", "neither"),
        (&["--domain", "good.example", "--helo", "localhost"], "helo.name", "fail", "no full name"),
        (&["--domain", "good.example", "--helo", "gone.bad.example"], "helo.resolves", "fail", "no address"),
        (&["--domain", "good.example", "--ip", "203.0.113.25", "--helo", "helo.bad.example"], "helo.resolves", "warning", "another address"),
        (&["--domain", "none.bad.example"], "spf.record", "fail", "no SPF record"),
        (&["--domain", "two.bad.example"], "spf.record", "fail", "several"),
        (&["--domain", "broken.bad.example"], "spf.syntax", "fail", "/33"),
        (&["--domain", "plus.bad.example"], "spf.all", "fail", "everybody"),
        (&["--domain", "plus.bad.example"], "spf.discouraged", "warning", "ptr"),
        (&["--domain", "soft.bad.example", "--ip", "203.0.113.25"], "spf.covers", "fail", "softfail"),
        (&["--domain", "deny.bad.example", "--ip", "203.0.113.25"], "spf.covers", "fail", "fails"),
        (&["--domain", "none.bad.example", "--ip", "203.0.113.25"], "spf.covers", "fail", "no SPF record"),
        (&["--domain", "deep.bad.example", "--ip", "203.0.113.25"], "spf.lookups", "fail", "10"),
        (&["--domain", "void.bad.example", "--ip", "203.0.113.25"], "spf.void", "fail", "not there"),
        (&["--domain", "big.bad.example"], "spf.size", "warning", "bytes"),
        (&["--domain", "bad.example", "--selector", "s9"], "dkim.published", "fail", "No key"),
        (&["--domain", "bad.example", "--selector", "s5"], "dkim.published", "fail", "2 texts"),
        (&["--domain", "bad.example", "--selector", "s1"], "dkim.revoked", "fail", "taken back"),
        (&["--domain", "bad.example", "--selector", "s2"], "dkim.length", "fail", "512"),
        (&["--domain", "bad.example", "--selector", "s3"], "dkim.syntax", "fail", "first"),
        (&["--domain", "bad.example", "--selector", "s4"], "dkim.testing", "warning", "tests"),
        (&["--domain", "good.example", "--helo", "xn--pypal-4ve.example"], "names.look_alike", "fail", "mixes scripts"),
        (&["--domain", "none.bad.example"], "dmarc.record", "fail", "no DMARC"),
        (&["--domain", "two.bad.example"], "dmarc.valid", "fail", "Several"),
        (&["--domain", "deny.bad.example"], "dmarc.valid", "fail", "bogus"),
        (&["--domain", "soft.bad.example", "--ip", "203.0.113.25", "--mail-from", "a@good.example"], "dmarc.alignment", "fail", "forged"),
        (&["--domain", "deny.deny.bad.example"], "dmarc.reports", "warning", "not agreed"),
        (&["--domain", "deny.bad.example"], "return_path.exists", "fail", "no mail"),
        (&["--domain", "deny.bad.example"], "from.answers", "fail", "no mail"),
        (&["--domain", "dead.bad.example"], "from.answers", "warning", "no public address"),
    ];
    for (arguments, id, status, words) in cases {
        let document = check(server.address, arguments);
        let found = of(&document, id);
        assert_eq!(found["status"], *status, "{arguments:?}: {found:#}");
        assert!(found["summary"].as_str().unwrap().contains(words), "{arguments:?}: {found:#}");
        assert!(found["severity"].is_string() && found["asked_by"].is_array());
    }
}

#[test]
fn what_could_not_be_asked_is_unknown_and_never_wrong_or_right() {
    let server = zones();
    for mood in [Mood::Fails, Mood::Silent] {
        let wire = wire(server.address, mood);
        let document = check(wire.address, &HEALTHY);
        for (id, status) in ended(&document) {
            let by_form_alone = ["helo.name", "ip.v6", "names.look_alike"].contains(&id.as_str());
            assert_eq!(status == "unknown", !by_form_alone, "{id}: {status}");
        }
    }
}

#[test]
fn a_resolver_that_lies_or_is_not_there_makes_everything_unknown() {
    let server = zones();
    let closed = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [wire(server.address, Mood::DeniesAll).address, wire(server.address, Mood::LiesAll).address, closed] {
        let document = check(address, &HEALTHY);
        assert_eq!(ended(&document), BTreeMap::from([("resolver.self_test".to_owned(), "unknown".to_owned())]));
    }
}

#[test]
fn lost_questions_are_asked_again() {
    let server = zones();
    let document = check(wire(server.address, Mood::Lossy).address, &HEALTHY);
    assert_eq!(of(&document, "spf.covers")["status"], "pass");
}

#[test]
fn a_chain_of_five_takes_little_more_than_five_answers_and_nothing_is_asked_twice() {
    let chain = "@ TXT \"v=spf1 include:c1.chain.example -all\"\nc1 TXT \"v=spf1 include:c2.chain.example -all\"\nc2 TXT \"v=spf1 include:c3.chain.example -all\"\nc3 TXT \"v=spf1 include:c4.chain.example -all\"\nc4 TXT \"v=spf1 ip4:203.0.113.25 -all\"\n@ MX 10 ns\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@chain.example\"\n";
    let server =
        serve(&[("control.example", "@ MX 10 ns\n"), ("example", ""), ("113.0.203.in-addr.arpa", "25 PTR ns.chain.example.\n"), ("chain.example", chain)]);
    let wire = wire(server.address, Mood::Slow(Duration::from_millis(50)));
    let arguments = ["--domain", "chain.example", "--ip", "203.0.113.25", "--helo", "ns.chain.example", "--mail-from", "a@chain.example", "--selector", "s1"];
    let begun = Instant::now();
    let document = check(wire.address, &arguments);
    let took = begun.elapsed();
    assert_eq!(of(&document, "spf.covers")["status"], "pass");
    let questions = wire.questions.lock().unwrap().clone();
    let different: BTreeSet<&String> = questions.iter().collect();
    assert_eq!(questions.len(), different.len(), "asked twice: {questions:#?}");
    // The aim is 375 ms; a busy machine must not fail the test for a little more.
    #[allow(clippy::print_stdout, reason = "the figure is for people")]
    {
        println!("five in a row, 50 ms each: {} ms, {} questions", took.as_millis(), questions.len());
    }
    assert!(took < Duration::from_millis(1500), "{took:?}");
}

#[test]
fn spf_alone_needs_no_self_test_and_shows_its_walk() {
    let server = zones();
    let output = Command::new(env!("CARGO_BIN_EXE_reprieve"))
        .args([
            "check",
            "spf",
            "--json",
            "--nameserver",
            &server.address.to_string(),
            "--ip",
            "198.51.100.9",
            "--mail-from",
            "maria@good.example",
            "--helo",
            "mail.good.example",
        ])
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((answer["result"].as_str(), answer["lookups"].as_u64(), answer["void_lookups"].as_u64()), (Some("pass"), Some(1), Some(0)));
    assert_eq!(answer["matched"], "include:_spf.good.example of good.example");
    assert!(answer["trace"].to_string().contains("198.51.100.0/24"));
}

#[test]
fn a_draft_says_what_was_checked_and_names_what_would_have_it_refused() {
    let server = zones();
    let folder = tempfile::tempdir().unwrap();
    let log = "2026-10-03T09:14:06Z mail postfix/qmgr[1]: 4D2F09CE4FB: from=<maria@DOMAIN>, size=1, nrcpt=1 (queue active)\n2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. (in reply to RCPT TO command))\n";
    let draft = |domain: &str| {
        let path = world::write(folder.path(), "mail.log", &log.replace("DOMAIN", domain));
        let out = folder.path().join("case");
        let output = Command::new(env!("CARGO_BIN_EXE_reprieve"))
            .args([
                "draft",
                "--force",
                "--tz",
                "UTC",
                "--control",
                "control.example",
                "--timeout",
                "0.4",
                "--selector",
                "s2026",
                "--nameserver",
                &server.address.to_string(),
                "--out",
            ])
            .arg(&out)
            .arg(path)
            .output()
            .unwrap();
        let letter = std::fs::read_to_string(out.join("ticket.txt")).unwrap();
        let checked = letter.lines().find(|line| line.starts_with("Checked:")).unwrap().to_owned();
        (checked, String::from_utf8(output.stdout).unwrap())
    };
    let (checked, said) = draft("good.example");
    assert!(checked.contains(": SPF passes, DKIM key of 2048 bits, DMARC aligned (p=quarantine), forward-confirmed PTR."), "{checked}");
    assert!(!said.contains("check failed"), "{said}");
    let (checked, said) = draft("deny.bad.example");
    assert!(!checked.contains("SPF passes") && said.contains("check failed  spf.covers"), "{checked}\n{said}");
}

#[test]
fn hostile_records_are_data_and_bounded() {
    let records = format!(
        "@ TXT \"v=spf1 include:hostile.example -all\"\nloop1 TXT \"v=spf1 redirect=loop2.hostile.example\"\nloop2 TXT \"v=spf1 redirect=loop1.hostile.example\"\nc1 CNAME c2\nc2 CNAME c1\nesc TXT \"v=spf1 exp=\\027[31m<script>alert(1)</script> -all\"\nmany TXT {}\n_dmarc.esc TXT \"v=DMARC1; p=<script>alert(1)</script>\"\n",
        (0..100).map(|_| format!("\"{}\" ", "y".repeat(250))).collect::<String>()
    );
    let server = serve(&[("example", ""), ("control.example", "@ MX 10 ns\n"), ("hostile.example", &records)]);
    for domain in ["hostile.example", "loop1.hostile.example", "c1.hostile.example", "esc.hostile.example", "many.hostile.example"] {
        let begun = Instant::now();
        let document = check(server.address, &["--domain", domain, "--ip", "203.0.113.25"]);
        assert!(begun.elapsed() < Duration::from_secs(20), "{domain}");
        let text = document.to_string();
        assert!(!text.contains('\u{1b}'), "{domain}");
    }
}

#[test]
fn a_message_names_its_sender() {
    let server = zones();
    let folder = tempfile::tempdir().unwrap();
    let mail = "Return-Path: <maria@good.example>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=good.example; s=s2026; h=from; bh=x; b=y\r\nFrom: Maria <maria@good.example>\r\nTo: anna@icloud.com\r\nSubject: x\r\n\r\nHello\r\n";
    let path = world::write(folder.path(), "sent.eml", mail);
    let document = check(server.address, &["--message", path.to_str().unwrap(), "--ip", "203.0.113.25"]);
    assert_eq!(document["domain"], "good.example");
    assert_eq!((of(&document, "dkim.signed")["status"].as_str(), of(&document, "dkim.hygiene")["status"].as_str()), (Some("pass"), Some("warning")));
    assert_eq!((of(&document, "dkim.published")["status"].as_str(), of(&document, "spf.covers")["status"].as_str()), (Some("pass"), Some("pass")));
}
