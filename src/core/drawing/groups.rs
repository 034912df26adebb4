//! Joins variables that are used by the same objects into one node, and likewise outputs.

use std::collections::BTreeMap;

use super::graph::{Graph, Node, NodeKind};
use super::table::{Id, Table};

/// Returns the graph with variables and outputs that have the same neighbours joined.
pub(super) fn join_alike(mut graph: Graph) -> Graph {
    let sides = graph.sides();
    let mut alike: BTreeMap<(NodeKind, Vec<Id>), Vec<Id>> = BTreeMap::new();
    for (id, node) in graph.nodes.iter() {
        let (around, beyond) = match node.kind {
            NodeKind::Variable => (&sides[id].after, &sides[id].before),
            NodeKind::Output => (&sides[id].before, &sides[id].after),
            NodeKind::Resource
            | NodeKind::Module
            | NodeKind::Data
            | NodeKind::Ephemeral
            | NodeKind::Provider
            | NodeKind::Local => continue,
        };
        // A node between two others must not be joined, since that could make a cycle.
        if beyond.is_empty() {
            alike
                .entry((node.kind, around.clone()))
                .or_default()
                .push(id);
        }
    }
    let mut leader: Table<Option<Id>> = graph.nodes.ids().map(Some).collect();
    for ids in alike.into_values() {
        for &id in &ids {
            leader[id] = ids.first().copied();
        }
    }
    let old = std::mem::replace(&mut graph.nodes, Table::new());
    let mut nodes: Table<Node> = Table::new();
    let mut becomes: Table<Option<Id>> = Table::filled(leader.len(), None);
    let ids: Vec<Id> = leader.ids().collect();
    for (id, node) in ids.into_iter().zip(old.into_values()) {
        // A leader comes before the nodes that it leads.
        let led_by = leader[id].filter(|&leader| leader != id);
        becomes[id] = match led_by.and_then(|leader| becomes[leader]) {
            Some(group) => {
                let leader = &mut nodes[group];
                if leader.members.is_empty() {
                    leader.members.push(leader.address.clone());
                }
                leader.members.extend(node.stands_for().iter().cloned());
                Some(group)
            }
            None => Some(nodes.push(node)),
        };
    }
    graph.renumbered(nodes, &becomes)
}
