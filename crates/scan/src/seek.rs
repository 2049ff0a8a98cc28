//! Looking for words: only the lines that hold one are read, the others are passed over.

use memchr::memmem::Finder;

/// What is looked for, such as the id of a message.
#[derive(Debug)]
pub struct Seek {
    words: Vec<Finder<'static>>,
}

impl Seek {
    /// Words that a line must hold one of to be read.
    pub fn new(words: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Seek {
        Seek { words: words.into_iter().map(|word| Finder::new(word.as_ref()).into_owned()).collect() }
    }

    /// Whether a text holds a word.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        self.words.iter().any(|word| word.find(text).is_some())
    }

    /// Where words stand in a block, in order.
    pub(crate) fn places(&self, block: &[u8]) -> Vec<usize> {
        let mut places: Vec<usize> = self.words.iter().flat_map(|word| word.find_iter(block)).collect();
        places.sort_unstable();
        places
    }
}
