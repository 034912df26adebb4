//! Tests the choice between versions: the picker in the head, the list of versions, and the
//! difference between two.

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const BASE: &str = "/modules/acme/net/aws";

fn with_versions(numbers: &[&str]) -> Appliance {
    let registry = Appliance::start();
    for number in numbers {
        let main = format!(
            "variable \"name\" {{\n  type = string\n}}\nvariable \"at_{}\" {{\n  default = 1\n}}\n",
            number.replace(['.', '-'], "_")
        );
        let files = archive(&[("main.tf", &main), ("modules/inside/main.tf", &main)]);
        registry.publish("acme/net/aws", number, files);
    }
    registry
}

#[test]
fn the_picker_leads_to_the_same_tab_of_each_version() {
    let registry = with_versions(&["1.0.0", "1.1.0", "2.0.0-rc.1"]);
    let mut browser = Browser::of(&registry, "admin");
    for tab in ["", "/inputs", "/graph", "/files", "/versions"] {
        let page = browser.get(&format!("{BASE}/1.0.0{tab}")).text;
        let picker = page.split("class=\"picker\"").nth(1).expect("a picker");
        let picker = picker.split("</details>").next().expect("its end");
        for number in ["1.0.0", "1.1.0", "2.0.0-rc.1"] {
            let link = format!("href=\"{BASE}/{number}{tab}\"");
            assert!(picker.contains(&link), "{link}: {picker}");
        }
        let shown = format!("href=\"{BASE}/1.0.0{tab}\" aria-current=\"true\"");
        assert!(picker.contains(&shown), "{picker}");
    }
}

#[test]
fn the_picker_on_the_changelog_leads_nowhere_where_there_is_none() {
    let registry = with_versions(&["1.0.0"]);
    let files = [
        ("main.tf", "variable \"a\" {}\n"),
        ("CHANGELOG.md", "# 1.1.0\n\nNew.\n"),
    ];
    registry.publish("acme/net/aws", "1.1.0", archive(&files));
    let mut browser = Browser::of(&registry, "admin");
    let page = browser
        .get(&format!("{BASE}/1.1.0/files/CHANGELOG.md"))
        .text;
    let picker = page.split("class=\"picker\"").nth(1).expect("a picker");
    let picker = picker.split("</details>").next().expect("its end");
    assert!(
        picker.contains(&format!("href=\"{BASE}/1.0.0\"")),
        "{picker}"
    );
    assert!(!picker.contains("CHANGELOG"), "{picker}");
}

#[test]
fn a_provider_that_is_only_used_shows_the_source_that_terraform_takes() {
    let registry = Appliance::start();
    let files = [(
        "main.tf",
        "resource \"random_id\" \"a\" {\n  byte_length = 4\n}\n",
    )];
    registry.publish("acme/implied/null", "1.0.0", archive(&files));
    let mut browser = Browser::of(&registry, "admin");
    let page = browser
        .get("/modules/acme/implied/null/1.0.0/dependencies")
        .text;
    assert!(
        page.contains("hashicorp/random <span class=\"soft\">(implied)"),
        "{page}"
    );
}

#[test]
fn a_picker_of_many_versions_lists_the_newest_and_leads_to_all() {
    let numbers: Vec<String> = (0..33).map(|minor| format!("1.{minor}.0")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let registry = with_versions(&numbers);
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get(BASE).text;
    let picker = page.split("class=\"picker\"").nth(1).expect("a picker");
    let picker = picker.split("</details>").next().expect("its end");
    assert!(picker.contains(&format!("{BASE}/1.32.0\"")), "{picker}");
    assert!(!picker.contains(&format!("{BASE}/1.0.0\"")), "{picker}");
    assert!(picker.contains("All 33 versions"), "{picker}");
}

#[test]
fn each_version_says_who_published_it_what_changed_and_what_can_be_done() {
    let registry = with_versions(&["1.0.0", "1.1.0"]);
    registry.organization_is_public("acme");
    let path = format!("{BASE}/versions");
    let mut owner = Browser::of(&registry, "admin");
    let page = owner.get(&path).text;
    let changes = "/modules/acme/net/aws/diff?from=1.0.0&#38;to=1.1.0";
    assert!(page.contains(changes), "{page}");
    assert_eq!(page.matches("What changed").count(), 1);
    assert!(page.contains("by admin"), "{page}");
    for number in ["1.0.0", "1.1.0"] {
        for action in ["lifecycle", "delete"] {
            let link = format!("href=\"{BASE}/{number}/{action}\"");
            assert!(page.contains(&link), "{link}");
        }
    }
    let anybody = Browser::new(&registry).get(&path).text;
    assert!(anybody.contains(changes) && !anybody.contains("/lifecycle\""));
}

#[test]
fn the_worst_changes_come_first_and_counts_show_only_theirs() {
    let registry = with_versions(&["1.0.0", "1.1.0"]);
    let mut browser = Browser::of(&registry, "admin");
    let path = format!("{BASE}/diff?from=1.0.0&to=1.1.0");
    let page = browser.get(&path).text;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(
        place(">at_1_0_0<") < place(">at_1_1_0<"),
        "removed before added"
    );
    for count in ["4 changes", "2 breaking", "2 compatible"] {
        assert!(page.contains(count), "{count}: {page}");
    }
    let folded = page
        .split("class=\"changes folder\"")
        .nth(1)
        .expect("a submodule");
    assert!(folded.contains("modules/inside"), "{folded}");
    let breaking = browser.get(&format!("{path}&show=breaking")).text;
    assert!(breaking.contains(">at_1_0_0<") && !breaking.contains(">at_1_1_0<"));
    let compatible = browser.get(&format!("{path}&show=compatible")).text;
    assert!(!compatible.contains(">at_1_0_0<") && compatible.contains(">at_1_1_0<"));
}
