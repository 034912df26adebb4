//! Tests with hostile texts: the output holds only what the page allows, and it is made quickly.

use proptest::prelude::*;

use super::links::tests::rules;
use super::{MarkupLimits, Rendered, markdown, plain};

/// The payloads, separated by lines of four percent signs.
const PAYLOADS: &str = include_str!("../../../tests/fixtures/xss.txt");

const VOID: [&str; 4] = ["br", "hr", "img", "input"];

/// The allowed elements, written out a second time, so that a mistake in the table is found.
const ALLOWED: &str = " a abbr b blockquote br caption code dd del details div dl dt em \
    figcaption figure h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre s samp section small \
    span strike strong sub summary sup table tbody td tfoot th thead tr u ul var ";

fn render(text: &str) -> Rendered {
    markdown(text, &rules(), MarkupLimits::default())
}

/// Parses HTML by the strictest rules and returns what is not allowed in it as an error.
fn verdict(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if text.contains('>') {
            return Err(format!("a bare sign in {text:?}"));
        }
        let (tag, after) = split_tag(after)?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        if !ALLOWED.contains(&format!(" {name} ")) {
            return Err(format!("<{name}>"));
        }
        check_attributes(name, attributes)?;
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() && !rest.contains('>') {
        Ok(())
    } else {
        Err(format!("{open:?} stay open"))
    }
}

/// Splits at the end of a tag, outside quotes.
fn split_tag(html: &str) -> Result<(&str, &str), String> {
    let mut is_quoted = false;
    for (at, found) in html.char_indices() {
        match found {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Ok((&html[..at], &html[at + 1..])),
            _ => {}
        }
    }
    Err("a tag without an end".to_owned())
}

fn check_attributes(element: &str, attributes: &str) -> Result<(), String> {
    let mut rest = attributes;
    while let Some(after) = rest.strip_prefix(' ') {
        let (name, after) = after
            .split_once("=\"")
            .ok_or("an attribute without a value")?;
        let (value, after) = after.split_once('"').ok_or("a value without an end")?;
        rest = after;
        let is_allowed = match (element, name) {
            (_, "id") => value.starts_with("user-content-"),
            ("a", "href") => [
                "http:",
                "https:",
                "mailto:",
                "#",
                "/modules/a/b/c/1.2.3/files/",
            ]
            .iter()
            .any(|start| value.to_ascii_lowercase().starts_with(start)),
            ("a", "rel") => value == "nofollow noopener noreferrer",
            ("img", "src") => {
                value.starts_with("/modules/a/b/c/1.2.3/raw/")
                    && !value.contains("..")
                    && !value.contains('\\')
            }
            ("span", "class") => {
                value.len() == 4 && value.starts_with("hl-") && value.ends_with(char::is_alphabetic)
            }
            ("div" | "p" | "img" | "td" | "th" | "h2" | "h3" | "h4" | "h5" | "h6", "class") => {
                value.starts_with("markdown-alert") || value.starts_with("to-") || value == "scroll"
            }
            ("div", "aria-label") => value == "Table",
            ("input", "aria-label") => ["Done", "Not done"].contains(&value),
            ("pre" | "div", "tabindex") => value == "0",
            ("pre" | "div", "role") => value == "group",
            ("pre", "aria-label") => value == "Code",
            ("input", "type") => value == "checkbox",
            ("a" | "abbr" | "img", "title")
            | ("img", "alt")
            | ("input", "checked" | "disabled")
            | ("details", "open") => true,
            ("img", "width" | "height")
            | ("ol", "start")
            | ("td" | "th", "colspan" | "rowspan") => value
                .trim_end_matches('%')
                .bytes()
                .all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if !is_allowed {
            return Err(format!("<{element} {name}={value:?}>"));
        }
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err(format!("{rest:?} in a tag"))
    }
}

#[test]
fn the_strict_reader_refuses_what_is_not_allowed() {
    for html in [
        "<script></script>",
        "<p onclick=\"x\"></p>",
        "<a href=\"javascript:x\">a</a>",
        "<img src=\"https://example.com/x\">",
        "<b id=\"x\"></b>",
        "<b></i>",
        "<b>",
        "<p title=x></p>",
        "<span class=\"modal\"></span>",
    ] {
        assert!(verdict(html).is_err(), "{html}");
    }
    assert_eq!(verdict("<p>a<br><a href=\"#x\">b</a> &lt;</p>"), Ok(()));
}

#[test]
fn t30_no_payload_gets_through() {
    let payloads: Vec<&str> = PAYLOADS.trim_end().split("\n%%%%\n").collect();
    assert!(payloads.len() >= 100, "{} payloads", payloads.len());
    for payload in &payloads {
        let rendered = render(payload);
        assert!(!rendered.is_plain, "{payload}");
        let html = rendered.html.as_str();
        assert_eq!(verdict(html), Ok(()), "{payload}\n{html}");
        let again = super::clean::cleaned(html, &rules());
        assert_eq!(again.as_str(), html, "{payload}");
    }
    // All payloads in one text must be as safe as each of them alone.
    for apart in ["\n\n", " ", "\n"] {
        let html = render(&payloads.join(apart)).html;
        assert_eq!(verdict(html.as_str()), Ok(()));
    }
}

#[test]
fn markdown_as_people_write_it() {
    let text = "<!-- BEGIN_TF_DOCS -->\n# VPC\n\n[![Build](https://ci.example/x.png)](https://ci.example)\n\
        ![diagram](./docs/a.png)\n\n<p align=\"center\"><img src=\"/logo.WEBP\" width=\"200\"></p>\n\n\
        | Name | Type |\n|------|:----:|\n| <a name=\"input_azs\"></a> [azs](#input\\_azs) | `list(string)` |\n\n\
        - [x] done\n\n~~old~~ <https://example.com> see[^1] <details><summary>More</summary>x</details>\n\n\
        ```hcl\nmodule \"vpc\" {\n  azs = []\n}\n```\n\n[^1]: Note\n";
    let rendered = render(text);
    let html = rendered.html.as_str();
    assert_eq!(verdict(html), Ok(()));
    for expected in [
        "<h2 id=\"user-content-vpc\">VPC</h2>",
        "<a href=\"https://ci.example\" rel=\"nofollow noopener noreferrer\">Build</a>",
        "src=\"/modules/a/b/c/1.2.3/raw/modules/x/docs/a.png\"",
        "src=\"/modules/a/b/c/1.2.3/raw/logo.WEBP\"",
        "<p class=\"to-center\">",
        "<a id=\"user-content-input_azs\"></a> <a href=\"#user-content-input_azs\">azs</a>",
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>",
        "<th class=\"to-center\">Type</th>",
        "type=\"checkbox\"",
        "aria-label=\"Done\"",
        "<del>old</del>",
        "<details><summary>More</summary>x</details>",
        "<span class=\"hl-k\">module</span> <span class=\"hl-l\">&quot;vpc&quot;</span>",
        "href=\"#user-content-fn-1\"",
        "id=\"user-content-fn-1\"",
    ] {
        // The cleaner prints a quote between tags as it is.
        let expected = expected.replace("&quot;", "\"");
        assert!(html.contains(&expected), "{expected}\n{html}");
    }
    assert!(!html.contains("BEGIN_TF_DOCS"), "{html}");
    assert_eq!(rendered.contents.len(), 1);
}

#[test]
fn alerts_say_what_they_are() {
    for (kind, title) in [
        ("NOTE", "Note"),
        ("TIP", "Tip"),
        ("IMPORTANT", "Important"),
        ("WARNING", "Warning"),
        ("CAUTION", "Caution"),
    ] {
        let html = render(&format!("> [!{kind}]\n> Do `it`.\n")).html;
        assert_eq!(verdict(html.as_str()), Ok(()));
        let class = title.to_lowercase();
        let expected = format!(
            "<div class=\"markdown-alert markdown-alert-{class}\">\n\
             <p class=\"markdown-alert-title\">{title}</p>\n<p>Do <code>it</code>.</p>"
        );
        assert!(html.as_str().contains(&expected), "{html}");
    }
    let unknown = render("> [!JOKE]\n> Ha.\n").html;
    assert!(unknown.as_str().starts_with("<blockquote>"), "{unknown}");
}

#[test]
fn direction_controls_in_code_are_seen() {
    for text in ["`a\u{202e}b`", "```\na\u{202e}b\n```", "    a\u{202e}b"] {
        let html = render(text).html.to_string();
        assert!(
            html.contains("a<span class=\"hl-u\">U+202E</span>b"),
            "{html}"
        );
    }
}

#[test]
fn what_is_too_much_is_shown_as_it_is() {
    let limits = MarkupLimits {
        max_bytes: 8,
        ..MarkupLimits::default()
    };
    let rendered = markdown("# <b>too long", &rules(), limits);
    assert!(rendered.is_plain);
    assert_eq!(
        rendered.html.as_str(),
        "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\">\n# &#60;b&#62;too long</pre>"
    );
    for deep in [
        "&".repeat(100_000),
        "°".repeat(100_000),
        "> ".repeat(60_000),
        "<div>".repeat(60_000),
        "<b>".repeat(60_000),
    ] {
        let rendered = render(&deep);
        assert!(rendered.is_plain);
        assert_eq!(rendered.html, plain(&deep));
    }
}

/// Pieces that, repeated, would take a careless parser quadratic time or overflow its stack.
const PIECES: &[&str] = &[
    "[",
    "![",
    "]",
    "*",
    "_",
    "**a ",
    "*a_ ",
    "_a*b_ ",
    "~",
    "`",
    "<",
    "<a ",
    "<a b=\"",
    "</a ",
    "<!--",
    "<!-",
    "<?",
    "<script>",
    "<style>",
    "&",
    "&#",
    "[a](",
    "[a](b",
    "![a](<b",
    "[a][",
    "[^a]",
    "[^a",
    "- ",
    "* a\n  ",
    "1. ",
    "> - ",
    "-\t",
    "# a\n",
    "#\n",
    "a\n=\n",
    "|",
    "|a\n",
    "a|b\n-|-\n",
    "www.",
    "http://",
    "a@a.a",
    "a@",
    "http://a(",
    "\\",
    "```\n",
    "~~~",
    "    a\n",
    "\n",
    "\u{202e}`",
    "<p>",
    "<li>",
    "<b></i>",
    "<a></b>",
    "<table>",
    "<table><tr><td>",
    "<i><table></i></table>",
    "<a href=x><b>",
    "</p>",
    "</b>",
    "<br>",
    "<img src=https://a.b>",
    "- [ ] a\n",
    "\"",
    "\0",
    "[a]: b\n",
    "<h1>",
    "<h1>a</h1>",
    "<details>",
    "<svg><b>",
    "<x>",
    "$${",
    "a*",
    "**",
    "![[",
    "[[[]]",
    "> [!NOTE]\n> ",
    "> [!NOTE]\n\n",
];

/// Repeats a piece up to a length.
fn fill(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// Joins pieces that differ by a number up to a length.
fn numbered(bytes: usize, make: &dyn Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < bytes {
        text.push_str(&make(number));
        number += 1;
    }
    text
}

/// Returns texts that pair many beginnings with many ends or uses.
fn paired(bytes: usize) -> Vec<String> {
    let half = |first: &str, then: &str| fill(first, bytes / 2) + &fill(then, bytes / 2);
    vec![
        half("- ", "\n"),
        half("[", "]"),
        half("<b>", "</b>"),
        half("> ", "\n> a"),
        half("*a **a ", "b** b*"),
        half("<b a=1>", "<p>x</p>"),
        format!("{}\n\n{}", "- ".repeat(99), "\n".repeat(bytes)),
        format!("{}a\n\n{}", "> ".repeat(200), "> \n".repeat(bytes / 3)),
        format!(
            "|{}\n|{}\n{}",
            "a|".repeat(bytes / 8),
            "-|".repeat(bytes / 8),
            "a\n".repeat(bytes / 4)
        ),
        format!(
            "[a]: {}\n\n{}",
            "b".repeat(bytes / 2),
            "[a]".repeat(bytes / 6)
        ),
        format!("[^a]: b\n\n{}", "[^a] ".repeat(bytes / 5)),
    ]
}

/// Returns texts in which each piece differs from all others, and code that begins many constructs
/// and ends none.
fn varied(bytes: usize) -> Vec<String> {
    vec![
        numbered(bytes, &|number| format!("<b a={number}>")),
        numbered(bytes, &|number| format!("[a{number}]: b\n")),
        numbered(bytes, &|number| format!("[^{number}]: b\n\n[^{number}] ")),
        numbered(bytes, &|number| format!("{}a ", "`".repeat(number))),
        numbered(bytes, &|number| {
            format!("{}- a\n", "  ".repeat(number % 300))
        }),
        numbered(bytes, &|number| {
            format!("<i id={number}><table></i></table>")
        }),
        format!("```hcl\n{}\n```", "\"${".repeat(bytes / 3)),
        format!("```hcl\na = <<E\n{}\n```", "${x}".repeat(bytes / 4)),
        format!("```json\n{}\n```", "\"".repeat(bytes)),
        format!("```sh\n{}\n```", "\"$".repeat(bytes / 2)),
        format!("```yaml\n{}\n```", "\"\\".repeat(bytes / 2)),
    ]
}

/// Returns every hostile text.
fn hostile(bytes: usize) -> Vec<String> {
    let repeated = PIECES.iter().map(|piece| fill(piece, bytes));
    repeated.chain(paired(bytes)).chain(varied(bytes)).collect()
}

#[test]
fn t12_hostile_texts_end() {
    for text in hostile(8 * 1024) {
        let start: String = text.chars().take(20).collect();
        let html = render(&text).html;
        assert_eq!(verdict(html.as_str()), Ok(()), "{start:?}");
        assert!(html.as_str().len() < 32 * text.len() + 1024, "{start:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_comes_out_clean(text in ".{0,200}") {
        let html = render(&text).html;
        prop_assert_eq!(verdict(html.as_str()), Ok(()));
    }

    #[test]
    fn any_markup_comes_out_clean(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<a href=x>", "</a>", "<b>", "</b>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>",
            "<li>", "<ul>", "</ul>", "<h1>", "</h1>", "<svg>", "</svg>", "<math>", "<style>", "</style>",
            "<img src=x>", "<img src=https://a.b>", "<!--", "-->", "\"", "'", "<div title=\"", ">", "\n\n",
            "# ", "- ", "> ", "```\n", "[", "](x)", "![", "*", "|", "a", "&lt;", "<details>", "<summary>",
            "<pre>", "</pre>", "<select>", "<option>", "<template>", "<form>", "</form>", "<noscript>",
            "<dl>", "<dt>", "<dd>", "<caption>", "<thead>", "<th>", "<code>", "</code>", "<br>", "<hr>",
        ]), 0..40)
    ) {
        let html = render(&pieces.concat()).html;
        prop_assert_eq!(verdict(html.as_str()), Ok(()));
        let again = super::clean::cleaned(html.as_str(), &rules());
        prop_assert_eq!(again.as_str(), html.as_str());
    }
}
