//! Tests reading a module: its README, its files with any name, its values and where they are.

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const README: &str = "# A network\n\nMakes a `net` for tests.\n\n> [!WARNING]\n> It costs *money*.\n\n\
    ```hcl\nmodule \"net\" {}\n```\n\n## Usage\n\n### Small\n\n## Über uns\n\n## Usage\n";

const MAIN: &str = "variable \"name\" {\n  description = \"The `name` of <it>\"\n  type        = string\n}\n\n\
    resource \"aws_vpc\" \"this\" {}\n\n\
    output \"id\" {\n  description = \"Of `aws_vpc.this`\"\n  value       = aws_vpc.this.id\n}\n\n\
    output \"all\" {\n  value = {\n    a = 1\n  }\n}\n";

/// A name whose characters have a meaning in addresses.
const ODD: &str = "docs/50% #1, 2nd+3rd & more=x;y.tf";

fn public(files: &[(&str, &str)]) -> Appliance {
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    registry.publish("acme/net/aws", "1.0.0", archive(files));
    registry
}

fn page(registry: &Appliance, path: &str) -> String {
    let page = Browser::new(registry).get(path);
    assert_eq!(page.status, 200, "{path}");
    page.text
}

#[test]
fn a_long_readme_has_contents_alerts_and_code_for_the_keyboard() {
    let registry = public(&[
        ("main.tf", MAIN),
        ("README.md", README),
        ("modules/inside/main.tf", MAIN),
        ("modules/inside/README.md", README),
        ("modules/short/main.tf", MAIN),
        ("modules/short/README.md", "# Short\n\n## One\n"),
    ]);
    for place in ["", "/submodules/modules/inside"] {
        let text = page(&registry, &format!("/modules/acme/net/aws/1.0.0{place}"));
        for expected in [
            "<p class=\"markdown-alert-title\">Warning</p>",
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\">",
            "<nav aria-label=\"On this page\">",
            "<li class=\"depth-1\"><a href=\"#user-content-usage\">Usage</a></li>",
            "<li class=\"depth-2\"><a href=\"#user-content-small\">Small</a></li>",
            "<li class=\"depth-1\"><a href=\"#user-content-%C3%BCber-uns\">Über uns</a></li>",
            "<li class=\"depth-1\"><a href=\"#user-content-usage-1\">Usage</a></li>",
            "id=\"user-content-usage-1\"",
            "id=\"user-content-über-uns\"",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        assert!(!text.contains("#user-content-a-network\""), "the title");
    }
    let short = page(
        &registry,
        "/modules/acme/net/aws/1.0.0/submodules/modules/short",
    );
    assert!(!short.contains("On this page"), "{short}");
}

#[test]
fn inputs_and_outputs_say_what_they_are_and_where() {
    let registry = public(&[("main.tf", MAIN), ("README.md", README)]);
    let base = "/modules/acme/net/aws/1.0.0";
    let inputs = page(&registry, &format!("{base}/inputs"));
    let at = |line: u32| format!("<a href=\"{base}/files/main.tf#L{line}\">main.tf:{line}</a>");
    assert!(
        inputs.contains("The <code>name</code> of &#60;it&#62;"),
        "{inputs}"
    );
    assert!(inputs.contains(&at(1)), "{inputs}");
    let outputs = page(&registry, &format!("{base}/outputs"));
    for expected in [
        "Of <code>aws_vpc.this</code>",
        "<p>Value:</p><pre tabindex=\"0\"><code>aws_vpc.this.id</code></pre>",
        "a = 1",
        &at(8),
        &at(13),
    ] {
        assert!(outputs.contains(expected), "{expected}\n{outputs}");
    }
}

#[test]
fn a_file_of_any_name_is_found_by_its_links() {
    let readme = format!("# A net\n\n[odd](<{ODD}>)\n");
    let readme = readme.replace('%', "%25").replace("#1", "%231");
    let registry = public(&[("main.tf", "# main\n"), (ODD, MAIN), ("README.md", &readme)]);
    let base = "/modules/acme/net/aws/1.0.0";
    let mut seen = 0;
    for (from, name) in [
        (
            format!("{base}/files/docs"),
            ODD.trim_start_matches("docs/"),
        ),
        (base.to_owned(), "odd"),
    ] {
        let text = page(&registry, &from);
        let name = name.replace('&', "&#38;");
        let (before, _) = text.split_once(&format!(">{name}</a>")).expect("a link");
        let (_, href) = before.rsplit_once("href=\"").expect("an address");
        let file = page(&registry, href.trim_end_matches('"'));
        assert!(file.contains("id=\"L1\""), "{file}");
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn every_place_in_a_file_of_any_name_is_a_link_to_it() {
    let odd = ODD.trim_start_matches("docs/");
    let code = format!("{MAIN}\nmodule \"x\" {{\n  source = \"a/b/c\"\n}}\n");
    let registry = public(&[(odd, &code)]);
    let base = "/modules/acme/net/aws/1.0.0";
    let start =
        format!("href=\"{base}/files/50%25%20%231%2C%202nd%2B3rd%20%26%20more%3Dx%3By.tf#L");
    for tab in ["inputs", "outputs", "resources", "dependencies"] {
        let text = page(&registry, &format!("{base}/{tab}"));
        assert!(text.contains(&start), "{tab}\n{text}");
    }
}
