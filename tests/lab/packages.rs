//! The mail servers of the lab: unpacked from Debian's packages into the build folder, never installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub fn lab() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_reprieve")).parent().unwrap().parent().unwrap();
    target.join("lab")
}

pub fn run(command: &str) -> Result<String, String> {
    let output = Command::new("sh").arg("-c").arg(command).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(text) } else { Err(format!("{command}: {text}")) }
}

/// Debian's mail servers exclude each other, so Postfix is unpacked into a folder and never installed.
pub fn unpack(lab: &Path) -> Result<(), String> {
    if lab.join("root/usr/sbin/postfix").exists() && lab.join("exim/usr/sbin/exim4").exists() {
        return Ok(());
    }
    let place = lab.display();
    run("test \"$(id -u)\" = 0").map_err(|_| "the lab needs root, for namespaces and port 25".to_owned())?;
    run(&format!(
        "set -e; mkdir -p {place}/debs/partial {place}/root {place}/exim {place}/up; \
         for try in 1 2; do apt-get install -y -qq --reinstall --no-install-recommends --download-only \
           -o Dir::Cache::archives={place}/debs postfix rsyslog dnsmasq-base && break; apt-get update -qq; done; \
         for deb in {place}/debs/*.deb; do case $deb in */exim4*) ;; *) dpkg-deb -x $deb {place}/root;; esac; done; \
         apt-get install -y -qq --reinstall --no-install-recommends --download-only -o Dir::Cache::archives={place}/debs exim4-daemon-light exim4-base; \
         for deb in {place}/debs/exim4*.deb; do dpkg-deb -x $deb {place}/exim; done; \
         for deb in {place}/debs/*.deb; do case $deb in */exim4*|*/postfix*) ;; *) dpkg-deb -x $deb {place}/root;; esac; done; \
         cp -a {place}/root/lib/. {place}/root/usr/lib/; rm -rf {place}/root/lib; \
         mkdir -p {place}/root/etc {place}/root/var; test -x {place}/root/usr/sbin/postfix; test -x {place}/exim/usr/sbin/exim4"
    ))
    .map(drop)
}
