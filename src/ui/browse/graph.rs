//! The dependency graph of a module version.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::domain::{counted, number};
use crate::drawing::{GraphDetail, GraphOptions, graph_svg};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{Drawn, GraphTab};

use super::module::VersionRequest;
use super::version_page::VersionPage;

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/graph" => graph [Access::Page],
}

#[derive(Debug, Default, Deserialize)]
struct GraphQuery {
    detail: Option<String>,
}

async fn graph(asked: VersionRequest, query: Query<GraphQuery>) -> Result<HttpResponse, Problem> {
    let is_full = query.0.detail.as_deref() == Some("full");
    let make = move |_: &App, shown: &VersionPage| content(shown, is_full);
    asked.answer(format!("graph {is_full}"), make).await
}

fn content(shown: &VersionPage, is_full: bool) -> Result<Content, Error> {
    let (docs, base) = (&shown.docs, shown.base());
    let options = GraphOptions {
        detail: if is_full {
            GraphDetail::Full
        } else {
            GraphDetail::Overview
        },
        title: format!("Dependency graph of {}", shown.version.address),
        id_prefix: "graph-".to_owned(),
        ..GraphOptions::default()
    };
    let links = |address: &str| link(&base, address);
    let drawing = graph_svg(&docs.root, &docs.submodules, &links, &options);
    let left_out = drawing.left_out.nodes;
    let page = GraphTab {
        head: &shown.head("Graph"),
        is_full,
        nodes: counted(drawing.nodes, "thing"),
        edges: counted(drawing.edges, "reference"),
        left_out: (left_out > 0).then(|| number(left_out)),
        svg: Drawn(drawing.svg),
    };
    Content::render(shown.title("Graph"), &page)
}

/// Returns the page that describes what an address of Terraform names; `None` if no page does.
fn link(base: &str, address: &str) -> Option<String> {
    let (kind, name) = address.split_once('.').unwrap_or((address, ""));
    match (kind, name) {
        ("var", "") => Some(format!("{base}/inputs")),
        ("output", "") => Some(format!("{base}/outputs")),
        ("var", name) => Some(format!("{base}/inputs#input-{name}")),
        ("output", name) => Some(format!("{base}/outputs#output-{name}")),
        ("module", name) => Some(format!("{base}/dependencies#module-{name}")),
        ("provider", _) => Some(format!("{base}/dependencies")),
        ("local", _) | (_, "") => None,
        _ => Some(format!("{base}/resources#{address}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_leads_to_its_place() {
        for (address, expected) in [
            ("var.x", Some("/b/inputs#input-x")),
            ("output", Some("/b/outputs")),
            ("module.m", Some("/b/dependencies#module-m")),
            ("data.aws_ami.this", Some("/b/resources#data.aws_ami.this")),
            ("aws_vpc.this", Some("/b/resources#aws_vpc.this")),
            ("local.x", None),
        ] {
            assert_eq!(link("/b", address).as_deref(), expected, "{address}");
        }
    }
}
