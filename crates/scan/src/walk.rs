//! What a user names: files, and folders with everything in them, in the order in which they were written.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
}

/// A path that could not be opened.
#[derive(Debug)]
pub struct Unopened {
    /// The path.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// Every file under the named paths: rotated logs oldest first, the same file once.
pub fn find(paths: &[PathBuf]) -> (Vec<Found>, Vec<Unopened>) {
    let (mut found, mut links, mut unopened) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => in_folder(path, &mut found, &mut links, &mut unopened),
            Ok(_) => found.push(path.clone()),
            Err(error) => unopened.push(Unopened { path: path.clone(), error }),
        }
    }
    follow(links, &mut found, &mut unopened);
    found.sort_by_cached_key(|path| rotation(path));
    found.dedup();
    (found.into_iter().map(|path| Found { path }).collect(), unopened)
}

fn in_folder(folder: &Path, found: &mut Vec<PathBuf>, links: &mut Vec<PathBuf>, unopened: &mut Vec<Unopened>) {
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => found.push(entry.into_path()),
            Ok(entry) if entry.file_type().is_symlink() => links.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let why = error.into_io_error().unwrap_or_else(|| io::Error::other("the links go round in a circle"));
                unopened.push(Unopened { path, error: why });
            }
        }
    }
}

/// Adds the files that links in folders point to, such as a container's logs, if they were not found by themselves. Links to
/// folders are not followed, because they may go round in a circle.
fn follow(links: Vec<PathBuf>, found: &mut Vec<PathBuf>, unopened: &mut Vec<Unopened>) {
    let mut known: BTreeSet<PathBuf> = if links.is_empty() { BTreeSet::new() } else { found.iter().filter_map(|path| path.canonicalize().ok()).collect() };
    for link in links {
        match link.canonicalize() {
            Ok(target) if target.is_file() && known.insert(target.clone()) => found.push(link),
            Ok(_) => {}
            Err(error) => unopened.push(Unopened { path: link, error }),
        }
    }
}

/// `mail.log.2.gz` comes before `mail.log.1`, and that before `mail.log`; dated names come in the order of dates.
pub(crate) fn rotation(path: &Path) -> (PathBuf, String, std::cmp::Reverse<u64>, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bare = [".gz", ".xz", ".zst", ".bz2"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    let (stem, number) = match bare.rsplit_once('.') {
        Some((stem, digits)) if digits.len() <= 4 => digits.parse().map_or((bare, 0), |number| (stem, number)),
        _ => (bare, 0),
    };
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    (folder, stem.to_owned(), std::cmp::Reverse(number), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_in_a_folder_are_followed_once_and_dangling_ones_are_told() {
        use std::os::unix::fs::symlink;

        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (log, pod) = (folder.path().join("mail.log"), elsewhere.path().join("0.log"));
        std::fs::write(&log, "x").unwrap();
        std::fs::write(&pod, "x").unwrap();
        let links = [("again", &log), ("container.log", &pod), ("container-2.log", &pod), ("gone", &elsewhere.path().join("no"))];
        links.into_iter().for_each(|(name, target)| symlink(target, folder.path().join(name)).unwrap());
        symlink(folder.path(), folder.path().join("circle")).unwrap();
        let (found, unopened) = find(&[folder.path().to_owned()]);
        let names = |paths: Vec<&PathBuf>| paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(found.iter().map(|found| &found.path).collect()), ["container-2.log", "mail.log"]);
        assert_eq!(names(unopened.iter().map(|unopened| &unopened.path).collect()), ["gone"]);
    }

    #[test]
    fn rotated_logs_are_read_oldest_first() {
        let mut names = ["mail.log", "mail.log.10.gz", "mail.log.1", "mail.log.2.gz", "maillog-20261001", "maillog-20260901.xz"].map(PathBuf::from);
        names.sort_by_cached_key(|path| rotation(path));
        let sorted: Vec<_> = names.iter().map(|path| path.to_str().unwrap()).collect();
        assert_eq!(sorted, ["mail.log.10.gz", "mail.log.2.gz", "mail.log.1", "mail.log", "maillog-20260901.xz", "maillog-20261001"]);
    }
}
