//! Compares inputs, chosen at random, with the source: the details document and the page show what
//! the source says. A separate small reader finds that; it knows formatted Terraform code only.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::builders::{archive, unpack};
use crate::harness::Appliance;
use crate::publish::real_modules::{RealModule, real_modules};

/// The number of inputs that are compared.
const CHOSEN: usize = 10;
const SEED: u64 = 0x5eed_0f1e_c7e9_a11d;

/// The text of one `variable` block in the source.
#[derive(Debug)]
struct Written {
    module: usize,
    name: String,
    attributes: BTreeMap<String, String>,
}

/// Returns the root's variables whose attributes are all easy to read.
fn variables(module: usize, archive: &[u8]) -> Vec<Written> {
    let mut all = Vec::new();
    for (path, text) in unpack(archive) {
        if path.trim_start_matches("./") != "variables.tf" {
            continue;
        }
        for block in text.split("\nvariable \"").skip(1) {
            let (name, rest) = block.split_once("\" {\n").expect("a block's beginning");
            let (body, _) = rest.split_once("\n}").expect("a block's end");
            let is_plain = |unread: &str| !body.contains(unread);
            if ["<<", "${", "%{", "#", "//", "/*", "validation {", "\\"]
                .iter()
                .all(|unread| is_plain(unread))
            {
                all.push(Written {
                    module,
                    name: name.to_owned(),
                    attributes: attributes(body),
                });
            }
        }
    }
    all
}

/// Returns the attributes of a block. An attribute begins two spaces from the margin, and ends
/// before the next one that does.
fn attributes(body: &str) -> BTreeMap<String, String> {
    let mut attributes: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in body.lines() {
        let begins = line
            .strip_prefix("  ")
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
        if let Some((name, value)) = begins.and_then(|line| line.split_once('=')) {
            last = name.trim().to_owned();
            attributes.insert(last.clone(), value.trim().to_owned());
        } else if let Some(value) = attributes.get_mut(&last) {
            value.push('\n');
            value.push_str(line);
        }
    }
    attributes
}

/// Makes a module with inputs of every form, for machines without the real ones.
fn synthetic_module() -> RealModule {
    let inputs = [
        ("string", Some("\"a b\"")),
        ("number", Some("12")),
        ("bool", Some("true")),
        ("list(string)", Some("[\"a\", \"b\"]")),
        (
            "map(object({\n    a = string\n    b = optional(number, 3)\n  }))",
            Some("{}"),
        ),
        ("string", None),
        ("any", Some("null")),
        ("set(number)", Some("[1, 2]")),
        ("object({\n    x = string\n  })", None),
        ("list(any)", Some("[]")),
        ("map(string)", Some("{\n    a = \"b\"\n  }")),
        ("number", Some("-1.5")),
    ];
    let block = |(number, (kind, default)): (usize, (&str, Option<&str>))| {
        let default = default.map_or_else(String::new, |text| format!("  default     = {text}\n"));
        format!(
            "\nvariable \"input_{number}\" {{\n  \
             description = \"Number {number} & <b>`code`</b>\"\n  \
             type        = {kind}\n{default}}}\n"
        )
    };
    let blocks: String = inputs.into_iter().enumerate().map(block).collect();
    let text = format!("# Inputs\n{blocks}");
    RealModule {
        address: "acme/inputs/none".to_owned(),
        version: "1.0.0".to_owned(),
        archive: archive(&[("variables.tf", &text)]),
    }
}

/// Takes a number of items from `all` at random, always the same ones.
fn choose(mut all: Vec<Written>) -> Vec<Written> {
    let mut state = SEED;
    let mut taken = Vec::new();
    while taken.len() < CHOSEN && !all.is_empty() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let length = u64::try_from(all.len()).expect("a length");
        let at = usize::try_from(state % length).expect("an index");
        taken.push(all.swap_remove(at));
    }
    taken
}

/// Returns a text with one space wherever there is any space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what a reader of HTML sees, without the backticks that become code.
fn seen(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    for (reference, character) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ] {
        text = text.replace(reference, character);
    }
    spaced(&text.replace('`', ""))
}

fn text_of(literal: &str) -> String {
    serde_json::from_str(literal).expect("a plain text")
}

#[test]
fn ten_inputs_are_shown_as_they_stand_in_the_source() {
    let mut modules = real_modules();
    modules.sort_by(|a, b| (&a.address, &a.version).cmp(&(&b.address, &b.version)));
    modules.push(synthetic_module());
    let all: Vec<Written> = modules
        .iter()
        .enumerate()
        .flat_map(|(number, module)| variables(number, &module.archive))
        .collect();
    let chosen = choose(all);
    assert_eq!(chosen.len(), CHOSEN);
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    let mut published = Vec::new();
    for written in &chosen {
        let module = &modules[written.module];
        if !published.contains(&written.module) {
            registry.publish(&module.address, &module.version, module.archive.clone());
            published.push(written.module);
        }
        let place = format!("{}/{}", module.address, module.version);
        check_document(written, &registry.json(&format!("/v1/modules/{place}")));
        let page = registry.get(&format!("/modules/{place}/inputs"), None);
        check_page(written, &page.text().expect("a page"));
    }
}

fn check_document(written: &Written, document: &Value) {
    let inputs = document["root"]["inputs"].as_array().expect("inputs");
    let input = inputs
        .iter()
        .find(|input| input["name"] == *written.name)
        .unwrap_or_else(|| panic!("{written:?} is missing"));
    let attribute = |name: &str| written.attributes.get(name);
    let kind = attribute("type").map_or("any", |kind| kind);
    let shown = input["type"].as_str().expect("a type");
    assert_eq!(spaced(shown), spaced(kind), "{written:?}");
    let description = attribute("description").map_or_else(String::new, |it| text_of(it));
    assert_eq!(input["description"], *description, "{written:?}");
    assert_eq!(
        input["required"],
        attribute("default").is_none(),
        "{written:?}"
    );
    let shown = input["default"].as_str().expect("a text");
    match attribute("default") {
        None => assert_eq!(shown, "", "{written:?}"),
        Some(default) => {
            let shown: Value = serde_json::from_str(shown).expect("JSON");
            // Lists and words are written alike in both languages; maps are not.
            if let Ok(value) = serde_json::from_str::<Value>(default) {
                assert_eq!(shown, value, "{written:?}");
            } else {
                assert!(shown.is_object() || shown.is_array(), "{written:?}");
            }
        }
    }
}

fn check_page(written: &Written, page: &str) {
    let start = format!("<tr id=\"input-{}\">", written.name);
    let (_, rest) = page.split_once(&start).expect("the input");
    let item = rest.split("</tr>").next().expect("its end");
    // The default is a block of its own.
    let item = spaced(&seen(item).replace("Default:", "Default: "));
    let attribute = |name: &str| written.attributes.get(name);
    if let Some(kind) = attribute("type") {
        assert!(item.contains(&spaced(kind)), "{written:?}\n{item}");
    }
    if let Some(description) = attribute("description") {
        let description = spaced(&text_of(description).replace('`', ""));
        assert!(item.contains(&description), "{written:?}\n{item}");
    }
    match attribute("default") {
        Some(default) => {
            let default = format!("Default: {}", spaced(default));
            assert!(item.contains(&default), "{written:?}\n{item}");
        }
        None => assert!(!item.contains("Default:"), "{written:?}\n{item}"),
    }
    assert!(item.contains("variables.tf:"), "{written:?}\n{item}");
}
