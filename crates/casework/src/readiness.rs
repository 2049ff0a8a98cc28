//! What a request still lacks before it is worth sending.

use std::fmt;

/// One of the five facts that Apple asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The field of [`crate::Facts`] that supplies it, or `errors`, which only the evidence does.
    pub field: &'static str,
    /// The name, as in Apple's list.
    pub name: &'static str,
    /// Whether it is there.
    pub present: bool,
    /// What to do where it is not.
    pub remedy: &'static str,
}

/// Something that only a person can supply or confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The field of [`crate::Facts`], or the assumption, that it is about.
    pub field: &'static str,
    /// What is asked, in English.
    pub text: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(out)
    }
}

/// What is there and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// The five facts, in Apple's order.
    pub facts: Vec<Fact>,
    /// Lines that only a person can fill, by name.
    pub to_fill: Vec<Gap>,
    /// What was assumed and must be confirmed.
    pub to_confirm: Vec<Gap>,
    /// What makes the request useless as it stands, each with the way out.
    pub obstacles: Vec<Gap>,
    /// Why the user sends it all the same.
    pub overruled: Option<String>,
}

impl Readiness {
    /// Whether all five facts are there.
    pub fn has_facts(&self) -> bool {
        self.facts.iter().all(|fact| fact.present)
    }

    /// Whether nothing is missing, unconfirmed or in the way.
    pub fn is_complete(&self) -> bool {
        self.has_facts() && self.to_fill.is_empty() && self.to_confirm.is_empty() && self.obstacles.is_empty()
    }

    /// Whether the letter may be sent: nothing is missing, or the user said why it goes out all the same.
    pub fn is_ready(&self) -> bool {
        self.is_complete() || (self.has_facts() && self.overruled.is_some())
    }
}
