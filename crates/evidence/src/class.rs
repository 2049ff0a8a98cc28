//! Every line has a class and is counted, so that the report can prove that none was dropped.

use std::ops::AddAssign;

/// What a line is to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It holds an attempt.
    Bears,
    /// It holds something that joins lines or ends a message.
    Fact,
    /// It belongs to a known family and says nothing about mail that leaves.
    Idle,
    /// It belongs to no known family.
    Foreign,
    /// It should have held an attempt but could not be read.
    NotUnderstood,
}

/// How many lines of each class there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that hold an attempt.
    pub bears: u64,
    /// Lines that hold a fact.
    pub facts: u64,
    /// Lines of a known family without interest.
    pub idle: u64,
    /// Lines of no known family, empty ones included.
    pub foreign: u64,
    /// Lines that should have held an attempt.
    pub not_understood: u64,
}

impl Counts {
    /// Counts one line.
    pub fn add(&mut self, class: Class) {
        let slot = match class {
            Class::Bears => &mut self.bears,
            Class::Fact => &mut self.facts,
            Class::Idle => &mut self.idle,
            Class::Foreign => &mut self.foreign,
            Class::NotUnderstood => &mut self.not_understood,
        };
        *slot += 1;
    }

    /// All lines.
    pub fn lines(&self) -> u64 {
        self.bears + self.facts + self.idle + self.foreign + self.not_understood
    }

    /// Lines of a known family.
    pub fn of_family(&self) -> u64 {
        self.lines() - self.foreign
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.bears += other.bears;
        self.facts += other.facts;
        self.idle += other.idle;
        self.foreign += other.foreign;
        self.not_understood += other.not_understood;
    }
}
