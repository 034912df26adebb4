//! Arranges the graph of a folder from its documentation. Each step is in a file of its own.

use crate::domain::FolderDocs;

use super::graph::Graph;
use super::layers::{Layered, into_columns};
use super::node_box::NodeBox;
use super::place::{Placed, arrange};
use super::table::Table;
use super::{bound, collapse, cycles, groups, narrow, order, read, reduce};

/// The level of detail of a graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GraphDetail {
    /// An overview: variables and outputs that are used alike are one node, and an edge that
    /// follows from others is not drawn.
    #[default]
    Overview,
    /// Only what creates or reads infrastructure: resources, data sources and module calls. An edge
    /// that follows from others is not drawn.
    Resources,
    /// Each object and each reference.
    Full,
}

/// Options of a graph.
#[derive(Debug, Clone, Default)]
pub struct GraphOptions {
    /// The level of detail.
    pub detail: GraphDetail,
    /// The address of the only node that is drawn with its neighbours; `None` for all nodes.
    pub focus: Option<String>,
    /// Whether locals are nodes. If not, the users of a local become users of what it uses.
    pub locals: bool,
    /// Whether providers are nodes.
    pub providers: bool,
    /// The title of the drawing, for readers who cannot see it.
    pub title: String,
    /// The prefix of all ids, so that ids of several drawings on one page differ.
    pub id_prefix: String,
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
            graph = collapse::remove_locals(graph);
        }
        if let Some(address) = &options.focus {
            graph = narrow::to_neighbours(graph, address);
        }
        if options.detail == GraphDetail::Resources {
            graph = narrow::to_resources(graph);
        }
        if is_overview {
            // Grouping comes before the limit, so that less must be left out.
            graph = groups::join_alike(graph);
        }
        graph = bound::cut(graph);
        let mut order = cycles::break_cycles(&mut graph);
        if options.detail != GraphDetail::Full {
            reduce::remove_transitive(&mut graph, &order);
        }
        if is_overview {
            // With fewer edges, more nodes are used alike.
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
