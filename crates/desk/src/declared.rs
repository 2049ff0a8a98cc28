//! Declarations: what cannot be measured is asked, and what is answered is passed on as the sender's own statement.

use casework::Declared;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
#[cfg(test)]
use ts_rs::TS;

use crate::{Error, Facts};

const DECLARATIONS: &str = include_str!("../../../assets/checks/declarations.toml");

/// One question that only the sender can answer, and the answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The word used on the command line.
    pub id: String,
    /// The question; knowledge and English.
    pub question: String,
    /// Who asks senders for it.
    pub asked_by: Vec<String>,
    /// Whether only those are asked who send to many.
    pub bulk: bool,
    /// The answer, as the sender gave it.
    #[serde(default)]
    pub answer: Option<String>,
    /// Who gave it.
    #[serde(default)]
    pub by: Option<String>,
    /// On which day.
    #[serde(default)]
    pub on: Option<String>,
}

#[derive(Deserialize)]
struct File {
    declaration: Vec<Declaration>,
}

/// Every question, with the answers that the facts hold.
pub fn declarations(facts: &Facts) -> Result<Vec<Declaration>, Error> {
    let all = toml::from_str::<File>(DECLARATIONS).map_err(|error| Error::new("declarations", error, "", "this is a fault of Reprieve"))?.declaration;
    let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    if let Some(unknown) = facts.declared.keys().find(|id| !ids.contains(&id.as_str())) {
        return Err(Error::new("declarations", format!("nobody asks for `{unknown}`"), "declared", format!("choose of {}", ids.join(", "))));
    }
    let answered = |one: Declaration| match facts.declared.get(&one.id) {
        Some(Declared { answer, by, on }) if !answer.trim().is_empty() => {
            Declaration { answer: Some(answer.trim().to_owned()), by: by.clone(), on: on.clone(), ..one }
        }
        _ => one,
    };
    Ok(all.into_iter().map(answered).collect())
}

impl Declaration {
    /// The answer as the sender's statement, with who said it and when.
    pub fn statement(&self) -> Option<String> {
        let answer = self.answer.as_deref()?;
        let who = self.by.as_deref().unwrap_or("the sender");
        let when = self.on.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
        Some(format!("stated by {who}{when}: {answer}"))
    }

    /// The question and its answer for scripts.
    pub fn json(&self) -> Value {
        json!({"id": self.id, "question": self.question, "asked_by": self.asked_by, "bulk": self.bulk, "answer": self.answer, "by": self.by, "on": self.on})
    }
}

/// Answers of the command line, `ID=ANSWER`, as the facts hold them.
pub fn answers(given: &[String], by: Option<&str>) -> Result<std::collections::BTreeMap<String, Declared>, Error> {
    let one = |text: &String| {
        let (id, answer) = text
            .split_once('=')
            .ok_or_else(|| Error::new("declarations", format!("`{text}` is no answer"), "--declare", "write ID=ANSWER, as in opt_in='confirmed by mail'"))?;
        Ok((id.trim().to_owned(), Declared { answer: answer.trim().to_owned(), by: by.map(str::to_owned), on: Some(crate::today()) }))
    };
    given.iter().map(one).collect()
}
