//! A domain whose DNS is not sound: broken DNSSEC, servers that disagree, answers that do not fit.

use crate::world::{Mood, serve, serve_at, serve_signed, validate, wire};
use crate::zones::{check, of};

const CONTROL: (&str, &str) = ("control.example", "@ MX 10 ns\n");
const ZONE: &str = "@ TXT \"v=spf1 ip4:203.0.113.25 -all\"\n@ MX 10 ns\n";

#[test]
fn broken_dnssec_is_told_from_servers_that_fail() {
    let server = serve_signed(&[CONTROL, ("signed.example", ZONE), ("broken.example", ZONE), ("example", "")]);
    // The parent still names the key of another zone, as after a move to another host.
    let (good, other) = (server.ds("signed.example"), server.ds("control.example"));
    let resolver = validate(&server, &[("signed.example", &good), ("broken.example", &other)]);
    let health = |domain: &str| of(&check(resolver.address, &["--domain", domain]), "dns.health").clone();
    let port = server.address.port().to_string();
    let sound = check(resolver.address, &["--domain", "signed.example", "--port", &port]);
    assert_eq!(of(&sound, "dns.health")["status"], "pass", "{:#}", of(&sound, "dns.health"));
    let broken = health("broken.example");
    assert_eq!((broken["status"].as_str(), broken["severity"].as_str()), (Some("fail"), Some("blocker")), "{broken:#}");
    assert!(broken["summary"].as_str().unwrap().contains("DNSSEC"));
    let failing = wire(server.address, Mood::Fails);
    assert_eq!(of(&check(failing.address, &["--domain", "signed.example"]), "dns.health")["status"], "unknown");
}

#[test]
fn name_servers_that_disagree_are_found() {
    let zone = |text: &str| format!("@ NS ns2\nns2 A 127.0.0.2\n@ TXT \"{text}\"\n");
    let first = serve(&[CONTROL, ("example", ""), ("split.example", &zone("v=spf1 ip4:203.0.113.25 -all"))]);
    let port = first.address.port().to_string();
    let arguments = ["--domain", "split.example", "--port", &port];
    let same = serve_at(([127, 0, 0, 2], first.address.port()).into(), &[("split.example", &zone("v=spf1 ip4:203.0.113.25 -all"))]);
    assert_eq!(of(&check(first.address, &arguments), "dns.health")["status"], "pass");
    drop(same);
    let _other = serve_at(([127, 0, 0, 2], first.address.port()).into(), &[("split.example", &zone("v=spf1 -all"))]);
    let document = check(first.address, &arguments);
    let found = of(&document, "dns.health");
    assert_eq!(found["status"], "fail", "{found:#}");
    assert_eq!(found["evidence"].as_array().unwrap().len(), 2);
}

#[test]
fn answers_that_are_cut_off_come_by_tcp_and_without_tcp_that_is_said() {
    let big: String = (0..30).map(|number| format!("@ TXT \"{number}{}\"\n", "z".repeat(240))).collect();
    let zone = format!("{ZONE}{big}");
    let server = serve(&[CONTROL, ("example", ""), ("big.example", &zone)]);
    let size = of(&check(server.address, &["--domain", "big.example"]), "spf.size").clone();
    assert_eq!((size["status"].as_str(), size["severity"].as_str()), (Some("warning"), Some("medium")), "{size:#}");
    let medium: String = (0..3).map(|number| format!("@ TXT \"{number}{}\"\n", "z".repeat(200))).collect();
    let server = serve(&[CONTROL, ("example", ""), ("medium.example", &format!("{ZONE}{medium}"))]);
    // The wire carries datagrams only.
    let wire = wire(server.address, Mood::Slow(std::time::Duration::ZERO));
    let size = of(&check(wire.address, &["--domain", "medium.example"]), "spf.size").clone();
    assert_eq!((size["status"].as_str(), size["severity"].as_str()), (Some("fail"), Some("high")), "{size:#}");
}
