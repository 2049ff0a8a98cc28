//! The fonts that are embedded, and what becomes of characters they lack.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Noto Sans and Noto Sans Mono, under the Open Font License (assets/fonts/OFL.txt).
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 3] = [
        include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
        include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf"),
        include_bytes!("../../../assets/fonts/NotoSansMono-Regular.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// What is known of the fonts.
pub(crate) fn book() -> &'static LazyHash<FontBook> {
    &BOOK
}

/// A font by its number.
pub(crate) fn font(index: usize) -> Option<Font> {
    FONTS.get(index).cloned()
}

/// The text with every character that one of the fonts lacks written as its number; `None` where nothing had to be.
pub(crate) fn substitute(text: &str) -> Option<String> {
    if text.chars().all(is_covered) {
        return None;
    }
    let shown = |each: char| if is_covered(each) { each.to_string() } else { format!("[U+{:04X}]", u32::from(each)) };
    Some(text.chars().map(shown).collect())
}

fn is_covered(each: char) -> bool {
    each == '\n' || FONTS.iter().all(|font| font.info().coverage.contains(u32::from(each)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_lack_is_shown_by_number() {
        assert_eq!(substitute("Åse får 1 234 – “ja”, žluťoučký, Ελλάδα, почта"), None);
        assert_eq!(substitute("例え.example").as_deref(), Some("[U+4F8B][U+3048].example"));
    }
}
