//! The check that all code of a module can be read: an organization can enforce it, and a publisher
//! can ask for it.

use crate::domain::{ModuleDocs, ModuleVersionAddress};
use crate::registry::base::Error;

/// How many parts that cannot be read the error message lists.
const MOST_PARTS: usize = 10;

/// Refuses a module if not all of its code could be read; the error lists what could not.
pub(super) fn check_readable(
    address: &ModuleVersionAddress,
    docs: &ModuleDocs,
) -> Result<(), Error> {
    let mut parts: Vec<String> = docs.diagnostics().map(ToString::to_string).collect();
    parts.extend(docs.incomplete.clone());
    if parts.is_empty() {
        return Ok(());
    }
    let more = parts.len().saturating_sub(MOST_PARTS);
    parts.truncate(MOST_PARTS);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    let reason = format!(
        "`{address}` has code that cannot be read: {}; correct it and publish again",
        parts.join("; ")
    );
    Err(Error::invalid("archive", reason))
}
