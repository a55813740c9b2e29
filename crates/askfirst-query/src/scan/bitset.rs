//! A set of dense install numbers.

/// Distinct installs, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitset {
    words: Vec<u64>,
}

impl Bitset {
    /// Puts a number in.
    pub fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, number % 64);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
    }

    /// Puts all of another set in.
    pub fn union(&mut self, other: &Bitset) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// The numbers in it, smallest first.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        let bits = |(i, word): (usize, &u64)| {
            let word = *word;
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| i as u32 * 64 + bit)
        };
        self.words.iter().enumerate().flat_map(bits)
    }

    /// How many numbers are in it.
    pub fn count(&self) -> u64 {
        self.words
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[u32]) -> Bitset {
        let mut set = Bitset::default();
        numbers.iter().for_each(|&number| set.insert(number));
        set
    }

    #[test]
    fn a_number_counts_once() {
        assert_eq!(set(&[0, 63, 64, 64, 1_000_000]).count(), 4);
    }

    #[test]
    fn sets_of_different_size_unite() {
        let mut small = set(&[1]);
        small.union(&set(&[1, 500]));
        assert_eq!(small.count(), 2);
        assert_eq!(small.numbers().collect::<Vec<_>>(), [1, 500]);
    }
}
