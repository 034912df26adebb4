//! Finds the pages of a provider's documentation, and reads the front matter of each page.
//!
//! Two layouts are in use: `docs/resources/NAME.md`, and the older
//! `website/docs/r/NAME.html.markdown`. The front matter is a block of YAML between two lines of
//! hyphens; it has the page's title, its group and a description.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{DocsCategory, DocsPage};

/// The folders that may hold the pages, in order of preference; the last one is the archive's root.
const ROOTS: [&str; 3] = ["website/docs/", "docs/", ""];

/// The endings of the names of pages, longest first.
const ENDINGS: [&str; 5] = [".html.markdown", ".html.md", ".markdown", ".html", ".md"];

/// The most characters of a title or a group.
const LINE_CHARACTERS: usize = 200;
/// The most characters of a description.
const DESCRIPTION_CHARACTERS: usize = 600;
/// The most bytes of a page's front matter.
pub const MATTER_BYTES: usize = 16 * 1024;

/// The front matter of a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Matter {
    page_title: Option<String>,
    subcategory: Option<String>,
    description: Option<String>,
}

/// Finds the folder that holds the pages.
fn docs_root(files: &BTreeMap<String, DocsHead>) -> Option<&'static str> {
    ROOTS.into_iter().find(|root| {
        let mut inside = files.keys().filter_map(|path| path.strip_prefix(root));
        inside.any(|path| page_of(path).is_some())
    })
}

/// Returns the category and the name of a page by its path below the root, which may be the path of
/// a file or a link to a page. Returns `None` if it is not the path of a page.
pub fn page_of(path: &str) -> Option<(DocsCategory, &str)> {
    let (folder, file) = match path.rsplit_once('/') {
        Some((folder, file)) => (Some(folder), file),
        None => (None, path),
    };
    let slug = ENDINGS.iter().find_map(|end| file.strip_suffix(end))?;
    match folder {
        None if slug == "index" => Some((DocsCategory::Overview, slug)),
        None => None,
        Some(folder) => Some((DocsCategory::of_folder(folder)?, slug)),
    }
    .filter(|_| !slug.is_empty())
}

/// The facts that a page states in its front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocsHead {
    title: Option<String>,
    subcategory: String,
    description: String,
}

impl DocsHead {
    /// Reads the front matter from the first bytes of a page.
    pub fn read(content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let (matter, text) = split_front_matter(&text);
        let matter: Matter = matter
            .and_then(|yaml| serde_saphyr::from_str(yaml).ok())
            .unwrap_or_default();
        let title = matter.page_title.as_deref().map(bare_title);
        let heading = || text.lines().find_map(|line| line.strip_prefix("# "));
        let title = title.filter(|title| !title.is_empty()).or_else(heading);
        let cut = |text: Option<String>, most| one_line(&text.unwrap_or_default(), most);
        Self {
            title: title.map(|title| one_line(title, LINE_CHARACTERS)),
            subcategory: cut(matter.subcategory, LINE_CHARACTERS),
            description: cut(matter.description, DESCRIPTION_CHARACTERS),
        }
    }
}

/// Returns the pages among the files of an archive, sorted by category and name.
pub fn docs_pages(files: BTreeMap<String, DocsHead>) -> Vec<DocsPage> {
    let Some(root) = docs_root(&files) else {
        return Vec::new();
    };
    let page = |(path, head): (String, DocsHead)| {
        let (category, slug) = page_of(path.strip_prefix(root)?)?;
        Some(DocsPage {
            category,
            slug: slug.to_owned(),
            title: head.title.unwrap_or_else(|| slug.to_owned()),
            subcategory: head.subcategory,
            description: head.description,
            path,
        })
    };
    let mut pages: Vec<DocsPage> = files.into_iter().filter_map(page).collect();
    let order = |page: &DocsPage| (page.category, page.slug.clone());
    pages.sort_by_key(order);
    // If two files have the same name, the first by path is the page.
    pages.dedup_by_key(|page| order(page));
    pages
}

/// Returns the text of a page without its front matter.
pub fn without_matter(text: &str) -> &str {
    split_front_matter(text).1
}

/// Splits a page into its front matter and its text.
fn split_front_matter(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.split_inclusive('\n');
    if lines.next().map(str::trim_end) != Some("---") {
        return (None, text);
    }
    let begin = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut end = begin;
    for line in lines {
        let behind = end + line.len();
        if line.trim_end() == "---" {
            return (text.get(begin..end), text.get(behind..).unwrap_or_default());
        }
        end = behind;
        if end > MATTER_BYTES {
            break;
        }
    }
    (None, text)
}

/// Returns a title without the provider's name that generators add: `acme: acme_thing`, `acme_thing
/// Resource - acme`.
fn bare_title(title: &str) -> &str {
    let title = title.split(" - ").next().unwrap_or_default().trim();
    match title.split_once(": ") {
        Some((_, rest)) if !rest.trim().is_empty() => rest.trim(),
        _ => title,
    }
}

/// Returns `text` on one line, cut off after `characters`.
fn one_line(text: &str, characters: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(files: &[(&str, &str)]) -> Vec<DocsPage> {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), DocsHead::read(text.as_bytes())));
        docs_pages(files.collect())
    }

    #[test]
    fn pages_of_both_layouts_are_found() {
        let found = pages(&[
            ("docs/index.md", "# Widget\n"),
            (
                "docs/resources/thing.md",
                "---\r\npage_title: \"widget: widget_thing\"\r\nsubcategory: Things\r\n\
                 description: |-\r\n  A thing,\r\n  with details.\r\n---\r\n# Other\r\n",
            ),
            ("docs/data-sources/thing.md", "no heading"),
            ("docs/functions/twice.md", "# twice"),
            ("docs/resources/deep/thing.md", "# not a page"),
            ("docs/notes.md", "# not a page"),
            ("README.md", "# not a page"),
        ]);
        let short: Vec<_> = found
            .iter()
            .map(|page| (page.category, &*page.slug, &*page.title))
            .collect();
        assert_eq!(
            short,
            [
                (DocsCategory::Overview, "index", "Widget"),
                (DocsCategory::Resources, "thing", "widget_thing"),
                (DocsCategory::DataSources, "thing", "thing"),
                (DocsCategory::Functions, "twice", "twice"),
            ]
        );
        assert_eq!(found[1].subcategory, "Things");
        assert_eq!(found[1].description, "A thing, with details.");
        assert_eq!(found[1].path, "docs/resources/thing.md");
        let legacy = pages(&[
            ("website/docs/index.html.markdown", "x"),
            ("website/docs/r/thing.html.markdown", "x"),
            ("website/docs/d/thing.html.md", "x"),
            ("docs/resources/other.md", "x"),
        ]);
        let paths: Vec<_> = legacy.iter().map(|page| &*page.path).collect();
        assert_eq!(
            paths,
            [
                "website/docs/index.html.markdown",
                "website/docs/r/thing.html.markdown",
                "website/docs/d/thing.html.md"
            ]
        );
        assert_eq!(pages(&[("guides/start.md", "x"), ("x.txt", "")]).len(), 1);
        assert!(pages(&[("main.tf", "")]).is_empty());
    }

    #[test]
    fn a_block_that_is_none_is_text() {
        for text in [
            "---\nno end",
            "--- x\na: 1\n---\n",
            "\n---\na: 1\n---\n",
            "",
            "---",
        ] {
            assert_eq!(without_matter(text), text);
        }
        assert_eq!(without_matter("---\n---\ntext"), "text");
        assert_eq!(without_matter("\u{feff}---\na: 1\n---\n\ntext"), "\ntext");
        let odd = pages(&[("docs/guides/a.md", "---\n: [\n---\n# Kept\n")]);
        assert_eq!(odd[0].title, "Kept");
        let long = format!("---\npage_title: {}\n---\n", "x".repeat(500));
        let cut = pages(&[("docs/guides/a.md", &long)]);
        assert_eq!(cut[0].title.chars().count(), LINE_CHARACTERS + 1);
    }

    #[test]
    fn aliases_bombs_are_not_unfolded() {
        let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for depth in 1..12 {
            let before = depth - 1;
            let all = vec![format!("*a{before}"); 9].join(", ");
            let line = format!("a{depth}: &a{depth} [{all}]\n");
            yaml.push_str(&line);
        }
        let text = format!("---\n{yaml}---\n# Kept\n");
        assert_eq!(pages(&[("docs/guides/a.md", &text)])[0].title, "Kept");
    }
}
