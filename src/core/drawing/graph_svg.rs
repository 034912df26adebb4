//! Draws the dependency graph of a folder from its documentation. Each step is in a file of its
//! own.

use crate::domain::FolderDocs;

use super::graph::{Graph, LeftOut};
use super::layers::{Layered, layered};
use super::node_box::NodeBox;
use super::place::{Placed, placed};
use super::table::Table;
use super::write::Writer;
use super::{bound, collapse, cycles, groups, order, read, reduce};

/// The level of detail of a graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GraphDetail {
    /// An overview: variables and outputs that are used alike are one node, and an edge that
    /// follows from others is not drawn.
    #[default]
    Overview,
    /// Each object and each reference.
    Full,
}

/// Options of a graph.
#[derive(Debug, Clone, Default)]
pub struct GraphOptions {
    /// The level of detail.
    pub detail: GraphDetail,
    /// Whether locals are nodes. If not, the users of a local become users of what it uses.
    pub locals: bool,
    /// Whether providers are nodes.
    pub providers: bool,
    /// The title of the drawing, for readers who cannot see it.
    pub title: String,
    /// The prefix of all ids, so that ids of several drawings on one page differ.
    pub id_prefix: String,
}

/// A drawing, with the counts of what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG element.
    pub svg: String,
    /// The number of nodes; a group counts as one.
    pub nodes: usize,
    /// The number of edges.
    pub edges: usize,
    /// What is left out because there is too much of it.
    pub left_out: LeftOut,
}

/// Draws which objects of `folder` use which.
///
/// `links` returns where the page documents an address such as `var.x` or `aws_vpc.this`; `None`
/// for no link. For groups it is called with `var` and `output`.
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

/// A graph with the places of its nodes and edges.
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
            // Grouping comes before the limit, so that less must be left out.
            graph = groups::stacked(graph);
        }
        graph = bound::cut(graph);
        let mut order = cycles::broken(&mut graph);
        if is_overview {
            reduce::transitive(&mut graph, &order);
            // With fewer edges, more nodes are used alike.
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
