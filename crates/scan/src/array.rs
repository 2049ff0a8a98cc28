//! A JSON array of objects, as mailcow's API gives its logs, becomes a line for each object.

use std::io::{self, Read};

/// Whether a source begins like an array of objects.
pub(crate) fn is_array(opening: &[u8]) -> bool {
    let text = opening.strip_prefix(b"\xef\xbb\xbf").unwrap_or(opening).trim_ascii_start();
    text.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
}

/// Lays each object of an array on a line of its own; what is in strings is left alone.
pub(crate) struct Objects<R> {
    inner: R,
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl<R: Read> Objects<R> {
    pub(crate) fn new(inner: R) -> Objects<R> {
        Objects { inner, depth: 0, in_string: false, escaped: false }
    }

    /// What stands for a byte: itself, a line's end between objects, a space for a line's end inside of one.
    fn shown(&mut self, byte: u8) -> u8 {
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return byte;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' => self.depth += 1,
            b'}' => self.depth = self.depth.saturating_sub(1),
            b'[' | b']' | b',' | b' ' | b'\t' if self.depth == 0 => return b'\n',
            b'\n' | b'\r' if self.depth > 0 => return b' ',
            _ => {}
        }
        byte
    }
}

impl<R: Read> Read for Objects<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for byte in buffer.iter_mut().take(read) {
            *byte = self.shown(*byte);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_gets_a_line() {
        let text = "[{\"a\": \"x, {y}\\\"\",\n \"b\": [1,2]},\n{\"c\": {}}]";
        assert!(is_array(text.as_bytes()) && !is_array(b"[2026]") && !is_array(b"{}"));
        let mut out = String::new();
        Objects::new(text.as_bytes()).read_to_string(&mut out).unwrap();
        let lines: Vec<&str> = out.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["{\"a\": \"x, {y}\\\"\",  \"b\": [1,2]}", "{\"c\": {}}"]);
    }
}
