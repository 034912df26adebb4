//! Tests the measuring of contrast itself: it finds texts that cannot be read, also in drawings.

use serde_json::{Value, json};

use super::tools::Tools;

/// A page with one text, styled so.
fn page(style: &str, text: &str) -> String {
    format!("<style>body {{ background: #fff }} {style}</style>{text}")
}

#[test]
fn texts_that_are_too_faint_are_found_also_in_drawings() {
    let Some(tools) = Tools::find() else { return };
    let drawn = "<svg><rect width=200 height=50></rect><text x=5 y=30>Hello</text></svg>";
    let documents = [
        (page("p { color: #767676 }", "<p>Hello</p>"), false),
        (page("p { color: #777 }", "<p>Hello</p>"), true),
        (
            page("p { color: #000; opacity: 0.4 }", "<p>Hello</p>"),
            true,
        ),
        (
            page(
                "summary, p { color: #ccc }",
                "<details><p>Hello</p></details>",
            ),
            true,
        ),
        (
            page("b::before { content: \"x\"; color: #ddd }", "<b>Hello</b>"),
            true,
        ),
        (
            page("rect { fill: #000 } text { fill: #fff }", drawn),
            false,
        ),
        (page("rect { fill: #000 } text { fill: #333 }", drawn), true),
        (
            page("rect { fill: none } text { fill: #000 }", drawn),
            false,
        ),
        (
            page(
                "rect { fill: #fff } text { fill: #000; stroke: #ddd }",
                drawn,
            ),
            true,
        ),
    ];
    let work: Vec<&String> = documents.iter().map(|(html, _)| html).collect();
    let seen = tools.run("contrast.mjs", &json!({ "documents": work }));
    let found = seen["found"].as_array().expect("a list");
    assert_eq!(found.len(), documents.len());
    for ((html, is_faint), found) in documents.iter().zip(found) {
        assert_ne!(found["judged"], 0, "{html}");
        assert_eq!(
            found["faint"] != Value::Array(Vec::new()),
            *is_faint,
            "{html}: {found}"
        );
    }
}
