//! How a source lies in its file: as lines, or as something that has to be laid out as lines first.

use std::io::{Cursor, Read};

use crate::array::{Objects, is_array};
use crate::charset::{decoded, is_utf16};
use crate::export::{Entries, is_export};

/// How much of a source tells its shape.
pub(crate) const OPENING: u64 = 64;

/// Whether a source can be read as it is, and so be cut at the ends of its lines.
pub(crate) fn is_plain(opening: &[u8]) -> bool {
    !is_utf16(opening) && !is_array(opening) && !is_export(opening)
}

/// The source as lines, from its beginning and what follows it; nothing where it is in lines already.
pub(crate) fn laid_out<'r>(opening: &[u8], rest: impl Read + Send + 'r) -> Box<dyn Read + Send + 'r> {
    let whole = Cursor::new(opening.to_vec()).chain(rest);
    match () {
        () if is_utf16(opening) => decoded(whole),
        () if is_array(opening) => Box::new(Objects::new(whole)),
        () if is_export(opening) => Box::new(Entries::new(whole)),
        () => Box::new(whole),
    }
}
