//! Names in other scripts: whether they mix scripts as a forgery does, or look like another name (UTS 39, section 5.2).

use unicode_security::confusable_detection::skeleton;
use unicode_security::{GeneralSecurityProfile, RestrictionLevel, RestrictionLevelDetection};

use crate::check::{AskedBy, Check, Row, Severity};

const IDN: Row = Row { id: "names.look_alike", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };

/// The check of all names that a sender shows; each is compared with the sender's own domain.
pub(crate) fn check(names: &[String], own: &str) -> Check {
    let foreign: Vec<(&String, String)> = names.iter().map(|name| (name, idna::domain_to_unicode(name).0)).filter(|(_, shown)| !shown.is_ascii()).collect();
    if foreign.is_empty() {
        return IDN.pass(own, "All names are written in plain letters.");
    }
    let faults: Vec<String> = foreign.iter().filter_map(|(name, shown)| Some(format!("{shown} ({name}): {}", fault(shown, own)?))).collect();
    match faults.is_empty() {
        true => IDN.pass(own, "Names in other scripts are written in one script each."),
        false => {
            IDN.fail(own, format!("Names that look like a forgery: {}.", faults.join("; "))).remedy("Send under a name in one script, or in plain letters.")
        }
    }
}

/// What is suspicious about a name as people see it. Scripts are compared label by label: a name in one script stands
/// below a top label in another.
fn fault(shown: &str, own: &str) -> Option<&'static str> {
    if skeleton(shown).eq(skeleton(own)) && shown != own {
        return Some("it looks like the sender's own domain");
    }
    shown.split('.').filter(|label| !label.is_ascii()).find_map(|label| match () {
        () if !label.chars().all(|each| each == '-' || each.identifier_allowed()) => Some("it holds signs that are not allowed in names"),
        () if label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive => Some("it mixes scripts"),
        () if skeleton(label).all(|each| each.is_ascii()) => Some("every sign of it looks like a plain letter"),
        () => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;

    #[test]
    fn forgeries_are_told_from_honest_names() {
        let status = |name: &str| check(&[idna::domain_to_ascii(name).unwrap()], "northwind.example").status;
        for name in ["northwind.example", "räksmörgås.example", "食狮.example", "почта.example", "m-n.example"] {
            assert_eq!(status(name), Status::Pass, "{name}");
        }
        // The first has a Cyrillic "а", the second is all Cyrillic.
        for name in ["p\u{430}ypal.example", "\u{430}\u{440}\u{440}\u{4cf}\u{435}.com"] {
            assert_eq!(status(name), Status::Fail, "{name}");
        }
    }
}
