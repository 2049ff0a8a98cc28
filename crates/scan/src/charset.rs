//! Charsets that are no superset of ASCII: UTF-16, told by its byte order mark, is read as UTF-8. In all others the words
//! of a log are ASCII, and bytes are read as they are.

use std::io::Read;

use encoding_rs_io::DecodeReaderBytesBuilder;

/// Whether a source begins as UTF-16 does.
pub(crate) fn is_utf16(opening: &[u8]) -> bool {
    opening.starts_with(&[0xff, 0xfe]) || opening.starts_with(&[0xfe, 0xff])
}

/// What a reader of UTF-16 holds, as UTF-8.
pub(crate) fn decoded<'r>(reader: impl Read + Send + 'r) -> Box<dyn Read + Send + 'r> {
    Box::new(DecodeReaderBytesBuilder::new().bom_override(true).strip_bom(true).build(reader))
}
