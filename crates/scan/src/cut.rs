//! Where a file may be cut: before a line that does not depend on the line before it.

use memchr::memmem;

/// Whether a line says that the one before it was repeated, or is a later piece of it; such a line never begins a part.
pub(crate) fn repeats(line: &[u8]) -> bool {
    let head = line.get(..512.min(line.len())).unwrap_or_default();
    memmem::find(head, b" last message repeated ").is_some()
        || memmem::find(head, b" exim").is_some_and(|at| is_later_piece(head.get(at..).unwrap_or_default()))
}

/// `exim[811]: [2/3] …`.
fn is_later_piece(text: &[u8]) -> bool {
    let piece = |window: &[u8]| matches!(window, [b'[', b'2'..=b'9', b'/' | b'\\', b'2'..=b'9', b']']);
    text.windows(5).any(piece)
}
