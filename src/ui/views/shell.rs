//! The frame that every page shows around its content, and the format of times.

use askama::Template;

use crate::domain::Timestamp;
use crate::ui::files;

/// The frame of a page.
#[derive(Debug, Clone)]
pub(in crate::ui) struct PageShell {
    /// The address of the stylesheet.
    pub(in crate::ui) css: String,
    /// The address of the script.
    pub(in crate::ui) js: String,
    /// The address of the icon.
    pub(in crate::ui) icon: String,
    /// The words in the search field; empty if there are none.
    pub(in crate::ui) query: String,
    /// The name of the user who is signed in; `None` for anonymous visitors.
    pub(in crate::ui) user: Option<String>,
    /// Whether that user administers the registry.
    pub(in crate::ui) site_admin: bool,
    /// The path of the page, to return to.
    pub(in crate::ui) here: String,
    /// The token of the forms on the page; empty without a session.
    pub(in crate::ui) csrf: String,
    /// The program's version.
    pub(in crate::ui) version: &'static str,
}

/// The links of each page that depend on who is signed in.
#[derive(Template)]
#[template(path = "account_links.html", config = "assets/askama.toml")]
pub(in crate::ui) struct AccountLinks {
    pub(in crate::ui) shell: PageShell,
}

impl PageShell {
    /// Returns the frame for an anonymous visitor.
    pub(in crate::ui) fn plain() -> Self {
        Self {
            css: files::address("app.css"),
            js: files::address("app.js"),
            icon: files::address("favicon.svg"),
            query: String::new(),
            user: None,
            site_admin: false,
            here: "/".to_owned(),
            csrf: String::new(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// Formats a time to the minute, as in `2026-11-25 08:30`.
pub(in crate::ui) fn minute(time: Timestamp) -> String {
    let text = time.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_to_the_minute() {
        let time = "2026-11-25T08:30:59.999Z".parse().expect("a time");
        assert_eq!(minute(time), "2026-11-25 08:30");
    }
}
