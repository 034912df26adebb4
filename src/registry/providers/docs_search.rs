//! Searching the documentation of a provider.

use std::collections::BTreeMap;

use super::docs::DocsOf;
use super::docs::PAGE_BYTES;
use crate::archive::{self, ArchiveLimits};
use crate::domain::DocsPage;
use crate::inspect::without_matter;
use crate::registry::base::{Error, Registry};

/// A page that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocsHit {
    /// The page.
    pub page: DocsPage,
    /// A text that has one of the words: the page's description, or a line of its text.
    pub excerpt: String,
}

/// Words in lower case. A text matches if it has all of them.
struct Words(Vec<String>);

impl Words {
    fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|word| text.contains(word.as_str()))
    }

    /// Returns the first line that has one of the words, without Markdown marks around it.
    fn line_of(&self, text: &str) -> String {
        const CHARACTERS: usize = 200;
        let has_one = |line: &&str| {
            let line = line.to_lowercase();
            self.0.iter().any(|word| line.contains(word.as_str()))
        };
        let line = text.lines().find(has_one).unwrap_or_default();
        let line = line.trim_matches(|mark: char| mark.is_whitespace() || "#*->|".contains(mark));
        line.chars().take(CHARACTERS).collect()
    }
}

impl Registry {
    /// Returns the pages that have all words: first those with the words in their title, then in
    /// their description, then in their text.
    pub fn search_docs(&self, docs: &DocsOf, query: &str) -> Result<Vec<DocsHit>, Error> {
        let words = Words(query.split_whitespace().map(str::to_lowercase).collect());
        let (mut titles, mut descriptions, mut left) = (Vec::new(), Vec::new(), BTreeMap::new());
        for page in docs.pages.iter() {
            let title = format!("{} {}", page.title, page.slug);
            let said = format!("{title} {} {}", page.subcategory, page.description);
            let hit = DocsHit {
                page: page.clone(),
                excerpt: page.description.clone(),
            };
            if words.are_in(&title) {
                titles.push(hit);
            } else if words.are_in(&said) {
                descriptions.push(hit);
            } else {
                left.insert(page.path.as_str(), page);
            }
        }
        titles.append(&mut descriptions);
        titles.append(&mut self.texts_with(docs, &left, &words)?);
        Ok(titles)
    }

    /// Reads the texts of `pages`, one at a time, and returns those that have all words.
    fn texts_with(
        &self,
        docs: &DocsOf,
        pages: &BTreeMap<&str, &DocsPage>,
        words: &Words,
    ) -> Result<Vec<DocsHit>, Error> {
        let mut found = Vec::new();
        let wanted = |path: &str| pages.contains_key(path).then_some(PAGE_BYTES);
        let none = ArchiveLimits::none();
        archive::each_file(
            self.docs_archive(&docs.sum)?,
            wanted,
            &none,
            |path, text| {
                let text = String::from_utf8_lossy(text);
                let text = without_matter(&text);
                if let Some(page) = pages.get(path).filter(|_| words.are_in(text)) {
                    found.push(DocsHit {
                        page: (*page).clone(),
                        excerpt: words.line_of(text),
                    });
                }
            },
        )?;
        found.sort_by(|a, b| (a.page.category, &a.page.slug).cmp(&(b.page.category, &b.page.slug)));
        Ok(found)
    }
}
