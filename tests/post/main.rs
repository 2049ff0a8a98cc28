//! A draft goes out through a real Postfix and into a real Dovecot, and every way in which that fails is told apart.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, clippy::print_stdout)]

#[path = "../lab/packages.rs"]
mod packages;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use packages::{lab, run, unpack};
use tempfile::TempDir;

/// The variable that tells the test which it started in the new world that it is there.
const INSIDE: &str = "REPRIEVE_POST";

const DRAFT: &str = "From: Maria Lind <maria@fjordit.example>\r\nTo: icloudadmin@apple.com\r\nCc: postmaster@northwind.example\r\nSubject: I would like to open a deliverability ticket - northwind.example - 203.0.113.25 - ref NW-1\r\nX-Unsent: 1\r\n\r\nHello,\r\n3. IP addresses of the affected mail servers\r\n203.0.113.25   ours\r\n4. SMTP errors\r\n550 no\r\n.hidden dot\r\nMaria\r\n";

/// A user with a draft and a data folder of their own.
struct User {
    home: TempDir,
}

impl User {
    fn new() -> User {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("ticket.eml"), DRAFT).unwrap();
        fs::write(home.path().join("secret"), "geheim\n").unwrap();
        User { home }
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_reprieve"))
            .args(arguments)
            .env("XDG_DATA_HOME", self.home.path())
            .env("HOME", self.home.path())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("XDG_RUNTIME_DIR", self.home.path())
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }

    fn send(&self, server: &str, more: &[&str]) -> (i32, String) {
        self.run(&[&["send", "ticket.eml", "--yes", "--server", server], more].concat())
    }

    /// What the journal holds, in words.
    fn journal(&self) -> Vec<String> {
        let lines = fs::read_to_string(self.home.path().join("reprieve/journal.jsonl")).unwrap_or_default();
        lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["what"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn drafts_reach_real_servers() {
    let lab = lab();
    if let Err(reason) = unpack(&lab).and_then(|()| run("command -v dovecot && unshare -n -m --fork --pid --mount-proc true").map(drop)) {
        assert!(std::env::var_os("CI").is_none(), "the servers cannot run: {reason}");
        println!("\nSKIPPED post: {reason}");
        return;
    }
    let _ = fs::remove_dir_all(lab.join("post"));
    let mut world = Command::new("unshare");
    world.args(["-n", "-m", "--fork", "--pid", "--kill-child", "--mount-proc"]).arg(std::env::current_exe().unwrap());
    world.args(["--exact", "inside", "--ignored", "--nocapture"]);
    let output = world.env(INSIDE, &lab).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "runs inside the world that the other test makes"]
fn inside() {
    let Some(lab) = std::env::var_os(INSIDE).map(PathBuf::from) else { return };
    run(&format!("sh {}/../../tests/post/world.sh {}", env!("CARGO_MANIFEST_DIR"), lab.display())).unwrap();
    for port in [2587, 2465, 2588, 2589, 2143, 2993] {
        answers(port);
    }
    let authority = lab.join("post/cert.pem");
    let trusted = ["--authority", authority.to_str().unwrap()];
    let login = [&trusted[..], &["--user", "maria", "--secret", "secret"]].concat();
    sent_once(&lab, &login);
    refused_and_told(&trusted, &login);
    filed(&lab, &login);
}

fn answers(port: u16) {
    let until = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "nothing listens at {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn mails(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect()
}

/// With STARTTLS and with TLS, once, dated and named, and a second time only on the user's word.
fn sent_once(lab: &Path, login: &[&str]) {
    let user = User::new();
    let (code, said) = user.send("localhost:2587", login);
    assert_eq!((code, user.journal()), (0, vec!["sending".to_owned(), "sent".to_owned()]), "{said}");
    assert!(said.contains("sent: 250") && said.contains("Subject: I would like"), "{said}");
    let inbox = lab.join("post/mail/box/new");
    let until = Instant::now() + Duration::from_secs(20);
    while mails(&inbox).len() < 2 {
        assert!(Instant::now() < until, "{:?}", fs::read_to_string(lab.join("post/postfix.log")));
        std::thread::sleep(Duration::from_millis(50));
    }
    let mail = mails(&inbox).remove(0);
    assert!(mail.contains("Message-ID: <") && mail.contains("Date: ") && !mail.contains("X-Unsent"), "{mail}");
    assert!(mail.contains("\n.hidden dot\n") && mail.contains("Cc: postmaster@northwind.example"), "{mail}");
    let (code, said) = user.send("localhost:2587", login);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("was sent already") && said.contains("--again"), "{said}");
    let (code, said) = user.send("localhost:2465", &[login, &["--tls", "tls", "--again"]].concat());
    assert_eq!(code, 0, "{said}");
    let (code, said) = user.run(&["journal", "--settle", "NW-1"]);
    assert_eq!((code, said.as_str()), (0, "1 letters are settled\n"));
}

#[test]
fn one_letter_about_an_address_is_open_at_a_time() {
    let user = User::new();
    let (code, said) = user.run(&["journal", "--sent", "ticket.eml"]);
    assert_eq!((code, user.journal()), (0, vec!["declared".to_owned()]), "{said}");
    let kept = fs::metadata(user.home.path().join("reprieve/journal.jsonl")).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600, "the journal is for its user alone");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/samples/mail.log");
    let draft = |out: &str, more: &[&str]| user.run(&[&["draft", "--no-check", "--tz", "UTC", "--out", out, sample], more].concat()).1;
    assert!(draft("one", &[]).contains("is not settled: follow up on it"));
    assert!(draft("two", &["--ip", "198.51.100.1"]).lines().all(|line| !line.contains("not settled")));
    draft("three", &["--follow-up", "2026-10-05"]);
    let follow_up = fs::read_to_string(user.home.path().join("three/ticket.eml")).unwrap();
    assert!(follow_up.contains("In-Reply-To: <") && follow_up.contains("Subject: Re: "), "{follow_up}");
    let (code, said) = user.run(&["journal", "--settle", "203.0.113.25"]);
    assert_eq!((code, said.as_str()), (0, "1 letters are settled\n"));
    assert!(!draft("four", &["--company", "N", "--domain", "n.example", "--overrule", "urgent"]).contains("not settled"));
    assert_eq!(user.journal(), ["declared", "settled", "overruled"]);
}

/// Every refusal has its step, the server's words and what to do; nothing is claimed to have gone out.
fn refused_and_told(trusted: &[&str], login: &[&str]) {
    let user = User::new();
    fs::write(user.home.path().join("wrong"), "falsch").unwrap();
    let cases: [(&str, Vec<&str>, &str); 6] = [
        ("localhost:2587", [trusted, &["--user", "maria", "--secret", "wrong"]].concat(), "refused at login"),
        ("localhost:2587", vec!["--user", "maria", "--secret", "secret"], "not sent, at STARTTLS"),
        ("127.0.0.1:2587", login.to_vec(), "not sent, at STARTTLS"),
        ("localhost:2588", login.to_vec(), "refused at MAIL FROM"),
        ("localhost:2589", trusted.to_vec(), "refused at RCPT TO"),
        ("localhost:2590", trusted.to_vec(), "not sent, at connect"),
    ];
    for (server, more, expected) in cases {
        let (code, said) = user.send(server, &more);
        assert_eq!(code, 1, "{server}: {said}");
        assert!(said.contains(&format!("failed: {expected}")), "{server}: {said}");
    }
    assert!(user.journal().chunks(2).all(|pair| pair == ["sending", "failed"]));
}

/// Into the folder that is marked for drafts, whatever it is called.
fn filed(lab: &Path, login: &[&str]) {
    let user = User::new();
    let file = |server: &str, more: &[&str]| user.run(&[&["file", "ticket.eml", "--yes", "--server", server], more].concat());
    for (server, tls) in [("localhost:2143", "starttls"), ("localhost:2993", "tls")] {
        let (code, said) = file(server, &[login, &["--tls", tls]].concat());
        assert_eq!(code, 0, "{said}\n{:?}", fs::read_to_string(lab.join("post/dovecot.log")));
        assert!(said.contains("filed: Kladdar"), "{said}");
    }
    let folder = lab.join("post/imap/maria/Maildir/.Kladdar/cur");
    let drafts: Vec<_> = fs::read_dir(&folder).unwrap().flatten().collect();
    assert!(drafts.len() == 2 && drafts.iter().all(|draft| draft.file_name().to_string_lossy().ends_with("2,D")), "{drafts:?}");
    assert!(mails(&folder)[0].contains("X-Unsent: 1"));
    fs::write(user.home.path().join("secret"), "falsch").unwrap();
    let (code, said) = file("localhost:2993", &[login, &["--tls", "tls"]].concat());
    assert!(code == 2 && said.contains("refused the login") && said.contains("app password"), "{said}");
    let (code, said) = file("localhost:2993", &["--tls", "tls", "--user", "maria", "--secret", "secret"]);
    assert!(code == 2 && said.contains("no protected connection"), "{said}");
}

/// A server that says its lines and breaks off after so many of ours.
fn breaking(after: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        if after == 0 {
            return;
        }
        stream.write_all(b"220 hello\r\n").unwrap();
        for answer in ["250-x\r\n250 SIZE 1000000\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"].iter().take(after - 1) {
            lines.next();
            stream.write_all(answer.as_bytes()).unwrap();
        }
        // What comes next is read and never answered.
        while lines.next().is_some_and(|line| line.is_ok_and(|line| after == 6 && line != ".")) {}
    });
    address
}

#[test]
fn a_broken_line_is_told_by_how_far_the_letter_came() {
    for (after, state) in [(0, "failed"), (1, "failed"), (2, "failed"), (3, "failed"), (4, "failed"), (5, "failed"), (6, "unknown")] {
        let user = User::new();
        let (code, said) = user.send(&breaking(after), &["--tls", "none"]);
        assert_eq!((code, user.journal().last().map(String::as_str)), (1, Some(state)), "{after}: {said}");
        let (code, said) = user.send(&breaking(6), &["--tls", "none"]);
        if state == "unknown" {
            assert!(code == 2 && said.contains("nobody knows whether") && said.contains("Sent folder"), "{said}");
        } else {
            assert_eq!(code, 1, "what did not go out may be tried again: {said}");
        }
    }
}

/// A token goes out as XOAUTH2 wants it, and a keyring that is not there hinders nothing.
#[test]
fn a_token_is_shown_as_a_token() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut said = Vec::new();
        stream.write_all(b"220 hello\r\n").unwrap();
        for answer in ["250-x\r\n250 AUTH XOAUTH2\r\n", "235 ok\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"] {
            said.push(lines.next().unwrap().unwrap());
            stream.write_all(answer.as_bytes()).unwrap();
        }
        while lines.next().is_some_and(|line| line.is_ok_and(|line| line != ".")) {}
        stream.write_all(b"250 taken\r\n").unwrap();
        said
    });
    let user = User::new();
    let (code, said) = user.send(&address, &["--tls", "none", "--user", "maria", "--secret", "secret", "--token", "--remember"]);
    let lines = server.join().unwrap();
    assert_eq!((code, lines[1].as_str()), (0, "AUTH XOAUTH2 dXNlcj1tYXJpYQFhdXRoPUJlYXJlciBnZWhlaW0BAQ=="), "{said}");
    assert!(said.contains("sent: 250 taken (the system's keyring cannot be used"), "{said}");
}

#[test]
fn nothing_leaves_without_a_look_or_without_tls() {
    let user = User::new();
    let (code, said) = user.run(&["send", "ticket.eml", "--server", "127.0.0.1:1", "--tls", "none"]);
    assert!(code == 2 && said.contains("nobody to ask") && said.contains("Maria"), "{said}");
    let (code, said) = user.send("mail.fjordit.example", &["--tls", "none"]);
    assert!(code == 2 && said.contains("without TLS"), "{said}");
    fs::write(user.home.path().join("ticket.eml"), "From: a@x.example\nTo: b@y.example\n\nCause: [TO FILL IN: the cause]\n").unwrap();
    let (code, said) = user.send("127.0.0.1:1", &["--tls", "none"]);
    assert!(code == 2 && said.contains("still says"), "{said}");
    assert!(user.journal().is_empty());
}
