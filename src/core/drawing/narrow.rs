//! Makes a graph smaller by choosing what it is about: resources only, or one node and its
//! neighbours.

use super::graph::{Graph, NodeKind};
use super::table::{Id, Table};

/// Returns the graph without variables and outputs.
pub(super) fn to_resources(graph: Graph) -> Graph {
    let keep: Table<bool> = graph
        .nodes
        .values()
        .map(|node| !matches!(node.kind, NodeKind::Variable | NodeKind::Output))
        .collect();
    graph.retain_nodes(&keep)
}

/// Returns the node with this address, what it uses and what uses it, with only the edges between
/// it and those; an empty graph if no node has this address.
pub(super) fn to_neighbours(mut graph: Graph, address: &str) -> Graph {
    let found = graph.nodes.iter().find(|(_, node)| node.address == address);
    let focus: Option<Id> = found.map(|(id, _)| id);
    let mut keep = Table::filled(graph.nodes.len(), false);
    if let Some(focus) = focus {
        keep[focus] = true;
    }
    graph
        .edges
        .retain(|&(from, to), _| Some(from) == focus || Some(to) == focus);
    for &(from, to) in graph.edges.keys() {
        keep[from] = true;
        keep[to] = true;
    }
    graph.retain_nodes(&keep)
}
