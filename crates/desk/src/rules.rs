//! The knowledge in force, and what is read.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use evidence::family::FAMILIES;
use providers::Knowledge;

use crate::Error;

/// The built-in knowledge with the user's own rules, and what was wrong with those. Without a folder the one in the
/// user's settings is taken, where there is one.
pub fn knowledge(folder: Option<&Path>) -> Result<(Knowledge, Vec<Error>), Error> {
    let mut knowledge = built_in()?;
    let own = etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("reprieve").join("rules")).filter(|folder| folder.is_dir());
    let Some(folder) = folder.or(own.as_deref()) else { return Ok((knowledge, Vec::new())) };
    let entries = fs::read_dir(folder).map_err(|error| Error::new("rules", error, folder.display(), "name the folder that holds your rule files"))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let problems = files.iter().filter_map(|path| add(&mut knowledge, path).err()).collect();
    Ok((knowledge, problems))
}

fn built_in() -> Result<Knowledge, Error> {
    Knowledge::built_in().map_err(|error| Error::new("rules", error, "", "this is a fault of Reprieve"))
}

/// Proves the built-in rules, or the files named; each complaint is a line for people.
pub fn check_rules(files: &[PathBuf]) -> Result<Vec<String>, Error> {
    let mut knowledge = built_in()?;
    if files.is_empty() {
        return Ok(providers::check(&knowledge).iter().map(ToString::to_string).collect());
    }
    Ok(files.iter().filter_map(|path| add(&mut knowledge, path).err()).map(|error| error.to_string()).collect())
}

fn add(knowledge: &mut Knowledge, path: &Path) -> Result<(), Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::new("rules", error, path.display(), "the built-in rules stay in force"))?;
    let name = path.display().to_string();
    knowledge.add(&name, &text).map_err(|error| Error::new("rules", error, "", "the built-in rules stay in force"))
}

/// The families that are read, for people.
pub fn formats() -> String {
    let line = |family: &evidence::family::Family| {
        format!(
            "{}\n  products       {}\n  recognised by  {}\n  holds          {}\n  does not hold  {}\n",
            family.name,
            family.products,
            family.recognised_by,
            family.holds.join(", "),
            family.lacks.join(", ")
        )
    };
    let families: String = FAMILIES.iter().map(line).collect();
    families
        + "\nin any of these envelopes: syslog (RFC 3164, with its own or RFC 3339 stamps), RFC 5424, journalctl -o json, docker and\n\
           docker compose output. Files may be compressed with gzip, xz, zstd or bzip2.\n"
}
