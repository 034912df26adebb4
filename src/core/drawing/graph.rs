//! Nodes and edges. An edge goes from an object to one that uses it, in the direction of values.

use std::collections::BTreeMap;

use super::graph_svg::KindCount;
use super::table::{Id, Table};
use crate::domain::counted;

/// The kind of object that a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum NodeKind {
    Resource,
    Module,
    Data,
    Ephemeral,
    Variable,
    Output,
    Provider,
    Local,
}

impl NodeKind {
    /// All kinds, in the order in which a description lists them.
    const ALL: [Self; 8] = [
        Self::Variable,
        Self::Resource,
        Self::Data,
        Self::Ephemeral,
        Self::Module,
        Self::Local,
        Self::Provider,
        Self::Output,
    ];

    /// Returns the name of the kind for readers.
    fn name(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::Resource => "resource",
            Self::Data => "data source",
            Self::Ephemeral => "ephemeral resource",
            Self::Module => "module call",
            Self::Local => "local",
            Self::Provider => "provider",
            Self::Output => "output",
        }
    }

    /// Returns the CSS class of the kind's nodes.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Resource => "node-resource",
            Self::Module => "node-module",
            Self::Data => "node-data",
            Self::Ephemeral => "node-ephemeral",
            Self::Variable => "node-variable",
            Self::Output => "node-output",
            Self::Provider => "node-provider",
            Self::Local => "node-local",
        }
    }
}

/// An object of the folder, or several variables or outputs that are used alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// The address, as Terraform writes it.
    pub(super) address: String,
    /// The addresses of the objects that the node stands for; empty if it stands for itself only.
    pub(super) members: Vec<String>,
    /// For a call of a submodule of this module: the content of the submodule, line by line. Else
    /// `None`.
    pub(super) holds: Option<Vec<String>>,
}

impl Node {
    pub(super) fn new(kind: NodeKind, address: impl Into<String>) -> Self {
        Self {
            kind,
            address: address.into(),
            members: Vec::new(),
            holds: None,
        }
    }

    /// Returns the addresses that the node stands for: its members, or its own.
    pub(super) fn stands_for(&self) -> &[String] {
        if self.members.is_empty() {
            std::slice::from_ref(&self.address)
        } else {
            &self.members
        }
    }
}

/// The ends of an edge that have an arrowhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrow {
    /// The end at the user.
    Forward,
    /// The end at the used object: the edge was reversed to break a cycle.
    Backward,
    /// Both ends: the two objects use each other.
    Both,
}

/// How much of a graph is not drawn because there is too much of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The number of objects.
    pub nodes: usize,
    /// The number of references; there may be more if there were too many locals to follow.
    pub edges: usize,
}

impl LeftOut {
    /// Returns whether anything was left out.
    pub fn is_something(self) -> bool {
        self != Self::default()
    }
}

/// The neighbours of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// The nodes that it uses.
    pub(super) before: Vec<Id>,
    /// The nodes that use it.
    pub(super) after: Vec<Id>,
}

/// A graph, with the counts of what was left out.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    pub(super) nodes: Table<Node>,
    pub(super) edges: BTreeMap<(Id, Id), Arrow>,
    pub(super) left_out: LeftOut,
}

impl Graph {
    pub(super) fn new() -> Self {
        Self {
            nodes: Table::new(),
            edges: BTreeMap::new(),
            left_out: LeftOut::default(),
        }
    }

    pub(super) fn connect(&mut self, from: Id, to: Id) {
        if from != to {
            self.edges.insert((from, to), Arrow::Forward);
        }
    }

    /// Returns how many objects of each kind there are; kinds without any are left out.
    pub(super) fn kinds(&self) -> Vec<KindCount> {
        let count = |kind: NodeKind| {
            let nodes = self.nodes.values().filter(|node| node.kind == kind);
            nodes.map(|node| node.stands_for().len()).sum::<usize>()
        };
        let kinds = NodeKind::ALL.into_iter();
        kinds
            .map(|kind| (kind, count(kind)))
            .filter(|&(_, count)| count > 0)
            .map(|(kind, count)| KindCount {
                class: kind.class(),
                label: counted(count, kind.name()),
            })
            .collect()
    }

    pub(super) fn sides(&self) -> Table<Sides> {
        let mut sides = Table::filled(self.nodes.len(), Sides::default());
        for &(from, to) in self.edges.keys() {
            sides[from].after.push(to);
            sides[to].before.push(from);
        }
        sides
    }

    /// Replaces the nodes by `nodes` and moves the edges to them.
    ///
    /// `becomes` gives for each old node the new one; `None` if it has none, and its edges are
    /// dropped.
    pub(super) fn renumbered(self, nodes: Table<Node>, becomes: &Table<Option<Id>>) -> Self {
        let mut renumbered = Self {
            nodes,
            edges: BTreeMap::new(),
            left_out: self.left_out,
        };
        for ((from, to), arrow) in self.edges {
            if let (Some(from), Some(to)) = (becomes[from], becomes[to])
                && from != to
            {
                renumbered.edges.insert((from, to), arrow);
            }
        }
        renumbered
    }

    /// Returns the graph of the nodes for which `keep` is true.
    pub(super) fn retain_nodes(mut self, keep: &Table<bool>) -> Self {
        let old = std::mem::replace(&mut self.nodes, Table::new());
        let mut nodes = Table::new();
        let kept = old.into_values().zip(keep.values());
        let becomes: Table<Option<Id>> = kept
            .map(|(node, &keep)| keep.then(|| nodes.push(node)))
            .collect();
        self.renumbered(nodes, &becomes)
    }
}
