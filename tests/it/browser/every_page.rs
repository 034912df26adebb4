//! Tests every page: it can be used by everybody (WCAG 2.2 AA), its HTML is valid, it fits narrow
//! windows, and it runs and loads nothing of others (T32).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use terrakeep::http::access::Access;
use terrakeep::server::route_table;

use super::sample::{as_work, pages, sample, who};
use super::tools::Tools;

/// The greatest height of a page about a module in a window of 1440 pixels.
const TALLEST: u64 = 12_000;

/// The addresses that can be fetched and are no pages, and why.
const NO_PAGES: &[(&str, &str)] = &[
    ("/.well-known/terraform.json", "a document for programs"),
    ("/healthz", "a word for programs"),
    ("/readyz", "a word for programs"),
    ("/robots.txt", "a text for programs"),
    ("/setup/ca.pem", "a certificate to download"),
    ("/static/{hash}/{asset}", "the files of all pages"),
    ("/settings", "leads to its first page"),
    (
        "/app/settings/tokens",
        "leads to the page for tokens, which it is to terraform",
    ),
    (
        "/modules/{namespace}/{name}/{system}/{version}/raw/{*path}",
        "a picture of a README",
    ),
    (
        "/modules/{namespace}/{name}/{system}/feed.atom",
        "a feed for programs",
    ),
    (
        "/modules/{namespace}/{name}/{system}/badge.svg",
        "a picture for other sites",
    ),
    (
        "/modules/{namespace}/{name}/{system}/{version}/archive",
        "leads to an archive to download",
    ),
    (
        "/providers/{namespace}/{name}/{version}/pictures/{*path}",
        "a picture of a provider's documentation",
    ),
];

#[test]
fn every_route_of_a_page_is_looked_at() {
    let routes: BTreeSet<String> = route_table()
        .into_iter()
        .filter(|(method, path, access)| {
            let shown = matches!(access, Access::Open | Access::Page | Access::Session);
            *method == "GET" && shown && !path.starts_with("/api/") && !path.starts_with("/v1/")
        })
        .map(|(_, path, _)| path)
        .collect();
    let visited = pages().into_iter().map(|page| page.route);
    let no_pages = NO_PAGES.iter().map(|(path, _)| *path);
    let known: BTreeSet<String> = visited
        .chain(no_pages)
        .filter(|route| !route.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(
        routes, known,
        "the route table, and the pages of the sample with NO_PAGES"
    );
}

#[test]
fn t32_every_page_is_for_everybody_valid_and_our_own() {
    let Some(tools) = Tools::find() else { return };
    let registry = sample();
    let pages = pages();
    let work = json!({ "origin": registry.url, "who": who(), "pages": as_work(&pages) });
    let found = tools.run("walk.mjs", &work);
    let looked_at = found["pages"].as_array().expect("a list");
    assert_eq!(looked_at.len(), pages.len());
    let mut wrong = Vec::new();
    let mut rules = BTreeSet::new();
    for page in &pages {
        let seen = looked_at
            .iter()
            .find(|seen| seen["path"] == page.path && seen["as"] == page.by)
            .expect("every page is looked at");
        let name = format!("{} as {:?}", page.path, page.by);
        if seen["status"] != page.status || seen["type"] != "text/html; charset=utf-8" {
            wrong.push(format!("{name}: {} {}", seen["status"], seen["type"]));
        }
        for problem in seen["problems"].as_array().expect("a list") {
            wrong.push(format!("{name}: {}", problem.as_str().expect("a text")));
        }
        let height = seen["height"].as_u64().expect("a number");
        if height > TALLEST && page.path.starts_with("/modules/") {
            wrong.push(format!("{name}: it is {height} px tall"));
        }
        assert_ne!(seen["texts"], 0, "{name}");
        let passed = seen["passed"].as_array().expect("a list").iter();
        rules.extend(passed.filter_map(Value::as_str));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    // What was asked was asked indeed: the rule of WCAG 2.2, and colours.
    for rule in ["target-size", "color-contrast"] {
        assert!(rules.contains(rule), "{rule}: {rules:?}");
    }
    assert_ne!(nothing_of_others(&found, pages.len()), 0);
}

/// Checks that a watched browser made at least `least` requests to its registry, and none to
/// others, and that only our scripts ran. Returns how many of those ran.
pub(super) fn nothing_of_others(seen: &Value, least: usize) -> u64 {
    for what in ["external", "foreign", "breaches", "dialogs", "errors"] {
        assert_eq!(seen[what], json!([]), "{what}");
    }
    let count = |what: &str| seen[what].as_u64().expect("a number");
    let requests = count("requests");
    assert!(
        requests >= u64::try_from(least).expect("few"),
        "{requests} requests"
    );
    count("scripts")
}
