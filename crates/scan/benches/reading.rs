//! `make bench`: what is promised of the reader's speed and memory, each against the tool that a technician would use,
//! over generated logs, in one run. `BENCH_MB` sets the size of a log; what is generated is kept for the next run.
#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

mod generator;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const PROVIDER: &str = r"icloud\.com|me\.com|mac\.com";

/// How many rotated files a packed set has.
const ROTATED: usize = 16;

/// Hosts in the tree, and the size of each one's log: about 25,000 lines.
const HOSTS: usize = 200;
const HOST_BYTES: u64 = 3_870_000;

fn main() {
    let megabytes: u64 = std::env::var("BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let bench = Bench::new();
    let postfix = bench.log("postfix", megabytes);
    let exim = bench.log("exim", megabytes);
    bench.plain("Postfix", &postfix);
    bench.plain("Exim", &exim);
    bench.packed(&postfix);
    bench.tree();
    bench.message(&postfix);
    bench.start();
    bench.memory(&postfix, megabytes);
    let pflogsumm = once(&["pflogsumm", &postfix]);
    println!("{:<44} {pflogsumm:8.3} s  once, for comparison", "pflogsumm");
}

struct Bench {
    folder: PathBuf,
    reprieve: String,
}

impl Bench {
    fn new() -> Bench {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
        fs::create_dir_all(&folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        let reprieve = folder.join("../released/reprieve").to_str().unwrap().to_owned();
        Bench { folder, reprieve }
    }

    /// A log, generated once.
    fn log(&self, kind: &str, megabytes: u64) -> String {
        let log = self.folder.join(format!("{kind}-{megabytes}.log"));
        if !log.exists() {
            let mut out = BufWriter::new(File::create(&log).unwrap());
            let write = if kind == "exim" { generator::write_exim } else { generator::write };
            println!("{kind}: {:?}", write(&mut out, megabytes << 20, 1042).unwrap());
        }
        log.to_str().unwrap().to_owned()
    }

    /// Reads, and says how long it took against something else: what, its arguments, and how many times as long it may take.
    fn against(&self, (tool, base): (&str, &[&str]), readings: &[(&str, &[&str], f64)]) {
        let reading = |(_, arguments, _): &(&str, &[&str], f64)| self.scan(&[&["--json"], *arguments].concat());
        let commands: Vec<Vec<String>> = std::iter::once(owned(base)).chain(readings.iter().map(reading)).collect();
        let times = medians(&commands);
        for ((what, _, required), time) in readings.iter().zip(&times[1..]) {
            report(what, (tool, times[0]), *time, *required);
        }
    }

    fn scan(&self, arguments: &[&str]) -> Vec<String> {
        owned(&[&[self.reprieve.as_str(), "scan", "--tz", "UTC"], arguments].concat())
    }

    fn plain(&self, name: &str, log: &str) {
        let one = format!("{name}, --threads 1");
        self.against(("rg -c", &["rg", "-c", PROVIDER, log]), &[(name, &[log], 1.5), (&one, &["--threads", "1", log], 2.5)]);
    }

    fn packed(&self, log: &str) {
        let one = format!("{log}.gz");
        if !Path::new(&one).exists() {
            shell(&format!("gzip -k {log}"));
        }
        let folder = format!("{log}.rotated");
        if !Path::new(&folder).exists() {
            fs::create_dir(&folder).unwrap();
            shell(&format!("split -n l/{ROTATED} -d --numeric-suffixes=1 --additional-suffix=.log {log} {folder}/mail- && gzip {folder}/*.log"));
        }
        self.against(("gzip -dc", &["gzip", "-dc", &one]), &[("the same as .gz", &[&one], 0.35)]);
        let all = format!("gzip -dc {folder}/*.gz");
        self.against(("gzip -dc", &["sh", "-c", &all]), &[("the same as 16 rotated .gz", &[&folder], 0.25)]);
    }

    fn tree(&self) {
        let tree = self.folder.join("tree");
        if !tree.exists() {
            fs::create_dir(&tree).unwrap();
            for number in 0..HOSTS {
                let host = format!("mx{number:03}");
                let mut out = BufWriter::new(File::create(tree.join(format!("{host}.log"))).unwrap());
                generator::write_on(&host, &mut out, HOST_BYTES, number as u64).unwrap();
            }
        }
        let tree = tree.to_str().unwrap();
        let grep = format!("cat {tree}/* | grep -cE '{PROVIDER}'");
        self.against(("cat | grep -cE", &["sh", "-c", &grep]), &[("200 hosts of 25,000 lines", &[tree], 0.4)]);
    }

    /// The story of a message from the middle of the log, by its queue id and by its Message-ID.
    fn message(&self, log: &str) {
        let lines = || BufReader::new(File::open(log).unwrap()).split(b'\n').map(|line| String::from_utf8_lossy(&line.unwrap()).into_owned());
        let line = lines().skip(3_000_000.min(fs::metadata(log).unwrap().len() as usize / 400)).find(|line| line.contains("message-id=<")).unwrap();
        let id = line.split("]: ").nth(1).unwrap().split(':').next().unwrap().to_owned();
        let message_id = line.split('<').nth(1).unwrap().trim_end_matches('>').to_owned();
        for (what, id) in [("scan --message, a queue id", id), ("scan --message, a Message-ID", message_id)] {
            let times = medians(&[owned(&["rg", "-F", &id, log]), self.scan(&["--message", &id, log])]);
            report(what, ("rg -F", times[0]), times[1], 1.5);
        }
    }

    fn start(&self) {
        let reply = "550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected";
        for (what, arguments, required) in [("--help", &["--help"][..], 10.0), ("explain", &["explain", reply], 20.0)] {
            let time = medians(&[owned(&[&[self.reprieve.as_str()], arguments].concat())])[0] * 1000.0;
            println!("{what:<44} {time:8.1} ms {:>29} (required {required:.0} ms)", "");
        }
    }

    fn memory(&self, log: &str, megabytes: u64) {
        let ten = self.log("postfix", megabytes * 10);
        for (what, log) in [("peak memory", log), ("peak memory at ten times the size", ten.as_str())] {
            let peak = peak(&[&self.reprieve, "scan", "--json", "--tz", "UTC", log]);
            println!("{what:<44} {peak:8} MB");
        }
        println!("{:<44} {:8} distinct messages and recipients of the provider in the larger log", "", distinct(&ten));
    }
}

fn report(what: &str, (tool, base): (&str, f64), time: f64, required: f64) {
    let verdict = if time <= base * required { "" } else { "  MISSED" };
    println!("{what:<44} {time:8.3} s  {:5.2} x {tool:<14} {base:7.3} s (required {required:.2} x){verdict}", time / base);
    std::io::stdout().flush().unwrap();
}

/// How many pairs of a message and a recipient a log of Postfix tells of, by the simplest means.
fn distinct(log: &str) -> u64 {
    let script = r"grep -a 'relay=mx01.mail.icloud.com' $1 | grep -oaE '[0-9A-F]{10,}: to=<[^>]*>' | LC_ALL=C sort -u -S 2G | wc -l";
    let output = Command::new("sh").args(["-c", script, "sh", log]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

fn shell(command: &str) {
    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success(), "{command}");
}

fn once(command: &[&str]) -> f64 {
    let begun = Instant::now();
    let status = Command::new(command[0]).args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status().expect(command[0]);
    assert!(status.code().is_some());
    begun.elapsed().as_secs_f64()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The median of five runs of each command after one that does not count. They take turns, so that a machine that is slower
/// for a while is slower for all of them.
fn medians(commands: &[Vec<String>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..6 {
        for (command, times) in commands.iter().zip(&mut times) {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            times.extend(Some(once(&words)).filter(|_| round > 0));
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[2]
    };
    times.into_iter().map(median).collect()
}

/// The most memory that a command had, in megabytes.
fn peak(command: &[&str]) -> u64 {
    let script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)";
    let output = Command::new("python3").arg("-c").arg(script).args(command).output().expect("python3");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}
