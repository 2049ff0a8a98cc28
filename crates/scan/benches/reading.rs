//! `make bench`: writes a log, or times the reader against `rg` over it in the same run.
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

use std::io::BufWriter;
use std::process::{Command, Stdio};
use std::time::Instant;

fn main() {
    let megabytes: u64 = std::env::var("BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&folder).unwrap();
    let reprieve = folder.join("../release/reprieve");
    let reprieve = reprieve.to_str().unwrap();
    let log = generated(&folder, "postfix", megabytes);
    let log = log.as_str();
    let rg = against_rg("Postfix", reprieve, log);
    against_rg("Exim", reprieve, &generated(&folder, "exim", megabytes));
    let pflogsumm = once(&["pflogsumm", log]);
    println!("pflogsumm (once)            {pflogsumm:.3} s  {:.0} x rg", pflogsumm / rg);
    println!("peak memory                 {}", peak(&[reprieve, "scan", "--json", "--tz", "UTC", log]));
}

/// A log, generated once.
fn generated(folder: &std::path::Path, kind: &str, megabytes: u64) -> String {
    let log = folder.join(format!("{kind}-{megabytes}.log"));
    if !log.exists() {
        let mut out = BufWriter::new(std::fs::File::create(&log).unwrap());
        let write = if kind == "exim" { generator::write_exim(&mut out, megabytes << 20, 1042) } else { generator::write(&mut out, megabytes << 20, 1042) };
        println!("{:?}", write.unwrap());
    }
    log.to_str().unwrap().to_owned()
}

/// Times the reader against `rg` over the same log, with all threads and with one; the answer is the time of `rg`.
fn against_rg(name: &str, reprieve: &str, log: &str) -> f64 {
    let rg = median(&["rg", "-c", r"icloud\.com|me\.com|mac\.com", log]);
    println!("{name}: rg -c                       {rg:.3} s");
    for arguments in [vec![], vec!["--threads", "1"]] {
        let mut command = vec![reprieve, "scan", "--json", "--tz", "UTC"];
        command.extend(&arguments);
        command.push(log);
        let time = median(&command);
        println!("{name}: scan --json {:<15} {time:.3} s  {:.2} x rg", arguments.join(" "), time / rg);
    }
    rg
}

fn once(command: &[&str]) -> f64 {
    let begun = Instant::now();
    let status = Command::new(command[0]).args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status().expect(command[0]);
    assert!(status.code().is_some());
    begun.elapsed().as_secs_f64()
}

fn median(command: &[&str]) -> f64 {
    once(command);
    let mut times: Vec<f64> = (0..5).map(|_| once(command)).collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

fn peak(command: &[&str]) -> String {
    let script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024,'MB')";
    let output = Command::new("python3").arg("-c").arg(script).args(command).output().expect("python3");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
