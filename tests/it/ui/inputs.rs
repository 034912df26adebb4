//! Tests the table of inputs, and the code that sets chosen ones.

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const MAIN: &str = "variable \"later\" {\n  description = \"Something to change.\\n\\nWith more to \
    say.\"\n  type = list(object({\n    name = string\n  }))\n  default = [\n    { name = \"a\" },\n  \
    ]\n}\nvariable \"flag\" {\n  type = bool\n  default = true\n}\nvariable \"cidr\" {\n  type = \
    string\n}\n";

const PAGE: &str = "/modules/acme/net/aws/1.0.0/inputs";

fn registry() -> Appliance {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.0.0", archive(&[("main.tf", MAIN)]));
    registry
}

/// Returns the text of the blocks of code above the table, without tags.
fn built(page: &str) -> Option<String> {
    let built = page.split("class=\"halves\"").nth(1)?;
    let built = built.split("</section>").next()?;
    let parts = built.split('<');
    let text: String = parts
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect();
    Some(text.replace("&#34;", "\"").replace("&quot;", "\""))
}

#[test]
fn inputs_are_a_table_with_the_required_ones_first() {
    let registry = registry();
    let page = Browser::of(&registry, "admin").get(PAGE).text;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(place("id=\"input-cidr\"") < place("id=\"input-later\""));
    assert!(place("id=\"input-cidr\"") < place("id=\"input-flag\""));
    let row = page.split("id=\"input-later\"").nth(1).expect("a row");
    let row = row.split("</tr>").next().expect("its end");
    let (shown, details) = row.split_once("</summary>").expect("details");
    assert!(shown.contains("list(object({ name = string }))"), "{shown}");
    assert!(shown.contains("Something to change.") && !shown.contains("With more"));
    assert!(details.contains("With more to say.") && details.contains("main.tf"));
    assert!(
        built(&page).is_none(),
        "no code is built before it is asked for"
    );
}

#[test]
fn ticked_inputs_become_a_block_and_a_file_of_variables() {
    let registry = registry();
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get(&format!("{PAGE}?with=later&with=absent")).text;
    let code = built(&page).expect("code");
    let (block, tfvars) = code.split_once("terraform.tfvars").expect("both");
    for part in [
        "/acme/net/aws\"",
        "\"1.0.0\"",
        "later = [\n    { name = \"a\" },",
    ] {
        assert!(block.contains(part), "{part}: {block}");
    }
    for (text, indent) in [(block, "  "), (tfvars, "")] {
        assert!(
            text.contains(&format!("{indent}cidr = \"\" # string")),
            "{text}"
        );
        assert!(!text.contains("flag") && !text.contains("absent"), "{text}");
    }
    assert!(!tfvars.contains("module"), "{tfvars}");
    assert!(page.contains("value=\"later\" aria-label=\"Set later\" checked"));
    assert!(!page.contains("value=\"flag\" aria-label=\"Set flag\" checked"));
}
