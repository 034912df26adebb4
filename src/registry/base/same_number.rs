//! Numbers that clients do not tell apart.
//!
//! `version = "1.0.0"` also accepts `1.0.0+a`: build metadata has no part in the comparison of
//! versions. So a second version that differs in build metadata only would move pins to other bytes.
//! A registry from before this rule may have such versions; they go on being served.

use super::Error;
use crate::domain::{NumberStanding, SameNumber, Version};

/// Refuses a number if clients would take it for one of `others`, which differ from it in build
/// metadata only. An announced version counts if `announced_counts`.
///
/// # Errors
///
/// [`Error::Invalid`] with the first of the others that counts.
pub(in crate::registry) fn refuse_same_number(
    version: &Version,
    others: impl IntoIterator<Item = (Version, NumberStanding)>,
    announced_counts: bool,
) -> Result<(), Error> {
    let counts = |standing| announced_counts || standing != NumberStanding::Pending;
    let mut others = others.into_iter();
    match others.find(|(_, standing)| counts(*standing)) {
        None => Ok(()),
        Some((other, standing)) => {
            let version = version.clone();
            let same = SameNumber {
                version,
                other,
                standing,
            };
            Err(Error::invalid("version", same))
        }
    }
}
