//! A reply of any bytes is taken apart, explained and escaped without panic.
#![no_main]

use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<providers::Knowledge> = LazyLock::new(|| providers::Knowledge::built_in().expect("the built-in rules"));

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    let reply = smtp::Reply::parse(raw);
    let _ = (reply.marker(), reply.txn(), reply.ip(), reply.inner(), reply.urls().count(), reply.normalised());
    let _ = smtp::escape_controls(raw);
    let _ = KNOWLEDGE.rule_for(providers::ProviderId(0), raw, smtp::Stage::Unknown);
});
