//! Whose a data directory is. Files that root makes in the directory of somebody else could not be
//! opened by the registry afterwards.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

use super::OpenError;

/// Where the names of users are.
const USERS: &str = "/etc/passwd";

/// Refuses a directory of another user to root; whoever is not root cannot write there anyway.
pub(super) fn check_owner(root: &Path) -> Result<(), OpenError> {
    let Ok(metadata) = std::fs::metadata(root) else {
        // It is made, and then it is its maker's own.
        return Ok(());
    };
    if !geteuid().is_root() || metadata.uid() == 0 {
        return Ok(());
    }
    let users = std::fs::read_to_string(USERS).unwrap_or_default();
    Err(OpenError::OfAnotherUser {
        dir: root.to_owned(),
        owner: name_of(metadata.uid(), &users),
    })
}

/// Returns the name of a user as `sudo -u` takes it; `#` and the number if there is no name.
fn name_of(uid: u32, users: &str) -> String {
    let mut lines = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let named = lines.find_map(|fields| match fields.as_slice() {
        [name, _, id, ..] if id.parse() == Ok(uid) => Some((*name).to_owned()),
        _ => None,
    });
    named.unwrap_or_else(|| format!("#{uid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_named_as_sudo_takes_it() {
        let users = "root:x:0:0:root:/root:/bin/sh\nnonsense\nterrakeep:x:998:998::/:/bin/false\n";
        assert_eq!(name_of(998, users), "terrakeep");
        assert_eq!(name_of(1000, users), "#1000");
    }
}
