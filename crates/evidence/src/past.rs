//! What the parts before one know of the messages in the queue.
//!
//! A part of a file knows only what was said inside it. What it says of an id that was open before it began stays
//! relative to the [`Past`], and is made absolute when the parts are put together in file order: so the cuts between
//! parts change nothing.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::{Birth, Join, Key, Origin, Owner};

/// What is known of the messages that were in the queue when a part began.
#[derive(Debug, Default)]
pub struct Past {
    open: HashMap<Key, Remembered, RandomState>,
}

/// A message that is in the queue; its texts lie in one piece of memory, one behind the other.
#[derive(Clone, Debug)]
struct Remembered {
    birth: u64,
    sender: Option<u32>,
    message_id: Option<u32>,
    origin: Option<Origin<()>>,
    texts: Box<[u8]>,
}

impl Remembered {
    fn new(birth: u64, owner: Owner<'_>) -> Remembered {
        let length = |text: Option<&[u8]>| text.map(|text| text.len() as u32);
        let name = owner.origin.map(Origin::name).unwrap_or_default();
        let texts = [owner.sender.unwrap_or_default(), owner.message_id.unwrap_or_default(), name].concat();
        Remembered {
            birth,
            sender: length(owner.sender),
            message_id: length(owner.message_id),
            origin: owner.origin.map(|origin| origin.map(|_| ())),
            texts: texts.into_boxed_slice(),
        }
    }

    fn sender(&self) -> Option<&[u8]> {
        self.texts.get(..self.sender? as usize)
    }

    fn message_id(&self) -> Option<&[u8]> {
        let start = self.sender.unwrap_or(0) as usize;
        self.texts.get(start..start + self.message_id? as usize)
    }

    fn origin(&self) -> Option<Origin<&[u8]>> {
        let start = self.sender.unwrap_or(0) + self.message_id.unwrap_or(0);
        let name = self.texts.get(start as usize..)?;
        self.origin.map(|origin| origin.map(|()| name))
    }
}

impl Past {
    /// Where a message of the next part began, and all that is known of it.
    pub fn resolve<'a>(&'a self, key: &Key, owner: Owner<'a>) -> (u64, Owner<'a>) {
        let seen = match owner.birth {
            Birth::At(position) => return (position, owner),
            Birth::Before(position) => position,
        };
        let before = self.open.get(key);
        let birth = before.map_or(seen, |open| open.birth);
        let sender = owner.sender.or_else(|| before?.sender());
        let message_id = owner.message_id.or_else(|| before?.message_id());
        let origin = owner.origin.or_else(|| before?.origin());
        (birth, Owner { sender, message_id, origin, ..owner })
    }

    /// Takes in what a part, the next in file order, knew at its end.
    pub fn absorb(&mut self, part: &Join) {
        for (key, owner) in part.messages() {
            match owner {
                Some(owner) => {
                    let (birth, owner) = self.resolve(key, owner);
                    let next = Remembered::new(birth, owner);
                    self.open.insert(*key, next);
                }
                None => drop(self.open.remove(key)),
            }
        }
    }

    /// How many messages are in the queue.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether the queue is empty.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}
