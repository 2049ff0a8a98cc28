//! Message-IDs (RFC 5322, section 3.6.4). There may be millions, of which a handful are ever shown.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::num::NonZeroU64;

use foldhash::quality::FixedState;
use smtp::strip_angles;

use crate::{Said, TextId, Texts};

/// What is kept of a Message-ID: its text where a letter may quote it, else a number that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageName {
    pub(crate) begin: NameBegin,
    /// What the text ends with, from its `@` on: many end alike.
    pub(crate) end: Option<TextId>,
}

/// The place of what a Message-ID begins with, or the number that stands for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameBegin(NonZeroU64);

/// The number that stands for a Message-ID. Of a million, two are taken for one once in ten million times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(NonZeroU64);

/// The bit that tells a number that stands for a Message-ID from the place of its text.
const NO_PLACE: NonZeroU64 = NonZeroU64::MIN.saturating_add(u64::MAX >> 1);

impl MessageId {
    /// What stands for a value; some sources leave the angle brackets away.
    pub fn of(value: &[u8]) -> MessageId {
        MessageId(NO_PLACE | FixedState::with_seed(4).hash_one(strip_angles(value.trim_ascii())))
    }
}

impl MessageName {
    /// A Message-ID whose text is kept.
    pub(crate) fn kept(text: TextId) -> MessageName {
        MessageName { begin: NameBegin(text.number().into()), end: None }
    }

    /// A Message-ID of which nobody will ask more than whether it is the same as another.
    pub(crate) fn known(id: MessageId) -> MessageName {
        MessageName { begin: NameBegin(id.0), end: None }
    }

    /// What is kept of a Message-ID that a part tells of by its text or by a number: what an earlier attempt of the message
    /// told, if that is enough. Of what was taken no text is kept.
    pub(crate) fn again(
        text: Option<&[u8]>,
        known: Option<MessageName>,
        is_taken: bool,
        before: Option<MessageName>,
        texts: &mut Texts,
    ) -> Option<MessageName> {
        let known = known.filter(|name| name.kept_at().is_none());
        let id = known.map(|name| name.id(texts)).or(text.map(MessageId::of))?;
        let before = before.filter(|before| (is_taken || before.kept_at().is_some()) && before.id(texts) == id);
        before.or_else(|| Some(text.filter(|_| !is_taken).map_or(MessageName::known(id), |text| MessageName::in_two(text, texts))))
    }

    fn in_two(text: &[u8], texts: &mut Texts) -> MessageName {
        let (begin, end) = text.split_at_checked(smtp::bytes::rfind(b'@', text).unwrap_or(text.len())).unwrap_or_default();
        match (!end.is_empty()).then(|| texts.share(end)).flatten() {
            None => MessageName::kept(texts.add(text)),
            end => MessageName { end, ..MessageName::kept(texts.add(begin)) },
        }
    }

    fn kept_at(self) -> Option<TextId> {
        u32::try_from(self.begin.0.get()).ok().and_then(TextId::of_number)
    }

    /// Its text, where that is kept.
    pub fn text(self, texts: &Texts) -> Option<Cow<'_, [u8]>> {
        self.kept_at().map(|begin| texts.said(Said { begin, end: self.end }))
    }

    /// The number that stands for it.
    pub(crate) fn id(self, texts: &Texts) -> MessageId {
        self.text(texts).map_or(MessageId(self.begin.0), |text| MessageId::of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angle_brackets_make_no_difference() {
        assert_eq!(MessageId::of(b"<1@x.example>"), MessageId::of(b" 1@x.example"));
        assert_ne!(MessageId::of(b"<1@x.example>"), MessageId::of(b"<2@x.example>"));
    }

    #[test]
    fn a_text_and_its_number_are_one() {
        let mut texts = Texts::default();
        let id = MessageId::of(b"<1@x.example>");
        for text in [&b"<1@x.example>"[..], b"1@x.example"] {
            let kept = MessageName::again(Some(text), None, false, None, &mut texts).unwrap();
            assert_eq!((kept.id(&texts), kept.text(&texts).as_deref()), (id, Some(text)));
            assert_eq!(MessageName::again(Some(text), None, true, Some(kept), &mut texts), Some(kept));
        }
        let known = MessageName::again(Some(b"<1@x.example>"), None, true, None, &mut texts).unwrap();
        assert_eq!((known.id(&texts), known.text(&texts)), (id, None));
    }
}
