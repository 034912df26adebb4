//! Tests pages without scripts: they show all the content.

use serde_json::{Value, json};

use super::sample::{as_work, pages, sample, who};
use super::tools::Tools;

/// The conveniences that only scripts show; every page works without them.
const COMFORTS: &[&str] = &[
    "Copy",
    "Filter",
    "Or a folder",
    "It is packed in your browser, without hidden files and folders. You can also drop a folder on this \
     page.",
    "What belongs to the release is taken from it, with the documentation in docs or website/docs. You \
     can also drop a folder or files on this page.",
];

#[test]
fn every_page_reads_without_scripts() {
    let Some(tools) = Tools::find() else { return };
    let registry = sample();
    let pages = pages();
    let work = json!({ "origin": registry.url, "who": who(), "pages": as_work(&pages) });
    let found = tools.run("read.mjs", &work);
    let read = found["pages"].as_array().expect("a list");
    assert_eq!(read.len(), pages.len());
    for page in read {
        assert_ne!(page["heading"], "", "{page:#}");
        assert!(page["lines"].as_u64().expect("a number") >= 2, "{page:#}");
        let missing = page["missing"].as_array().expect("a list").iter();
        let missing: Vec<_> = missing
            .filter_map(Value::as_str)
            // The number of a request is another one each time.
            .filter(|line| !COMFORTS.contains(line) && !line.starts_with("Request "))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", page["path"]);
    }
}
