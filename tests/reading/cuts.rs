//! However a source is cut into parts, and however many threads read them, the same is found, to the byte.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Reads a source in parts of 64 bytes, 4 KiB and 1 MiB with one, two and seven threads, and compares with one part.
pub fn change_nothing(path: &Path) {
    let read = |part: &str, threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reprieve"));
        command.args(["scan", "--json", "--tz", "UTC", "--until-year", "2026", "--part", part, "--threads", threads]).arg(path);
        let output = command.output().unwrap();
        let mut document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        document["intake"]["seconds"] = Value::Null;
        document.to_string()
    };
    let whole = read("999999999999", "1");
    for part in ["64", "4096", "1048576"] {
        for threads in ["1", "2", "7"] {
            assert!(read(part, threads) == whole, "{}: parts of {part} bytes, {threads} threads", path.display());
        }
    }
}
