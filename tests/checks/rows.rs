//! Every row of the check: a sender for which it fails, one for which it passes, one for which it could not be told.

use std::collections::BTreeSet;

use crate::world::{self, Mood, wire};
use crate::zones::{check, ended, healthy, of, signed, zones};

#[test]
fn each_fault_is_found_and_named() {
    let server = zones();
    let mail = |name: &str| signed().join(format!("{name}.eml")).to_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| world::write(folder.path(), name, text).to_str().unwrap().to_owned();
    let unsigned = file("unsigned.eml", "From: maria@good.example\r\n\r\nHello\r\n");
    let plain = file(
        "exim.log",
        "2026-10-03 09:14:07 1wtcTj-00000008OnA-0eY6 => anna@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] C=\"250 2.0.0 Ok\"\n",
    );
    let log = signed().join("mail.log").to_str().unwrap().to_owned();
    let (mut wrong, mut right, mut unknown) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
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
        (&["--domain", "good.example", "--ip", "2001:db8::99"], "ip.v6", "fail", "over IPv6"),
        (&["--domain", "alike.bad.example"], "spf.look_alike", "warning", "spf2.0"),
        (&["--domain", "looped.bad.example"], "spf.tree", "fail", "leads back"),
        (&["--domain", "alias.bad.example"], "spf.size", "warning", "CNAME"),
        (&["--domain", "bad.example", "--selector", "s6"], "dkim.published", "fail", "gone.bad.example by CNAME"),
        (&["--domain", "bad.example", "--selector", "s7"], "dkim.algorithm", "warning", "Ed25519"),
        (&["--domain", "apex.bad.example"], "dmarc.record", "fail", "nobody looks"),
        (&["--domain", "late.bad.example"], "dmarc.valid", "fail", "come first"),
        (&["--domain", "old.bad.example"], "dmarc.leftovers", "warning", "20 %"),
        (&["--domain", "deep.mid.mixed.example"], "dmarc.policy", "warning", "reject by RFC 9989, none by RFC 7489"),
        (&["--domain", "named.bad.example"], "from.answers", "warning", "CNAME"),
        (&["--message", &unsigned], "dkim.signed", "fail", "no DKIM signature"),
        (&["--message", &mail("sha1")], "dkim.hygiene", "fail", "rsa-sha1"),
        (&["--message", &mail("body")], "dkim.verifies", "fail", "the body does not"),
        (&["--domain", "good.example", "--ip", "203.0.113.80", "--log", &log], "log.sources", "warning", "203.0.113.25"),
        (&["--domain", "good.example", "--log", &plain], "log.tls", "fail", "plain text"),
        (&["--domain", "deny.bad.example"], "return_path.exists", "fail", "no mail"),
        (&["--domain", "deny.bad.example"], "from.answers", "fail", "no mail"),
        (&["--domain", "dead.bad.example"], "from.answers", "warning", "no public address"),
    ];
    for (arguments, id, status, words) in cases {
        wrong.insert((*id).to_owned());
        let document = check(server.address, arguments);
        let found = of(&document, id);
        assert_eq!(found["status"], *status, "{arguments:?}: {found:#}");
        assert!(found["summary"].as_str().unwrap().contains(words), "{arguments:?}: {found:#}");
        assert!(found["severity"].is_string() && found["asked_by"].is_array());
    }
    let silent = wire(server.address, Mood::Silent);
    for (document, status) in [
        (check(server.address, &healthy()), "pass"),
        (check(silent.address, &healthy()), "unknown"),
        (check(silent.address, &["--domain", "good.example", "--selector", "s2026"]), "unknown"),
    ] {
        let found = if status == "pass" { &mut right } else { &mut unknown };
        found.extend(ended(&document).into_iter().filter(|(_, ended)| ended == status).map(|(id, _)| id));
    }
    // These two are told from the name's form alone, and keys are compared only where there are any.
    let never_unknown = ["helo.name", "names.look_alike", "dkim.algorithm"];
    for id in &wrong {
        assert!(right.contains(id), "{id} never passes");
        assert!(unknown.contains(id) || never_unknown.contains(&id.as_str()), "{id} is never unknown");
    }
    let elsewhere = ["dns.health".to_owned(), "dkim.testing".to_owned()];
    let untested: Vec<&String> =
        right.iter().filter(|id| !wrong.contains(*id) && !elsewhere.contains(id) && !id.starts_with("message.") && !id.starts_with("conduct.")).collect();
    assert!(untested.is_empty(), "{untested:?} never fail here");
}
