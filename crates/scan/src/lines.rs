//! Lines out of blocks: a line that a block cuts is put together, one that never ends is counted and let go.

use diagnosis::Part;
use smtp::bytes::{Places, places};

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
    /// How the last line that was looked at began.
    beginning: Option<[u8; 8]>,
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
        let sought = self.seek.map(|seek| seek.places(block)).unwrap_or_default();
        let is_inside = !until(self.start + block.len() as u64, b"");
        if self.seek.is_some() && sought.is_empty() && !self.was_read && is_inside {
            from = self.pass_over(block, from, ends, part);
            self.hold(block.get(from..).unwrap_or_default());
            return None;
        }
        let mut sought = sought.into_iter().peekable();
        for end in ends {
            let line = block.get(from..end).unwrap_or_default();
            if until(self.start, line) {
                return Some(from);
            }
            match self.seek {
                None => part.line(line, self.start),
                Some(_) => {
                    let mut holds = false;
                    while sought.next_if(|place| *place < end).is_some() {
                        holds = true;
                    }
                    self.take(holds, line, part);
                }
            }
            self.start += line.len() as u64 + 1;
            from = end + 1;
        }
        self.hold(block.get(from..).unwrap_or_default());
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

    /// Passes over the lines of a block of which none holds what is looked for, and says where the last one ends.
    ///
    /// A line that begins as the one before, which is at least the same day where stamps name no year, says nothing new
    /// of the time. The last line is looked at in any case.
    fn pass_over(&mut self, block: &[u8], mut from: usize, ends: Places<'_>, part: &mut Part<'_, '_>) -> usize {
        let (mut passed, mut last) = (0, None);
        for end in ends {
            let line = block.get(from..end).unwrap_or_default();
            if line.first_chunk() != self.beginning.as_ref() {
                part.passed(std::mem::take(&mut passed));
                self.take(false, line, part);
                // JSON is read, however it begins.
                self.beginning = line.first_chunk().copied().filter(|beginning| !beginning.starts_with(b"{"));
                last = None;
            } else {
                passed += 1;
                last = Some(line);
            }
            self.start += line.len() as u64 + 1;
            from = end + 1;
        }
        if let Some(line) = last {
            part.passed(passed - 1);
            part.pass(line);
        }
        from
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
