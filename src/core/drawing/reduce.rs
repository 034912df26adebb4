//! Removes edges that follow from others: with a → b → c, an edge a → c adds nothing.

use super::graph::{Arrow, Graph};
use super::table::{Id, Table};

/// Removes the edges of `graph` that follow from others; all edges go forward in `order`.
pub(super) fn remove_transitive(graph: &mut Graph, order: &[Id]) {
    let rows = graph.nodes.len();
    let mut position = Table::filled(rows, 0_usize);
    for (at, &id) in order.iter().enumerate() {
        position[id] = at;
    }
    let mut sides = graph.sides();
    let mut reached: Table<Table<bool>> = Table::filled(rows, Table::new());
    for &node in order.iter().rev() {
        let mut nexts = std::mem::take(&mut sides[node].after);
        nexts.sort_unstable_by_key(|&next| position[next]);
        let mut from_here = Table::filled(rows, false);
        for next in nexts {
            let edge = (node, next);
            if from_here[next] {
                if graph.edges.get(&edge) == Some(&Arrow::Forward) {
                    graph.edges.remove(&edge);
                }
                continue;
            }
            from_here[next] = true;
            for (here, there) in from_here.values_mut().zip(reached[next].values()) {
                *here |= there;
            }
        }
        reached[node] = from_here;
    }
}
