//! Lines out of blocks: a line that a block cuts is put together, one that never ends is counted and let go.

use std::collections::BTreeSet;

use diagnosis::Part;
use smtp::bytes::{line_ends, places};

use crate::Seek;
use crate::cut::repeats;

/// The longest line that is looked at, in bytes.
pub(crate) const LONGEST_LINE: usize = 1 << 20;

/// Feeds blocks of a source into parts.
#[derive(Debug, Default)]
pub(crate) struct Lines<'s> {
    /// What is looked for; where nothing is, every line is read.
    seek: Option<&'s Seek>,
    /// Whether the last line was read, and not passed over.
    was_read: bool,
    /// What the last block left of a line.
    rest: Vec<u8>,
    /// Where that line begins.
    start: u64,
    /// How much of a line that is too long was let go.
    skipped: u64,
}

impl<'s> Lines<'s> {
    /// Lines of a source from an offset on, at which a line begins.
    pub fn at(offset: u64, seek: Option<&'s Seek>) -> Lines<'s> {
        Lines { start: offset, seek, ..Lines::default() }
    }

    /// Where the next line begins.
    pub fn offset(&self) -> u64 {
        self.start
    }

    /// Feeds the lines that a block ends.
    ///
    /// `until` says, by its offset and its first bytes, before which line to stop. Then the place in the block is
    /// returned from which to feed the next part.
    pub fn feed(&mut self, block: &[u8], part: &mut Part<'_, '_>, until: impl Fn(u64, &[u8]) -> bool) -> Option<usize> {
        let mut ends = places(b'\n', block);
        let mut from = 0;
        if self.is_cut()
            && let Some(end) = ends.next()
        {
            if until(self.start, &self.rest) {
                return Some(0);
            }
            self.end(block.get(..end).unwrap_or_default(), part);
            self.start += 1;
            from = end + 1;
        }
        if let Some(seek) = self.seek {
            return self.feed_sought(&seek.places(block), block, from, part, until);
        }
        for end in ends {
            let line = block.get(from..end).unwrap_or_default();
            if until(self.start, line) {
                return Some(from);
            }
            part.line(line, self.start);
            self.start += line.len() as u64 + 1;
            from = end + 1;
        }
        self.hold(block.get(from..).unwrap_or_default());
        None
    }

    /// Feeds the whole lines of a block in which what is looked for stands at some places.
    fn feed_sought(&mut self, sought: &[usize], block: &[u8], mut from: usize, part: &mut Part<'_, '_>, until: impl Fn(u64, &[u8]) -> bool) -> Option<usize> {
        let whole = memchr::memrchr(b'\n', block).map_or(from, |end| end + 1);
        let is_inside = !until(self.start + block.len() as u64, b"");
        let is_passed = sought.is_empty() && !self.was_read && is_inside && self.pass_over(block.get(from..whole).unwrap_or_default(), part);
        let mut sought = sought.iter().peekable();
        while from < whole && !is_passed {
            let line = line_at(block, from);
            if until(self.start, line) {
                return Some(from);
            }
            let mut holds = false;
            while sought.next_if(|place| **place < from + line.len()).is_some() {
                holds = true;
            }
            self.take(holds, line, part);
            self.start += line.len() as u64 + 1;
            from += line.len() + 1;
        }
        self.hold(block.get(whole..).unwrap_or_default());
        None
    }

    /// Feeds the line that the source ended in the middle of.
    pub fn finish(&mut self, part: &mut Part<'_, '_>, until: impl Fn(u64, &[u8]) -> bool) {
        if self.is_cut() && !until(self.start, &self.rest) {
            self.end(&[], part);
        }
    }

    /// Whether the last block ended in the middle of a line.
    fn is_cut(&self) -> bool {
        !self.rest.is_empty() || self.skipped > 0
    }

    fn is_too_long(&self, piece: &[u8]) -> bool {
        self.skipped > 0 || self.rest.len() + piece.len() > LONGEST_LINE
    }

    /// Feeds a line that was cut, of which this is the last piece.
    fn end(&mut self, piece: &[u8], part: &mut Part<'_, '_>) {
        let next = self.start + self.skipped + (self.rest.len() + piece.len()) as u64;
        if self.is_too_long(piece) {
            part.oversized();
        } else {
            self.rest.extend_from_slice(piece);
            let line = std::mem::take(&mut self.rest);
            match self.seek {
                None => part.line(&line, self.start),
                Some(seek) => self.take(seek.is_in(&line), &line, part),
            }
            self.rest = line;
        }
        self.rest.clear();
        self.skipped = 0;
        self.start = next;
    }

    /// Reads a line that holds what is looked for, or belongs to the one before that does; passes over the others.
    ///
    /// JSON may write words in other ways than they are looked for, so that it is always read.
    fn take(&mut self, holds: bool, line: &[u8], part: &mut Part<'_, '_>) {
        self.was_read = holds || line.starts_with(b"{") || self.was_read && repeats(line);
        if self.was_read {
            part.line(line, self.start);
        } else {
            part.pass(line);
        }
    }

    /// Passes over whole lines of which none holds what is looked for, if they are no JSON.
    ///
    /// Lines that begin with the same letter are of months that lie no half year apart, so that no year turns between
    /// them: of these only the first and the last are looked at, all that begin otherwise, and the neighbours of those.
    fn pass_over(&mut self, lines: &[u8], part: &mut Part<'_, '_>) -> bool {
        let Some(beginning) = lines.first().copied() else { return true };
        let (ends, others) = line_ends(lines, beginning);
        if beginning == b'{' || others.iter().any(|from| lines.get(*from) == Some(&b'{')) {
            return false;
        }
        let before = |from: usize| lines.get(..from.saturating_sub(1)).and_then(|lines| memchr::memrchr(b'\n', lines)).map_or(0, |end| end + 1);
        let near = others.iter().flat_map(|from| [before(*from), *from, from + line_at(lines, *from).len() + 1]);
        let looked: BTreeSet<usize> = near.filter(|from| *from < lines.len()).chain([0, before(lines.len())]).collect();
        let have_time = looked.iter().filter(|from| part.pass(line_at(lines, **from))).count() > 0;
        part.passed(ends - looked.len() as u64, have_time);
        self.start += lines.len() as u64;
        true
    }

    /// Keeps the beginning of a line. Of one that is too long only the length matters.
    fn hold(&mut self, piece: &[u8]) {
        if self.is_too_long(piece) {
            self.skipped += (self.rest.len() + piece.len()) as u64;
            self.rest.clear();
            return;
        }
        self.rest.extend_from_slice(piece);
    }
}

/// The line that begins at a place, without its end.
fn line_at(text: &[u8], from: usize) -> &[u8] {
    let rest = text.get(from..).unwrap_or_default();
    rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default()
}
