//! Paths inside an archive. A path is relative and UTF-8, and stays below its root on every system,
//! so it never names anything outside the archive.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use super::{ArchiveError, ArchiveLimits, EscapedName};

/// The path of a file in an archive: components joined by `/`, none of them empty, `.` or `..`.
///
/// It has no control character, no backslash, and no name that cannot exist on Windows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArchivePath(String);

impl ArchivePath {
    /// Reads a path within `limits`; a leading `./` is dropped.
    pub fn new(text: &str, limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        if text.starts_with('/') {
            return Err(ArchiveError::NameAbsolute(text.into()));
        }
        if text.contains('\\') {
            return Err(ArchiveError::NameBackslash(text.into()));
        }
        if text.chars().any(changes_how_text_reads) {
            return Err(ArchiveError::NameControl(text.into()));
        }
        let bare = text.strip_prefix("./").unwrap_or(text);
        check_lengths(bare, limits)?;
        for component in bare.split('/') {
            check_component(component, text)?;
        }
        Ok(Self(bare.to_owned()))
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last component.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// Returns the path of the folder it lies in; `None` at the top level.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// Iterates over the paths of all folders it lies in, the top one first.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = Self> + '_ {
        self.0
            .match_indices('/')
            .filter_map(|(end, _)| self.0.get(..end))
            .map(|folder| Self(folder.to_owned()))
    }

    /// Returns the path relative to `folder`; `None` if it does not lie in that folder.
    pub(super) fn inside(&self, folder: &str) -> Option<Self> {
        let rest = self.0.strip_prefix(folder)?.strip_prefix('/')?;
        Some(Self(rest.to_owned()))
    }
}

impl FromStr for ArchivePath {
    type Err = ArchiveError;

    /// Reads a path within the default limits.
    fn from_str(text: &str) -> Result<Self, ArchiveError> {
        Self::new(text, &ArchiveLimits::default())
    }
}

impl TryFrom<String> for ArchivePath {
    type Error = ArchiveError;

    fn try_from(text: String) -> Result<Self, ArchiveError> {
        text.parse()
    }
}

impl fmt::Display for ArchivePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ArchivePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ArchivePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Returns whether `c` is a control character, a line separator, or reorders the text around it.
pub(super) fn changes_how_text_reads(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn check_lengths(path: &str, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
    if path.len() > limits.path_bytes {
        return Err(ArchiveError::PathTooLong {
            path: path.into(),
            limit: limits.path_bytes,
        });
    }
    if path.split('/').count() > limits.depth {
        return Err(ArchiveError::PathTooDeep {
            path: path.into(),
            limit: limits.depth,
        });
    }
    if path.split('/').any(|c| c.len() > limits.component_bytes) {
        return Err(ArchiveError::ComponentTooLong {
            path: path.into(),
            limit: limits.component_bytes,
        });
    }
    Ok(())
}

fn check_component(component: &str, path: &str) -> Result<(), ArchiveError> {
    match component {
        ".." => return Err(ArchiveError::NameParent(path.into())),
        "" | "." => return Err(ArchiveError::NameComponent(path.into())),
        _ => {}
    }
    let reason = if component.contains(['<', '>', ':', '"', '|', '?', '*']) {
        "it holds one of < > : \" | ? *"
    } else if component.ends_with(['.', ' ']) {
        "a name there must not end in a dot or a space"
    } else if is_device_name(component) {
        "it is the name of a device there"
    } else {
        return Ok(());
    };
    Err(ArchiveError::NameWindows {
        name: EscapedName::from(path),
        reason,
    })
}

/// Returns whether Windows interprets `component` as a device, whatever its extension is.
fn is_device_name(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component);
    let stem = stem.trim_end_matches(' ').to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut digits = number.chars();
            let first = digits.next();
            first.is_some_and(|d| d.is_ascii_digit() || matches!(d, '¹' | '²' | '³'))
                && digits.next().is_none()
        })
    });
    numbered || matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_are_paths() {
        for good in [
            "main.tf",
            ".github/workflows/lock.yml",
            "modules/vpc-endpoints/main.tf",
            "a b/ümlaut/日本.tf",
            "..a",
            "a..b/...c",
            "console.tf",
            "com10.tf",
            "nulls",
        ] {
            assert_eq!(good.parse::<ArchivePath>().expect(good).as_str(), good);
        }
        let dotted: ArchivePath = "./main.tf".parse().expect("`./` is dropped");
        assert_eq!(dotted.as_str(), "main.tf");
    }

    #[test]
    fn t01_t06_names_that_are_no_paths() {
        for (bad, code) in [
            ("", "name-component"),
            (".", "name-component"),
            ("a//b", "name-component"),
            ("a/./b", "name-component"),
            ("a/", "name-component"),
            ("././a", "name-component"),
            ("..", "name-parent"),
            ("a/../b", "name-parent"),
            ("./../b", "name-parent"),
            ("/etc/passwd", "name-absolute"),
            ("//server/share", "name-absolute"),
            (r"\\server\share", "name-backslash"),
            (r"a\..\b", "name-backslash"),
            ("C:/main.tf", "name-windows"),
            ("main.tf:stream", "name-windows"),
            ("aux.tf", "name-windows"),
            ("a/Com1", "name-windows"),
            ("LPT³.md", "name-windows"),
            ("con .tf", "name-windows"),
            ("main.tf.", "name-windows"),
            ("main.tf ", "name-windows"),
            ("a\nb", "name-control"),
            ("a\u{85}b", "name-control"),
            ("a\u{202e}b", "name-control"),
            ("a\u{2069}b", "name-control"),
        ] {
            let error = bad.parse::<ArchivePath>().expect_err(bad);
            assert_eq!(error.code(), code, "{bad:?}");
        }
    }

    #[test]
    fn t07_long_and_deep_paths_are_refused() {
        let limits = ArchiveLimits::default();
        let check = |text: String| ArchivePath::new(&text, &limits).map_err(|e| e.code());
        assert!(check("a".repeat(255)).is_ok());
        assert_eq!(check("a".repeat(256)), Err("component-too-long"));
        let long = vec!["a".repeat(101); 5].join("/");
        assert!(check(format!("{long}/b")).is_ok());
        assert_eq!(check(format!("{long}/bcd")), Err("path-too-long"));
        assert!(check(vec!["a"; 32].join("/")).is_ok());
        assert_eq!(check(vec!["a"; 33].join("/")), Err("path-too-deep"));
    }

    #[test]
    fn a_path_knows_its_folders() {
        let path: ArchivePath = "a/b/c.tf".parse().expect("a valid path");
        let ancestors: Vec<_> = path.ancestors().map(|p| p.0).collect();
        assert_eq!(ancestors, ["a", "a/b"]);
        assert_eq!((path.folder(), path.file_name()), (Some("a/b"), "c.tf"));
        assert_eq!(path.inside("a").expect("lies in it").as_str(), "b/c.tf");
        assert_eq!(path.inside("a/b/c.tf"), None);
        assert_eq!(path.inside("a/b/c"), None);
    }

    proptest! {
        #[test]
        fn no_path_leaves_its_root(text in r"[./\\:a-cCN\x00\u{202e} ]{0,12}") {
            if let Ok(path) = text.parse::<ArchivePath>() {
                let path = path.as_str();
                prop_assert!(!path.is_empty() && !path.starts_with('/'));
                let forbidden = ['\\', ':', '\0', '\u{202e}'];
                prop_assert!(!path.contains(forbidden));
                prop_assert!(path.split('/').all(|c| !matches!(c, "" | "." | "..")));
                let again = path.parse::<ArchivePath>().map(|again| again.0);
                prop_assert_eq!(again.expect("stays a path"), path);
            }
        }
    }
}
