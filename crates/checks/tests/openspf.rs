//! The test suite of openspf.org for RFC 7208: every one of its 203 cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashMap;

use checks::spf::{Input, evaluate};
use checks::{Answer, Kind, Outcome, Question, Questions, Record};
use saphyr::{LoadableYamlNode, Yaml};

const SUITE: &str = include_str!("../../../tests/vendor/openspf/rfc7208-tests.yml");

/// What a zone holds under a name, in its order; a time-out may stand among the records.
type Zone = HashMap<String, Vec<(String, Option<Record>)>>;

fn text(yaml: &Yaml<'_>) -> String {
    yaml.as_str().map(str::to_owned).or_else(|| yaml.as_integer().map(|number| number.to_string())).unwrap_or_default()
}

fn strings(yaml: &Yaml<'_>) -> Vec<Vec<u8>> {
    match yaml.as_vec() {
        Some(parts) => parts.iter().map(|part| text(part).into_bytes()).collect(),
        None => vec![text(yaml).into_bytes()],
    }
}

fn record(kind: &str, value: &Yaml<'_>) -> Option<Record> {
    let name = |yaml: &Yaml<'_>| text(yaml).trim_end_matches('.').to_ascii_lowercase();
    match kind {
        "A" => text(value).parse().ok().map(Record::A),
        "AAAA" => text(value).parse().ok().map(Record::Aaaa),
        "MX" => Some(Record::Mx(value.as_vec()?[0].as_integer()? as u16, name(&value.as_vec()?[1]))),
        "PTR" => Some(Record::Ptr(name(value))),
        "CNAME" => Some(Record::Cname(name(value))),
        "TXT" => Some(Record::Txt(strings(value))),
        _ => None,
    }
}

/// Records of the old type SPF are published as TXT too, unless the zone says what TXT is (the suite's own rule).
fn zone(data: &Yaml<'_>) -> Zone {
    let mut zone = Zone::new();
    for (name, records) in data.as_mapping().unwrap() {
        let entries = zone.entry(text(name).to_ascii_lowercase()).or_default();
        let mut generated = Vec::new();
        let mut has_txt = false;
        for entry in records.as_vec().into_iter().flatten() {
            let Some(map) = entry.as_mapping() else {
                entries.push(("TIMEOUT".to_owned(), None));
                continue;
            };
            for (kind, value) in map {
                let kind = text(kind);
                has_txt |= kind == "TXT";
                match (kind.as_str(), value.as_str()) {
                    (_, Some("TIMEOUT")) => entries.push((kind, None)),
                    ("TXT", Some("NONE")) => {}
                    ("SPF", _) => generated.push(("TXT".to_owned(), Some(Record::Txt(strings(value))))),
                    _ => entries.extend(record(&kind, value).map(|record| (kind.clone(), Some(record)))),
                }
            }
        }
        if !has_txt {
            entries.extend(generated);
        }
    }
    zone
}

fn look(zone: &Zone, question: &Question, depth: u32) -> Answer {
    let Some(entries) = zone.get(&question.name) else { return Answer::empty(Outcome::NoName) };
    let wanted = question.kind.to_string();
    let mut found = Vec::new();
    for (kind, record) in entries {
        match record {
            None if found.is_empty() && (kind == "TIMEOUT" || *kind == wanted) => return Answer::empty(Outcome::TimedOut),
            Some(Record::Cname(target)) if depth < 8 && question.kind != Kind::Cname => {
                let inner = Question { name: target.clone(), ..question.clone() };
                let answer = look(zone, &inner, depth + 1);
                if !answer.outcome.is_known() {
                    return answer;
                }
                found.extend(answer.records);
            }
            Some(record) if *kind == wanted => found.push(record.clone()),
            _ => {}
        }
    }
    Answer::of(found)
}

#[test]
fn all_cases_come_to_what_the_suite_says() {
    let (mut cases, mut wrong) = (0, Vec::new());
    for document in Yaml::load_from_str(SUITE).unwrap() {
        let Some(tests) = document.as_mapping_get("tests").and_then(Yaml::as_mapping) else { continue };
        let zone = zone(document.as_mapping_get("zonedata").unwrap());
        for (name, test) in tests {
            cases += 1;
            let field = |key: &str| test.as_mapping_get(key).map(text).unwrap_or_default();
            let input =
                Input { ip: field("host").parse().unwrap(), mail_from: field("mailfrom"), helo: field("helo"), receiver: "receiver.example".to_owned() };
            let found = Questions::default().settle(|question| look(&zone, question, 0), |dns| evaluate(dns, &input));
            let result = test.as_mapping_get("result").unwrap();
            let allowed: Vec<String> = result.as_vec().map_or_else(|| vec![text(result)], |results| results.iter().map(text).collect());
            let expected = test.as_mapping_get("explanation").map(text);
            let explained = match expected.as_deref() {
                None => true,
                Some("DEFAULT") => found.explanation.is_none(),
                Some(words) => found.explanation.as_deref() == Some(words),
            };
            if !allowed.iter().any(|word| word == found.result.word()) || !explained {
                wrong.push(format!(
                    "{}: {} instead of {allowed:?}, {:?} instead of {expected:?}; {:?}",
                    text(name),
                    found.result.word(),
                    found.explanation,
                    found.problem
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(cases, 203);
}
