//! Tests how a README is shown: what is folded and left out, and where its code leads.

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const README: &str = "# Network\n\n\
    [![Release](https://img.shields.io/github/release/x.svg)](https://github.com/x/releases)\n\n\
    ![How it works](docs/plan.svg)\n\n\
    ```hcl\nmodule \"net\" {\n  source  = \"elsewhere/net/aws\"\n  version = \"~> 0.1\"\n}\n\n\
    module \"other\" {\n  source  = \"elsewhere/other/aws\"\n  version = \"3.0.0\"\n}\n```\n\n\
    <!-- BEGIN_TF_DOCS -->\n## Inputs\n\n| Name | Description |\n|------|------|\n\
    | cidr | The range |\n<!-- END_TF_DOCS -->\n\n## License\n\nApache\n";

fn published() -> Appliance {
    let registry = Appliance::start();
    let files = [
        ("README.md", README),
        ("main.tf", "variable \"cidr\" {}\n"),
        (
            "docs/plan.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ),
        ("CHANGELOG.md", "# Changes\n\n## 1.2.0\n\n- *Faster*.\n"),
        ("modules/inside/main.tf", ""),
        (
            "modules/inside/README.md",
            "# Inside\n\n```hcl\nmodule \"a\" {\n  source = \"elsewhere/net/aws//modules/inside\"\n}\n```\n",
        ),
        (
            "examples/simple/README.md",
            "# Simple\n\n```hcl\nmodule \"a\" {\n  source = \"../../modules/inside\"\n}\n```\n",
        ),
        (
            "examples/simple/main.tf",
            "module \"a\" {\n  source = \"../..\"\n}\n",
        ),
    ];
    registry.publish("acme/net/aws", "1.2.0", archive(&files));
    registry
}

/// Returns a page without its tags.
fn text(browser: &mut Browser<'_>, path: &str) -> String {
    let page = browser.get(path);
    assert_eq!(page.status, 200, "{path}");
    let mut text = String::new();
    for part in page.text.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.replace("&#34;", "\"").replace("&quot;", "\"")
}

#[test]
fn generated_tables_are_folded_and_badges_are_left_out() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get("/modules/acme/net/aws").text;
    let readme = page
        .split("aria-label=\"README\"")
        .nth(1)
        .expect("a README");
    let readme = readme.split("</article>").next().expect("its end");
    let (before, folded) = readme.split_once("<details>").expect("something is folded");
    let (folded, after) = folded.split_once("</details>").expect("its end");
    assert!(folded.contains("The range") && !before.contains("The range"));
    assert!(after.contains("Apache"), "{after}");
    assert!(
        !readme.contains("shields.io") && !readme.contains("github.com"),
        "{readme}"
    );
    let picture = "src=\"/modules/acme/net/aws/1.2.0/raw/docs/plan.svg\"";
    assert!(before.contains(picture), "{before}");
}

#[test]
fn code_names_this_registry_where_it_means_the_module() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let host = registry.url.split_once("://").expect("a URL").1.to_owned();
    let own = format!("\"{host}/acme/net/aws\"");
    let inside = format!("\"{host}/acme/net/aws//modules/inside\"");
    let readme = text(&mut browser, "/modules/acme/net/aws/1.2.0");
    let (block, readme) = readme.split_once("How").unwrap_or(("", &readme));
    assert!(readme.contains(&own) || block.contains(&own), "{readme}");
    assert!(
        !readme.contains("elsewhere/net/aws") && !readme.contains("~> 0.1"),
        "{readme}"
    );
    assert!(readme.contains("\"elsewhere/other/aws\""), "{readme}");
    assert!(readme.contains("\"3.0.0\""), "{readme}");
    for (path, expected) in [
        ("submodules/modules/inside", &inside),
        ("examples/examples/simple", &inside),
        ("examples/examples/simple", &own),
    ] {
        let path = format!("/modules/acme/net/aws/1.2.0/{path}");
        let shown = text(&mut browser, &path);
        assert!(shown.contains(expected), "{path}: {shown}");
        assert!(shown.contains("\"1.2.0\""), "{path}: {shown}");
        assert!(!shown.contains("\"../.."), "{path}: {shown}");
    }
}

#[test]
fn a_search_finds_what_readers_see_and_no_addresses_of_badges() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let found = |browser: &mut Browser<'_>, word: &str| {
        let page = browser.get(&format!("/search?q={word}")).text;
        page.contains("href=\"/modules/acme/net/aws")
    };
    assert!(found(&mut browser, "Apache"));
    assert!(found(&mut browser, "range"));
    for word in ["shields", "github", "BEGIN_TF_DOCS"] {
        assert!(!found(&mut browser, word), "{word}");
    }
}

#[test]
fn markdown_files_are_rendered_and_the_changelog_is_a_tab() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let base = "/modules/acme/net/aws/1.2.0";
    let tab = format!("href=\"{base}/files/CHANGELOG.md\"");
    assert!(browser.get(base).text.contains(&tab));
    let page = browser.get(&format!("{base}/files/CHANGELOG.md")).text;
    assert!(page.contains("<em>Faster</em>"), "{page}");
    assert!(
        page.contains(&format!("{tab} aria-current=\"page\"")),
        "{page}"
    );
    assert!(page.contains("id=\"L1\""), "its source can be seen, too");
    let code = browser.get(&format!("{base}/files/main.tf")).text;
    assert!(!code.contains("Its source"), "{code}");
}
