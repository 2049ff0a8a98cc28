//! Where a file may be cut: before a line that does not depend on the line before it.

use memchr::memmem;

/// Whether a line says that the one before it was repeated; such a line never begins a part.
pub(crate) fn repeats(line: &[u8]) -> bool {
    let head = line.get(..512.min(line.len())).unwrap_or_default();
    memmem::find(head, b" last message repeated ").is_some()
}
