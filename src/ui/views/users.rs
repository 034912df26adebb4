//! The page of all users, and the page of one's own account.

use askama::Template;

use super::{PageShell, SettingsFrame};
use crate::registry::KnownUser;
use crate::ui::paging::Paged;

/// The page of one's own account, `/settings/account`.
#[derive(Template)]
#[template(path = "account/account.html", config = "assets/askama.toml")]
pub(in crate::ui) struct AccountPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) username: String,
    pub(in crate::ui) email: String,
    /// The address that waits until an administrator confirms it.
    pub(in crate::ui) waiting: Option<String>,
}

/// The page of all users, `/settings/users`.
#[derive(Template)]
#[template(path = "account/users.html", config = "assets/askama.toml")]
pub(in crate::ui) struct UsersPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) query: String,
    pub(in crate::ui) users: Paged<UserRow>,
}

/// A user, or somebody who is invited.
#[derive(Debug)]
pub(in crate::ui) struct UserRow {
    pub(in crate::ui) id: String,
    /// The username; of people who are invited, the address or the name.
    pub(in crate::ui) name: String,
    pub(in crate::ui) email: String,
    /// The address that waits until an administrator confirms it.
    pub(in crate::ui) waiting: Option<String>,
    pub(in crate::ui) invited: bool,
    pub(in crate::ui) site_admin: bool,
    pub(in crate::ui) suspended: bool,
}

impl UserRow {
    /// Makes the row of a user.
    pub(in crate::ui) fn new(user: &KnownUser) -> Self {
        let waiting = user.user().and_then(|user| user.unconfirmed_email.as_ref());
        Self {
            id: user.id().to_string(),
            name: match user {
                KnownUser::User(user) => user.username.to_string(),
                KnownUser::Invited(invitation) => invitation.invitee.to_string(),
            },
            email: user.email().to_owned(),
            waiting: waiting.map(ToString::to_string),
            invited: user.user().is_none(),
            site_admin: user.site_admin(),
            suspended: user.suspended(),
        }
    }

    /// Returns whether the name or an address contains a text in lower case.
    pub(in crate::ui) fn matches(&self, part: &str) -> bool {
        let texts = [&self.name, &self.email].into_iter().chain(&self.waiting);
        let mut texts = texts.map(|text| text.to_ascii_lowercase());
        texts.any(|text| text.contains(part))
    }

    /// Returns what kind of account it is, in words.
    pub(in crate::ui) fn kind(&self) -> &'static str {
        match (self.invited, self.suspended, self.site_admin) {
            (true, _, _) => "invited",
            (false, true, true) => "administrator, suspended",
            (false, true, false) => "suspended",
            (false, false, true) => "administrator",
            (false, false, false) => "user",
        }
    }
}
