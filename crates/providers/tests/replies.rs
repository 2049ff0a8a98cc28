//! Every reply that is known from receivers is explained with the right provider, kind and door.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use providers::{Knowledge, Recogniser};
use smtp::Stage;

const REPLIES: &str = include_str!("replies.tsv");

/// A host of each provider's, as logs name it.
fn host(provider: &str) -> &'static str {
    match provider {
        "icloud" => "mx01.mail.icloud.com",
        "apple_private_relay" => "smtp1.privaterelay.appleid.com",
        "gmail" => "gmail-smtp-in.l.google.com",
        "outlook" => "outlook-com.olc.protection.outlook.com",
        "microsoft365" => "fabrikam-example.mail.protection.outlook.com",
        "yahoo" => "mta5.am0.yahoodns.net",
        other => panic!("{other}"),
    }
}

#[test]
fn every_known_reply_leads_to_its_door() {
    let knowledge = Knowledge::built_in().unwrap();
    let mut recogniser = Recogniser::new(&knowledge);
    let (mut wrong, mut rows) = (Vec::new(), 0);
    for line in REPLIES.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [provider, stage, kind, door, who, reply] = fields[..] else { panic!("{line}") };
        rows += 1;
        let (id, _) = recogniser.recognise(Some(host(provider).as_bytes()), None, Some(reply.as_bytes()), None).expect(line);
        let found = knowledge.provider(id).unwrap();
        let rule = knowledge.rule_for(id, reply.as_bytes(), Stage::from_word(stage).unwrap_or_default());
        let Some(explained) = rule.and_then(|rule| knowledge.explanation(rule)) else {
            wrong.push(format!("no rule: {line}"));
            continue;
        };
        let behind = if door == "provider" || door == "list_owner" { explained.who().0 } else { "" };
        let expected = if matches!(door, "provider" | "list_owner") { who } else { "" };
        let told = (found.id.as_str(), explained.rule.kind.as_str(), explained.rule.door.word(), behind);
        if told != (provider, kind, door, expected) {
            wrong.push(format!("{told:?}, rule {}: {line}", explained.rule.id));
        }
    }
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(rows, 152, "a row was lost");
}
