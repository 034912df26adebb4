//! Tests the page of the dependency graph: what it shows at first, and where its links lead.

use std::fmt::Write;

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

const PAGE: &str = "/modules/acme/many/aws/1.0.0/graph";

/// Makes a module with this many resources, each with a variable and an output of its own.
fn with_resources(count: usize) -> Vec<u8> {
    let mut main = String::new();
    for number in 0..count {
        writeln!(
            main,
            "variable \"v{number}\" {{}}\nresource \"aws_part\" \"p{number}\" {{\n  a = \
             var.v{number}\n  b = aws_part.p0.id\n}}\noutput \"o{number}\" {{\n  value = \
             aws_part.p{number}.id\n}}"
        )
        .expect("text");
    }
    archive(&[("main.tf", &main)])
}

fn registry_with(count: usize) -> Appliance {
    let registry = Appliance::start();
    registry.publish("acme/many/aws", "1.0.0", with_resources(count));
    registry
}

#[test]
fn a_small_graph_shows_variables_and_a_large_one_resources_only() {
    for (count, shows_variables) in [(5, true), (30, false)] {
        let registry = registry_with(count);
        let mut browser = Browser::of(&registry, "admin");
        let page = browser.get(PAGE).text;
        assert!(page.contains("Dependency graph") && page.contains(">p1<"));
        assert_eq!(page.contains("node-variable"), shows_variables, "{count}");
        assert!(page.contains("detail=full"), "{count}");
        let every = browser.get(&format!("{PAGE}?detail=full")).text;
        assert!(every.contains(">v1<") && every.contains(">o1<"), "{count}");
        let resources = browser.get(&format!("{PAGE}?detail=resources")).text;
        assert!(!resources.contains("node-variable"), "{count}");
        assert!(resources.contains(&format!("{count} resources")), "{count}");
    }
}

#[test]
fn each_node_leads_to_its_neighbours_and_from_there_to_its_description() {
    let registry = registry_with(30);
    let mut browser = Browser::of(&registry, "admin");
    let link = format!("{PAGE}?focus=aws_part.p7");
    assert!(browser.get(PAGE).text.contains(&format!("href=\"{link}\"")));
    let page = browser.get(&link).text;
    for shown in [">v7<", ">o7<", ">p0<", ">p7<", "resources#aws_part.p7\""] {
        assert!(page.contains(shown), "{shown}");
    }
    for left_out in [">v8<", ">p8<", ">v0<"] {
        assert!(!page.contains(left_out), "{left_out}");
    }
    let absent = browser.get(&format!("{PAGE}?focus=aws_part.absent"));
    assert_eq!(absent.status, 404);
}

#[test]
fn a_legend_names_the_kinds_that_are_drawn() {
    let registry = registry_with(2);
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get(PAGE).text;
    let legend = page.split("class=\"legend\"").nth(1).expect("a legend");
    let legend = legend.split("</ul>").next().expect("its end");
    for kind in ["2 variables", "2 resources", "2 outputs"] {
        assert!(legend.contains(kind), "{kind}: {legend}");
    }
    assert!(!legend.contains("data source"), "{legend}");
}
