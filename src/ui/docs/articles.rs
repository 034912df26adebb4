//! The articles of the documentation: their sources, and what the pages show of them.

use std::sync::LazyLock;

use crate::markup::{ContentsLine, LinkRules, MarkupLimits, contents, markdown};
use crate::ui::views::Html;

/// The name of the article that `/docs` shows.
pub(super) const INDEX: &str = "index";

/// The Markdown of a file of `assets/docs/`.
macro_rules! source {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../assets/docs/", $name, ".md")),
        )
    };
}

/// The name and the Markdown of each article, in the order of the navigation.
pub(super) const SOURCES: &[(&str, &str)] = &[
    source!("index"),
    source!("use"),
    source!("browser"),
    source!("air-gap"),
    source!("modules"),
    source!("providers"),
    source!("lifecycle"),
    source!("install"),
    source!("https"),
    source!("proxies"),
    (
        "configuration",
        // Ends with every setting, as `terrakeep config print` writes them.
        concat!(
            include_str!("../../../assets/docs/configuration.md"),
            "\n```toml\n",
            include_str!("../../../assets/default.toml"),
            "```\n"
        ),
    ),
    source!("people"),
    source!("operate"),
    source!("upgrade"),
    source!("apis"),
    source!("tests"),
    source!("figures"),
];

/// A rendered article.
#[derive(Debug)]
pub(super) struct Article {
    /// Its name in the address.
    pub(super) name: &'static str,
    /// Its first heading.
    pub(super) title: String,
    /// Its table of contents; empty if it has few headings.
    pub(super) contents: Vec<ContentsLine>,
    /// The article with its first heading.
    pub(super) text: Html,
}

/// All articles. They are rendered at the first request and kept.
static ARTICLES: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let sources = SOURCES.iter();
    sources
        .map(|(name, text)| Article::new(name, text))
        .collect()
});

impl Article {
    fn new(name: &'static str, text: &str) -> Self {
        // Links to other articles are relative to /docs/, and `/api` is a page of this site.
        let links = LinkRules {
            folder_of_the_readme: "docs".to_owned(),
            file_base: "/".to_owned(),
            raw_base: "/".to_owned(),
            own: None,
            pages: None,
        };
        let rendered = markdown(text, &links, MarkupLimits::default());
        let title = rendered.contents.first();
        Self {
            name,
            title: title.map_or_else(|| name.to_owned(), |title| title.text.clone()),
            contents: contents(&rendered.contents),
            text: rendered.html.into(),
        }
    }

    /// The path of its page.
    pub(super) fn address(&self) -> String {
        match self.name {
            INDEX => "/docs".to_owned(),
            name => format!("/docs/{name}"),
        }
    }
}

/// All articles, in the order of the navigation.
pub(super) fn articles() -> &'static [Article] {
    &ARTICLES
}

/// The article of that name; `None` if there is none.
pub(super) fn find(name: &str) -> Option<&'static Article> {
    ARTICLES.iter().find(|article| article.name == name)
}
