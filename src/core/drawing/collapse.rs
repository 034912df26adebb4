//! Removes locals from a graph: users of a local become users of what the local uses.

use super::graph::{Arrow, Graph, NodeKind};
use super::table::{Id, Table};

/// The most steps through locals in all.
const MAX_STEPS: usize = 200_000;

/// Returns the graph without its locals.
pub(super) fn remove_locals(mut graph: Graph) -> Graph {
    let sides = graph.sides();
    let is_local: Table<bool> = graph
        .nodes
        .values()
        .map(|node| node.kind == NodeKind::Local)
        .collect();
    let mut seen_for: Table<Option<Id>> = Table::filled(graph.nodes.len(), None);
    let mut steps = MAX_STEPS;
    for user in graph.nodes.ids().filter(|&id| !is_local[id]) {
        let mut open: Vec<Id> = sides[user]
            .before
            .iter()
            .copied()
            .filter(|&id| is_local[id])
            .collect();
        while let Some(local) = open.pop() {
            if seen_for[local].replace(user) == Some(user) {
                continue;
            }
            for &used in &sides[local].before {
                if steps == 0 {
                    graph.left_out.edges = graph.left_out.edges.saturating_add(1);
                    break;
                }
                steps = steps.saturating_sub(1);
                if is_local[used] {
                    open.push(used);
                } else if used != user {
                    graph.edges.insert((used, user), Arrow::Forward);
                }
            }
        }
    }
    let keep: Table<bool> = is_local.values().map(|is_local| !is_local).collect();
    graph.retain_nodes(&keep)
}
