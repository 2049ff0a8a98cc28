//! A line in any envelope is read without panic, and has one class.
#![no_main]

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    let mut opener = evidence::envelope::Opener::default();
    if let Some(record) = opener.open(evidence::envelope::trim(line)) {
        let _ = evidence::family::repeated(&record);
        let _ = evidence::family::read(&record).class();
    }
    let record = evidence::Record { program: b"postfix/smtp", message: line, ..Default::default() };
    let _ = evidence::family::read(&record).class();
});
