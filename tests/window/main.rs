//! The real window, used as a technician would.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod driver;
#[path = "../checks/world.rs"]
#[allow(dead_code, reason = "the checks need more of it")]
mod names;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use driver::{Window, browse, open, sample, traditional};
use mail_parser::MessageParser;
use serde_json::json;

#[tokio::test(flavor = "current_thread")]
async fn from_the_log_to_the_saved_letter() {
    let folder = tempfile::tempdir().unwrap();
    let window = open(&[&traditional(folder.path())]).await;
    window.wait_for("#verdict", "Apple itself refuses").await;
    assert!(window.text("#next").await.contains("icloudadmin@apple.com"));

    // A number opens its lines, and a line its neighbours.
    window.click("#figure-rejected").await;
    window.click("dialog tbody .line").await;
    let raw = window.text("#raw").await;
    assert!(raw.contains("status=bounced") && raw.contains("from=<") && raw.contains("removed"), "{raw}");
    window.click("#copy-lines").await;
    window.wait_for("#notice", "Copied").await;
    window.click("#lines-close").await;

    // A corrected zone and address count at once.
    let before = window.text("tbody .time").await;
    window.fill("#tz", "Asia/Tokyo").await;
    window.wait_for("#tz-basis", "confirmed").await;
    assert_ne!(window.text("tbody .time").await, before);
    window.fill("#tz", "UTC").await;
    window.fill("#ip", "198.51.100.77").await;
    window.click("section[aria-labelledby=sending-title] button[type=submit]").await;
    window.wait_for("section[aria-labelledby=sending-title]", "198.51.100.77").await;
    window.wait_for("#letter-body", "198.51.100.77   ours").await;
    window.click("[aria-label='Remove 198.51.100.77']").await;
    window.click("section[aria-labelledby=sending-title] li button:not(.number)").await;
    window.wait_for("#letter-body", "203.0.113.25   ours").await;

    // What is missing leads to its field.
    window.click("#missing button").await;
    let focused = window.run("return document.activeElement.id").await;
    assert_eq!(focused, "company");
    for (field, value) in FACTS {
        window.fill(&format!("#{field}"), value).await;
    }
    window.click("#confirm-year").await;
    window.wait_for("#letter-state", "Complete").await;
    window.click("#copy-subject").await;
    window.wait_for("#notice", "Copied").await;

    let file = folder.path().join("saved.eml");
    save(&window, "#save-eml", &file).await;
    let raw = fs::read(&file).unwrap();
    let message = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("icloudadmin@apple.com"));
    let body = message.body_text(0).unwrap();
    assert!(body.contains("Northwind Traders AB, Sweden. We, Fjord IT AB") && body.contains("550 5.7.1 [HCM2]"), "{body}");
    let report = folder.path().join("saved.pdf");
    save(&window, "#save-pdf", &report).await;
    assert!(fs::read(&report).unwrap().starts_with(b"%PDF-1.7"));
    hand_over(&window).await;
    window.close().await;
}

/// The letter is shown as it would go out, and a server that does not answer is told apart from one that took it.
async fn hand_over(window: &Window) {
    window.click("#send-open").await;
    window.wait_for("#send-to", "icloudadmin@apple.com").await;
    window.wait_for("#send-body", "550 5.7.1 [HCM2]").await;
    window.fill("#account-server", "127.0.0.1:9").await;
    window.click("#send-now").await;
    window.wait_for("#notice", "It did not go out: not sent, at connect").await;
    window.click("#send-open").await;
    window.wait_for("#send-title", "This goes out").await;
    window.click("#send-cancel").await;
}

/// What a technician types for the sample.
const FACTS: [(&str, &str); 8] = [
    ("company", "Northwind Traders AB, Sweden"),
    ("domain", "northwind.example"),
    ("from", "Maria Lind <maria.lind@fjordit.example>"),
    ("operator", "Fjord IT AB"),
    ("authority", "write with its authority"),
    ("mail_kind", "invoices, about 250 a day to iCloud"),
    ("cause", "one account abused 2026-10-03 07:50 to 09:20"),
    ("fixed", "2026-10-03 14:40 password reset"),
];

/// Saves through the system's own dialog.
async fn save(window: &Window, button: &str, file: &Path) {
    window.click(button).await;
    let begun = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(700)).await;
        window.keyboard(&["key", "ctrl+a"]);
        window.keyboard(&["type", "--delay", "5", file.to_str().unwrap()]);
        window.keyboard(&["key", "Return"]);
        tokio::time::sleep(Duration::from_millis(700)).await;
        if file.exists() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{} was not saved", file.display());
    }
    window.wait_for("#notice", "Saved").await;
}

/// A name server that knows the sample's domain, which names one address too few in its SPF record.
fn name_server() -> names::Server {
    let zone = "@ MX 10 mail\n@ TXT \"v=spf1 ip4:203.0.113.24 -all\"\nmail A 203.0.113.25\n_dmarc TXT \"v=DMARC1; p=quarantine\"\n";
    let reverse = ("113.0.203.in-addr.arpa", "25 PTR mail.northwind.example.\n");
    let list = ("zen.spamhaus.org", "2.0.0.127 A 127.0.0.2\n25.113.0.203 A 127.0.0.4\n");
    names::serve(&[("icloud.com", "@ MX 10 ns\n"), ("example.com", ""), ("example", ""), reverse, ("northwind.example", zone), list])
}

#[tokio::test(flavor = "current_thread")]
async fn the_check_asks_a_name_server_and_says_what_to_publish() {
    let server = name_server();
    let logs = tempfile::tempdir().unwrap();
    let window = open(&[&sample(logs.path())]).await;
    window.find("#check-now").await;
    window.run("document.querySelector('.other summary').click()").await;
    window.fill("#check-nameserver", &server.address.to_string()).await;
    window.run("document.querySelector('#check-own').click()").await;
    window.click("#check-now").await;
    window.wait_for("#checks", "203.0.113.25 for northwind.example").await;
    window.run("document.querySelector('#checks > li > details').open = true").await;
    window.wait_for("#checks", "northwind.example. IN TXT \"v=spf1 ip4:203.0.113.24 ip4:203.0.113.25 -all\"").await;
    window.run("document.querySelector('#checks .walk').open = true").await;
    window.wait_for("#checks .walk", "ip4:203.0.113.24").await;
    window.run("document.querySelectorAll('#checks details, #declarations, .other').forEach((e) => (e.open = true))").await;
    window.click("#lists-look").await;
    window.click("input[value=spamhaus_zen]").await;
    window.click("#check-now").await;
    window.wait_for("#checks", "XBL: a machine behind the address is infected or open").await;
    window.wait_for("#checks", "look at https://ipcheck.proofpoint.com/").await;
    for theme in ["light", "dark"] {
        window.choose("#theme", theme).await;
        assert_eq!(window.axe().await, Vec::<String>::new(), "check, {theme}");
    }
    // Only what the answer rests on is asked for again; what the zone says meanwhile is seen.
    drop(server);
    window.click("#checks .again").await;
    window.wait_for("#checks", "SPF could not be evaluated").await;
    window.close().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_log_can_be_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let log = sample(folder.path());
    let window = open(&[]).await;
    drag(&window, log.to_str().unwrap()).await;
    window.wait_for("#verdict", "Apple itself refuses").await;
    window.close().await;
}

#[tokio::test(flavor = "current_thread")]
async fn text_can_be_dropped() {
    let window = open(&[]).await;
    drag(&window, "2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<anna@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.2.2, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 552 5.2.2 <anna@icloud.com>: user is over quota (in reply to RCPT TO command))").await;
    window.wait_for("#verdict", "The refusals concern single recipients").await;
    window.close().await;
}

/// Drags a file or a text over the window with the mouse, and drops it.
async fn drag(window: &Window, what: &str) {
    window.wait_for("h2", "Drop your mail log here").await;
    window.size(1000, 700).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window/drag.py");
    let mut source =
        Command::new("/usr/bin/python3").arg(script).arg(what).env("DISPLAY", &window.display).spawn().expect("apt-get install python3-gi gir1.2-gtk-3.0");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    for step in [&["mousemove", "1300", "800"][..], &["mousedown", "1"]] {
        window.keyboard(step);
    }
    for step in 1..=25 {
        let (x, y) = (1300 - step * 32, 800 - step * 16);
        window.keyboard(&["mousemove", &x.to_string(), &y.to_string()]);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    window.keyboard(&["mouseup", "1"]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    source.kill().unwrap();
    source.wait().unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn nobody_is_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    for (theme, language) in [("light", "en"), ("dark", "sv")] {
        let window = open(&[]).await;
        window.find("#add-files").await;
        window.choose("#theme", theme).await;
        window.choose("#language", language).await;
        assert_eq!(window.axe().await, Vec::<String>::new(), "empty, {theme}");
        window
            .client
            .execute(
                "const d = new DataTransfer(); d.setData('text/plain', arguments[0]); window.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d}))",
                vec![json!(fs::read_to_string(sample(folder.path())).unwrap())],
            )
            .await
            .unwrap();
        window.find("#letter-body").await;
        window.click("tbody .toggle").await;
        window.click("section details summary").await;
        assert_eq!(window.axe().await, Vec::<String>::new(), "case, {theme}");
        window.run("scrollTo(0, 0)").await;
        window.click("#figure-rejected").await;
        window.find("dialog tbody .line").await;
        assert_eq!(window.axe().await, Vec::<String>::new(), "lines, {theme}");
        window.click("dialog tbody .line").await;
        window.find("#raw").await;
        assert_eq!(window.axe().await, Vec::<String>::new(), "line, {theme}");
        window.close().await;
    }
}

/// Every control can be reached with the Tab key alone, in the order of the page.
#[tokio::test(flavor = "current_thread")]
async fn the_keyboard_reaches_everything() {
    let folder = tempfile::tempdir().unwrap();
    let window = open(&[&traditional(folder.path())]).await;
    window.find("#letter-body").await;
    window.run("document.body.focus()").await;
    let wanted = window
        .run("return [...document.querySelectorAll('button, input:not(:disabled), select, textarea, summary')].filter(e => e.checkVisibility()).length")
        .await;
    let mut reached = 0;
    let mut ids = Vec::new();
    for _ in 0..wanted.as_u64().unwrap() + 8 {
        window.keyboard(&["key", "Tab"]);
        let id = window.run("const e = document.activeElement; if (e === document.body) return null; const fresh = !e.dataset.reached; e.dataset.reached = 1; return [fresh && e.matches('button, input, select, textarea, summary'), e.id]").await;
        if id[0] == true {
            reached += 1;
            ids.push(id[1].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(json!(reached), wanted, "{ids:?}");
    let place = |id: &str| ids.iter().position(|known| known == id).unwrap_or_else(|| panic!("{id} is not reached"));
    let order = ["add-files", "language", "figure-rejected", "ip", "tz", "company", "copy-to", "send-open", "save-eml"].map(place);
    assert!(order.is_sorted(), "{ids:?}");
    // Escape closes what was opened, and the focus returns.
    window.run("document.getElementById('figure-rejected').focus()").await;
    window.keyboard(&["key", "Return"]);
    window.find("dialog tbody .line").await;
    window.keyboard(&["key", "Escape"]);
    let begun = Instant::now();
    while window.run("return document.activeElement.id").await != "figure-rejected" {
        assert!(begun.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window.close().await;
}

/// Text of a log is data: it runs nothing, marks up nothing and reverses nothing.
#[tokio::test(flavor = "current_thread")]
async fn a_hostile_log_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("<img src=x onerror=window.pwned=1>\u{202e}gol.liam");
    let evil = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1><b>bold</b>\u{202e}live\u{1b}[31m{{7*7}}";
    let line = format!(
        "2026-10-03T09:14:07Z mail postfix/smtp[1]: 4D2F09CE4FB: to=<\"{evil}\"@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [HM99] {evil} (in reply to RCPT TO command))\n"
    );
    let qmgr = format!("2026-10-03T09:14:06Z mail postfix/qmgr[1]: 4D2F09CE4FB: from=<{evil}@x.example>, size=1, nrcpt=1 (queue active)\n");
    fs::write(&log, qmgr + &line).unwrap();
    let window = open(&[&log]).await;
    window.find("#letter-body").await;
    window.run("window.violations = []; document.addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective))").await;
    window.click("tbody .toggle").await;
    window.click("tbody .number").await;
    window.click("dialog tbody .line").await;
    let raw = window.text("#raw").await;
    assert!(raw.contains("<script>window.pwned=1</script>") && raw.contains("\\u{202e}") && raw.contains("\\u{1b}"), "{raw}");
    let found = window.run("return [window.pwned ?? null, document.querySelectorAll('img, b, script:not([src])').length, window.violations.length, document.body.innerText.includes('\\u202e'), document.body.innerText.includes('\\u001b')]").await;
    assert_eq!(found, json!([null, 0, 0, false, false]));
    // The page's own walls hold too.
    let eval = window.run("try { return new Function('return 1')() } catch { return 'refused' }").await;
    let inline = window
        .run("const s = document.createElement('script'); s.textContent = 'window.pwned = 2'; document.body.append(s); return window.pwned ?? null")
        .await;
    let net = window
        .client
        .execute_async("const done = arguments[0]; fetch('https://example.com/').then(() => done('sent'), () => done('refused'))", Vec::new())
        .await
        .unwrap();
    assert_eq!((eval, inline, net), (json!("refused"), json!(null), json!("refused")));
    window.close().await;
}

#[tokio::test(flavor = "current_thread")]
async fn odd_things_are_told_in_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.log"), "").unwrap();
    fs::write(folder.path().join("photo.jpg"), [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 10, 5]).unwrap();
    let window = open(&[folder.path(), Path::new("/nowhere/mail.log")]).await;
    window.wait_for("#verdict", "No mail to iCloud was found").await;
    let problems = window.text("#sources").await;
    for words in ["empty.log 0 lines, 0 attempts It is empty", "No line of a known mail log", "It could not be opened"] {
        assert!(problems.contains(words), "{problems}");
    }
    window.choose("#language", "nl").await;
    window.wait_for("#verdict", "Er is geen mail naar iCloud gevonden").await;
    window.close().await;
}

#[tokio::test(flavor = "current_thread")]
async fn the_page_works_in_a_plain_browser() {
    let window = browse().await;
    window.wait_for("#verdict", "Apple itself refuses").await;
    window.click("#figure-rejected").await;
    window.click("dialog tbody .line").await;
    assert!(window.text("#raw").await.contains("status=bounced"));
    window.click("#lines-close").await;
    window.wait_for("#letter-body", "1. Company name").await;
    window.close().await;
}

/// `make screenshots` keeps the pictures; an ordinary run does not touch them.
#[tokio::test(flavor = "current_thread")]
async fn screenshots() {
    let Some(folder) = std::env::var_os("SCREENSHOTS").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).unwrap();
    let logs = tempfile::tempdir().unwrap();
    let server = name_server();
    for theme in ["light", "dark"] {
        for (width, height) in [(1024, 640), (1440, 900)] {
            let file = |screen: &str| folder.join(format!("{screen}-{theme}-{width}x{height}.png"));
            let window = open(&[]).await;
            window.size(width, height).await;
            window.find("#theme").await;
            window.choose("#theme", theme).await;
            window.picture(&file("empty")).await;
            window.close().await;
            let window = open(&[&sample(logs.path())]).await;
            window.size(width, height).await;
            window.find("#letter-body").await;
            window.choose("#theme", theme).await;
            window.picture(&file("verdict")).await;
            window.click("tbody .toggle").await;
            for (screen, target) in [
                ("findings", "#findings-title"),
                ("timeline", "#timeline-title"),
                ("follows", "#follows-title"),
                ("addresses", "#sending-title"),
                ("letter", "#letter-title"),
            ] {
                window.run(&format!("document.querySelector('{target}').closest('section').scrollIntoView(); scrollBy(0, -70)")).await;
                window.picture(&file(screen)).await;
            }
            window.run("document.querySelector('.other summary').click()").await;
            window.fill("#check-nameserver", &server.address.to_string()).await;
            window.run("document.querySelector('#check-own').click()").await;
            window.click("#check-now").await;
            window.find("#checks").await;
            window.run("document.querySelector('#checks > li > details').open = true").await;
            for (screen, target) in [("check", "#check-title"), ("advice", "#advice-title")] {
                window.run(&format!("document.querySelector('{target}').closest('section').scrollIntoView(); scrollBy(0, -70)")).await;
                window.picture(&file(screen)).await;
            }
            window.run("scrollTo(0, 0)").await;
            window.click("#figure-rejected").await;
            window.find("dialog tbody .line").await;
            window.picture(&file("lines")).await;
            window.click("dialog tbody .line").await;
            window.find("#raw").await;
            window.picture(&file("line")).await;
            for _ in 0..2 {
                window.keyboard(&["key", "Escape"]);
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            for (field, value) in FACTS {
                window.fill(&format!("#{field}"), value).await;
            }
            window.wait_for("#letter-body", "Maria Lind").await;
            window.run("document.querySelector('#send-open').scrollIntoView({block: 'center'})").await;
            window.picture(&file("documents")).await;
            window.click("#send-open").await;
            window.wait_for("#send-to", "icloudadmin@apple.com").await;
            window.picture(&file("send")).await;
            window.close().await;
        }
    }
}
