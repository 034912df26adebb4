//! Resolves the links of a README.
//!
//! A relative link leads into the module's own archive, never out of it, and no link has a scheme
//! that a browser would run.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::elements::EXTERNAL_REL;
use super::html::push_attribute;
use super::own_sources::Own;

/// The beginning of each id that comes from a README, so that none is an id of the page.
pub(super) const ID_PREFIX: &str = "user-content-";

/// The characters that are percent-encoded in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// How the relative links of a README are resolved.
#[derive(Debug, Clone, Default)]
pub struct LinkRules {
    /// The folder of the README from the archive's root, such as `modules/x`; empty for the root.
    pub folder_of_the_readme: String,
    /// The beginning of the addresses of pages about files in the archive, to which the path is
    /// appended; ends in a slash.
    pub file_base: String,
    /// The beginning of the addresses of files' bytes, to which the path is appended; ends in a
    /// slash.
    pub raw_base: String,
    /// What the text belongs to; sources in its code that mean it become its address in this
    /// registry. `None` leaves all code as it is.
    pub own: Option<Own>,
    /// The paths in the archive that have a page; a link to any other is no link. `None` if every
    /// path may have one.
    pub pages: Option<KnownPages>,
}

/// Says which paths in an archive have a page.
#[derive(Clone)]
pub struct KnownPages(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl KnownPages {
    /// Takes the function that says whether a path, such as `resources/a.md`, has a page.
    pub fn new(has_page: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(has_page))
    }
}

impl fmt::Debug for KnownPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownPages")
    }
}

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// An address on another site, or a mailbox.
    External(String),
    /// A place on the same page.
    Anchor(String),
    /// A file or folder in the archive: its encoded path, and the place in it.
    Archive(String, Option<String>),
}

impl LinkRules {
    /// Returns the target of a link; `None` if it leads nowhere or to a place that is not allowed.
    pub(super) fn target(&self, link: &str) -> Option<Target> {
        // A browser ignores these characters in an address, so a scheme could hide behind them.
        let link: String = link
            .chars()
            .filter(|character| !matches!(character, '\t' | '\n' | '\r'))
            .collect();
        let link = link.trim_matches(|character: char| character <= ' ');
        if let Some(scheme) = scheme(link) {
            let known = ["http", "https", "mailto"]
                .iter()
                .any(|allowed| scheme.eq_ignore_ascii_case(allowed));
            return known.then(|| Target::External(link.to_owned()));
        }
        if link.starts_with("//") {
            return Some(Target::External(format!("https:{link}")));
        }
        if let Some(anchor) = link.strip_prefix('#') {
            return Some(Target::Anchor(anchor_id(anchor)));
        }
        let (rest, fragment) = match link.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (link, None),
        };
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        if path.is_empty() {
            return None;
        }
        let path = self.archive_path(path)?;
        let fragment = fragment.filter(|text| !text.is_empty()).map(|text| {
            if is_markdown(&path) {
                anchor_id(text)
            } else {
                encoded(text)
            }
        });
        Some(Target::Archive(path, fragment))
    }

    /// Returns whether there is a page that a link can lead to.
    pub(super) fn has_page(&self, target: &Target) -> bool {
        match (target, &self.pages) {
            (Target::Archive(path, _), Some(pages)) => {
                (pages.0)(&percent_decode_str(path).decode_utf8_lossy())
            }
            (Target::Archive(..), None) | (Target::External(_) | Target::Anchor(_), _) => true,
        }
    }

    /// Returns the address of the page that a link leads to.
    pub(super) fn page(&self, target: &Target) -> String {
        match target {
            Target::External(link) => link.clone(),
            Target::Anchor(id) => format!("#{id}"),
            Target::Archive(path, None) => format!("{}{path}", self.file_base),
            Target::Archive(path, Some(fragment)) => {
                format!("{}{path}#{fragment}", self.file_base)
            }
        }
    }

    /// Returns the address of a picture, if it lies in the archive and is of a type that is shown.
    pub(super) fn picture(&self, target: &Target) -> Option<String> {
        match target {
            Target::Archive(path, _) if picture_type(path).is_some() => {
                Some(format!("{}{path}", self.raw_base))
            }
            Target::Archive(..) | Target::External(_) | Target::Anchor(_) => None,
        }
    }

    /// Resolves a path against the README's folder, or against the root if it begins with a slash.
    fn archive_path(&self, path: &str) -> Option<String> {
        let mut segments: Vec<String> = Vec::new();
        if !path.starts_with('/') {
            let folder = self.folder_of_the_readme.split('/');
            segments.extend(folder.filter(|name| !name.is_empty()).map(str::to_owned));
        }
        for segment in path.split('/') {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            match segment.as_ref() {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                name if name.contains(['/', '\\']) || name.chars().any(char::is_control) => {
                    return None;
                }
                name => segments.push(name.to_owned()),
            }
        }
        let encoded: Vec<String> = segments.iter().map(|name| encoded(name)).collect();
        Some(encoded.join("/"))
    }
}

/// Writes the attributes that make a tag a link.
pub(super) fn push_link(html: &mut String, links: &LinkRules, target: &Target) {
    push_attribute(html, "href", &links.page(target));
    if matches!(target, Target::External(_)) {
        push_attribute(html, "rel", EXTERNAL_REL);
    }
}

/// Returns the id on our page of a place that a README names.
pub(super) fn anchor_id(anchor: &str) -> String {
    let anchor = anchor.strip_prefix(ID_PREFIX).unwrap_or(anchor);
    // Encoded characters stay encoded: the browser decodes them before it looks for the id.
    let plain = percent_decode_str(anchor).decode_utf8_lossy();
    format!("{ID_PREFIX}{}", encoded(&plain))
}

/// Returns a text encoded for a path or a fragment.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Returns the scheme of an absolute address, as a browser reads it; `None` for a relative one.
fn scheme(link: &str) -> Option<&str> {
    let (scheme, _) = link.split_once(':')?;
    let belongs =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.');
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(belongs);
    is_scheme.then_some(scheme)
}

/// Returns whether a file is rendered as Markdown, so that the ids of its headings have the prefix.
fn is_markdown(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".md", ".markdown"]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

/// The types of pictures that a README may show, by the ends of their names. SVG can hold scripts:
/// whoever sends one must forbid them.
const PICTURES: [(&str, &str); 7] = [
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".avif", "image/avif"),
    (".svg", "image/svg+xml"),
];

/// Returns the media type of a picture that a README may show, by its path.
pub fn picture_type(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let mut all = PICTURES.iter();
    all.find_map(|(end, kind)| lower.ends_with(end).then_some(*kind))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns the rules that the tests of this folder use.
    pub(in crate::markup) fn rules() -> LinkRules {
        LinkRules {
            folder_of_the_readme: "modules/x".to_owned(),
            file_base: "/modules/a/b/c/1.2.3/files/".to_owned(),
            raw_base: "/modules/a/b/c/1.2.3/raw/".to_owned(),
            own: None,
            pages: None,
        }
    }

    fn page(link: &str) -> Option<String> {
        let rules = rules();
        rules.target(link).map(|target| rules.page(&target))
    }

    #[test]
    fn relative_links_lead_into_the_archive() {
        let base = "/modules/a/b/c/1.2.3/files/";
        for (link, path) in [
            ("./docs/y.md", "modules/x/docs/y.md"),
            (
                "docs/y.md#Part%20two",
                "modules/x/docs/y.md#user-content-Part%20two",
            ),
            ("main.tf#L12", "modules/x/main.tf#L12"),
            ("../../examples/a/", "examples/a"),
            ("/LICENSE?raw=true", "LICENSE"),
            ("../..", ""),
            ("a b<\"'.md", "modules/x/a%20b%3C%22%27.md"),
        ] {
            assert_eq!(
                page(link).as_deref(),
                Some(format!("{base}{path}").as_str())
            );
        }
        assert_eq!(page("#usage").as_deref(), Some("#user-content-usage"));
        assert_eq!(
            page("#user-content-usage").as_deref(),
            Some("#user-content-usage")
        );
    }

    #[test]
    fn paths_that_leave_the_archive_lead_nowhere() {
        for link in [
            "../../../y",
            "%2e%2e/%2E%2E/..",
            "/..",
            "a/..%2f..%2fy",
            "..\\y",
            "",
        ] {
            assert_eq!(page(link), None, "{link}");
        }
    }

    #[test]
    fn only_three_schemes_are_known() {
        for link in [
            "https://example.com/?a=b",
            "HTTP://example.com",
            "mailto:a@example.com",
        ] {
            assert_eq!(page(link).as_deref(), Some(link));
        }
        assert_eq!(
            page("//example.com").as_deref(),
            Some("https://example.com")
        );
        for link in [
            "javascript:alert(1)",
            "\u{1}java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert_eq!(page(link), None, "{link}");
        }
    }

    #[test]
    fn a_picture_must_lie_in_the_archive() {
        let rules = rules();
        let picture = |link| rules.target(link).and_then(|target| rules.picture(&target));
        assert_eq!(
            picture("a.png").as_deref(),
            Some("/modules/a/b/c/1.2.3/raw/modules/x/a.png")
        );
        assert_eq!(picture("https://example.com/a.png"), None);
        assert_eq!(picture("#a"), None);
    }
}
