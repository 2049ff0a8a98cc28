//! Blocklists: asked only on the user's word, and believed only after their own test.

use serde_json::Value;

use crate::world::{self, serve};
use crate::zones::{check, of};

const WORKS: &str = "2.0.0.127 A 127.0.0.2\n25.113.0.203 A 127.0.0.4\n26.113.0.203 A 127.255.255.254\n";

#[test]
fn lists_are_asked_on_the_users_word_alone() {
    let control = ("control.example", "@ MX 10 ns\n");
    let keyed = ("abc.zen.dq.spamhaus.net", "2.0.0.127 A 127.0.0.2\n");
    let server = serve(&[
        control,
        ("example", ""),
        ("zen.spamhaus.org", WORKS),
        ("psbl.surriel.com", "*.113.0.203 A 127.0.0.2\n"),
        keyed,
        ("abc.dbl.dq.spamhaus.net", "test A 127.0.1.2\nlisted.example A 127.0.1.2\n"),
    ]);
    let judged = |more: &[&str]| check(server.address, &[&["--domain", "listed.example", "--ip", "203.0.113.25", "--lists"], more].concat());
    let status = |document: &Value, id: &str| of(document, id)["status"].as_str().unwrap().to_owned();
    let links = judged(&[]);
    for id in ["lists.spamhaus_zen", "lists.spamhaus_dbl", "lists.proofpoint", "lists.cloudmark", "lists.spamcop"] {
        assert_eq!(status(&links, id), "not_applicable");
        assert!(of(&links, id)["summary"].as_str().unwrap().contains("https://"));
    }
    let agreed = judged(&["--list", "spamhaus_zen", "--list", "psbl"]);
    let zen = of(&agreed, "lists.spamhaus_zen");
    assert!(zen["status"] == "fail" && zen["summary"].as_str().unwrap().contains("XBL"), "{zen:#}");
    // It lists its test entry nowhere: a dead zone.
    assert_eq!(status(&agreed, "lists.psbl"), "unknown");
    let error = check(server.address, &["--domain", "listed.example", "--ip", "203.0.113.26", "--lists", "--list", "spamhaus_zen"]);
    assert_eq!(status(&error, "lists.spamhaus_zen"), "unknown");
    let folder = tempfile::tempdir().unwrap();
    let key = world::write(folder.path(), "key", "abc\n");
    let own = judged(&["--spamhaus-key", key.to_str().unwrap()]);
    assert_eq!((status(&own, "lists.spamhaus_zen"), status(&own, "lists.spamhaus_dbl")), ("pass".into(), "fail".into()));
    assert!(!own.to_string().contains("abc."), "the key leaves nothing behind");
    assert!(!check(server.address, &["--domain", "listed.example"])["checks"].to_string().contains("lists."));
}

#[test]
fn what_cannot_be_measured_is_asked_and_printed_as_stated() {
    let server = serve(&[("control.example", "@ MX 10 ns\n"), ("example", "")]);
    let document = check(server.address, &["--domain", "x.example", "--declare", "opt_in=confirmed by mail", "--declared-by", "Maria Lind"]);
    let declared = document["declarations"].as_array().unwrap();
    let one = |id: &str| declared.iter().find(|one| one["id"] == id).unwrap();
    assert_eq!((declared.len(), one("opt_in")["answer"].as_str(), one("opt_in")["by"].as_str()), (11, Some("confirmed by mail"), Some("Maria Lind")));
    assert!(one("opt_in")["on"].is_string() && one("spam_rate")["answer"].is_null());
}

#[test]
fn a_remedy_is_written_in_both_forms_for_confirmed_addresses_only() {
    let zone = "@ TXT \"v=spf1 ip4:203.0.113.24 -all\"\n@ MX 10 ns\n";
    let server = serve(&[("control.example", "@ MX 10 ns\n"), ("example", ""), ("x.example", zone)]);
    let covers = |more: &[&str]| of(&check(server.address, &[&["--domain", "x.example", "--mail-from", "a@x.example"], more].concat()), "spf.covers").clone();
    let unconfirmed = covers(&["--ip", "203.0.113.25"]);
    assert!(unconfirmed["records"].as_array().unwrap().is_empty() && unconfirmed["remedy"].as_str().unwrap().contains("your own and static, say so"));
    let own = covers(&["--own", "203.0.113.25"]);
    let printed = |more: &[&str]| {
        let server = server.address.to_string();
        let dns = ["check", "--domain", "x.example", "--ip", "203.0.113.25", "--timeout", "0.4", "--control", "control.example", "--nameserver", &server];
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_reprieve")).args(dns).args(more).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(printed(&[]).contains("More can be told with --message FILE"));
    assert_eq!([&[][..], &["--own", "203.0.113.25"]].map(|more| printed(more).contains("--own ADDRESS")), [true, false]);
    let record = &own["records"][0];
    assert_eq!(record["zone_file"], "x.example. IN TXT \"v=spf1 ip4:203.0.113.24 ip4:203.0.113.25 -all\"");
    assert_eq!((record["form_name"].as_str(), record["replaces"].as_str()), (Some("@"), Some("v=spf1 ip4:203.0.113.24 -all")));
    assert!(own["remedy"].as_str().unwrap().contains("who else sends") && own["may_break"].is_string() && own["verify"].is_string());
    let pool = covers(&["--ip", "40.92.0.1"]);
    assert!(pool["records"][0]["value"].as_str().is_none_or(|value| value.contains("include:spf.protection.outlook.com")), "{pool:#}");
}

#[test]
fn what_is_no_domain_is_refused_and_a_log_that_is_not_there_is_told_by_the_exit_code() {
    let server = serve(&[("control.example", "@ MX 10 ns\n"), ("example", "")]);
    let code = |arguments: &[&str]| {
        let server = server.address.to_string();
        let control = ["check", "--nameserver", &server, "--control", "control.example", "--control-absent", "absent.control.example"];
        std::process::Command::new(env!("CARGO_BIN_EXE_reprieve")).args(control).args(arguments).output().unwrap().status.code()
    };
    assert_eq!(code(&["--domain", ".."]), Some(2));
    assert_eq!(code(&["--domain", "x.example", "--log", "/not/there"]), Some(3));
    assert_eq!(code(&["--domain", "x.example"]), Some(0));
}
