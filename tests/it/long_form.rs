//! Tests with random faults have a short form, which every run plays, and a long one, which a
//! variable turns on: `TERRAKEEP_TEST_KILLS=1000 cargo test --release r1_r2`.

/// Returns how many rounds to play: the number in `variable`, or else `short`.
pub(crate) fn rounds(variable: &str, short: u64) -> u64 {
    number(variable).unwrap_or(short)
}

/// Returns the seed for random numbers; `TERRAKEEP_TEST_SEED` repeats a run.
pub(crate) fn seed(otherwise: u64) -> u64 {
    number("TERRAKEEP_TEST_SEED").unwrap_or(otherwise)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")),
    )
}
