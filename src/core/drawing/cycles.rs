//! Cycles, broken by turning edges round, and an order in which all edges go forward.

use super::graph::{Arrow, Graph};
use super::table::{Id, Table};

/// Turns edges of `graph` round so that there is no cycle; the order has all edges go forward.
///
/// A depth-first walk meets each cycle by an edge back to a node that it has not left yet. Those
/// are the edges that are turned; then the nodes in the reverse of the order in which the walk
/// left them are such an order.
pub(super) fn broken(graph: &mut Graph) -> Vec<Id> {
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
