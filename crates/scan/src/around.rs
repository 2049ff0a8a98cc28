//! The lines around a place in a source, fetched again when somebody asks: only samples are kept in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem::Finder;

use crate::shape::{OPENING, is_plain, laid_out};
use crate::{Compression, Input};

/// How far around the place lines are looked for, in bytes.
const REACH: u64 = 8 << 20;

/// The most lines that are returned.
const MOST_LINES: usize = 200;

/// A line near the place that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// How many lines below the place it stands; above it the number is negative.
    pub distance: i64,
    /// The line, without its end.
    pub text: Vec<u8>,
}

/// The line that begins at an offset, and the lines within 8 MiB of it that hold a word.
///
/// Nothing is returned for a source that cannot be read twice, such as standard input.
pub fn around(input: &Input, offset: u64, word: &[u8]) -> io::Result<Vec<Near>> {
    let from = offset.saturating_sub(REACH);
    let window = match input {
        Input::Stdin => return Ok(Vec::new()),
        Input::Text(_, text) => window(text.as_slice(), from, offset)?,
        Input::File(path) | Input::Member { path, .. } => {
            let mut file = File::open(path)?;
            let mut opening = Vec::new();
            (&mut file).take(OPENING).read_to_end(&mut opening)?;
            let compression = Compression::of(&opening);
            let plain = compression == Compression::Plain && is_plain(&opening);
            file.seek(SeekFrom::Start(if plain { from } else { 0 }))?;
            if plain { window(file, 0, offset - from)? } else { window(unpacked(compression, file)?, from, offset)? }
        }
    };
    Ok(pick(&window, (offset - from) as usize, word))
}

/// What a file holds, as reading it gave it.
fn unpacked(compression: Compression, file: File) -> io::Result<Box<dyn Read + Send>> {
    let mut reader = compression.open(file)?;
    let mut opening = Vec::new();
    (&mut reader).take(OPENING).read_to_end(&mut opening)?;
    Ok(laid_out(&opening, reader))
}

/// What a reader holds between two offsets, and as much again behind the second.
fn window(mut reader: impl Read, from: u64, offset: u64) -> io::Result<Vec<u8>> {
    io::copy(&mut (&mut reader).take(from), &mut io::sink())?;
    let mut window = Vec::new();
    match reader.take(offset - from + REACH).read_to_end(&mut window) {
        // A source that is cut off further down still has the lines above.
        Err(error) if window.is_empty() => Err(error),
        _ => Ok(window),
    }
}

/// The line at a place in the window, and those that hold the word.
fn pick(window: &[u8], place: usize, word: &[u8]) -> Vec<Near> {
    let finder = Finder::new(word);
    let above = memchr::memchr_iter(b'\n', window.get(..place).unwrap_or(window)).count() as i64;
    let (mut begin, mut near) = (0, Vec::new());
    for (index, line) in window.split(|byte| *byte == b'\n').enumerate() {
        let is_it = begin == place;
        begin += line.len() + 1;
        if is_it || (!word.is_empty() && finder.find(line).is_some()) {
            near.push(Near { distance: index as i64 - above, text: line.strip_suffix(b"\r").unwrap_or(line).to_vec() });
        }
    }
    // Those that stand closest are kept.
    near.sort_by_key(|line| line.distance.abs());
    near.truncate(MOST_LINES);
    near.sort_by_key(|line| line.distance);
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_and_its_neighbours_are_found_again() {
        let text = b"a 4D2F\nb\nc 4D2F\r\nd 4D2F".to_vec();
        let offset = 9;
        let found = around(&Input::Text("x".to_owned(), text.clone()), offset, b"4D2F").unwrap();
        let lines: Vec<_> = found.iter().map(|near| (near.distance, near.text.as_slice())).collect();
        assert_eq!(lines, [(-2, &b"a 4D2F"[..]), (0, b"c 4D2F"), (1, b"d 4D2F")]);
        assert_eq!(around(&Input::Text("x".to_owned(), text), offset, b"").unwrap().len(), 1);
        assert!(around(&Input::Stdin, 0, b"x").unwrap().is_empty());
    }
}
