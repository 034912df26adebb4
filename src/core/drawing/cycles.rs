//! Breaks cycles by reversing edges, and finds an order in which all edges go forward.

use super::graph::{Arrow, Graph};
use super::table::{Id, Table};

/// Reverses edges of `graph` until there is no cycle. Returns an order in which all edges go
/// forward.
///
/// A depth-first walk finds each cycle by an edge back to a node that it has not left yet. Those
/// edges are reversed; then the nodes, in the reverse of the order in which the walk left them, are
/// in such an order.
pub(super) fn break_cycles(graph: &mut Graph) -> Vec<Id> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Left,
    }
    let sides = graph.sides();
    let mut state = Table::filled(graph.nodes.len(), State::New);
    let mut left = Vec::with_capacity(graph.nodes.len());
    let mut back = Vec::new();
    for start in graph.nodes.ids() {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        let mut walk = vec![(start, sides[start].after.iter())];
        while let Some((at, nexts)) = walk.last_mut() {
            let at = *at;
            let Some(&next) = nexts.next() else {
                state[at] = State::Left;
                left.push(at);
                walk.pop();
                continue;
            };
            match state[next] {
                State::New => {
                    state[next] = State::Open;
                    walk.push((next, sides[next].after.iter()));
                }
                State::Open => back.push((at, next)),
                State::Left => {}
            }
        }
    }
    for (from, to) in back {
        graph.edges.remove(&(from, to));
        graph
            .edges
            .entry((to, from))
            .and_modify(|arrow| *arrow = Arrow::Both)
            .or_insert(Arrow::Backward);
    }
    left.reverse();
    left
}
