//! Changes of tags, which projects, modules and providers share.

use super::Error;
use crate::auth::random_bits;
use crate::domain::{self, ShortText, TagBinding, TagBindingId, TagError};

/// Makes the tags that replace those `before`, at most `most`.
pub(in crate::registry) fn replace_tags(
    before: &[TagBinding],
    wanted: Vec<(ShortText, ShortText)>,
    most: usize,
) -> Result<Vec<TagBinding>, Error> {
    let new_id = || TagBindingId::from_random(random_bits());
    Ok(domain::replace_tags(before, wanted, most, new_id)?)
}

impl From<TagError> for Error {
    fn from(error: TagError) -> Self {
        Self::invalid("/relationships/tag-bindings", error)
    }
}
