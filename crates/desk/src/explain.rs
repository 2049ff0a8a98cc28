//! What one reply means, for `reprieve explain`.

use std::net::IpAddr;

use providers::{Door, Knowledge, MatchedBy, ProviderId, Recogniser};
use serde_json::{Value, json};
use smtp::{Reply, Stage};

/// A reply, and what is known around it.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The remote host's name.
    pub host: Option<String>,
    /// The remote host's address.
    pub ip: Option<IpAddr>,
    /// The recipient.
    pub recipient: Option<String>,
    /// The reply.
    pub reply: String,
}

/// Who answered, what it means, how sure that is, whose door it is: `reprieve.explain/1`.
///
/// Where nothing names the provider, the one whose rule matches is taken, by the words of its reply.
pub fn explain(knowledge: &Knowledge, question: &Question) -> Value {
    let question = &told(question);
    let raw = question.reply.as_bytes();
    let reply = Reply::parse(raw);
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.as_bytes().to_vec());
    let (host, recipient) = (bytes(&question.host), bytes(&question.recipient));
    let ip = question.ip.map(|ip| ip.to_string().into_bytes());
    let found = Recogniser::new(knowledge).recognise(host.as_deref(), ip.as_deref(), Some(raw), recipient.as_deref());
    let found = found.or_else(|| by_rule(knowledge, raw).filter(|_| host.is_none() && question.ip.is_none() && recipient.is_none()));
    let rule = found.and_then(|(provider, _)| knowledge.rule_for(provider, raw, Stage::Unknown));
    let explanation = rule.and_then(|rule| knowledge.explanation(rule));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let between = between(question, found.map(|(_, by)| by));
    let door = explanation.map(|explanation| {
        let (who, contact) = explanation.who();
        match (explanation.rule.door, between) {
            (Door::Provider | Door::ListOwner, Some(host)) => json!({"kind": Door::Relay.word(), "who": host, "contact": null}),
            (door, _) => json!({"kind": door.word(), "who": none_if_empty(who), "contact": none_if_empty(contact)}),
        }
    });
    json!({
        "schema": "reprieve.explain/1",
        "provider": found.and_then(|(id, _)| knowledge.provider(id)).map(|provider| &provider.id),
        "matched_by": found.map(|(_, by)| by.word()),
        "rule": explanation.map(|explanation| &explanation.rule.id),
        "kind": explanation.map(|explanation| &explanation.rule.kind),
        "door": door,
        "escalate": explanation.map(|explanation| &explanation.rule.escalate),
        "meaning": explanation.map(|explanation| &explanation.rule.meaning),
        "confidence": explanation.map(|explanation| explanation.rule.confidence.word()),
        "advice": explanation.map(|explanation| explanation.rule.advice.clone()).unwrap_or_default(),
        "sources": explanation.map(|explanation| explanation.rule.sources.iter().map(|source| json!({"what": source.what, "date": source.date})).collect::<Vec<_>>()).unwrap_or_default(),
        "code": reply.code().map(|code| code.number()),
        "enhanced": reply.enhanced().map(|code| code.to_string()),
        "marker": reply.marker().map(text),
        "txn": reply.txn().map(text),
        "ip": reply.ip().map(|ip| ip.to_string()),
        "urls": reply.urls().map(text).collect::<Vec<_>>(),
        "inner": reply.inner().map(|inner| text(inner.raw())),
    })
}

/// The question with the host that the pasted words name themselves: `host mx[192.0.2.1] said: …`.
fn told(question: &Question) -> Question {
    let mut told = question.clone();
    if let (None, None, Some((_, rest))) = (&question.host, question.ip, question.reply.split_once("host ")) {
        let peer = rest.split_once('[').and_then(|(name, rest)| Some((name.trim(), rest.split_once(']')?.0.parse().ok()?)));
        if let Some((name, ip)) = peer.filter(|(name, _)| !name.is_empty() && !name.contains(' ')) {
            (told.host, told.ip) = (Some(name.to_owned()), Some(ip));
        }
    }
    told
}

/// The host that gave the answer, where it is not known to be the provider's: its own address is what was refused.
fn between(question: &Question, by: Option<MatchedBy>) -> Option<String> {
    let host = question.host.clone().or_else(|| question.ip.map(|ip| ip.to_string()));
    host.filter(|_| matches!(by, Some(MatchedBy::ReplyText | MatchedBy::RecipientDomain)))
}

fn by_rule(knowledge: &Knowledge, raw: &[u8]) -> Option<(ProviderId, MatchedBy)> {
    let known = |id: ProviderId| {
        let rule = knowledge.rule_for(id, raw, Stage::Unknown)?;
        knowledge.rule(rule).filter(|rule| rule.rank() == providers::Rank::Marker).map(|_| (id, MatchedBy::ReplyText))
    };
    knowledge.providers().find_map(|(id, _)| known(id))
}

fn none_if_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The same for people.
pub fn explain_text(answer: &Value) -> String {
    let word = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if answer.get("provider").is_none_or(Value::is_null) {
        return "Nothing in this reply says who wrote it. Add --host, --ip or --recipient.\n".to_owned();
    }
    if answer.get("rule").is_none_or(Value::is_null) {
        return format!("{} answered (known by {}), but no rule knows this reply. Quote it as it is; do not guess.\n", word("provider"), word("matched_by"));
    }
    let door = answer.get("door").cloned().unwrap_or_default();
    let of_door = |key: &str| door.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |key: &str, of: fn(&Value) -> String| {
        answer.get(key).and_then(Value::as_array).map(|items| items.iter().map(|item| format!("  - {}\n", of(item))).collect::<String>()).unwrap_or_default()
    };
    let source = |item: &Value| {
        format!("{} ({})", item.get("what").and_then(Value::as_str).unwrap_or_default(), item.get("date").and_then(Value::as_str).unwrap_or_default())
    };
    format!(
        "{} answered (known by {}): {}\n{}\nHow sure: {}\nWhose door: {} {} {}\nWhat to do:\n{}Known from:\n{}",
        word("provider"),
        word("matched_by"),
        word("kind"),
        word("meaning"),
        word("confidence"),
        of_door("kind"),
        of_door("who"),
        of_door("contact"),
        list("advice", |item| item.as_str().unwrap_or_default().to_owned()),
        list("sources", source),
    )
}
