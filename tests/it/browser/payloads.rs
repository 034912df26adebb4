//! Tests texts that attack the people who look at them, in every place where a stranger's text is
//! shown (T30).

use serde_json::{Value, json};

use super::every_page::nothing_of_others;
use super::sample::who;
use super::tools::Tools;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::ui::browser::set_password;

/// The payloads, separated by lines of four percent signs.
const PAYLOADS: &str = include_str!("../../fixtures/xss.txt");

/// Returns the files of a module that holds a payload in every place where it can.
fn attacking(payload: &str, number: usize, file: &str) -> Vec<u8> {
    let readme = format!("# Payload {number}\n\n{payload}\n");
    let license = format!("Payload {number}\n\n{payload}\n");
    let source = json!({
        "variable": { "a": { "description": payload, "default": payload, "type": payload } },
        "output": { "b": { "description": payload, "value": payload } },
        "module": { "c": { "source": payload, "version": payload } },
        "terraform": {
            "required_version": payload,
            "required_providers": { "d": { "source": payload, "version": payload } },
        },
    });
    archive(&[
        ("README.md", &readme),
        ("LICENSE", &license),
        ("main.tf.json", &source.to_string()),
        ("modules/all/main.tf.json", &source.to_string()),
        ("modules/all/README.md", &readme),
        (file, &readme),
    ])
}

/// Returns a payload as a file's name that archives may hold. The characters that a name may not
/// hold are written as references, which a page that decodes text twice would take for the
/// characters.
fn file_name(payload: &str) -> String {
    let mut name = String::new();
    for character in payload.chars() {
        match character {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\' => {
                name.extend(["&#", &u32::from(character).to_string(), ";"]);
            }
            '/' => name.push('\u{2215}'),
            _ if changes_how_text_reads(character) => {}
            _ => name.push(character),
        }
        if name.len() > 200 {
            break;
        }
    }
    format!("{name}.md")
}

/// Returns whether names and reasons that hold this character are refused.
fn changes_how_text_reads(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

#[test]
fn t30_no_payload_runs_nor_asks_for_anything() {
    let Some(tools) = Tools::find() else { return };
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let payloads: Vec<&str> = PAYLOADS.trim_end().split("\n%%%%\n").collect();
    assert!(payloads.len() >= 60, "{} payloads", payloads.len());
    let mut pages = Vec::new();
    let mut look = |path: String, says: &str| pages.push(json!({ "path": path, "says": says }));
    for (number, payload) in payloads.iter().enumerate() {
        let address = format!("acme/payload-{number}/null");
        let file = file_name(payload);
        registry.publish(&address, "1.0.0", attacking(payload, number, &file));
        write_payload(&registry, number, payload);
        let (base, title) = (
            format!("/modules/{address}/1.0.0"),
            format!("Payload {number}"),
        );
        look(base.clone(), &title);
        // Its README with all that its page has of a module: inputs, outputs, dependencies.
        look(format!("{base}/submodules/modules/all"), &title);
        look(format!("{base}/files"), "LICENSE");
        let is_text = !payload.contains('\0');
        let says = if is_text {
            &title
        } else {
            "This file is not text"
        };
        for file in ["LICENSE", &file] {
            look(format!("{base}/files/{}", encoded(file)), says);
        }
        look(format!("/search?q={}", encoded(payload)), "Modules with");
    }
    let changed = payloads.len() - 1;
    let address = format!("acme/payload-{changed}/null");
    registry.publish(&address, "2.0.0", attacking("other", changed, "x.md"));
    look(format!("/modules/{address}/diff"), "Difference");
    for page in 1..=payloads.len().div_ceil(25) {
        look(
            format!("/search?deprecated=yes&page={page}"),
            "acme/payload",
        );
        look(format!("/modules/acme?page={page}"), "acme/payload");
    }
    for settings in ["tokens", "audit", "organizations/acme"] {
        look(format!("/settings/{settings}"), "admin");
    }
    let work = json!({ "origin": registry.url, "who": who()["admin"], "pages": pages });
    let seen = tools.run("touch.mjs", &work);
    let visited = seen["pages"].as_array().expect("a list");
    assert_eq!(visited.len(), pages.len());
    let wrong: Vec<&Value> = visited
        .iter()
        .filter(|page| page["status"] != 200 || page["says"] != true)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(seen["odd"], json!([]));
    let touched = seen["touched"].as_u64().expect("a number");
    assert!(touched > 20_000, "{touched} elements");
    assert_ne!(nothing_of_others(&seen, pages.len()), 0);
}

/// Puts a payload where people write about modules and tokens.
fn write_payload(registry: &Appliance, number: usize, payload: &str) {
    let one_line = payload.replace(changes_how_text_reads, " ");
    registry.command(&json!({
        "subject": "module", "command": "deprecate", "version": "1.0.0", "reason": one_line,
        "module": { "namespace": "acme", "name": format!("payload-{number}"), "system": "null" },
    }));
    registry.command(&json!({
        "subject": "token", "command": "create", "scope": "read", "description": one_line,
        "owner": { "kind": "organization", "organization": "acme" },
    }));
}
