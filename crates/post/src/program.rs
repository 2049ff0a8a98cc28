//! The mail program of this machine: a `mailto:` link (RFC 6068) where the letter fits into one, else the draft itself.

use std::ffi::OsStr;
use std::io;

/// The most characters of a link that every system hands over whole: Windows' command line ends at about 2,000.
const LONGEST: usize = 2000;

/// A link that opens a new message with these contents; nothing where it would be cut off.
pub fn mailto(to: &str, cc: &[String], subject: &str, body: &str) -> Option<String> {
    let copies = cc.iter().map(|copy| format!("cc={}&", encoded(copy))).collect::<String>();
    let link = format!("mailto:{}?{copies}subject={}&body={}", encoded(to), encoded(subject), encoded(&body.replace('\n', "\r\n")));
    (link.len() <= LONGEST).then_some(link)
}

/// Opens a file or a link with whatever the system opens such things with.
pub fn open(what: impl AsRef<OsStr>) -> io::Result<()> {
    open::that_detached(what)
}

/// Everything but unreserved characters and `@` as percent and two digits (RFC 6068, section 2).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_what_fits_and_nothing_that_is_not_text() {
        let link = mailto("icloudadmin@apple.com", &["a@b.example".to_owned()], "a&bcc=x@y.example", "one\ntwo").unwrap();
        assert_eq!(link, "mailto:icloudadmin@apple.com?cc=a@b.example&subject=a%26bcc%3Dx@y.example&body=one%0D%0Atwo");
        assert_eq!(mailto("a@b.example", &[], "s", &"x".repeat(2100)), None);
    }
}
