//! What the log shows of the way to the provider: where mail left from, in whose name, and whether it was protected.

use std::net::IpAddr;

use crate::check::{AskedBy, Check, Row, Severity};
use crate::org_domain;
use crate::subject::{Seen, Sender, Tls};

const SOURCES: Row = Row { id: "log.sources", severity: Severity::Medium, asked_by: &[AskedBy::Apple] };
const TLS: Row = Row { id: "log.tls", severity: Severity::Medium, asked_by: &[AskedBy::Gmail] };

/// How many names a sentence holds.
const MOST_NAMED: usize = 4;

const NO_LOG: &str = "A log shows it: add one.";

/// The checks of what the log shows.
pub(crate) fn checks(subject: &Sender) -> [Check; 2] {
    match &subject.seen {
        None => [SOURCES.unknown(&subject.domain, NO_LOG), TLS.unknown(&subject.domain, NO_LOG)],
        Some(seen) => [sources(subject, seen), tls(&subject.domain, &seen.tls)],
    }
}

/// Whether mail left only from where, and in whose name, the sender says.
fn sources(subject: &Sender, seen: &Seen) -> Check {
    let strangers: Vec<&IpAddr> = seen.ips.iter().filter(|ip| smtp::is_public(**ip) && !subject.ips.contains(ip)).collect();
    let own = org_domain(&subject.domain).unwrap_or(&subject.domain);
    let mut others: Vec<&str> =
        seen.domains.iter().map(|domain| org_domain(domain).unwrap_or(domain)).filter(|domain| !domain.eq_ignore_ascii_case(own)).collect();
    others.sort_unstable();
    others.dedup();
    match (strangers.is_empty(), others.is_empty()) {
        (false, _) => SOURCES
            .warn(&subject.domain, format!("Mail to the provider also left from {}.", named(&strangers)))
            .remedy("Name every address in the request, or let mail leave from the declared ones only."),
        (true, false) => SOURCES
            .warn(&subject.domain, format!("The same server also sent for {} other domains: {}.", others.len(), named(&others)))
            .matters(Severity::Low)
            .remedy("Name them in the request: a block of the address concerns them all."),
        (true, true) if seen.ips.is_empty() => SOURCES.unknown(&subject.domain, "The log does not say from which addresses mail left."),
        (true, true) => SOURCES.pass(&subject.domain, "Mail left from the declared addresses, for this domain only."),
    }
}

fn named<T: ToString>(all: &[T]) -> String {
    let first: Vec<String> = all.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = all.len().saturating_sub(MOST_NAMED);
    if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
}

fn tls(domain: &str, tls: &Tls) -> Check {
    let mend = "Let the server use TLS wherever it is offered (Postfix: smtp_tls_security_level = may; Exim: leave hosts_avoid_tls empty).";
    match tls {
        Tls { plain: 1.., .. } => TLS.fail(domain, format!("{} deliveries to the provider went in plain text.", tls.plain)).remedy(mend),
        Tls { failed: 1.., .. } => TLS.warn(domain, format!("TLS failed on {} connections to the provider.", tls.failed)).remedy(mend),
        Tls { old: 1.., .. } => TLS.warn(domain, format!("{} connections to the provider used TLS older than 1.2.", tls.old)).remedy(mend),
        Tls { protected: 1.., .. } => TLS.pass(domain, format!("{} connections to the provider were protected by TLS.", tls.protected)),
        Tls { protected: 0, .. } => TLS.unknown(domain, "The log does not say whether connections were protected (Postfix: smtp_tls_loglevel = 1)."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;

    #[test]
    fn the_log_says_where_mail_left_from_and_how() {
        let subject = |ips: &[&str], domains: &[&str], tls: Tls| {
            let seen = Seen {
                ips: ips.iter().map(|ip| ip.parse().unwrap()).collect(),
                domains: domains.iter().map(ToString::to_string).collect(),
                tls,
                ..Seen::default()
            };
            let own = vec!["203.0.113.25".parse().unwrap()];
            checks(&Sender { domain: "x.example".into(), ips: own, seen: Some(seen), ..Sender::default() }).map(|check| check.status)
        };
        let safe = Tls { protected: 4, ..Tls::default() };
        assert_eq!(subject(&["203.0.113.25"], &["mail.x.example"], safe), [Status::Pass, Status::Pass]);
        assert_eq!(subject(&["203.0.113.26"], &["x.example"], Tls { plain: 1, ..safe }), [Status::Warning, Status::Fail]);
        assert_eq!(subject(&["203.0.113.25"], &["y.example"], Tls { failed: 1, ..safe }), [Status::Warning, Status::Warning]);
        assert_eq!(subject(&[], &[], Tls::default()), [Status::Unknown, Status::Unknown]);
    }
}
