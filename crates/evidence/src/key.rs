//! What names a message while it is in a queue: a host and the id that the host gave it.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::FixedState;

/// An odd number whose bits are as good as random: the golden ratio's.
pub(crate) const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The longest id that is kept.
const LONGEST_ID: usize = 24;

/// A host's id of a message: 128 bits made of the host's hash and the id itself, or the id's hash where it is of an
/// uncommon length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u64; 2]);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.number());
    }
}

impl Key {
    /// The key of an id on a host that [`Key::host`] has hashed; nothing for an id that no server would give.
    #[inline]
    pub fn new(host: u64, id: &[u8]) -> Option<Key> {
        // Of 8 to 16 bytes the first and the last eight are all of them; of up to 24 there is a middle.
        let [first, last] = match (id.first_chunk(), id.last_chunk()) {
            _ if id.len() > LONGEST_ID => return None,
            (Some(first), Some(last)) => {
                let middle = id.get(8..16).and_then(|middle| middle.first_chunk()).filter(|_| id.len() > 16);
                let middle = middle.map_or(0, |middle| u64::from_le_bytes(*middle)).wrapping_mul(MIX);
                [u64::from_le_bytes(*first) ^ middle, u64::from_le_bytes(*last) ^ middle.rotate_left(29)]
            }
            _ => [1, 2].map(|seed| FixedState::with_seed(seed).hash_one(id)),
        };
        Some(Key([first ^ host, last ^ host.rotate_left(32) ^ (id.len() as u64).rotate_right(5)]))
    }

    /// The key of an id of any length, such as a Message-ID.
    pub fn of_text(host: u64, id: &[u8]) -> Key {
        let [first, last] = [1, 2].map(|seed| FixedState::with_seed(seed).hash_one(id));
        Key([first ^ host, last ^ host.rotate_left(32)])
    }

    /// The key as one number.
    pub fn number(self) -> u128 {
        let Key([first, last]) = self;
        u128::from(first) << 64 | u128::from(last)
    }

    /// A number that stands for a host's name.
    pub fn host(name: &[u8]) -> u64 {
        FixedState::with_seed(0).hash_one(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_byte_is_another_key() {
        for length in 1..=LONGEST_ID {
            let id = vec![b'A'; length];
            assert_ne!(Key::new(1, &id), Key::new(2, &id));
            for at in 0..length {
                let mut other = id.clone();
                other[at] = b'B';
                assert_ne!(Key::new(1, &id), Key::new(1, &other), "{at} of {length}");
            }
        }
        assert_eq!(Key::new(1, &[b'A'; LONGEST_ID + 1]), None);
    }
}
