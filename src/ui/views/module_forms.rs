//! Pages with a form about modules: publish, deprecate and revoke, delete.

use askama::Template;

use super::{Banner, PageShell};

/// The form that publishes a version of a module, `/publish`.
#[derive(Template)]
#[template(path = "module/publish.html", config = "assets/askama.toml")]
pub(in crate::ui) struct PublishPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) scripts: [String; 2],
    pub(in crate::ui) organizations: Vec<String>,
    pub(in crate::ui) organization: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) provider: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) limit_mib: u64,
    /// The names of the files that are left out of a folder, as JSON.
    pub(in crate::ui) private_names: String,
    pub(in crate::ui) private_is_meant: bool,
    pub(in crate::ui) problem: Option<String>,
}

/// The form that publishes a version of a provider.
#[derive(Template)]
#[template(path = "providers/publish.html", config = "assets/askama.toml")]
pub(in crate::ui) struct PublishProviderPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) scripts: [String; 2],
    pub(in crate::ui) organizations: Vec<String>,
    pub(in crate::ui) organization: String,
    pub(in crate::ui) limit_mib: u64,
    /// The names of the files that are left out of the documentation, as JSON.
    pub(in crate::ui) private_names: String,
    pub(in crate::ui) problem: Option<String>,
}

/// The page that asks for confirmation before something is deleted.
#[derive(Template)]
#[template(path = "module/delete.html", config = "assets/askama.toml")]
pub(in crate::ui) struct DeletePage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) module: String,
    pub(in crate::ui) version: Option<String>,
    pub(in crate::ui) versions: usize,
    pub(in crate::ui) problem: Option<String>,
}

/// The page to deprecate and revoke a version, and to undo either.
#[derive(Template)]
#[template(path = "module/lifecycle.html", config = "assets/askama.toml")]
pub(in crate::ui) struct LifecyclePage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) module: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) base: String,
    pub(in crate::ui) banners: Vec<Banner>,
    pub(in crate::ui) deprecated: bool,
    pub(in crate::ui) revoked: bool,
    pub(in crate::ui) reason: String,
    pub(in crate::ui) link: String,
    pub(in crate::ui) problem: Option<String>,
}
