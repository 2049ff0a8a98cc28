//! Short words end sooner than a searcher is set up: their ends are found eight bytes at a time, or in a table.

/// Where the first byte that is one of some stands.
pub fn find<const N: usize>(wanted: [u8; N], text: &[u8]) -> Option<usize> {
    let (chunks, rest) = text.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let hits = wanted.iter().fold(0, |hits, byte| hits | zeros(word ^ u64::from_ne_bytes([*byte; 8])));
        if hits != 0 {
            return Some(index * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| wanted.contains(byte))?;
    Some(chunks.len() * 8 + at)
}

/// A mark in the highest bit of each byte that is zero; the lowest mark is always right.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(u64::from_ne_bytes([1; 8])) & !word & u64::from_ne_bytes([0x80; 8])
}

/// A set of bytes.
pub struct ByteSet([bool; 256]);

impl ByteSet {
    /// Letters and digits of ASCII.
    pub const ALPHANUMERIC: ByteSet = ByteSet::of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// A set of the bytes given.
    pub const fn of(bytes: &[u8]) -> ByteSet {
        let mut set = [false; 256];
        let mut rest = bytes;
        while let [first, others @ ..] = rest {
            // A byte is always a place in the table; `get_mut` cannot be used in a constant.
            #[allow(clippy::indexing_slicing, reason = "a byte is below 256")]
            {
                set[*first as usize] = true;
            }
            rest = others;
        }
        ByteSet(set)
    }

    /// How many bytes of the set a text begins with.
    pub fn span(&self, text: &[u8]) -> usize {
        let holds = |byte: &u8| self.0.get(usize::from(*byte)).copied().unwrap_or_default();
        text.iter().position(|byte| !holds(byte)).unwrap_or(text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_some_bytes_is_found_wherever_it_stands() {
        for length in 0..40 {
            let mut text = vec![b'a'; length];
            assert_eq!(find(*b"[: ", &text), None);
            for at in (0..length).rev() {
                text[at] = if at % 2 == 0 { b':' } else { b'[' };
                assert_eq!(find(*b"[: ", &text), Some(at), "{at} of {length}");
            }
        }
        assert_eq!(find([0], b"\x01\x80\xff\x01\x01\x01\x01\x01\0"), Some(8));
    }

    #[test]
    fn words_end_where_the_set_does() {
        let vowels = ByteSet::of(b"aeiou");
        assert_eq!((vowels.span(b"aaex"), vowels.span(b"xa"), vowels.span(b"")), (3, 0, 0));
    }
}
