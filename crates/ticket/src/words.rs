//! The words of the client's report, in the reader's language: the catalogues of `assets/locales`, read by Fluent.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The languages that a report can be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Swedish.
    Swedish,
    /// Dutch.
    Dutch,
}

impl Language {
    /// The language of a tag, as in `sv`.
    pub fn of(tag: &str) -> Option<Language> {
        [Language::English, Language::Swedish, Language::Dutch].into_iter().find(|language| language.tag() == tag)
    }

    /// The tag, as in `sv`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Swedish => "sv",
            Language::Dutch => "nl",
        }
    }

    /// What stands between groups of three digits.
    fn group(self) -> char {
        match self {
            Language::English => ',',
            Language::Swedish => '\u{a0}',
            Language::Dutch => '.',
        }
    }

    fn catalogues(self) -> [&'static str; 2] {
        match self {
            Language::English => [include_str!("../../../assets/locales/en/window.ftl"), include_str!("../../../assets/locales/en/report.ftl")],
            Language::Swedish => [include_str!("../../../assets/locales/sv/window.ftl"), include_str!("../../../assets/locales/sv/report.ftl")],
            Language::Dutch => [include_str!("../../../assets/locales/nl/window.ftl"), include_str!("../../../assets/locales/nl/report.ftl")],
        }
    }

    /// A number with its groups, as in `12,431`.
    pub fn number(self, number: u64) -> String {
        crate::thousands(number).replace(',', &self.group().to_string())
    }
}

/// The messages of one language.
pub struct Words {
    /// The language.
    pub language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    pub fn new(language: Language) -> Words {
        let mut bundle = FluentBundle::new(vec![language.tag().parse::<LanguageIdentifier>().unwrap_or_default()]);
        bundle.set_use_isolating(false);
        for catalogue in language.catalogues() {
            // A catalogue with a fault still holds all its other messages; a test reads each of them.
            let resource = FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        bundle.set_formatter(Some(match language {
            Language::English => |value, _| grouped(value, Language::English),
            Language::Swedish => |value, _| grouped(value, Language::Swedish),
            Language::Dutch => |value, _| grouped(value, Language::Dutch),
        }));
        Words { language, bundle }
    }

    /// A message without arguments.
    pub fn say(&self, id: &str) -> String {
        self.tell(id, &[])
    }

    /// A message with arguments; its name where there is no such message.
    pub fn tell(&self, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else { return id.to_owned() };
        let mut given = FluentArgs::new();
        for (name, value) in arguments {
            given.set(*name, value.clone());
        }
        self.bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }

    /// Whether there is such a message.
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// A number with its groups.
    pub fn number(&self, number: u64) -> String {
        self.language.number(number)
    }
}

/// Whole numbers get their groups; everything else is Fluent's business.
fn grouped(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value >= 0.0 && number.value.fract() == 0.0 => Some(language.number(number.value as u64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(catalogue: &str) -> Vec<&str> {
        catalogue.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())).filter_map(|line| line.split(" =").next()).collect()
    }

    #[test]
    fn every_message_is_there_in_every_language() {
        let english = names(Language::English.catalogues()[1]);
        assert!(english.len() > 80);
        for language in [Language::English, Language::Swedish, Language::Dutch] {
            let words = Words::new(language);
            assert_eq!(names(language.catalogues()[1]), english, "{language:?}");
            assert!(english.iter().all(|name| words.has(name)), "{language:?}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let said = |language| Words::new(language).tell("report-short-counts", &[("refused", 12_431.into()), ("tried", 12_500.into()), ("since", "x".into())]);
        assert!(said(Language::English).starts_with("12,431 of 12,500 messages"), "{}", said(Language::English));
        assert!(said(Language::Swedish).starts_with("12\u{a0}431 av 12\u{a0}500 meddelanden"));
        assert!(said(Language::Dutch).starts_with("12.431 van 12.500 berichten"));
        assert!(Words::new(Language::English).tell("report-short-counts", &[("refused", 1.into())]).starts_with("One message"));
    }
}
