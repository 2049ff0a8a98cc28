//! Which program wrote a record: asked of every line, and answered once for each tag.

use super::EXIM;
use super::postfix::Daemon;
use crate::Record;
use crate::envelope::SLOTS;

/// A program, as far as it matters which one wrote a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Exim.
    Exim,
    /// A daemon of Postfix, or a program of no family.
    Postfix(Daemon),
}

impl Program {
    /// The program of a name.
    pub fn of(name: &[u8]) -> Program {
        if name.starts_with(b"exim") { Program::Exim } else { Program::Postfix(Daemon::of(name)) }
    }

    /// The place of its family.
    #[inline]
    pub fn family(self) -> usize {
        if self == Program::Exim { EXIM } else { 0 }
    }
}

/// The programs of the tags that were met lately.
#[derive(Debug)]
pub struct Programs([(u32, Program); SLOTS]);

impl Default for Programs {
    fn default() -> Programs {
        Programs([(0, Program::Postfix(Daemon::Foreign)); SLOTS])
    }
}

impl Programs {
    /// The program that wrote a record.
    #[inline]
    pub fn of(&mut self, record: &Record<'_>) -> Program {
        match self.0.get(record.tag as usize % SLOTS) {
            Some((tag, program)) if *tag == record.tag && *tag > 0 => *program,
            _ => self.learn(record),
        }
    }

    fn learn(&mut self, record: &Record<'_>) -> Program {
        let program = Program::of(record.program);
        if let Some(place) = self.0.get_mut(record.tag as usize % SLOTS) {
            *place = (record.tag, program);
        }
        program
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_one_program_and_no_tag_has_any() {
        let mut programs = Programs::default();
        let mut of = |program: &[u8], tag| programs.of(&Record { program, tag, ..Record::default() });
        let names = [&b"postfix/smtp"[..], b"exim", b"postfix", b"postfix/smtpd", b"dovecot"];
        for (name, tag) in names.into_iter().zip([64, 65, 128, 192, 0]).chain(names.map(|name| (name, 0))) {
            assert_eq!((of(name, tag), of(name, tag)), (Program::of(name), Program::of(name)));
        }
        assert_eq!(Program::of(b"exim4").family(), EXIM);
    }
}
