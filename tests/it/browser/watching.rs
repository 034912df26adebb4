//! Tests the watching itself: the scripts notice what hostile pages do.

use serde_json::{Value, json};

use super::tools::Tools;

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text")).collect()
}

#[test]
fn what_hostile_pages_do_is_seen() {
    let Some(tools) = Tools::find() else { return };
    let seen = tools.run("watch_hostile.mjs", &json!({}));
    let without = &seen["without"];
    let mut dialogs = texts(&without["dialogs"]);
    dialogs.sort_unstable();
    dialogs.dedup();
    assert_eq!(dialogs, ["address", "handler", "inline", "touched"]);
    let odd = texts(&without["odd"]);
    for part in [
        "<script>alert",
        "<img",
        "<p onclick",
        "<a href",
        "<p onmouseover",
    ] {
        assert!(
            odd.iter().any(|what| what.starts_with(part)),
            "{part}: {odd:?}"
        );
    }
    assert!(texts(&without["foreign"]).len() >= 4, "{without}");
    assert!(texts(&without["errors"])[0].contains("thrown"), "{without}");
    let external = texts(&without["external"]);
    assert_eq!(external.len(), 1, "{without}");
    assert!(external[0].ends_with("/x.png"), "{without}");
    assert_eq!(without["breaches"], json!([]));

    let with = &seen["with"];
    assert_eq!(with["dialogs"], json!([]));
    let breaches = texts(&with["breaches"]);
    for part in ["img-src", "script-src-elem", "script-src-attr"] {
        assert!(
            breaches.iter().any(|breach| breach.starts_with(part)),
            "{part}: {with}"
        );
    }
}
