//! The docs of a folder → a graph whose parts have their places. The order of work.

use crate::domain::FolderDocs;

use super::graph::Graph;
use super::layers::{Layered, into_columns};
use super::node_box::NodeBox;
use super::place::{Placed, arrange};
use super::table::Table;
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
            graph = collapse::remove_locals(graph);
        }
        if is_overview {
            // Before the cut, so that it has little to cut.
            graph = groups::join_alike(graph);
        }
        graph = bound::cut(graph);
        let mut order = cycles::break_cycles(&mut graph);
        if is_overview {
            reduce::remove_transitive(&mut graph, &order);
            // With fewer edges, more are used alike.
            graph = groups::join_alike(graph);
            order = cycles::break_cycles(&mut graph);
        }
        let boxes: Table<NodeBox> = graph.nodes.values().map(NodeBox::of).collect();
        let mut layered = into_columns(&graph, &boxes, &order);
        order::reorder(&mut layered);
        let placed = arrange(&layered);
        Self {
            graph,
            boxes,
            layered,
            placed,
        }
    }
}
