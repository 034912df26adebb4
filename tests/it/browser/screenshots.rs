//! Takes screenshots of pages for people to look at; `TERRAKEEP_TEST_SCREENSHOTS=folder` takes all
//! of them.

use std::path::PathBuf;

use serde_json::json;

use super::sample::{as_work, pages, sample, who};
use super::tools::Tools;

#[test]
fn screenshots_are_taken_wide_and_narrow_light_and_dark() {
    let Some(tools) = Tools::find() else { return };
    let registry = sample();
    let dir = tempfile::tempdir().expect("a directory");
    let asked = std::env::var_os("TERRAKEEP_TEST_SCREENSHOTS").map(PathBuf::from);
    let mut pages = pages();
    if asked.is_none() {
        pages.truncate(1);
    }
    let folder = asked.unwrap_or_else(|| dir.path().to_owned());
    let folder = std::path::absolute(folder).expect("a path");
    let work = json!({
        "origin": registry.url, "who": who(), "folder": folder, "pages": as_work(&pages),
    });
    let found = tools.run("screenshots.mjs", &work);
    let pictures = found["pictures"].as_array().expect("a list");
    assert_eq!(pictures.len(), pages.len() * 4);
    for picture in pictures {
        let file = picture["file"].as_str().expect("a path");
        assert!(
            file.ends_with("-light.png") || file.ends_with("-dark.png"),
            "{file}"
        );
        assert!(
            std::fs::metadata(file).expect("a file").len() > 1_000,
            "{file}"
        );
        let width = if file.contains("-390-") { 390 } else { 1440 };
        assert_eq!(picture["width"], width, "{file}");
        assert!(
            picture["height"].as_u64().expect("a number") >= 900,
            "{file}"
        );
    }
}
