//! Nodes and edges. An edge goes from what is used to what uses it, as values flow.

use std::collections::BTreeMap;

use super::table::{Id, Table};

/// What a node stands for.
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

/// A thing of the folder, or several variables or outputs that are used alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// As Terraform writes it.
    pub(super) address: String,
    /// The addresses of those that it stands for; empty for one that stands for itself.
    pub(super) members: Vec<String>,
    /// For a call of a submodule of this module: what that holds, line by line.
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

    /// What it stands for: its members or itself.
    pub(super) fn stands_for(&self) -> &[String] {
        if self.members.is_empty() {
            std::slice::from_ref(&self.address)
        } else {
            &self.members
        }
    }
}

/// Which ends of an edge have an arrowhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrow {
    /// The end where the edge goes to.
    Forward,
    /// The end where it comes from: the edge was turned round to break a cycle.
    Backward,
    /// Both: two things that use each other.
    Both,
}

/// How much of a graph is not drawn because there is too much of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Things.
    pub nodes: usize,
    /// References between things; more may be missing where locals were too many to follow.
    pub edges: usize,
}

impl LeftOut {
    /// Whether something was left out.
    pub fn is_something(self) -> bool {
        self != Self::default()
    }
}

/// The neighbours of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// Those that it uses.
    pub(super) before: Vec<Id>,
    /// Those that use it.
    pub(super) after: Vec<Id>,
}

/// A graph and what it lacks.
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

    pub(super) fn sides(&self) -> Table<Sides> {
        let mut sides = Table::filled(self.nodes.len(), Sides::default());
        for &(from, to) in self.edges.keys() {
            sides[from].after.push(to);
            sides[to].before.push(from);
        }
        sides
    }

    /// The graph whose nodes are those to which `becomes` leads; its edges go along.
    ///
    /// `nodes` are the new nodes, and `becomes` says for each old one which new one it is.
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

    /// The graph of the nodes that `keep` marks.
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
