//! The zones of a healthy sender and of many sick ones, and what the program says of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::world::{self, serve};

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
s6._domainkey CNAME gone.bad.example.
s7._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
alike TXT "v=spf1 -all"
alike TXT "spf2.0/pra -all"
looped TXT "v=spf1 include:looped.bad.example -all"
alias CNAME l1
named MX 10 203.0.113.9.bad.example.
named MX 20 other
other CNAME mail.good.example.
apex TXT "v=DMARC1; p=none"
_dmarc.late TXT "p=none; v=DMARC1"
_dmarc.old TXT "v=DMARC1; p=none; pct=20; rua=mailto:a@good.example"
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
pub fn zones() -> world::Server {
    // A string of a TXT record holds 255 bytes at most.
    let pieces = RSA2048.as_bytes().chunks(200).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\" \"");
    let key = |text: &str| text.replace("KEY512", RSA512).replace("KEY2048", &pieces);
    let keys = std::fs::read_dir(signed()).unwrap().filter_map(|file| {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).ok().filter(|_| path.extension().is_some_and(|end| end == "txt"))?;
        let strings: Vec<String> = text.as_bytes().chunks(200).map(|part| format!("\"{}\"", String::from_utf8_lossy(part))).collect();
        Some(format!("{}._domainkey TXT ( {} )\n", path.file_stem()?.to_str()?, strings.join(" ")))
    });
    let (good, bad) = (
        key(GOOD) + &keys.collect::<String>(),
        key(BAD).replace("\"BIG\"", &format!("\"{}\" \"{}\" \"{}\"", "x".repeat(200), "x".repeat(200), "x".repeat(200))),
    );
    serve(&[
        ("control.example", "@ MX 10 ns\n"),
        ("example.com", ""),
        ("good.example", &good),
        ("bad.example", &bad),
        ("example", ""),
        ("elsewhere.example", "@ MX 10 ns\n"),
        (
            "mixed.example",
            "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@good.example\"\n_dmarc.mid TXT \"v=DMARC1; p=reject; psd=n; rua=mailto:a@good.example\"\n",
        ),
        ("isp.example", "dyn-203-0-113-27 A 203.0.113.27\n"),
        ("stranger.example", "mail A 198.51.100.1\n"),
        ("113.0.203.in-addr.arpa", REVERSE),
        ("8.b.d.0.1.0.0.2.ip6.arpa", REVERSE6),
    ])
}

pub fn check(server: SocketAddr, arguments: &[&str]) -> Value {
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
        .args(if arguments.contains(&"--port") { Vec::new() } else { vec!["--port".to_owned(), server.port().to_string()] })
        .args(arguments)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// How each check ended; the worst where there are several of a name.
pub fn ended(document: &Value) -> BTreeMap<String, String> {
    let mut ended = BTreeMap::new();
    for check in document["checks"].as_array().unwrap() {
        ended.entry(check["id"].as_str().unwrap().to_owned()).or_insert_with(|| check["status"].as_str().unwrap().to_owned());
    }
    ended
}

pub fn of<'d>(document: &'d Value, id: &str) -> &'d Value {
    document["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id} in {document}"))
}

/// A log of a healthy sender: TLS to the provider, one address, one domain.
const LOG: &str = "2026-10-03T09:14:05Z mail postfix/smtp[1]: Untrusted TLS connection established to mx01.mail.icloud.com[17.57.154.33]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n2026-10-03T09:14:06Z mail postfix/qmgr[1]: 4D2F09CE4FB: from=<maria@good.example>, size=1, nrcpt=1 (queue active)\n2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected. (in reply to RCPT TO command))\n";

/// The mails that dkimpy signed and the texts of their keys, made once for all tests.
pub fn signed() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/checks/sign.py");
        let output = Command::new("/usr/bin/python3").arg(script).arg(folder.path()).output().unwrap();
        assert!(output.status.success(), "apt-get install python3-authres python3-dkim python3-nacl: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(folder.path().join("mail.log"), LOG).unwrap();
        folder
    });
    folder.path()
}

/// What is to be said of a sender whose house is in order.
pub fn healthy() -> Vec<&'static str> {
    static FILES: OnceLock<(String, String)> = OnceLock::new();
    let path = |name: &str| signed().join(name).to_str().unwrap().to_owned();
    let (log, mail) = FILES.get_or_init(|| (path("mail.log"), path("relaxed.eml")));
    [
        &["--domain", "good.example", "--ip", "203.0.113.25", "--ip", "2001:db8::25", "--helo", "mail.good.example", "--mail-from"][..],
        &["maria@good.example", "--selector", "s2026", "--log", log, "--message", mail],
    ]
    .concat()
}

/// Whether a row is told from a name, a mail or a log alone.
pub fn is_without_dns(id: &str) -> bool {
    let alone = ["helo.name", "names.look_alike", "dkim.signed", "dkim.hygiene", "log.sources", "log.tls"];
    alone.contains(&id) || id.starts_with("message.") || id.starts_with("conduct.")
}
