//! Which message an attempt is of: messages are numbered in the order in which they are first seen.

use std::hash::BuildHasher;

use evidence::Key;
use foldhash::quality::FixedState;
use hashbrown::HashTable;

use crate::MessageRef;
use crate::pages::Pages;

/// The messages of a ledger.
///
/// A message is told by 64 bits of its id, its host and where it began: of a million messages, two are taken for one
/// once in thirty million times.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    names: Pages<u64>,
    index: HashTable<u32>,
}

impl Messages {
    /// The number of the message with an id on a host that began at a position.
    pub fn number(&mut self, key: Key, born: u64) -> MessageRef {
        let name = FixedState::with_seed(3).hash_one((key, born));
        if let Some(known) = self.index.find(name, |known| self.names.get(*known as usize) == Some(&name)) {
            return MessageRef(*known);
        }
        let next = self.names.len() as u32;
        self.names.push(name);
        let names = &self.names;
        self.index.insert_unique(name, next, |known| names.get(*known as usize).copied().unwrap_or_default());
        MessageRef(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_number_and_a_reused_id_gets_another() {
        let mut messages = Messages::default();
        let key = |id: &[u8]| Key::new(7, id).unwrap();
        let first = messages.number(key(b"4D2F09CE4FB"), 10);
        let again = messages.number(key(b"4D2F09CE4FB"), 90);
        assert_eq!((first, again), (MessageRef(0), MessageRef(1)));
        for number in 0..5000_u64 {
            messages.number(key(&number.to_le_bytes()), 0);
        }
        assert_eq!((messages.number(key(b"4D2F09CE4FB"), 10), messages.number(key(b"4D2F09CE4FB"), 90)), (first, again));
    }
}
