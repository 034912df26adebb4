//! Tests that the title of each page says which page it is.

use std::collections::BTreeMap;

use super::sample::{pages, sample};
use crate::ui::browser::Browser;

#[test]
fn two_different_pages_have_different_titles() {
    let registry = sample();
    let mut browsers = BTreeMap::new();
    let mut by_title: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for page in pages().iter().filter(|page| page.status == 200) {
        let browser = browsers.entry(page.by).or_insert_with(|| match page.by {
            "" => Browser::new(&registry),
            name => Browser::of(&registry, name),
        });
        let text = browser.get(&page.path).text;
        let part = |start: &str, end: &str| {
            let (_, rest) = text.split_once(start).expect("its start");
            rest.split(end).next().expect("its end").to_owned()
        };
        let (title, main) = (part("<title>", "</title>"), part("<main", "</main>"));
        looked_at += 1;
        let first = by_title
            .entry(title.clone())
            .or_insert_with(|| (page.path.clone(), main.clone()));
        // One page for several people is one page, and so is one with two addresses, or one that a
        // query shows in another way.
        let without_query = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
        if without_query(&first.0) != without_query(&page.path) && first.1 != main {
            wrong.push(format!("{title}: {} and {}", first.0, page.path));
        }
    }
    assert!(looked_at > 80, "{looked_at}");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
