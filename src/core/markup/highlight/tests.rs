//! Tests of the highlighting: each part has its class, and no text is lost.

use proptest::prelude::*;

use super::super::visible::stand_in;
use super::{Language, highlight, highlight_lines};

const LANGUAGES: [Language; 3] = [Language::Hcl, Language::Json, Language::Plain];

/// Returns the text of a source as it is shown.
fn as_text(source: &str) -> String {
    source
        .chars()
        .map(|found| stand_in(found).unwrap_or_else(|| found.to_string()))
        .collect()
}

/// Returns the text of HTML, if each span in it is closed.
fn text_of(html: &str) -> Option<String> {
    let mut text = String::new();
    let mut depth = 0_u32;
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>')?;
        depth = match tag {
            "/span" => depth.checked_sub(1)?,
            start if start.starts_with("span ") => depth + 1,
            _ => return None,
        };
        rest = after;
    }
    text.push_str(rest);
    let plain = text
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&");
    (depth == 0).then_some(plain)
}

/// Returns the parts of HTML that have a class.
fn parts<'a>(html: &'a str, class: &str) -> Vec<&'a str> {
    html.split(&format!("<span class=\"{class}\">"))
        .skip(1)
        .filter_map(|rest| rest.split("</span>").next())
        .collect()
}

#[test]
fn hcl_is_painted() {
    let html = highlight(
        Language::Hcl,
        "# c\nmodule \"vpc\" {\n  name = \"a-${lower(var.x)}-b\" // d\n  count = 12\n  on = true\n  \
         tags = { \"k\" = 1, z = null }\n  l = [for s in local.y : s if s != \"\"]\n}\n\
         text = <<-EOT\n  a ${var.b}\n  EOT\n/* e */",
    )
    .to_string();
    assert_eq!(parts(&html, "hl-c"), ["# c", "// d", "/* e */"]);
    assert_eq!(parts(&html, "hl-k"), ["module", "for", "in", "if"]);
    assert_eq!(parts(&html, "hl-l"), ["&#34;vpc&#34;"]);
    assert_eq!(
        parts(&html, "hl-a"),
        [
            "name",
            "count",
            "on",
            "tags",
            "&#34;k&#34;",
            "z",
            "l",
            "text"
        ]
    );
    assert_eq!(parts(&html, "hl-s"), ["&#34;a-", "-b&#34;", "&#34;&#34;"]);
    assert_eq!(parts(&html, "hl-f"), ["lower"]);
    assert_eq!(parts(&html, "hl-n"), ["12", "true", "1", "null"]);
    assert_eq!(
        parts(&html, "hl-v"),
        ["var", "x", "s", "local", "y", "s", "s", "var", "b"]
    );
    assert_eq!(parts(&html, "hl-h"), ["&#60;&#60;-EOT", "  a ", "\n  EOT"]);
}

#[test]
fn json_is_painted() {
    let json = highlight(Language::Json, "{\"a\\\"\" : [\"b\", -1.5e3, null]}").to_string();
    assert_eq!(parts(&json, "hl-a"), ["&#34;a\\&#34;&#34;"]);
    assert_eq!(parts(&json, "hl-s"), ["&#34;b&#34;"]);
    assert_eq!(parts(&json, "hl-n"), ["-1.5e3", "null"]);
}

#[test]
fn each_line_has_its_number() {
    assert_eq!(
        highlight_lines(Language::Hcl, "/* a\nb */\n\nc").to_string(),
        "<span id=\"L1\"><span class=\"hl-c\">/* a</span></span>\n\
         <span id=\"L2\"><span class=\"hl-c\">b */</span></span>\n\
         <span id=\"L3\"></span>\n\
         <span id=\"L4\"><span class=\"hl-v\">c</span></span>"
    );
    assert_eq!(highlight_lines(Language::Plain, "").to_string(), "");
}

proptest! {
    #[test]
    fn no_text_is_lost(source in ".{0,80}", pieces in prop::collection::vec(prop::sample::select(vec![
        "\"", "${", "%{", "}", "{", "$", "%", "\\", "<<E\n", "E\n", "E", "\n", "#", "//", "/*", "*/", "a", " = ",
        "(", ")", "[", "]", "'", "-", ":", "é", "\r\n", "\u{202e}", "1", "- ", "::", "true", ",", "&", "<b>",
    ]), 0..40)) {
        for text in [source.clone(), pieces.concat(), format!("{source}\n{}", pieces.concat())] {
            for language in LANGUAGES {
                let html = highlight(language, &text).to_string();
                prop_assert_eq!(text_of(&html), Some(as_text(&text)));
                let lines = highlight_lines(language, &text).to_string();
                prop_assert_eq!(text_of(&lines), Some(as_text(&text)));
            }
        }
    }
}
