//! A rule file of any text is refused or taken without panic, and what was known stays known.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut knowledge = providers::Knowledge::built_in().expect("the built-in rules");
    let before = knowledge.rules().count();
    let _ = knowledge.add("fuzz.toml", text);
    assert!(knowledge.rules().count() >= before);
});
