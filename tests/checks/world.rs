//! A real name server with zones of its own, and a wire in front of it that can be slow, lossy or a liar.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A name server that ends with the test.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    home: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A zone: its name, and its records as a zone file writes them.
pub type Zone<'a> = (&'a str, &'a str);

/// Starts knot with zones.
pub fn serve(zones: &[Zone<'_>]) -> Server {
    serve_at(free(), zones)
}

/// Starts knot with zones at an address.
pub fn serve_at(address: SocketAddr, zones: &[Zone<'_>]) -> Server {
    start(address, zones, "")
}

/// Starts knot with zones that it signs.
pub fn serve_signed(zones: &[Zone<'_>]) -> Server {
    start(free(), zones, "    dnssec-signing: on\n")
}

/// An address of this machine at which nobody listens.
fn free() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn start(address: SocketAddr, zones: &[Zone<'_>], template: &str) -> Server {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().display();
    let listen = format!("{}@{}", address.ip(), address.port());
    let mut config = format!(
        "server:\n  rundir: {folder}\n  listen: {listen}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: {folder}\nlog:\n  - target: stderr\n    any: error\ntemplate:\n  - id: default\n    storage: {folder}\n    journal-content: none\n    zonefile-load: whole\n    semantic-checks: off\n{template}zone:\n"
    );
    for (name, records) in zones {
        let head = format!("$ORIGIN {name}.\n$TTL 300\n@ SOA ns.{name}. hostmaster.{name}. 1 3600 600 86400 60\n@ NS ns.{name}.\nns A 127.0.0.1\n");
        fs::write(home.path().join(format!("{name}.zone")), head + records).unwrap();
        config += &format!("  - domain: {name}\n");
    }
    let file = home.path().join("knot.conf");
    fs::write(&file, config).unwrap();
    let child = Command::new("/usr/sbin/knotd").arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("apt-get install knot");
    let server = Server { child, address, home };
    wait_for(server.address, zones.last().map_or("", |(name, _)| name));
    server
}

impl Server {
    /// The DS record of a zone that the server signs, without its name.
    pub fn ds(&self, zone: &str) -> String {
        let config = self.home.path().join("knot.conf");
        let output = Command::new("/usr/sbin/keymgr").arg("-c").arg(config).args([zone, "ds"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().last().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        line.split_once(" DS ").unwrap().1.to_owned()
    }
}

/// Starts unbound as a resolver that validates: every zone is asked of a server, and the DS records are those of the parent.
pub fn validate(server: &Server, anchors: &[(&str, &String)]) -> Server {
    let home = tempfile::tempdir().unwrap();
    let (address, folder) = (free(), home.path().display());
    let trust: String = anchors.iter().map(|(zone, ds)| format!("  trust-anchor: \"{zone}. DS {ds}\"\n")).collect();
    let zones = anchors.iter().map(|(zone, _)| *zone).chain(["control.example", "example"]);
    let stub = |zone| format!("stub-zone:\n  name: \"{zone}.\"\n  stub-addr: {}@{}\n", server.address.ip(), server.address.port());
    let stubs: String = zones.map(stub).collect();
    let config = format!(
        "server:\n  interface: 127.0.0.1@{}\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  directory: {folder}\n  pidfile: {folder}/pid\n  use-syslog: no\n  do-not-query-localhost: no\n  do-ip6: no\n  module-config: \"validator iterator\"\n  local-zone: \"example.\" transparent\n{trust}{stubs}remote-control:\n  control-enable: no\n",
        address.port()
    );
    let file = home.path().join("unbound.conf");
    fs::write(&file, config).unwrap();
    let child = Command::new("/usr/sbin/unbound").arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("apt-get install unbound");
    let resolver = Server { child, address, home };
    wait_for(resolver.address, "control.example");
    resolver
}

/// Waits until the server answers for a zone.
fn wait_for(address: SocketAddr, zone: &str) {
    let begun = Instant::now();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let labels: Vec<u8> = zone.split('.').flat_map(|label| [vec![label.len() as u8], label.as_bytes().to_vec()].concat()).collect();
    let question = [vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], labels, vec![0, 0, 6, 0, 1]].concat();
    let mut answer = [0; 512];
    while begun.elapsed() < Duration::from_secs(20) {
        let _ = socket.send_to(&question, address);
        if socket.recv(&mut answer).is_ok_and(|got| got > 12 && answer[3] & 15 == 0) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the name server does not answer for {zone}");
}

/// What a wire does to questions and answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It passes them on after a while.
    Slow(Duration),
    /// It loses every first question.
    Lossy,
    /// It says that no name is there.
    DeniesAll,
    /// It answers with an address for every name.
    LiesAll,
    /// It says that the server failed, but for a control name.
    Fails,
    /// It never answers, but for a control name.
    Silent,
}

/// A wire in front of a server, and the questions that went through it.
pub struct Wire {
    pub address: SocketAddr,
    pub questions: Arc<Mutex<Vec<String>>>,
}

/// Puts a wire in front of a server; it ends with the program.
pub fn wire(server: SocketAddr, mood: Mood) -> Wire {
    let front = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
    let wire = Wire { address: front.local_addr().unwrap(), questions: Arc::default() };
    let log = Arc::clone(&wire.questions);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((got, client)) = front.recv_from(&mut buffer) {
            let (question, front) = (buffer[..got].to_vec(), Arc::clone(&front));
            let name = name(&question);
            let first = {
                let mut log = log.lock().unwrap();
                log.push(name.clone());
                log.iter().filter(|known| **known == name).count() == 1
            };
            std::thread::spawn(move || {
                if let Some(answer) = answer(server, &question, &name, first, mood) {
                    let _ = front.send_to(&answer, client);
                }
            });
        }
    });
    wire
}

fn answer(server: SocketAddr, question: &[u8], name: &str, first: bool, mood: Mood) -> Option<Vec<u8>> {
    let control = name.contains("control");
    match mood {
        Mood::Slow(delay) => std::thread::sleep(delay),
        Mood::Lossy if first => return None,
        Mood::DeniesAll => return Some(empty(question, 3)),
        Mood::LiesAll => return Some(with_address(question)),
        Mood::Fails if !control => return Some(empty(question, 2)),
        Mood::Silent if !control => return None,
        _ => {}
    }
    let back = UdpSocket::bind("127.0.0.1:0").unwrap();
    back.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    back.send_to(question, server).unwrap();
    let mut buffer = [0; 4096];
    let got = back.recv(&mut buffer).ok()?;
    Some(buffer[..got].to_vec())
}

/// The question without its additional records.
fn bare(question: &[u8]) -> Vec<u8> {
    let mut end = 12;
    while question[end] != 0 {
        end += question[end] as usize + 1;
    }
    let mut bare = question[..end + 5].to_vec();
    bare[10..12].copy_from_slice(&[0, 0]);
    bare
}

fn empty(question: &[u8], code: u8) -> Vec<u8> {
    let mut answer = bare(question);
    answer[2] = 0x85;
    answer[3] = 0x80 | code;
    answer
}

fn with_address(question: &[u8]) -> Vec<u8> {
    let mut answer = empty(question, 0);
    let kind = [answer[answer.len() - 4], answer[answer.len() - 3]];
    let data: &[u8] = if kind == [0, 15] { &[0, 10, 0xc0, 12] } else { &[192, 0, 2, 1] };
    answer[7] = 1;
    answer.extend([0xc0, 12, kind[0], kind[1], 0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
    answer.extend(data);
    answer
}

/// The name and type that a question asks for.
fn name(question: &[u8]) -> String {
    let (mut at, mut name) = (12, String::new());
    while question[at] != 0 {
        let length = question[at] as usize;
        name += &String::from_utf8_lossy(&question[at + 1..=at + length]);
        name.push('.');
        at += length + 1;
    }
    format!("{} {}", name.to_lowercase(), u16::from_be_bytes([question[at + 1], question[at + 2]]))
}

/// A folder is only needed to keep a path alive.
pub fn write(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}
