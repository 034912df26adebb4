//! The worth of each position of a snapshot for one word.

/// A list of pairs needs this many times the room of an array, for each position in it.
const PAIR_BYTES: usize = size_of::<(u32, u8)>();

/// One worth for each position; most words are in few modules, so most are 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scores {
    /// The positions whose worth is not 0.
    Few(Box<[(u32, u8)]>),
    /// The worth of each position.
    Many(Box<[u8]>),
}

impl Scores {
    /// Takes the worth of each position, and keeps it in the smaller of the two forms.
    pub(super) fn new(worth: Vec<u8>) -> Self {
        let several = worth.iter().filter(|worth| **worth != 0).count();
        if several * PAIR_BYTES >= worth.len() {
            return Self::Many(worth.into());
        }
        let pairs = (0..).zip(worth).filter(|(_, worth)| *worth != 0);
        Self::Few(pairs.collect())
    }

    /// Returns how many bytes the worths have in memory.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Few(pairs) => pairs.len() * PAIR_BYTES,
            Self::Many(worth) => worth.len(),
        }
    }

    /// Raises each worth that is below the one of this word.
    pub(super) fn raise(&self, worth: &mut [u8]) {
        match self {
            Self::Few(pairs) => {
                for (position, score) in pairs {
                    let position = usize::try_from(*position).ok();
                    if let Some(worth) = position.and_then(|at| worth.get_mut(at)) {
                        *worth = (*worth).max(*score);
                    }
                }
            }
            Self::Many(scores) => {
                for (worth, score) in worth.iter_mut().zip(scores) {
                    *worth = (*worth).max(*score);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn both_forms_say_the_same(
            scores in proptest::collection::vec(0_u8..4, 0..40),
            few in proptest::collection::vec(proptest::option::weighted(0.05, 1_u8..4), 0..40),
        ) {
            let few: Vec<u8> = few.into_iter().map(Option::unwrap_or_default).collect();
            for scores in [scores, few] {
                let mut worth = vec![2; scores.len()];
                Scores::new(scores.clone()).raise(&mut worth);
                let expected: Vec<u8> = scores.iter().map(|score| 2.max(*score)).collect();
                proptest::prop_assert_eq!(worth, expected);
            }
        }
    }

    #[test]
    fn a_word_in_few_modules_needs_little_room() {
        let mut worth = vec![0; 10_000];
        worth[7] = 3;
        assert_eq!(Scores::new(worth), Scores::Few([(7, 3)].into()));
        assert_eq!(Scores::new(vec![1; 10_000]).bytes(), 10_000);
    }
}
