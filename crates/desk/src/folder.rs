//! Documents on disk: written beside their place, flushed, and moved there.

use std::io::Write;
use std::path::Path;

use crate::Error;

/// Writes a document into a folder; an existing file is kept unless `force` says otherwise.
pub fn save(folder: &Path, name: &str, content: &[u8], force: bool) -> Result<(), Error> {
    let path = folder.join(name);
    if path.exists() && !force {
        return Err(Error::new("exists", "the file is there already", path.display(), "choose another folder, or add --force"));
    }
    let wrong = |error: std::io::Error| Error::new("write", error, path.display(), "check that the folder exists and may be written to");
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    file.write_all(content).map_err(wrong)?;
    file.as_file().sync_all().map_err(wrong)?;
    file.persist(&path).map_err(|error| wrong(error.error))?;
    Ok(())
}
