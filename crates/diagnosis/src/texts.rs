//! Each text once: senders, hosts and replies repeat a thousandfold.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use smtp::bytes::same;

use crate::Said;

/// A text's place in [`Texts`]; no place and a place take the same four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(NonZeroU32);

/// How long the last word of an acceptance must be to be an id that no other one ends with.
const SHORTEST_END: usize = 6;

/// How many texts may be kept apart from what follows or precedes them: those that share nothing are kept whole.
const MOST_SHARED: usize = 4096;

/// A store that keeps each text once.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each text ends, in the lower half of the number.
    ends: Vec<u32>,
    /// The texts that are the first to end behind each 4 GiB: next to no evidence has one.
    turns: Vec<usize>,
    index: HashTable<u32>,
    state: RandomState,
    /// How many texts were kept because others may share them.
    shared: usize,
}

impl TextId {
    /// The text's number in the order in which texts were first kept.
    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    fn at(index: u32) -> TextId {
        TextId(NonZeroU32::MIN.saturating_add(index))
    }

    /// The place as a number.
    pub(crate) fn number(self) -> NonZeroU32 {
        self.0
    }

    /// The place that is a number.
    pub(crate) fn of_number(number: u32) -> Option<TextId> {
        NonZeroU32::new(number).map(TextId)
    }
}

impl Texts {
    /// The place of a text, kept now if it was not there.
    pub fn keep(&mut self, text: &[u8]) -> TextId {
        let hash = self.state.hash_one(text);
        if let Some(known) = self.find(hash, text) {
            return known;
        }
        let kept = Kept { bytes: &self.bytes, ends: &self.ends, turns: &self.turns };
        let (index, state) = (kept.ends.len() as u32, &self.state);
        self.index.insert_unique(hash, index, |index| state.hash_one(kept.text(*index as usize)));
        self.add(text)
    }

    fn find(&self, hash: u64, text: &[u8]) -> Option<TextId> {
        let kept = self.kept();
        self.index.find(hash, |index| kept.text(*index as usize) == text).map(|known| TextId::at(*known))
    }

    fn kept(&self) -> Kept<'_> {
        Kept { bytes: &self.bytes, ends: &self.ends, turns: &self.turns }
    }

    /// The place of a text that others may share, as long as there are not too many of these.
    pub(crate) fn share(&mut self, text: &[u8]) -> Option<TextId> {
        let known = self.find(self.state.hash_one(text), text);
        if known.is_none() && self.shared < MOST_SHARED {
            self.shared += 1;
            return Some(self.keep(text));
        }
        known
    }

    /// The place of a text that is new, or of which it does not matter whether it is kept twice.
    pub fn add(&mut self, text: &[u8]) -> TextId {
        let index = self.ends.len();
        let turns = |length: usize| length >> 32;
        if turns(self.bytes.len() + text.len()) > turns(self.bytes.len()) {
            self.turns.push(index);
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        TextId::at(index as u32)
    }

    /// The place of a text that may be the one at another place.
    pub fn keep_again(&mut self, text: &[u8], before: Option<TextId>) -> TextId {
        self.again(text, before).unwrap_or_else(|| self.keep(text))
    }

    /// The place of a text that is new unless it is the one at another place.
    pub fn add_unless(&mut self, text: &[u8], before: Option<TextId>) -> TextId {
        self.again(text, before).unwrap_or_else(|| self.add(text))
    }

    fn again(&self, text: &[u8], before: Option<TextId>) -> Option<TextId> {
        before.filter(|before| same(self.text(*before), text))
    }

    /// The text at a place.
    pub fn text(&self, id: TextId) -> &[u8] {
        self.kept().text(id.index())
    }

    /// The words of a reply.
    pub fn said(&self, said: Said) -> Cow<'_, [u8]> {
        match said.end {
            None => Cow::Borrowed(self.text(said.begin)),
            Some(end) => Cow::Owned([self.text(said.begin), self.text(end)].concat()),
        }
    }

    /// Keeps the words with which a receiver took a message: what begins many of them once, and what ends them apart.
    pub(crate) fn keep_said(&mut self, words: &[u8]) -> Said {
        let place = words.iter().rposition(|byte| *byte == b' ').map_or(0, |space| space + 1);
        let (begin, end) = words.split_at_checked(place).unwrap_or_default();
        let is_id = end.len() >= SHORTEST_END && end.iter().any(u8::is_ascii_digit);
        match is_id.then(|| self.share(begin)).flatten() {
            Some(begin) => Said { begin, end: Some(self.add(end)) },
            None => Said::whole(self.add(words)),
        }
    }

    /// The text at a place, for people: what is not UTF-8 becomes U+FFFD.
    pub fn string(&self, id: TextId) -> String {
        String::from_utf8_lossy(self.text(id)).into_owned()
    }
}

/// What a store's places are in another one: each text is looked for once.
pub(crate) struct Translation<'t> {
    from: &'t Texts,
    places: Vec<Option<TextId>>,
}

impl<'t> Translation<'t> {
    /// A translation of a store's places that has translated nothing yet.
    pub fn of(from: &'t Texts) -> Translation<'t> {
        Translation { from, places: vec![None; from.ends.len()] }
    }

    /// The store that is translated.
    pub fn from(&self) -> &'t Texts {
        self.from
    }

    /// The text itself.
    pub fn text(&self, id: TextId) -> &'t [u8] {
        self.from.text(id)
    }

    /// The place in the other store, where the text is kept now if it was not there.
    pub fn place(&mut self, id: TextId, to: &mut Texts) -> TextId {
        match self.places.get_mut(id.index()) {
            Some(place) => *place.get_or_insert_with(|| to.keep(self.from.text(id))),
            None => to.keep(b""),
        }
    }
}

/// What a store holds, while its index is looked through.
#[derive(Clone, Copy)]
struct Kept<'a> {
    bytes: &'a [u8],
    ends: &'a [u32],
    turns: &'a [usize],
}

impl<'a> Kept<'a> {
    fn text(self, index: usize) -> &'a [u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.end(before));
        self.bytes.get(start..self.end(index)).unwrap_or_default()
    }

    fn end(self, index: usize) -> usize {
        let turns = self.turns.partition_point(|first| *first <= index);
        turns << 32 | self.ends.get(index).copied().unwrap_or_default() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_behind_four_gibibytes_are_told_apart() {
        let (bytes, ends) = ([], [7, 2, 9]);
        let kept = Kept { bytes: &bytes, ends: &ends, turns: &[1] };
        assert_eq!([0, 1, 2].map(|index| kept.end(index)), [7, (1 << 32) + 2, (1 << 32) + 9]);
    }

    #[test]
    fn acceptances_share_what_begins_them() {
        let mut texts = Texts::default();
        let said = ["250 2.0.0 Ok: queued as 4D2F09CE4F1", "250 2.0.0 Ok: queued as 4D2F09CE4F2"].map(|words| texts.keep_said(words.as_bytes()));
        assert_eq!((said[0].begin, said.map(|said| said.end.is_some())), (said[1].begin, [true; 2]));
        for words in ["250 ok", "", "250 Queued mail for delivery", "4D2F09CE4F1", "250 2.0.0 Ok: queued as 4D2F09CE4F3"] {
            let said = texts.keep_said(words.as_bytes());
            assert_eq!(texts.said(said), words.as_bytes());
        }
        let whole: Vec<Said> =
            (0..5000).map(|number| texts.keep_said(format!("250 {number} qp 1234567").as_bytes())).filter(|said| said.end.is_none()).collect();
        assert!(whole.len() > 900 && texts.shared == MOST_SHARED);
    }

    #[test]
    fn a_text_is_kept_once() {
        let mut texts = Texts::default();
        let (a, empty, b) = (texts.keep(b"a"), texts.keep(b""), texts.keep(b"b"));
        assert_eq!(texts.keep(b"a"), a);
        assert_eq!((texts.text(a), texts.text(empty), texts.text(b)), (&b"a"[..], &b""[..], &b"b"[..]));
    }
}
