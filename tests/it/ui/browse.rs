//! Tests browsing without scripts: what each page shows, and to whom.

use serde_json::Value;

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const OLD: &str = "variable \"name\" {\n  type = string\n}\nvariable \"gone\" {\n  default = 1\n}\n\
    resource \"aws_vpc\" \"this\" {\n  cidr_block = var.name\n}\n\
    output \"id\" {\n  value = aws_vpc.this.id\n}\n";
const NEW: &str = "variable \"name\" {\n  type        = string\n  description = \"<b>bold</b>\"\n}\n\
    resource \"aws_vpc\" \"this\" {\n  cidr_block = var.name\n}\n\
    output \"id\" {\n  value = aws_vpc.this.id\n}\n";

fn network(main: &str) -> Vec<u8> {
    archive(&[
        ("main.tf", main),
        (
            "README.md",
            "# A network\n\nFor tests. <script>alert(1)</script> [main](main.tf) ![x](https://evil.invalid/x.png)\n",
        ),
        ("modules/inside/main.tf", "variable \"deep\" {}\n"),
        (
            "examples/simple/main.tf",
            "module \"net\" {\n  source = \"../..\"\n}\n",
        ),
        ("logo.png", "not really a picture"),
        ("logo.svg", "<svg onload=\"alert(1)\"/>"),
    ])
}

fn with_network() -> Appliance {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.0.0", network(OLD));
    registry.publish("acme/net/aws", "1.1.0", network(NEW));
    registry
}

const PAGES: [&str; 16] = [
    "/modules/acme",
    "/modules/acme/net/aws",
    "/modules/acme/net/aws/versions",
    "/modules/acme/net/aws/diff",
    "/modules/acme/net/aws/1.0.0",
    "/modules/acme/net/aws/1.0.0/inputs",
    "/modules/acme/net/aws/1.0.0/outputs",
    "/modules/acme/net/aws/1.0.0/resources",
    "/modules/acme/net/aws/1.0.0/dependencies",
    "/modules/acme/net/aws/1.0.0/graph",
    "/modules/acme/net/aws/1.0.0/submodules",
    "/modules/acme/net/aws/1.0.0/submodules/modules/inside",
    "/modules/acme/net/aws/1.0.0/examples",
    "/modules/acme/net/aws/1.0.0/examples/examples/simple",
    "/modules/acme/net/aws/1.0.0/files",
    "/modules/acme/net/aws/1.0.0/files/main.tf",
];

#[test]
fn t53_pages_of_private_modules_are_for_those_who_may_see_them() {
    let registry = with_network();
    registry.user("olivia");
    registry.join("acme", "owners", "olivia");
    registry.user("stranger");
    let mut nobody = Browser::new(&registry);
    let mut member = Browser::of(&registry, "olivia");
    let mut stranger = Browser::of(&registry, "stranger");
    for path in PAGES {
        let page = nobody.get(path);
        assert_eq!(page.status, 303, "{path}");
        assert!(page.location.starts_with("/login?next="), "{path}");
        assert_eq!(member.get(path).status, 200, "{path}");
        assert_eq!(stranger.get(path).status, 404, "{path}");
    }
    for path in ["/", "/search?q=net"] {
        assert!(member.get(path).text.contains("acme/net"), "{path}");
        for other in [&mut nobody, &mut stranger] {
            let page = other.get(path);
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.text.contains("acme"), "{path}");
        }
    }
    // What is not there looks the same as what may not be seen.
    for path in [
        "/modules/acme/none/aws",
        "/modules/nobody",
        "/modules/x/y/z/1",
    ] {
        assert_eq!(nobody.get(path).status, 303, "{path}");
        assert_eq!(stranger.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_module_explains_itself() {
    let registry = with_network();
    registry.organization_is_public("acme");
    let mut browser = Browser::new(&registry);
    let mut text = |path: &str| {
        let page = browser.get(path);
        assert_eq!(page.status, 200, "{path}");
        page.text
    };
    let overview = text("/modules/acme/net/aws");
    assert!(overview.contains("A network") && overview.contains("1.1.0"));
    assert!(overview.contains("/acme/net/aws"), "the block to paste");
    assert!(!overview.contains("<script>alert"), "no script of others");
    assert!(!overview.contains("src=\"https://"), "no request elsewhere");
    assert!(overview.contains("href=\"/modules/acme/net/aws/1.1.0/files/main.tf\""));
    let inputs = text("/modules/acme/net/aws/1.1.0/inputs");
    assert!(inputs.contains("id=\"input-name\"") && inputs.contains("&#60;b&#62;bold"));
    let graph = text("/modules/acme/net/aws/1.1.0/graph");
    assert!(graph.contains("<svg") && graph.contains("aws_vpc"));
    let example = text("/modules/acme/net/aws/1.1.0/examples/examples/simple");
    let code = example.split("<pre").nth(1).expect("the code");
    let code = code.split("</pre>").next().expect("its end");
    assert!(code.contains("acme/net/aws") && !code.contains("../.."));
    let file = text("/modules/acme/net/aws/1.0.0/files/main.tf");
    assert!(file.contains("id=\"L1\"") && file.contains("cidr_block"));
    assert_eq!(
        browser
            .get("/modules/acme/net/aws/1.0.0/files/none.tf")
            .status,
        404
    );
    for (file, status) in [("logo.png", 200), ("logo.svg", 200), ("main.tf", 404)] {
        let path = format!("/modules/acme/net/aws/1.0.0/raw/{file}");
        assert_eq!(browser.get(&path).status, status, "{file}");
    }
    // An SVG can hold scripts, which the sandbox forbids.
    let drawn = registry.get("/modules/acme/net/aws/1.0.0/raw/logo.svg", None);
    let header = |name: &str| drawn.headers()[name].to_str().expect("a text").to_owned();
    assert_eq!(header("content-type"), "image/svg+xml");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let policy = header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.ends_with("sandbox"),
        "{policy}"
    );
}

#[test]
fn the_difference_says_what_breaks_and_whether_the_number_says_so() {
    let registry = with_network();
    registry.organization_is_public("acme");
    let mut browser = Browser::new(&registry);
    let path = "/modules/acme/net/aws/diff?from=1.0.0&to=1.1.0";
    let page = browser.get(path).text;
    assert!(page.contains("Breaking") && page.contains("gone"));
    assert!(page.contains("The changes go further than that"));
    let json: Value = registry
        .get(&format!("{path}&format=json"), None)
        .json()
        .expect("JSON");
    assert_eq!(json["verdict"], "breaking");
    assert_eq!(json["claim"], "minor");
    assert_eq!(json["honest"], false);
    let back = browser.get("/modules/acme/net/aws/diff?from=1.0.0&to=9.9.9");
    assert_eq!(back.status, 404);
}
