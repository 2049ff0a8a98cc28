//! DKIM signatures of an outside signer (dkimpy), verified as receivers do.

use crate::zones::{check, of, signed, zones};

#[test]
fn signatures_of_an_outside_signer_are_verified_body_and_header_apart() {
    let server = zones();
    for (name, status, words) in [
        ("relaxed", "pass", "body and header"),
        ("simple", "pass", "body and header"),
        ("mixed", "pass", "body and header"),
        ("medium", "pass", "body and header"),
        ("ed", "pass", "body and header"),
        ("expired", "pass", "body and header"),
        ("body", "fail", "The header verifies, the body does not"),
        ("header", "fail", "The header does not verify"),
        ("both", "fail", "Neither body nor header"),
        ("stranger", "fail", "The header does not verify"),
        ("identity", "fail", "header"),
        ("spaces", "unknown", "lines of white space"),
    ] {
        let path = signed().join(format!("{name}.eml"));
        let document = check(server.address, &["--message", path.to_str().unwrap(), "--ip", "203.0.113.25"]);
        let found = of(&document, "dkim.verifies");
        assert_eq!(found["status"], status, "{name}: {found:#}");
        assert!(found["summary"].as_str().unwrap().contains(words), "{name}: {found:#}");
    }
}

#[test]
fn what_is_wrong_with_a_key_or_a_signature_is_named() {
    let server = zones();
    for (name, id, status, words) in [
        ("medium", "dkim.length", "warning", "1024"),
        ("short", "dkim.length", "fail", "512"),
        ("ed", "dkim.algorithm", "warning", "Ed25519"),
        ("expired", "dkim.hygiene", "fail", "expired"),
        ("sha1", "dkim.hygiene", "fail", "rsa-sha1"),
    ] {
        let path = signed().join(format!("{name}.eml"));
        let document = check(server.address, &["--message", path.to_str().unwrap()]);
        let found = of(&document, id);
        assert_eq!(found["status"], status, "{name}: {found:#}");
        assert!(found["summary"].as_str().unwrap().contains(words), "{name}: {found:#}");
    }
}

#[test]
fn a_signature_that_verifies_is_what_counts_for_alignment() {
    let server = zones();
    let aligned = |name: &str| {
        let path = signed().join(format!("{name}.eml"));
        let document = check(server.address, &["--message", path.to_str().unwrap(), "--ip", "203.0.113.99"]);
        of(&document, "dmarc.alignment")["status"].as_str().unwrap().to_owned()
    };
    assert_eq!((aligned("relaxed").as_str(), aligned("body").as_str()), ("pass", "fail"));
}

#[test]
fn a_chain_of_an_outside_sealer_is_verified() {
    let server = zones();
    for (name, status, words) in [("sealed", "pass", "1 ARC sets"), ("unsealed", "warning", "does not verify")] {
        let path = signed().join(format!("{name}.eml"));
        let document = check(server.address, &["--message", path.to_str().unwrap()]);
        let found = of(&document, "message.arc");
        assert_eq!(found["status"], status, "{name}: {found:#}");
        assert!(found["summary"].as_str().unwrap().contains(words), "{name}: {found:#}");
    }
}
