//! `journalctl -o export` becomes a line for each entry, as `-o json` writes it.
//!
//! An entry is a field a line and ends at an empty line; a field that holds other bytes than text stands as its name, a
//! length of eight bytes and so many bytes (systemd's "Journal Export Formats").

use std::io::{self, BufRead, BufReader, Read};

/// The fields that reading asks for.
const WANTED: [&[u8]; 5] = [b"_HOSTNAME", b"SYSLOG_IDENTIFIER", b"_SOURCE_REALTIME_TIMESTAMP", b"__REALTIME_TIMESTAMP", b"MESSAGE"];

/// The longest field that is kept; no mail server writes such a line.
const LONGEST: u64 = 1 << 20;

/// Whether a source begins like an export.
pub(crate) fn is_export(opening: &[u8]) -> bool {
    opening.starts_with(b"__CURSOR=") || opening.starts_with(b"__REALTIME_TIMESTAMP=")
}

/// Lays each entry on a line of its own.
pub(crate) struct Entries<R> {
    inner: BufReader<R>,
    line: Vec<u8>,
    given: usize,
}

impl<R: Read> Entries<R> {
    pub(crate) fn new(inner: R) -> Entries<R> {
        Entries { inner: BufReader::new(inner), line: Vec::new(), given: 0 }
    }

    /// Reads the next entry into `line`; at the end of the source it stays empty.
    fn entry(&mut self) -> io::Result<()> {
        self.line.clear();
        self.given = 0;
        while let Some((name, value)) = field(&mut self.inner)? {
            if name.is_empty() {
                if self.line.is_empty() {
                    continue;
                }
                break;
            }
            if WANTED.contains(&name.as_slice()) {
                self.line.push(if self.line.is_empty() { b'{' } else { b',' });
                put(&mut self.line, &name);
                self.line.push(b':');
                put(&mut self.line, &value);
            }
        }
        if !self.line.is_empty() {
            self.line.extend_from_slice(b"}\n");
        }
        Ok(())
    }
}

/// The next field; an empty name stands for the end of an entry, and nothing for the end of the source.
fn field(inner: &mut impl BufRead) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut line = Vec::new();
    if inner.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    if line.is_empty() {
        return Ok(Some((Vec::new(), Vec::new())));
    }
    if let Some(equals) = memchr::memchr(b'=', line) {
        let (name, value) = line.split_at_checked(equals).unwrap_or_default();
        return Ok(Some((name.to_vec(), value.get(1..).unwrap_or_default().to_vec())));
    }
    let mut length = [0; 8];
    inner.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut value = Vec::new();
    inner.by_ref().take(length.min(LONGEST)).read_to_end(&mut value)?;
    // What is too long is passed over, and so is the line's end behind it.
    io::copy(&mut inner.by_ref().take(length.saturating_sub(LONGEST).saturating_add(1)), &mut io::sink())?;
    Ok(Some((line.to_vec(), value)))
}

/// A JSON string, or an array of numbers for bytes that are no text.
fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.extend(serde_json::Value::from(text).to_string().bytes()),
        Err(_) => out.extend(serde_json::Value::from(bytes).to_string().bytes()),
    }
}

impl<R: Read> Read for Entries<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.len() {
            self.entry()?;
        }
        let rest = self.line.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(from), Some(to)) = (rest.get(..count), buffer.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(export: &[u8]) -> Vec<String> {
        let mut out = String::new();
        let _ = Entries::new(export).read_to_string(&mut out);
        out.lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_entry_gets_a_line() {
        let mut export = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1789228152650438\n_HOSTNAME=mail\nSYSLOG_IDENTIFIER=postfix/smtp\nMESSAGE=a \"b\"\n\n".to_vec();
        export.extend_from_slice(b"\n__CURSOR=s=2\nMESSAGE\n\x03\0\0\0\0\0\0\0a\n\xff\n_PID=1\n\n");
        assert!(is_export(&export) && !is_export(b"__OTHER=1"));
        assert_eq!(
            lines(&export),
            [
                r#"{"__REALTIME_TIMESTAMP":"1789228152650438","_HOSTNAME":"mail","SYSLOG_IDENTIFIER":"postfix/smtp","MESSAGE":"a \"b\""}"#,
                r#"{"MESSAGE":[97,10,255]}"#
            ]
        );
        for cut in 0..export.len() {
            let _ = lines(export.get(..cut).unwrap());
        }
        assert_eq!(lines(b"__CURSOR=x\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff"), ["{\"MESSAGE\":\"\"}"]);
    }
}
