//! DMARC aggregate reports (RFC 9990) dropped beside a log: who signed the domain's mail, and under which selectors.
//!
//! Nothing else of a report is read or kept: its counts are of receivers that send reports, and Apple sends none.

use std::collections::BTreeSet;

use bstr::ByteSlice;
use quick_xml::Reader;
use quick_xml::events::Event;

/// How many signers are kept of a report.
const MOST_SIGNERS: usize = 100;

/// The signers that a report names, each as selector and domain; nothing where a text is no report. A report that breaks
/// off tells what stands before its end.
pub fn read(text: &[u8]) -> Option<BTreeSet<(String, String)>> {
    let start = text.get(..text.len().min(4096))?;
    if !(start.contains_str("<feedback") && start.contains_str("<report_metadata")) {
        return None;
    }
    let text = String::from_utf8_lossy(text);
    let mut reader = Reader::from_str(&text);
    let (mut path, mut found) = (Vec::<String>::new(), BTreeSet::new());
    let (mut selector, mut domain) = (String::new(), String::new());
    while found.len() < MOST_SIGNERS {
        match reader.read_event() {
            Ok(Event::Start(tag)) => path.push(tag.local_name().as_ref().to_owned()),
            Ok(Event::End(_)) => {
                if is_at(&path, "auth_results", "dkim") && !selector.is_empty() && !domain.is_empty() {
                    found.insert((std::mem::take(&mut selector), std::mem::take(&mut domain)));
                }
                path.pop();
            }
            Ok(Event::Text(text)) => {
                let word = text.trim().to_ascii_lowercase();
                match () {
                    () if is_at(&path, "dkim", "selector") => selector = word,
                    () if is_at(&path, "dkim", "domain") => domain = word,
                    () => {}
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    Some(found)
}

fn is_at(path: &[String], outer: &str, inner: &str) -> bool {
    matches!(path, [.., before, last] if before == outer && last == inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>receiver.example</org_name></report_metadata><record><row><source_ip>203.0.113.25</source_ip></row><auth_results><dkim><domain>Northwind.example</domain><selector>s2026</selector><result>pass</result></dkim><dkim><domain>sendwell.example</domain><result>pass</result></dkim><spf><domain>northwind.example</domain></spf></auth_results></record></feedback>";

    #[test]
    fn reports_name_signers() {
        assert_eq!(read(REPORT.as_bytes()), Some(BTreeSet::from([("s2026".to_owned(), "northwind.example".to_owned())])));
        for cut in 0..REPORT.len() {
            let _ = read(REPORT.as_bytes().get(..cut).unwrap());
        }
        assert_eq!((read(b""), read(b"<feedback>"), read(b"<a><b></a>")), (None, None, None));
    }
}
