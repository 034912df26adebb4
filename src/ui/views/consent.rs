//! Pages about a program that asks to sign in.

use askama::Template;

use super::PageShell;

/// The page that asks whether a program may have a token, `/oauth/authorize`.
#[derive(Template)]
#[template(path = "account/consent.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ConsentPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) problem: Option<String>,
    /// The name of the user who is asked.
    pub(in crate::ui) username: &'a str,
    /// Where to sign in with another account.
    pub(in crate::ui) another: String,
    /// The port at which the program waits.
    pub(in crate::ui) port: u16,
    /// When the token ends.
    pub(in crate::ui) end: String,
    pub(in crate::ui) scopes: Vec<ScopeChoice>,
    /// Whether a token of the scope `admin` takes the password.
    pub(in crate::ui) asks_password: bool,
    /// The parameters of the request, for the answer.
    pub(in crate::ui) request: &'a str,
}

/// A scope to choose.
#[derive(Debug)]
pub(in crate::ui) struct ScopeChoice {
    pub(in crate::ui) word: &'static str,
    /// What a token of this scope may do.
    pub(in crate::ui) says: &'static str,
    pub(in crate::ui) picked: bool,
}

/// The page that brings the answer to the program.
#[derive(Template)]
#[template(path = "account/login_answered.html", config = "assets/askama.toml")]
pub(in crate::ui) struct LoginAnsweredPage<'a> {
    pub(in crate::ui) shell: PageShell,
    /// Whether the program gets a token.
    pub(in crate::ui) allowed: bool,
    /// The address of the program, with the code.
    pub(in crate::ui) callback: &'a str,
    /// Whether the program runs on the machine of this browser.
    pub(in crate::ui) is_here: bool,
}
