//! What a request still lacks before it is worth sending.

/// One of the five facts that Apple asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name, as in Apple's list.
    pub name: &'static str,
    /// Whether it is there.
    pub present: bool,
    /// What to do where it is not.
    pub remedy: &'static str,
}

/// What is there and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// The five facts, in Apple's order.
    pub facts: Vec<Fact>,
    /// Lines that only a person can fill, by name.
    pub to_fill: Vec<String>,
    /// What was assumed and must be confirmed.
    pub to_confirm: Vec<String>,
}

impl Readiness {
    /// Whether all five facts are there.
    pub fn has_facts(&self) -> bool {
        self.facts.iter().all(|fact| fact.present)
    }

    /// Whether the letter may be sent as it is.
    pub fn is_ready(&self) -> bool {
        self.has_facts() && self.to_fill.is_empty() && self.to_confirm.is_empty()
    }
}
