//! Pages about the visitor: signing in, tokens, the password, the setup, problems.

use askama::Template;

use super::{PageShell, SettingsFrame, minute};
use crate::domain::{ApiToken, TokenScope};
use crate::registry::{Error, Registry};

/// The sign-in page, `/login`.
#[derive(Template)]
#[template(path = "account/login.html", config = "assets/askama.toml")]
pub(in crate::ui) struct LoginPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) next: &'a str,
    pub(in crate::ui) username: &'a str,
    pub(in crate::ui) problem: Option<String>,
    /// What to do first if nobody can sign in yet.
    pub(in crate::ui) first_user: Option<String>,
}

/// The page of a link that signs in once, `/login?once=…`.
#[derive(Template)]
#[template(path = "account/sign_in_link.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SignInLinkPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) username: &'a str,
    /// The secret of the link; empty if it does not work any more.
    pub(in crate::ui) once: &'a str,
}

/// The page to change one's password, `/settings/password`.
#[derive(Template)]
#[template(path = "account/password.html", config = "assets/askama.toml")]
pub(in crate::ui) struct PasswordPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    /// Whether there is no old password, and none has to be typed.
    pub(in crate::ui) is_first: bool,
}

/// The page of one's tokens, `/settings/tokens`.
#[derive(Template)]
#[template(path = "account/tokens.html", config = "assets/askama.toml")]
pub(in crate::ui) struct TokensPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) tokens: Vec<TokenRow>,
}

/// The page that shows a new token, once.
#[derive(Template)]
#[template(path = "account/new_token.html", config = "assets/askama.toml")]
pub(in crate::ui) struct NewTokenPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) secret: &'a str,
    pub(in crate::ui) host: &'a str,
    pub(in crate::ui) back: &'a str,
}

/// The page about using the registry from a new machine, `/setup`.
#[derive(Template)]
#[template(path = "account/setup.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SetupPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) host: &'a str,
    pub(in crate::ui) url: &'a str,
    pub(in crate::ui) secure: bool,
    /// Whether `terraform login` needs no pasting.
    pub(in crate::ui) login: bool,
    pub(in crate::ui) own_ca: bool,
    pub(in crate::ui) fingerprint: &'a str,
}

/// The page about an error.
#[derive(Template)]
#[template(path = "problem.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ProblemPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) title: &'a str,
    pub(in crate::ui) message: &'a str,
    /// The text of the sign-in link; empty for no link.
    pub(in crate::ui) offer: &'a str,
    /// The path to return to after signing in.
    pub(in crate::ui) here: &'a str,
    pub(in crate::ui) request_id: &'a str,
    /// The HTML of the links that depend on who is signed in.
    pub(in crate::ui) account: &'a str,
}

/// A token in a list.
#[derive(Debug)]
pub(in crate::ui) struct TokenRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) owner: String,
    pub(in crate::ui) description: String,
    pub(in crate::ui) scope: &'static str,
    pub(in crate::ui) only: String,
    pub(in crate::ui) created: String,
    pub(in crate::ui) last_used: String,
    pub(in crate::ui) expires: String,
}

impl TokenRow {
    /// Creates the row of a token of `owner`.
    pub(in crate::ui) fn new(
        registry: &Registry,
        token: &ApiToken,
        owner: &str,
    ) -> Result<Self, Error> {
        let last_used = registry.token_last_used(&token.id)?;
        let never = || "never".to_owned();
        Ok(Self {
            id: token.id.to_string(),
            owner: owner.to_owned(),
            description: token
                .description
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            scope: match token.scope {
                TokenScope::Read => "read",
                TokenScope::Publish => "publish",
                TokenScope::Admin => "admin",
            },
            only: registry.restriction_in_words(token)?,
            created: minute(token.created_at),
            last_used: last_used.map_or_else(never, minute),
            expires: token.expires_at.map_or_else(never, minute),
        })
    }
}
