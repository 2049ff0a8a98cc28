//! See `laws::cuts`.
#![no_main]

#[path = "../laws.rs"]
#[allow(dead_code, reason = "every target has one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::cuts(input));
