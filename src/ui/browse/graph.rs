//! The dependency graph of a module version.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::domain::{counted, number};
use crate::drawing::{Drawing, GraphDetail, GraphOptions, graph_svg};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{Drawn, GraphTab, NamedLink};

use super::module::VersionRequest;
use super::version_page::{VersionPage, segment};

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/graph" => graph [Access::Page],
}

/// How many nodes a drawing may have before it shows only resources, unless more is asked for.
const MANY_NODES: usize = 60;
/// The widest drawing that is still legible when it is made as narrow as a window of 1440 pixels.
const WIDEST_FITTING: i64 = 1_750;
/// The width of the page's content; a wider drawing gets the width of the window.
const PAGE_WIDTH: i64 = 1_150;

#[derive(Debug, Default, Deserialize)]
struct GraphQuery {
    detail: Option<String>,
    focus: Option<String>,
    zoom: Option<String>,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
enum View {
    /// As much as can be read.
    Legible,
    /// A level of detail that was asked for.
    Detail(GraphDetail),
    /// One node and its neighbours.
    Focus(String),
}

async fn graph(asked: VersionRequest, query: Query<GraphQuery>) -> Result<HttpResponse, Problem> {
    let GraphQuery {
        detail,
        focus,
        zoom,
    } = query.0;
    let view = match (focus, detail.as_deref()) {
        (Some(address), _) => View::Focus(address),
        (None, Some("full")) => View::Detail(GraphDetail::Full),
        (None, Some("resources")) => View::Detail(GraphDetail::Resources),
        (None, Some("overview")) => View::Detail(GraphDetail::Overview),
        (None, _) => View::Legible,
    };
    let is_fitted = match zoom.as_deref() {
        Some("fit") => Some(true),
        Some("actual") => Some(false),
        _ => None,
    };
    let key = format!("graph {is_fitted:?} {view:?}");
    let make = move |_: &App, shown: &VersionPage| content(shown, &view, is_fitted);
    asked.answer(key, make).await
}

/// Renders the tab; `is_fitted` says whether the drawing is made as narrow as the window, and is
/// `None` where that depends on how legible it is then.
fn content(shown: &VersionPage, view: &View, is_fitted: Option<bool>) -> Result<Content, Error> {
    let base = shown.base();
    let (detail, drawing) = drawn(shown, view);
    let is_fitted = is_fitted.unwrap_or(drawing.width <= WIDEST_FITTING);
    let focus = match view {
        View::Focus(address) if drawing.nodes == 0 => {
            return Err(Error::NotFound(format!("the node `{address}`")));
        }
        View::Focus(address) => Some(NamedLink {
            label: address.clone(),
            href: documentation(&base, address).unwrap_or_default(),
        }),
        View::Legible | View::Detail(_) => None,
    };
    let left_out = drawing.left_out.nodes;
    let has_resources = shown.docs.root.resources.len() + shown.docs.root.module_calls.len() > 0;
    let page = GraphTab {
        head: &shown.head("Graph"),
        views: views(detail, focus.is_some(), has_resources),
        zoom: zoom(detail, view, is_fitted, drawing.width),
        focus,
        nodes: counted(drawing.nodes, "node"),
        edges: counted(drawing.edges, "reference"),
        left_out: (left_out > 0).then(|| number(left_out)),
        is_empty: drawing.nodes == 0,
        is_wide: drawing.width > PAGE_WIDTH,
        is_fitted,
        kinds: drawing.kinds,
        svg: Drawn(drawing.svg),
    };
    let title = match view {
        View::Focus(address) => format!("Graph around {address}"),
        View::Legible | View::Detail(_) => "Graph".to_owned(),
    };
    Content::render(shown.title(&title), &page)
}

/// Draws the view, and returns the level of detail that it has.
fn drawn(shown: &VersionPage, view: &View) -> (GraphDetail, Drawing) {
    let (docs, base) = (&shown.docs, shown.base());
    let focus = match view {
        View::Focus(address) => Some(address.as_str()),
        View::Legible | View::Detail(_) => None,
    };
    let links = |address: &str| link(&base, focus, address);
    let draw = |detail| {
        let options = GraphOptions {
            detail,
            focus: focus.map(str::to_owned),
            title: format!("Dependency graph of {}", shown.version.address),
            id_prefix: "graph-".to_owned(),
            ..GraphOptions::default()
        };
        (
            detail,
            graph_svg(&docs.root, &docs.submodules, &links, &options),
        )
    };
    match view {
        View::Focus(_) => draw(GraphDetail::Full),
        View::Detail(detail) => draw(*detail),
        View::Legible => {
            let overview = draw(GraphDetail::Overview);
            if overview.1.nodes <= MANY_NODES {
                return overview;
            }
            let resources = draw(GraphDetail::Resources);
            if resources.1.nodes == 0 {
                overview
            } else {
                resources
            }
        }
    }
}

/// Returns the links to the levels of detail; the one that is shown has no address.
fn views(detail: GraphDetail, is_focused: bool, has_resources: bool) -> Vec<NamedLink> {
    let all = [
        (GraphDetail::Resources, "resources", "Show only resources"),
        (GraphDetail::Overview, "overview", "Group similar nodes"),
        (GraphDetail::Full, "full", "Show every node"),
    ];
    all.into_iter()
        .filter(|(one, ..)| is_focused || *one != detail)
        .filter(|(one, ..)| has_resources || *one != GraphDetail::Resources)
        .map(|(_, word, label)| NamedLink {
            label: label.to_owned(),
            href: format!("?detail={word}"),
        })
        .collect()
}

/// Returns the link to the other size of a wide drawing; `None` for one that fits as it is.
fn zoom(detail: GraphDetail, view: &View, is_fitted: bool, width: i64) -> Option<NamedLink> {
    if width <= PAGE_WIDTH || matches!(view, View::Focus(_)) {
        return None;
    }
    let word = match detail {
        GraphDetail::Resources => "resources",
        GraphDetail::Overview => "overview",
        GraphDetail::Full => "full",
    };
    let (label, size) = if is_fitted {
        ("Actual size", "actual")
    } else {
        ("Fit the width", "fit")
    };
    Some(NamedLink {
        label: label.to_owned(),
        href: format!("?detail={word}&zoom={size}"),
    })
}

/// Returns where a node leads: to the drawing of its neighbours, or, from there, to the page that
/// describes it. Groups lead to the page that lists their members. `None` for no link.
fn link(base: &str, focus: Option<&str>, address: &str) -> Option<String> {
    let description = documentation(base, address);
    if focus == Some(address) || !address.contains('.') {
        return description;
    }
    description.map(|_| format!("{base}/graph?focus={}", segment(address)))
}

/// Returns the page that describes what an address of Terraform names; `None` if no page does.
fn documentation(base: &str, address: &str) -> Option<String> {
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
    fn each_node_is_described_at_its_place() {
        for (address, expected) in [
            ("var.x", Some("/b/inputs#input-x")),
            ("output", Some("/b/outputs")),
            ("module.m", Some("/b/dependencies#module-m")),
            ("data.aws_ami.this", Some("/b/resources#data.aws_ami.this")),
            ("aws_vpc.this", Some("/b/resources#aws_vpc.this")),
            ("local.x", None),
        ] {
            assert_eq!(
                documentation("/b", address).as_deref(),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn a_node_leads_to_its_neighbours_and_from_there_to_its_description() {
        for (focus, address, expected) in [
            (None, "aws_vpc.this", Some("/b/graph?focus=aws_vpc.this")),
            (
                Some("aws_vpc.this"),
                "aws_vpc.this",
                Some("/b/resources#aws_vpc.this"),
            ),
            (Some("aws_vpc.this"), "var.x", Some("/b/graph?focus=var.x")),
            (None, "var", Some("/b/inputs")),
            (None, "local.x", None),
        ] {
            assert_eq!(link("/b", focus, address).as_deref(), expected, "{address}");
        }
    }
}
