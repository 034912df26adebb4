//! What every page shows around its content, and how times are written.

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
    /// What is searched for.
    pub(in crate::ui) query: String,
    /// Who is signed in.
    pub(in crate::ui) user: Option<String>,
    /// The address of the page, to come back to.
    pub(in crate::ui) here: String,
    /// The token of the forms on the page.
    pub(in crate::ui) csrf: String,
    /// The program's version.
    pub(in crate::ui) version: &'static str,
}

impl PageShell {
    /// The frame for nobody in particular.
    pub(in crate::ui) fn plain() -> Self {
        Self {
            css: files::address("app.css"),
            js: files::address("app.js"),
            icon: files::address("favicon.svg"),
            query: String::new(),
            user: None,
            here: "/".to_owned(),
            csrf: String::new(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// A time to the minute, as in `2026-11-25 08:30`.
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
