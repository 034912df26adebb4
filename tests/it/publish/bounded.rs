//! Tests modules that are expensive to read, on the running server: every page comes soon, and the
//! server keeps running (T11, T12).

use std::time::{Duration, Instant};

use crate::builders::archive;
use crate::harness::Appliance;

/// A time that no page needs on a slow and busy machine, and that a quadratic reader exceeds.
const SOON: Duration = Duration::from_secs(30);

const PAGES: [&str; 8] = [
    "",
    "/inputs",
    "/outputs",
    "/resources",
    "/dependencies",
    "/graph",
    "/files/main.tf",
    "/files/README.md",
];

/// Publishes a module with this code and README, and reads all that is shown of it.
fn read_all(registry: &Appliance, name: &str, main: &str, readme: &str) -> String {
    let address = format!("acme/{name}/none");
    let files = archive(&[("main.tf", main), ("README.md", readme)]);
    let started = Instant::now();
    registry.publish(&address, "1.0.0", files);
    let mut overview = String::new();
    for page in PAGES {
        let answer = registry.get(&format!("/modules/{address}/1.0.0{page}"), None);
        assert_eq!(answer.status(), 200, "{name}{page}");
        let text = answer.text().expect("a page");
        assert!(text.ends_with("</html>"), "{name}{page}");
        if page.is_empty() {
            overview = text;
        }
    }
    let document = registry.json(&format!("/v1/modules/{address}/1.0.0"));
    assert_eq!(document["version"], "1.0.0", "{name}");
    let took = started.elapsed();
    assert!(took < SOON, "{name} took {took:?}");
    assert_eq!(registry.get("/healthz", None).status(), 200, "{name}");
    overview
}

#[test]
fn t11_code_that_nests_deep_is_answered_soon_and_the_server_lives() {
    let mut registry = Appliance::start();
    registry.organization_is_public("acme");
    let deep = 60_000;
    let sources = [
        (
            "lists",
            format!("output \"x\" {{ value = {} }}\n", "[".repeat(deep)),
        ),
        (
            "closed",
            format!(
                "locals {{ x = {}{} }}\n",
                "[".repeat(deep),
                "]".repeat(deep)
            ),
        ),
        ("calls", format!("locals {{ x = {} }}\n", "f(".repeat(deep))),
        (
            "objects",
            format!("locals {{ x = {} }}\n", "{a=".repeat(deep)),
        ),
        (
            "texts",
            format!("locals {{ x = {} }}\n", "\"${".repeat(deep)),
        ),
        (
            "signs",
            format!("locals {{ x = {}true }}\n", "!".repeat(deep)),
        ),
        ("blocks", "a {\n".repeat(deep)),
        (
            "number",
            format!("locals {{ x = {} }}\n", "9".repeat(500_000)),
        ),
    ];
    for (name, main) in &sources {
        let overview = read_all(&registry, name, main, "# Hard to read\n");
        assert!(overview.contains("Hard to read"), "{name}");
    }
    assert!(registry.stop().success(), "it stopped by itself");
}

#[test]
fn t12_a_hostile_readme_is_answered_soon_and_the_server_lives() {
    let mut registry = Appliance::start();
    registry.organization_is_public("acme");
    // Words that differ, so that it is no bomb for the archive's gate.
    let mut state: u64 = 42;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("[{state:x}](#{state:x}) ")
    });
    let huge: String = words.take(550_000).collect();
    assert!(huge.len() > 20_000_000);
    let many = 60_000;
    let readmes = [
        ("huge", huge),
        ("brackets", "[".repeat(many)),
        ("pictures", "![".repeat(many)),
        ("quotes", "> ".repeat(many)),
        ("stars", "*a_ ".repeat(many)),
        ("marks", "`".repeat(many)),
        ("elements", "<b>".repeat(many)),
        (
            "tables",
            format!("{}\n{}\n", "|a".repeat(many), "|-".repeat(many)),
        ),
        ("headings", "# a\n".repeat(many)),
        ("alerts", "> [!NOTE]\n\n".repeat(many)),
    ];
    for (name, readme) in &readmes {
        read_all(&registry, name, "variable \"x\" {}\n", readme);
    }
    assert!(registry.stop().success(), "it stopped by itself");
}
