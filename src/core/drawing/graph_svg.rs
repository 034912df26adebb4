//! The docs of a folder → the drawing of its dependency graph. The order of work.

use crate::domain::FolderDocs;

use super::graph::{Graph, LeftOut};
use super::layers::{Layered, layered};
use super::node_box::NodeBox;
use super::place::{Placed, placed};
use super::table::Table;
use super::write::Writer;
use super::{bound, collapse, cycles, groups, order, read, reduce};

/// How much of a graph is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GraphDetail {
    /// What can be read at a glance: variables and outputs that are used alike are one node, and
    /// an edge that follows from others is not drawn.
    #[default]
    Overview,
    /// Each thing and each reference.
    Full,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Default)]
pub struct GraphOptions {
    /// How much is shown.
    pub detail: GraphDetail,
    /// Whether locals are nodes; else what they use is used by those who use them.
    pub locals: bool,
    /// Whether providers are nodes.
    pub providers: bool,
    /// What the drawing is called, for those who cannot see it.
    pub title: String,
    /// What its ids begin with, to tell drawings on one page apart.
    pub id_prefix: String,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG element.
    pub svg: String,
    /// How many nodes it shows; a group is one.
    pub nodes: usize,
    /// How many edges it shows.
    pub edges: usize,
    /// What it does not show because there is too much of it.
    pub left_out: LeftOut,
}

/// Draws which things of `folder` use which.
///
/// `links` says where the page tells more of an address such as `var.x` or `aws_vpc.this`; for
/// groups it is asked for `var` and `output`.
pub fn graph_svg(
    folder: &FolderDocs,
    submodules: &[FolderDocs],
    links: &dyn Fn(&str) -> Option<String>,
    options: &GraphOptions,
) -> Drawing {
    let arranged = Arranged::of(folder, submodules, options);
    Drawing {
        svg: Writer::new(&arranged, links, options).written(),
        nodes: arranged.graph.nodes.len(),
        edges: arranged.graph.edges.len(),
        left_out: arranged.graph.left_out,
    }
}

/// A graph whose parts have their places.
#[derive(Debug)]
pub(super) struct Arranged {
    pub(super) graph: Graph,
    pub(super) boxes: Table<NodeBox>,
    pub(super) layered: Layered,
    pub(super) placed: Placed,
}

impl Arranged {
    pub(super) fn of(
        folder: &FolderDocs,
        submodules: &[FolderDocs],
        options: &GraphOptions,
    ) -> Self {
        let is_overview = options.detail == GraphDetail::Overview;
        let mut graph = read::graph(folder, submodules, options.providers);
        if !options.locals {
            graph = collapse::locals(graph);
        }
        if is_overview {
            // Before the cut, so that it has little to cut.
            graph = groups::stacked(graph);
        }
        graph = bound::cut(graph);
        let mut order = cycles::broken(&mut graph);
        if is_overview {
            reduce::transitive(&mut graph, &order);
            // With fewer edges, more are used alike.
            graph = groups::stacked(graph);
            order = cycles::broken(&mut graph);
        }
        let boxes: Table<NodeBox> = graph.nodes.values().map(NodeBox::of).collect();
        let mut layered = layered(&graph, &boxes, &order);
        order::ordered(&mut layered);
        let placed = placed(&layered);
        Self {
            graph,
            boxes,
            layered,
            placed,
        }
    }
}
