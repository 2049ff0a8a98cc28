//! Where the evidence is: cards for people who must ask somebody else for it, and the mail that asks.

use serde::{Deserialize, Serialize};
#[cfg(test)]
use ts_rs::TS;

use crate::Error;

const CARDS: &str = include_str!("../../../assets/howto/cards.toml");

/// How to get the evidence out of one place; the texts are knowledge and English.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The word used on the command line.
    pub name: String,
    /// `evidence` for a place where it lies, `trial` for something to try out.
    #[serde(default = "evidence")]
    pub kind: String,
    /// The place.
    pub title: String,
    /// Who can get at it.
    pub who: String,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// Commands to copy.
    pub commands: Vec<String>,
    /// What to do with what comes of it.
    pub then: String,
    /// The mail that asks whoever has access.
    #[serde(default)]
    pub mail: String,
}

fn evidence() -> String {
    "evidence".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    card: Vec<Card>,
}

/// Every card.
pub fn cards() -> Result<Vec<Card>, Error> {
    let written = |card: Card| Card { mail: card.request(), ..card };
    toml::from_str::<File>(CARDS)
        .map(|file| file.card.into_iter().map(written).collect())
        .map_err(|error| Error::new("howto", error, "", "this is a fault of Reprieve"))
}

/// One card by its name.
pub fn card(name: &str) -> Result<Card, Error> {
    let all = cards()?;
    let names = all.iter().map(|card| card.name.clone()).collect::<Vec<_>>().join(", ");
    all.into_iter()
        .find(|card| card.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| Error::new("howto", format!("there is no card `{name}`"), "", format!("choose one of {names}")))
}

impl Card {
    /// The card for people.
    pub fn text(&self) -> String {
        let mut text = format!("{}\nAsk: {}\n\n", self.title, self.who);
        self.steps.iter().enumerate().for_each(|(place, step)| text += &format!("{}. {step}\n", place + 1));
        if !self.commands.is_empty() {
            text += "\n";
        }
        self.commands.iter().for_each(|command| text += &format!("    {command}\n"));
        text + &format!("\n{}\n", self.then)
    }

    /// A mail to whoever has access, ready to be sent.
    fn request(&self) -> String {
        let mut text = "Subject: Please send me the mail log\n\nHello,\n\nmail to iCloud is refused, and Apple asks for the errors as the log holds them, with the time it began.\nCould you please do this for me:\n\n".to_owned();
        self.steps.iter().enumerate().for_each(|(place, step)| text += &format!("{}. {step}\n", place + 1));
        self.commands.iter().for_each(|command| text += &format!("\n    {command}\n"));
        text + "\nPlease take the files from a week before the first refusal until now, from every server that sends, and note\nthe server's time zone. Never send whole /etc, and look for passwords before you pass settings on.\n\nThank you.\n"
    }
}
