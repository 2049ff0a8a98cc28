//! Short words end sooner than a searcher is set up: they are found and compared here, sixteen bytes at a time.
//!
//! What is looked at together is [`wide`]'s, which knows the processors; nothing here does.

use wide::u8x16;

/// How many bytes are looked at together.
const WIDTH: usize = 16;

/// Where the first byte that is one of some stands.
#[inline]
pub fn find<const N: usize>(wanted: [u8; N], text: &[u8]) -> Option<usize> {
    for (index, chunk) in text.as_chunks::<WIDTH>().0.iter().enumerate() {
        if let Some(at) = first_of(wanted, chunk) {
            return Some(index * WIDTH + at);
        }
    }
    match text.last_chunk::<WIDTH>() {
        // What of the last sixteen bytes was looked at before is none of them.
        Some(last) => first_of(wanted, last).map(|at| text.len() - WIDTH + at),
        None => text.iter().position(|byte| wanted.contains(byte)),
    }
}

/// Where in a chunk the first byte that is one of some stands.
#[inline]
fn first_of<const N: usize>(wanted: [u8; N], chunk: &[u8; WIDTH]) -> Option<usize> {
    let found = wanted.iter().fold(u8x16::ZERO, |found, byte| found | u8x16::new(*chunk).simd_eq(u8x16::splat(*byte)));
    let marks = found.to_bitmask();
    (marks != 0).then_some(marks.trailing_zeros() as usize)
}

/// Where a byte stands last.
#[inline]
pub fn rfind(wanted: u8, text: &[u8]) -> Option<usize> {
    let last = |chunk: &[u8; WIDTH]| u8x16::new(*chunk).simd_eq(u8x16::splat(wanted)).to_bitmask().checked_ilog2().map(|at| at as usize);
    let mut end = text.len();
    while let Some(chunk) = text.get(..end).and_then(<[u8]>::last_chunk) {
        if let Some(at) = last(chunk) {
            return Some(end - WIDTH + at);
        }
        end -= WIDTH;
    }
    match text.first_chunk() {
        // What of the first sixteen bytes was looked at before is none of them.
        Some(first) => last(first),
        None => text.iter().rposition(|byte| *byte == wanted),
    }
}

/// Where a word of two bytes or more first stands.
#[inline]
pub fn find_word<const N: usize>(word: &[u8; N], text: &[u8]) -> Option<usize> {
    let (first, last) = (u8x16::splat(*word.first()?), u8x16::splat(*word.last()?));
    let mut start = 0;
    // The first byte of the word and the last are looked for together, at the places that they would have.
    while let (Some(begin), Some(end)) = (chunk(text, start), chunk(text, start + N - 1)) {
        let mut marks = (begin.simd_eq(first) & end.simd_eq(last)).to_bitmask();
        while marks != 0 {
            let at = start + marks.trailing_zeros() as usize;
            if text.get(at..)?.first_chunk() == Some(word) {
                return Some(at);
            }
            marks &= marks - 1;
        }
        start += WIDTH;
    }
    let at = text.get(start..)?.array_windows().position(|window| window == word)?;
    Some(start + at)
}

#[inline]
fn chunk(text: &[u8], start: usize) -> Option<u8x16> {
    text.get(start..)?.first_chunk::<WIDTH>().map(|chunk| u8x16::new(*chunk))
}

/// How many lines end in a text, and where lines begin, the first apart, that do not begin with a byte.
pub fn line_ends(text: &[u8], beginning: u8) -> (u64, Vec<usize>) {
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let following = text.get(1..).unwrap_or_default();
    let (next, _) = following.as_chunks::<BLOCK>();
    let is_other = |end: &usize| following.get(*end).is_some_and(|byte| *byte != beginning);
    let (mut ends, mut others) = (0, Vec::new());
    for (page, (blocks, next)) in blocks.chunks(PAGE).zip(next.chunks(PAGE)).enumerate() {
        let mut counts = u8x16::ZERO;
        for (index, (block, next)) in blocks.iter().zip(next).enumerate() {
            let mut odd = u8x16::ZERO;
            for (chunk, next) in block.as_chunks::<WIDTH>().0.iter().zip(next.as_chunks::<WIDTH>().0) {
                let end = u8x16::new(*chunk).simd_eq(u8x16::splat(b'\n'));
                odd |= end & !u8x16::new(*next).simd_eq(u8x16::splat(beginning));
                // What is true is -1.
                counts -= end;
            }
            if odd.any() {
                let start = (page * PAGE + index) * BLOCK;
                others.extend(places(b'\n', block).map(|at| start + at).filter(is_other));
            }
        }
        ends += counts.to_array().iter().map(|count| u64::from(*count)).sum::<u64>();
    }
    let done = blocks.len().min(next.len()) * BLOCK;
    for end in places(b'\n', text.get(done..).unwrap_or_default()).map(|at| done + at) {
        ends += 1;
        others.extend(Some(end).filter(is_other));
    }
    others.iter_mut().for_each(|end| *end += 1);
    (ends, others)
}

/// How many blocks are counted before the counts are added up: a lane counts no further than 255.
const PAGE: usize = 63;

/// Every place of a byte in a text, in order.
#[inline]
pub fn places(wanted: u8, text: &[u8]) -> Places<'_> {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    Places { wanted, blocks: blocks.iter(), rest, marks: 0, start: 0 }
}

/// How many bytes are marked together.
const BLOCK: usize = 4 * WIDTH;

/// What [`places`] returns.
#[derive(Debug)]
pub struct Places<'t> {
    wanted: u8,
    blocks: std::slice::Iter<'t, [u8; BLOCK]>,
    rest: &'t [u8],
    /// A bit for each of the bytes that were looked at last.
    marks: u64,
    /// Where the next ones begin.
    start: usize,
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.marks == 0 {
            self.marks = match self.blocks.next() {
                Some(block) => marks(self.wanted, block),
                None => self.last()?,
            };
            self.start += BLOCK;
        }
        let at = self.start - BLOCK + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(at)
    }
}

impl Places<'_> {
    /// The marks of what is behind the last whole block, filled up with what is not looked for.
    fn last(&mut self) -> Option<u64> {
        let rest = std::mem::take(&mut self.rest);
        let mut block = [!self.wanted; BLOCK];
        block.get_mut(..rest.len())?.copy_from_slice(rest);
        (!rest.is_empty()).then(|| marks(self.wanted, &block))
    }
}

/// A bit for each byte of a block that is the one wanted; the first byte's is the lowest.
#[inline]
fn marks(wanted: u8, block: &[u8; BLOCK]) -> u64 {
    let (chunks, _) = block.as_chunks::<WIDTH>();
    let mark = |chunk: &[u8; WIDTH]| u64::from(u8x16::new(*chunk).simd_eq(u8x16::splat(wanted)).to_bitmask());
    chunks.iter().rev().fold(0, |marks, chunk| marks << WIDTH | mark(chunk))
}

/// Whether two texts are the same.
#[inline]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    // The last bytes differ more often than those before.
    match (one.last_chunk::<WIDTH>(), other.last_chunk::<WIDTH>()) {
        (Some(end), Some(other_end)) => end == other_end && one.as_chunks::<WIDTH>().0.iter().eq(other.as_chunks::<WIDTH>().0),
        _ => same_short(one, other),
    }
}

/// Whether two texts of fewer than sixteen bytes, which are of one length, are the same.
#[inline]
fn same_short(one: &[u8], other: &[u8]) -> bool {
    if let (Some(start), Some(end)) = (one.first_chunk::<8>(), one.last_chunk::<8>()) {
        return other.first_chunk() == Some(start) && other.last_chunk() == Some(end);
    }
    match (one.first_chunk::<4>(), one.last_chunk::<4>()) {
        (Some(start), Some(end)) => other.first_chunk() == Some(start) && other.last_chunk() == Some(end),
        _ => one.iter().eq(other),
    }
}

/// How many bytes [`place`] and [`alike`] look at.
pub const BEGIN: usize = 2 * WIDTH;

/// Where the first of a byte stands in the beginning of a text.
#[inline]
pub fn place(wanted: u8, begin: &[u8; BEGIN]) -> Option<usize> {
    let chunks = begin.as_chunks::<WIDTH>().0.iter().rev();
    let marks = chunks.fold(0, |marks, chunk| marks << WIDTH | u8x16::new(*chunk).simd_eq(u8x16::splat(wanted)).to_bitmask());
    (marks != 0).then_some(marks.trailing_zeros() as usize)
}

/// With how many bytes the beginnings of two texts are alike.
#[inline]
pub fn alike(one: &[u8; BEGIN], other: &[u8; BEGIN]) -> usize {
    let (one, other) = (one.as_chunks::<WIDTH>().0, other.as_chunks::<WIDTH>().0);
    let pairs = one.iter().zip(other).rev();
    let marks = pairs.fold(0, |marks, (one, other)| marks << WIDTH | u8x16::new(*one).simd_eq(u8x16::new(*other)).to_bitmask());
    marks.trailing_ones() as usize
}

/// How many letters and digits of ASCII a text begins with.
#[inline]
pub fn alphanumeric(text: &[u8]) -> usize {
    let (chunks, rest) = text.as_chunks::<WIDTH>();
    for (index, chunk) in chunks.iter().enumerate() {
        let others = alphanumerics(chunk) ^ 0xffff;
        if others != 0 {
            return index * WIDTH + others.trailing_zeros() as usize;
        }
    }
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
    chunks.len() * WIDTH + end.unwrap_or(rest.len())
}

/// A bit for each byte that is a letter or a digit of ASCII; the first byte's is the lowest.
#[inline]
pub fn alphanumerics(bytes: &[u8; WIDTH]) -> u32 {
    let bytes = u8x16::new(*bytes);
    // A byte lies in a range if what is left of it above the range's beginning is no more than the range is long.
    let lies = |bytes: u8x16, from: u8, to: u8| {
        let above = bytes - u8x16::splat(from);
        above.min(u8x16::splat(to - from)).simd_eq(above)
    };
    let letters = lies(bytes | u8x16::splat(0x20), b'a', b'z');
    (letters | lies(bytes, b'0', b'9')).to_bitmask()
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
    fn a_byte_is_found_among_thirty_two() {
        for at in 0..32 {
            let mut text = [b'a'; 32];
            assert_eq!(place(b':', &text), None);
            (text[at], text[31]) = (b':', b':');
            assert_eq!(place(b':', &text), Some(at));
        }
    }

    #[test]
    fn the_last_of_a_byte_is_found_wherever_it_stands() {
        for length in 0..70 {
            let mut text = vec![b'a'; length];
            assert_eq!(rfind(b'@', &text), None);
            for at in 0..length {
                text[at] = b'@';
                assert_eq!(rfind(b'@', &text), Some(at), "{at} of {length}");
            }
        }
    }

    #[test]
    fn lines_that_begin_otherwise_are_told() {
        for length in (0..300).chain([4031, 4032, 4033, 4096, 9000]) {
            let text: Vec<u8> = (0..length).map(|at| if at % 7 == 0 || at % 61 == 0 { b'\n' } else { b'D' + u8::from(at % 29 == 8) }).collect();
            let others: Vec<usize> = (1..length).filter(|at| text[*at - 1] == b'\n' && text[*at] != b'D').collect();
            let ends = text.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!(line_ends(&text, b'D'), (ends, others), "{length}");
        }
    }

    #[test]
    fn words_are_found_wherever_they_stand() {
        for length in 0..80 {
            for at in 0..length {
                let mut text = vec![b's'; length];
                text.splice(at..(at + 7).min(length), *b"status=");
                assert_eq!(find_word(b"status=", &text), text.windows(7).position(|window| window == b"status="), "{at} of {length}");
            }
            assert_eq!(find_word(b"status=", &vec![b's'; length]), None);
        }
        assert_eq!(find_word(b": ", b"a:: b"), Some(2));
    }

    #[test]
    fn every_place_of_a_byte_is_found() {
        for length in 0..200 {
            for step in 1..9 {
                let text: Vec<u8> = (0..length).map(|at| if at % step == 0 { b' ' } else { (at as u8).wrapping_mul(7) | 1 }).collect();
                let expected: Vec<usize> = text.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at).collect();
                assert_eq!(places(b' ', &text).collect::<Vec<_>>(), expected);
            }
        }
        assert_eq!(places(0, b"\0\x01\x80\0\xff\0").collect::<Vec<_>>(), [0, 3, 5]);
    }

    #[test]
    fn words_end_where_their_letters_do() {
        let plain = |text: &[u8]| text.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
        for byte in 0..=u8::MAX {
            for next in [0, b'/', b'0', b'Z', b'[', 0x7f, 0x80, 0xff] {
                for at in 0..33 {
                    let mut text = *b"4D2F09CE4FBabcyzXYZ01234D2F09CE4FBabc";
                    (text[at], text[at + 1]) = (byte, next);
                    assert_eq!(alphanumeric(&text), plain(&text), "{byte:#x} {next:#x} at {at}");
                }
            }
        }
    }

    #[test]
    fn texts_are_alike_as_far_as_their_bytes_are() {
        let text: [u8; 32] = std::array::from_fn(|at| at as u8);
        assert_eq!(alike(&text, &text), 32);
        for at in 0..32 {
            let mut other = text;
            other[at] ^= 0x80;
            assert_eq!(alike(&text, &other), at);
        }
    }

    #[test]
    fn texts_are_the_same_where_every_byte_is() {
        for length in 0..40 {
            let text = vec![b'a'; length];
            assert!(same(&text, &text.clone()) && !same(&text, &[&text[..], b"a"].concat()));
            for at in 0..length {
                let mut other = text.clone();
                other[at] = b'b';
                assert!(!same(&text, &other), "{at} of {length}");
            }
        }
    }
}
