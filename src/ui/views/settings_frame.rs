//! The frame of all pages of settings: where they are, and the row of tabs beside them.

use super::{NamedLink, PageShell, Tab};

/// The frame of a page of settings, which `settings.html` shows.
pub(in crate::ui) struct SettingsFrame {
    pub(in crate::ui) crumbs: Vec<NamedLink>,
    /// The heading, and the title of the page.
    pub(in crate::ui) heading: String,
    /// What the tabs are about.
    pub(in crate::ui) about: String,
    pub(in crate::ui) tabs: Vec<Tab>,
    /// Why a form of the page was refused; `None` if none was.
    pub(in crate::ui) problem: Option<String>,
}

impl SettingsFrame {
    /// The pages of one's own settings, each with its label and its address.
    const OWN: [(&'static str, &'static str); 4] = [
        ("Tokens", "/settings/tokens"),
        ("Account", "/settings/account"),
        ("Password", "/settings/password"),
        ("Organizations", "/settings/organizations"),
    ];
    /// The pages for administrators of the registry.
    const SITE: [(&'static str, &'static str); 2] = [
        ("Users", "/settings/users"),
        ("Audit log", "/settings/audit"),
    ];

    /// Returns the frame of one of the visitor's own pages, or of the pages of an administrator.
    pub(in crate::ui) fn own(
        shell: &PageShell,
        here: &str,
        heading: &str,
        problem: Option<String>,
    ) -> Self {
        let site = Self::SITE.iter().filter(|_| shell.site_admin);
        let tabs = Self::OWN.iter().chain(site);
        Self {
            crumbs: Vec::new(),
            heading: heading.to_owned(),
            about: "Settings".to_owned(),
            tabs: tabs
                .map(|&(label, href)| Tab {
                    label,
                    href: href.to_owned(),
                    count: None,
                    current: label == here,
                })
                .collect(),
            problem,
        }
    }
}
