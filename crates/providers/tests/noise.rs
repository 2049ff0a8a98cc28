//! What loggers and mailers do to a reply does not change what it means: every sample of every rule, with noise.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use providers::{Knowledge, Recogniser, Rule, RuleId};
use smtp::{Reply, Stage};

/// Every rule's samples, with the rule that must be found.
fn samples(knowledge: &Knowledge) -> impl Iterator<Item = (RuleId, &Rule, &String)> {
    knowledge.rules().flat_map(|(id, rule)| rule.samples.iter().map(move |sample| (id, rule, sample)))
}

fn rule_of(knowledge: &Knowledge, rule: &Rule, reply: &str) -> Option<RuleId> {
    knowledge.rule_for(rule.provider, reply.as_bytes(), rule.stage.unwrap_or(Stage::Unknown))
}

/// The reply with its lines' prefix put in before a word, as Postfix leaves it when it joins lines.
fn prefixed(sample: &str, at: usize) -> String {
    let reply = Reply::parse(sample.as_bytes());
    let (Some(code), words) = (reply.code(), sample.split(' ').collect::<Vec<_>>()) else { return sample.to_owned() };
    let enhanced = reply.enhanced().map(|code| code.to_string()).unwrap_or_default();
    let head = if enhanced.is_empty() { 1 } else { 2 };
    let place = head + at % words.len().saturating_sub(head).max(1);
    let (before, after) = words.split_at(place.min(words.len()));
    format!("{} {code}-{enhanced} {}", before.join(" "), after.join(" "))
}

#[test]
fn prefixes_of_lines_at_any_word_hide_nothing() {
    let knowledge = Knowledge::built_in().unwrap();
    for (id, rule, sample) in samples(&knowledge).filter(|(.., sample)| Reply::parse(sample.as_bytes()).enhanced().is_some()) {
        for at in 0..sample.split(' ').count() {
            let noisy = prefixed(sample, at);
            assert_eq!(rule_of(&knowledge, rule, &noisy), Some(id), "{}: {noisy}", rule.id);
        }
    }
}

#[test]
fn wrapping_quotes_and_a_transaction_id_hide_nothing() {
    let knowledge = Knowledge::built_in().unwrap();
    for (id, rule, sample) in samples(&knowledge) {
        let wrapped: Vec<String> = (40..80).map(|width| wrap(sample, width)).collect();
        let noisy = [sample.replace('\'', "\u{2019}"), format!("{sample}. Txn ID 4fbc0af0-417e-4180-91d8-66754d53a162"), sample.replace(' ', "  ")];
        for reply in wrapped.iter().chain(&noisy) {
            assert_eq!(rule_of(&knowledge, rule, reply), Some(id), "{}: {reply}", rule.id);
        }
    }
}

#[test]
fn what_mail_servers_write_around_a_reply_hides_nothing() {
    let knowledge = Knowledge::built_in().unwrap();
    let around = [
        ("host mx01.mail.example[192.0.2.1] said: ", " (in reply to end of DATA command)"),
        ("host mx01.mail.example[192.0.2.1] refused to talk to me: ", ""),
        ("<anna@icloud.com>: host mx01.mail.example[192.0.2.1] said: ", " (in reply to RCPT TO command)"),
        ("SMTP error from remote mail server after RCPT TO:<anna@icloud.com>: host mx01.mail.example [192.0.2.1]: ", ""),
        ("", " (in reply to MAIL FROM command)"),
    ];
    for (id, rule, sample) in samples(&knowledge).filter(|(.., sample)| Reply::parse(sample.as_bytes()).code().is_some()) {
        for (before, behind) in around {
            let noisy = format!("{before}{sample}{behind}");
            assert_eq!(rule_of(&knowledge, rule, &noisy), Some(id), "{}: {noisy}", rule.id);
            let (bare, found) = (Reply::parse(sample.as_bytes()), Reply::parse(noisy.as_bytes()));
            assert_eq!((found.code(), found.enhanced(), found.text(), found.ip()), (bare.code(), bare.enhanced(), bare.text(), bare.ip()), "{noisy}");
        }
    }
}

/// Breaks lines at a width, between words, with an indent: what Postfix does in a bounce.
fn wrap(text: &str, width: usize) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split(' ') {
        if column > 0 && column + word.len() >= width {
            out.push_str("\n    ");
            column = 4;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

#[test]
fn the_case_of_letters_outside_markers_is_the_senders_own() {
    let knowledge = Knowledge::built_in().unwrap();
    for (id, rule, sample) in samples(&knowledge) {
        let lower: String =
            sample.split_inclusive(['[', ']']).map(|piece| if piece.ends_with(']') { piece.to_owned() } else { piece.to_lowercase() }).collect();
        assert_eq!(rule_of(&knowledge, rule, &lower), Some(id), "{}: {lower}", rule.id);
    }
}

#[test]
fn the_same_sentence_from_another_host_is_not_apples() {
    let knowledge = Knowledge::built_in().unwrap();
    let mut recogniser = Recogniser::new(&knowledge);
    let sbl = "550 5.7.1 Mail from IP 203.0.113.25 was rejected due to listing in Spamhaus SBL. For details please see http://www.spamhaus.org/query/bl?ip=203.0.113.25";
    let proofpoint = "550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=203.0.113.25";
    for (host, ip, reply, recipient) in [
        ("smtp.tin.it", "62.211.72.32", sbl, "anna@alice.it"),
        ("mx0a-001.pphosted.com", "198.51.100.7", proofpoint, "anna@fabrikam.example"),
        ("mx.acme.com", "198.51.100.7", sbl, "anna@acme.com"),
        ("mx.readme.com", "198.51.100.7", sbl, "anna@readme.com"),
        ("mx.pineapple.com", "198.51.100.7", sbl, "anna@pineapple.com"),
        ("icloud.com.evil.example", "198.51.100.7", sbl, "anna@icloud.com.evil.example"),
        ("mail.icloud.com.example.net", "198.51.100.7", sbl, "anna@example.net"),
    ] {
        let found = recogniser.recognise(Some(host.as_bytes()), Some(ip.as_bytes()), Some(reply.as_bytes()), Some(recipient.as_bytes()));
        assert_eq!(found, None, "{host}");
    }
}
