//! Limits the nodes and edges that are drawn, and counts the others.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::graph::{Graph, NodeKind};
use super::table::Table;

/// The most nodes that are drawn.
pub(super) const MAX_NODES: usize = 600;
/// The most edges that are drawn.
pub(super) const MAX_EDGES: usize = 3_000;

/// Returns the part of the graph that is drawn: first what creates infrastructure, then what is
/// used most.
pub(super) fn cut(mut graph: Graph) -> Graph {
    let over = graph.nodes.len().saturating_sub(MAX_NODES);
    if over > 0 {
        let edges = graph.edges.len();
        let sides = graph.sides();
        let mut by_weight: Vec<_> = graph
            .nodes
            .iter()
            .map(|(id, node)| {
                let uses = sides[id].before.len().saturating_add(sides[id].after.len());
                (rank(node.kind), Reverse(uses), id)
            })
            .collect();
        by_weight.sort_unstable();
        let mut keep = Table::filled(graph.nodes.len(), false);
        for &(_, _, id) in by_weight.iter().take(MAX_NODES) {
            keep[id] = true;
        }
        graph = graph.retain_nodes(&keep);
        let lost = edges.saturating_sub(graph.edges.len());
        graph.left_out.nodes = graph.left_out.nodes.saturating_add(over);
        graph.left_out.edges = graph.left_out.edges.saturating_add(lost);
    }
    let over = graph.edges.len().saturating_sub(MAX_EDGES);
    if over > 0 {
        let edges: BTreeMap<_, _> = graph.edges.into_iter().take(MAX_EDGES).collect();
        graph.edges = edges;
        graph.left_out.edges = graph.left_out.edges.saturating_add(over);
    }
    graph
}

fn rank(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Resource | NodeKind::Module | NodeKind::Data | NodeKind::Ephemeral => 0,
        NodeKind::Variable | NodeKind::Output | NodeKind::Provider => 1,
        NodeKind::Local => 2,
    }
}
