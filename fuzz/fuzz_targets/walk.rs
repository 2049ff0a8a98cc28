//! See `records::walk`.
#![no_main]

#[path = "../records.rs"]
#[allow(dead_code, reason = "every target has one of the laws")]
mod records;

libfuzzer_sys::fuzz_target!(|input: &[u8]| records::walk(input));
