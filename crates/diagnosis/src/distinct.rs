//! Sets of numbers that lie close together, such as the places of texts, messages and attempts.

/// A set of numbers, a bit for each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distinct {
    words: Vec<u64>,
    len: u64,
}

impl Distinct {
    /// Adds a number, and says whether it is new.
    pub fn add(&mut self, number: usize) -> bool {
        let (word, bit) = (number / 64, 1 << (number % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let Some(word) = self.words.get_mut(word).filter(|word| **word & bit == 0) else { return false };
        *word |= bit;
        self.len += 1;
        true
    }

    /// Whether a number is in it.
    pub fn holds(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word & 1 << (number % 64) != 0)
    }

    /// Adds every number of another set.
    pub fn absorb(&mut self, other: &Distinct) {
        self.words.resize(self.words.len().max(other.words.len()), 0);
        self.words.iter_mut().zip(&other.words).for_each(|(word, more)| *word |= more);
        self.len = self.words.iter().map(|word| u64::from(word.count_ones())).sum();
    }

    /// How many numbers there are.
    pub fn len(&self) -> u64 {
        self.len
    }
}

impl FromIterator<usize> for Distinct {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Distinct {
        let mut set = Distinct::default();
        for number in numbers {
            set.add(number);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_once() {
        let mut set: Distinct = [3, 64, 3, 200, 64].into_iter().collect();
        assert_eq!((set.len(), set.holds(64), set.holds(65), set.holds(9999)), (3, true, false, false));
        set.absorb(&[65, 64, 700].into_iter().collect());
        assert_eq!((set.len(), set.holds(64), set.holds(65), set.holds(700)), (5, true, true, true));
    }
}
