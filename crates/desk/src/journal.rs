//! The journal on disk: a line of JSON for each entry, in the program's own data folder, for this user alone.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;

use casework::journal::{self, Entry, What};
use etcetera::BaseStrategy;
use serde_json::Value;
use ticket::rfc3339;

use crate::{Error, investigation};

/// The journal of this user.
pub struct Journal {
    path: PathBuf,
    /// What was written so far, the oldest first.
    pub entries: Vec<Entry>,
}

impl Journal {
    /// Reads the journal; one that is not there yet is empty. A line that is none is passed over, never removed.
    pub fn open() -> Result<Journal, Error> {
        let path = folder()?.join("journal.jsonl");
        let entries = match File::open(&path) {
            Ok(file) => BufReader::new(file).lines().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Error::new("journal", error, path.display(), "check that the file may be read")),
        };
        Ok(Journal { path, entries })
    }

    /// Writes an entry down, before anybody acts on it.
    pub fn add(&mut self, entry: Entry) -> Result<(), Error> {
        let wrong = |error: std::io::Error| Error::new("journal", error, self.path.display(), "check that the folder may be written to");
        let line = serde_json::to_string(&entry).unwrap_or_default();
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(wrong)?;
        }
        let mut file = own_file().open(&self.path).map_err(wrong)?;
        // One write a line: two programs at once do not mix their entries.
        file.write_all(format!("{line}\n").as_bytes()).map_err(wrong)?;
        file.sync_all().map_err(wrong)?;
        self.entries.push(entry);
        Ok(())
    }

    /// The entries as JSON.
    pub fn lines(&self) -> impl Iterator<Item = Value> + '_ {
        self.entries.iter().map(|entry| serde_json::to_value(entry).unwrap_or_default())
    }

    /// The entries for people, the oldest first.
    pub fn text(&self) -> String {
        let line = |entry: &Entry| {
            let ips = entry.ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let what = entry.what.word();
            let note = entry.note.as_deref().map(|note| format!("\n    {}", smtp::escape_controls(note.as_bytes()))).unwrap_or_default();
            format!("{}  {what:<10} {ips}  {}{note}\n", rfc3339(entry.time), smtp::escape_controls(entry.subject.as_bytes()))
        };
        self.entries.iter().map(line).collect()
    }

    /// Settles every open letter with this reference or about this address; the answer is how many.
    pub fn settle(&mut self, name: &str) -> Result<usize, Error> {
        let now = investigation::now();
        let is_named = |entry: &&Entry| entry.reference.as_deref() == Some(name) || entry.ips.iter().any(|ip| ip.to_string() == name);
        let is_open = |entry: &&Entry| journal::open(&self.entries, &entry.to, &entry.ips, now).is_some_and(|open| open == *entry);
        let open: Vec<Entry> = self.entries.iter().filter(is_named).filter(is_open).cloned().collect();
        for entry in &open {
            self.add(Entry { time: now, what: What::Settled, note: None, ..entry.clone() })?;
        }
        Ok(open.len())
    }
}

/// How the journal is opened: a new one is for its user's eyes alone.
fn own_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn folder() -> Result<PathBuf, Error> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| Error::new("journal", error, "", "set HOME to your home folder"))?;
    Ok(strategy.data_dir().join("reprieve"))
}
