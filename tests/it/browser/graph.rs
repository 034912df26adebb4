//! Tests that the graphs of real modules can be read in a window of 1440 pixels.

use serde_json::json;

use super::sample::{sample, who};
use super::tools::Tools;
use crate::publish::real_modules::real_modules;

#[test]
fn graphs_of_real_modules_are_legible_without_scrolling_sideways() {
    let Some(tools) = Tools::find() else { return };
    let registry = sample();
    let mut paths = vec!["/modules/acme/network/aws/2.0.0/graph".to_owned()];
    for real in real_modules() {
        paths.push(format!("/modules/{}/{}/graph", real.address, real.version));
    }
    let work = json!({ "origin": registry.url, "who": who(), "paths": paths });
    let seen = tools.run("graph.mjs", &work);
    let graphs = seen["graphs"].as_array().expect("a list");
    assert_eq!(graphs.len(), paths.len());
    for graph in graphs {
        assert!(
            graph["letters"].as_f64().expect("a number") >= 9.5,
            "{graph}"
        );
        assert_eq!(graph["hidden"], 0, "{graph}");
    }
}
