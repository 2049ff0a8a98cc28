//! Messages that Outlook saved (.msg): a compound file whose streams hold properties (MS-OXMSG). A non-delivery report
//! of Exchange has no MIME parts there, so its header fields and its words are put together as a mail that has.

use std::io::{Cursor, Read};

/// The first bytes of a compound file.
const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How much of a property is read.
const LONGEST: u64 = 8 << 20;

/// The properties that tell of a bounce, with the names of header fields for those that have none of their own.
const HEADERS: &str = "007D";
const BODY: &str = "1000";
const HTML: &str = "1013";
const SUBJECT: &str = "0037";
const SENDER: &str = "0C1F";
const REPORT_TEXT: &str = "1001";

/// Whether a source begins as a compound file.
pub fn is_outlook(opening: &[u8]) -> bool {
    opening.starts_with(&MAGIC)
}

/// The mail that a compound file holds, as text that a mail reader reads; nothing where it holds none.
pub fn as_mail(raw: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(raw)).ok()?;
    let headers = text(&mut file, HEADERS).unwrap_or_default();
    let words = [BODY, REPORT_TEXT].iter().filter_map(|name| text(&mut file, name)).collect::<Vec<_>>().join("\n\n");
    let (kind, words) = match words.trim().is_empty() {
        false => ("plain", words),
        true => ("html", html(&mut file)?),
    };
    let kept = without_mime(&headers);
    let own = |name: &str, property: &str, file: &mut _| {
        text(file, property).map(|value| format!("{name}: {}\r\n", value.replace(['\r', '\n'], " "))).unwrap_or_default()
    };
    let head = if kept.is_empty() { own("Subject", SUBJECT, &mut file) + &own("From", SENDER, &mut file) } else { kept };
    let head = if head.is_empty() { "Subject: \r\n".to_owned() } else { head };
    Some(format!("{head}MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n").into_bytes())
}

/// A property of text: in UTF-16 (001F), or in bytes that are taken as UTF-8 (001E).
fn text(file: &mut cfb::CompoundFile<Cursor<&[u8]>>, property: &str) -> Option<String> {
    if let Some(bytes) = stream(file, &format!("{property}001F")) {
        let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk().map(|pair| u16::from_le_bytes(*pair))).collect();
        return Some(String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned());
    }
    stream(file, &format!("{property}001E")).map(|bytes| String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned())
}

fn html(file: &mut cfb::CompoundFile<Cursor<&[u8]>>) -> Option<String> {
    stream(file, &format!("{HTML}0102")).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).or_else(|| text(file, HTML))
}

fn stream(file: &mut cfb::CompoundFile<Cursor<&[u8]>>, property: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let stream = file.open_stream(format!("/__substg1.0_{property}")).ok()?;
    stream.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The header fields without those that describe parts, which are not there any more.
fn without_mime(headers: &str) -> String {
    let (mut kept, mut keeping) = (String::new(), true);
    for line in headers.lines().filter(|line| !line.trim().is_empty()) {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            keeping = line.contains(':') && !name.starts_with("content-") && name != "mime-version";
        }
        if keeping {
            kept.push_str(line);
            kept.push_str("\r\n");
        }
    }
    kept
}
