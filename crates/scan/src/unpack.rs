//! Archives: their members are unpacked into a folder of this run's own and read like files, under their own names.
//!
//! An archive that would grow beyond all measure, or that lies in others too deep, is said to and left.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use crate::run::Input;
use crate::walk::rotation;
use crate::{Compression, Found, Progress};

/// How deep archives may lie in each other.
const DEEPEST: usize = 4;

/// How many members all archives of a run may have.
const MOST_MEMBERS: usize = 100_000;

/// How many bytes an archive may grow to for each of its own.
const MOST_GROWTH: u64 = 1_000;

/// What small archives may grow to in any case.
const ALWAYS_ALLOWED: u64 = 16 << 20;

/// What a run reads: files as they lie there, and members of archives.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// The sources, in the order in which they are read.
    pub inputs: Vec<Input>,
    /// Where the members lie for as long as they are needed.
    pub folder: Option<TempDir>,
}

/// The kinds of archives, told by their first bytes and never by the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Archive {
    Zip,
    Tar(Compression),
}

/// Replaces archives by their members; everything else stays as it is.
pub fn unpack(found: Vec<Found>, progress: &Progress) -> Unpacked {
    let mut unpacking = Unpacking { progress, folder: None, members: 0 };
    let inputs = found.into_iter().flat_map(|found| unpacking.file(found.path.clone(), found.path.display().to_string(), None, 0)).collect();
    Unpacked { inputs, folder: unpacking.folder }
}

struct Unpacking<'p> {
    progress: &'p Progress,
    folder: Option<TempDir>,
    members: usize,
}

impl Unpacking<'_> {
    /// The sources that a file holds.
    fn file(&mut self, path: PathBuf, name: String, modified: Option<i64>, depth: usize) -> Vec<Input> {
        let as_it_is = |problem| match (depth, problem) {
            (0, None) => vec![Input::File(path.clone())],
            (_, problem) => vec![Input::Member { path: path.clone(), name: name.clone(), modified, problem }],
        };
        let Some(archive) = kind(&path) else { return as_it_is(None) };
        if depth >= DEEPEST {
            return as_it_is(Some("the archive lies too deep in other archives".to_owned()));
        }
        match self.members(&path, archive) {
            Err(error) => as_it_is(Some(format!("the archive could not be unpacked: {error}"))),
            Ok(members) if members.is_empty() => as_it_is(Some("the archive holds no file".to_owned())),
            Ok(mut members) => {
                members.sort_by_cached_key(|member| rotation(Path::new(&member.name)));
                members.into_iter().flat_map(|member| self.file(member.path, format!("{name}/{}", member.name), member.modified, depth + 1)).collect()
            }
        }
    }

    fn members(&mut self, path: &Path, archive: Archive) -> io::Result<Vec<Member>> {
        let size = path.metadata()?.len();
        let mut left = (size.saturating_mul(MOST_GROWTH)).max(ALWAYS_ALLOWED);
        let mut members = Vec::new();
        match archive {
            Archive::Zip => {
                let mut zip = zip::ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
                for index in 0..zip.len() {
                    let mut entry = zip.by_index(index).map_err(io::Error::other)?;
                    if entry.is_file() {
                        let name = entry.name().map_or_else(|_| format!("member {index}"), |name| name.into_owned());
                        let modified = entry.last_modified().map(|time| seconds(i64::from(time.year()), i64::from(time.month()), i64::from(time.day())));
                        members.push(self.member(&mut entry, name, modified, &mut left)?);
                    }
                }
            }
            Archive::Tar(compression) => {
                let mut tar = tar::Archive::new(compression.open(File::open(path)?)?);
                for entry in tar.entries()? {
                    let mut entry = entry?;
                    if entry.header().entry_type().is_file() {
                        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                        let modified = entry.header().mtime().ok().and_then(|seconds| i64::try_from(seconds).ok());
                        members.push(self.member(&mut entry, name, modified, &mut left)?);
                    }
                }
            }
        }
        Ok(members)
    }

    /// Writes a member under a number: its own name is text from the archive, and leads nowhere.
    fn member(&mut self, reader: &mut impl Read, name: String, modified: Option<i64>, left: &mut u64) -> io::Result<Member> {
        self.members += 1;
        if self.members > MOST_MEMBERS || self.progress.is_cancelled() {
            return Err(io::Error::other("it holds too many files"));
        }
        if self.folder.is_none() {
            self.folder = Some(tempfile::Builder::new().prefix("reprieve-").tempdir()?);
        }
        let folder = self.folder.as_ref().map(TempDir::path).unwrap_or(Path::new(""));
        let path = folder.join(self.members.to_string());
        let mut file = File::create(&path)?;
        let written = io::copy(&mut reader.take(*left + 1), &mut file)?;
        if written > *left {
            return Err(io::Error::other("it grows beyond all measure when it is unpacked"));
        }
        *left -= written;
        file.flush()?;
        if let Some(seconds) = modified.and_then(|seconds| u64::try_from(seconds).ok()) {
            // The time of the file says of which year its last line is; without it the year is worked out from today.
            let _ = file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds));
        }
        Ok(Member { path, name, modified })
    }
}

/// A member that was unpacked.
struct Member {
    path: PathBuf,
    name: String,
    modified: Option<i64>,
}

/// The end of a day in seconds since 1970: a zip states local time without its zone, so that no more than the day is known.
fn seconds(year: i64, month: i64, day: i64) -> i64 {
    // Days from a March-based year (H. Hinnant, "chrono-compatible low-level date algorithms").
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let year_of_era = year.rem_euclid(400);
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    (days + 1) * 86_400 - 1
}

/// What kind of archive a file is.
fn kind(path: &Path) -> Option<Archive> {
    let mut file = File::open(path).ok()?;
    let mut opening = [0; 512];
    let got = read_full(&mut file, &mut opening).ok()?;
    let opening = opening.get(..got)?;
    if opening.starts_with(b"PK\x03\x04") {
        return Some(Archive::Zip);
    }
    let compression = Compression::of(opening);
    let mut inner = [0; 512];
    let got = match compression {
        Compression::Plain => return is_tar(opening).then_some(Archive::Tar(compression)),
        _ => read_full(&mut compression.open(File::open(path).ok()?).ok()?, &mut inner).ok()?,
    };
    is_tar(inner.get(..got)?).then_some(Archive::Tar(compression))
}

/// Whether a block is a member's header: its checksum has to fit (POSIX.1-1988, ustar), whatever the magic says.
fn is_tar(block: &[u8]) -> bool {
    let Some(header) = block.first_chunk::<512>().filter(|block| block.get(257..262) == Some(b"ustar")) else { return false };
    tar::Header::from_byte_slice(header).cksum().is_ok_and(|sum| {
        let blank = |(place, byte): (usize, &u8)| if (148..156).contains(&place) { u32::from(b' ') } else { u32::from(*byte) };
        sum == header.iter().enumerate().map(blank).sum::<u32>()
    })
}

fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while let Some(rest) = buffer.get_mut(got..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_calendars_do() {
        assert_eq!(seconds(1970, 1, 1), 86_399);
        assert_eq!(seconds(2026, 10, 3), 1_791_071_999);
        assert_eq!(seconds(2024, 2, 29), 1_709_251_199);
    }
}
