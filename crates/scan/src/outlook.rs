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

#[cfg(test)]
mod tests {
    use evidence::Stamp;
    use evidence::bounce::{Aside, Bounce, read};

    use super::*;

    fn bounce(raw: &[u8]) -> Bounce {
        read(&as_mail(raw).unwrap()).unwrap()
    }

    /// A message as Outlook saves it, with these properties.
    fn msg(properties: &[(&str, Vec<u8>)]) -> Vec<u8> {
        use std::io::Write;
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in properties {
            file.create_stream(format!("/__substg1.0_{name}")).unwrap().write_all(bytes).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn what_outlook_saved_is_read() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let headers = "From: Microsoft Outlook <MicrosoftExchange329e@northwind.example>\r\nTo: maria@northwind.example\r\nDate: Sat, 3 Oct 2026 09:14:09 +0000\r\nMessage-ID: <ndr1@northwind.example>\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=x\r\n";
        let words = "Diagnostic information for administrators:\r\n\r\nGenerating server: EX1.northwind.example\r\n\r\nanna@icloud.com\r\nRemote Server returned '554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137'";
        let found = bounce(&msg(&[("007D001F", wide(headers)), ("1000001F", wide(words))]));
        let [failure] = found.failures.as_slice() else { panic!("{found:?}") };
        assert_eq!(failure.recipient.as_deref(), Some("anna@icloud.com"));
        assert_eq!(
            failure.reply.as_deref(),
            Some("554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137")
        );
        assert_eq!(found.stamp, Stamp::rfc3339(b"2026-10-03T09:14:09Z").map(|(stamp, _)| stamp));
        let html = format!("<html><body><p>{}</p></body></html>", words.replace("\r\n\r\n", "</p><p>"));
        let found = bounce(&msg(&[("0037001E", b"Undeliverable: hello".to_vec()), ("10130102", html.into_bytes())]));
        assert_eq!(found.failures.len(), 1);
        assert_eq!(bounce(&msg(&[("0037001F", wide("hello")), ("1000001F", wide("See you."))])).aside, Some(Aside::NoBounce));
        let whole = msg(&[("007D001F", wide(headers)), ("1000001F", wide(words))]);
        for end in (0..whole.len()).step_by(7) {
            let _ = as_mail(whole.get(..end).unwrap());
        }
    }
}
