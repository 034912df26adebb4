//! The column of each node, and the bends of long edges in the columns between.

use super::graph::{Graph, Sides};
use super::node_box::NodeBox;
use super::table::{Id, Table};

/// The most bends of all edges together; further edges are drawn as one curve.
const MAX_BENDS: usize = 12_000;
/// The height of a bend: the space that an edge needs between boxes.
const BEND_HEIGHT: i64 = 2;

/// A node's box or a bend of an edge. The first items are the nodes, with the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) is_bend: bool,
}

/// A graph in columns, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Layered {
    pub(super) items: Table<Item>,
    /// The items of each column, from top to bottom.
    pub(super) layers: Vec<Vec<Id>>,
    /// The items of neighbouring columns that each item is linked to.
    pub(super) sides: Table<Sides>,
    /// The bends of each edge of the graph, in the order of its edges.
    pub(super) bends: Vec<Vec<Id>>,
    /// The nodes without edges, which are in no column.
    pub(super) alone: Vec<Id>,
}

/// Puts the nodes of `graph` into columns; all edges go forward in `order`.
pub(super) fn into_columns(graph: &Graph, boxes: &Table<NodeBox>, order: &[Id]) -> Layered {
    let sides = graph.sides();
    let is_alone = |id: Id| sides[id].before.is_empty() && sides[id].after.is_empty();
    let layer = column_numbers(&sides, order);
    let items: Table<Item> = boxes.values().map(item).collect();
    let linked = order.iter().filter(|&&id| !is_alone(id));
    let columns = linked.clone().map(|&id| layer[id].saturating_add(1)).max();
    let mut layered = Layered {
        sides: Table::filled(items.len(), Sides::default()),
        items,
        layers: vec![Vec::new(); columns.unwrap_or(0)],
        bends: Vec::with_capacity(graph.edges.len()),
        alone: boxes.ids().filter(|&id| is_alone(id)).collect(),
    };
    for &id in linked {
        if let Some(column) = layered.layers.get_mut(layer[id]) {
            column.push(id);
        }
    }
    let mut left = MAX_BENDS;
    for &(from, to) in graph.edges.keys() {
        let between = layer[from].saturating_add(1)..layer[to];
        let bends = if between.len() <= left {
            left = left.saturating_sub(between.len());
            layered.bend((from, to), between)
        } else {
            Vec::new()
        };
        layered.bends.push(bends);
    }
    layered
}

impl Layered {
    /// Leads an edge through the columns `between` its ends.
    fn bend(&mut self, (from, to): (Id, Id), between: std::ops::Range<usize>) -> Vec<Id> {
        let mut bends = Vec::with_capacity(between.len());
        let mut last = from;
        for column in between {
            let bend = self.items.push(Item {
                width: 0,
                height: BEND_HEIGHT,
                is_bend: true,
            });
            self.sides.push(Sides::default());
            if let Some(column) = self.layers.get_mut(column) {
                column.push(bend);
            }
            self.link(last, bend);
            bends.push(bend);
            last = bend;
        }
        self.link(last, to);
        bends
    }

    fn link(&mut self, from: Id, to: Id) {
        self.sides[from].after.push(to);
        self.sides[to].before.push(from);
    }
}

fn item(one: &NodeBox) -> Item {
    Item {
        width: one.width,
        height: one.height,
        is_bend: false,
    }
}

/// Returns the column of each node: one more than the highest of those it uses. A node that uses
/// nothing is just before the first of its users, so that its edges are short.
fn column_numbers(sides: &Table<Sides>, order: &[Id]) -> Table<usize> {
    let mut number = Table::filled(sides.len(), 0_usize);
    for &id in order {
        let before = sides[id].before.iter().map(|&one| number[one]);
        number[id] = before.max().map_or(0, |highest| highest.saturating_add(1));
    }
    for &id in order {
        if sides[id].before.is_empty() {
            let after = sides[id].after.iter().map(|&one| number[one]);
            number[id] = after.min().map_or(0, |lowest| lowest.saturating_sub(1));
        }
    }
    number
}
