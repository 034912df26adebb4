//! Reads the documentation of a folder into a graph with all its objects, up to a limit.

use std::collections::BTreeMap;

use crate::domain::{FolderDocs, Resource, ResourceKind};

use super::graph::{Graph, Node, NodeKind};
use super::submodule_summary;
use super::table::Id;

/// The most objects that are read; far more than are drawn, since many are joined into one node.
const MAX_NODES: usize = 20_000;
/// The most references that are read.
const MAX_EDGES: usize = 60_000;

/// Returns the graph of all objects of `folder`.
pub(super) fn graph(folder: &FolderDocs, submodules: &[FolderDocs], with_providers: bool) -> Graph {
    let mut reader = Reader {
        graph: Graph::new(),
        ids: BTreeMap::new(),
    };
    reader.things(folder, submodules);
    if with_providers {
        reader.providers(folder);
    }
    reader.references(folder, with_providers);
    reader.graph
}

struct Reader {
    graph: Graph,
    ids: BTreeMap<String, Id>,
}

impl Reader {
    fn add(&mut self, node: Node) {
        if self.ids.contains_key(&node.address) {
            return;
        }
        if self.graph.nodes.len() >= MAX_NODES {
            self.graph.left_out.nodes = self.graph.left_out.nodes.saturating_add(1);
            return;
        }
        let address = node.address.clone();
        let id = self.graph.nodes.push(node);
        self.ids.insert(address, id);
    }

    fn connect(&mut self, from: Id, to: Id) {
        if from == to {
            return;
        }
        if self.graph.edges.len() >= MAX_EDGES {
            self.graph.left_out.edges = self.graph.left_out.edges.saturating_add(1);
        } else {
            self.graph.connect(from, to);
        }
    }

    fn things(&mut self, folder: &FolderDocs, submodules: &[FolderDocs]) {
        for resource in &folder.resources {
            let (kind, address) = resource_node(resource);
            self.add(Node::new(kind, address));
        }
        for call in &folder.module_calls {
            let mut node = Node::new(NodeKind::Module, format!("module.{}", call.name));
            node.holds = submodule_summary::of_call(folder, call, submodules);
            self.add(node);
        }
        for input in &folder.inputs {
            self.add(Node::new(NodeKind::Variable, format!("var.{}", input.name)));
        }
        for output in &folder.outputs {
            let address = format!("output.{}", output.name);
            self.add(Node::new(NodeKind::Output, address));
        }
        // The documentation has no list of locals: they are the objects with references.
        for references in &folder.references {
            if references.from.starts_with("local.") {
                self.add(Node::new(NodeKind::Local, references.from.as_str()));
            }
        }
    }

    fn providers(&mut self, folder: &FolderDocs) {
        for provider in &folder.provider_requirements {
            let address = format!("provider.{}", provider.name);
            self.add(Node::new(NodeKind::Provider, address));
        }
        for resource in &folder.resources {
            let provider = self.ids.get(&format!("provider.{}", resource.provider));
            let resource = self.ids.get(&resource_node(resource).1);
            if let (Some(&provider), Some(&resource)) = (provider, resource) {
                self.connect(provider, resource);
            }
        }
    }

    fn references(&mut self, folder: &FolderDocs, with_providers: bool) {
        for references in &folder.references {
            let Some(&user) = self.ids.get(&references.from) else {
                continue;
            };
            for used in &references.to {
                let is_provider = used.starts_with("provider.");
                if is_provider && with_providers {
                    self.add(Node::new(NodeKind::Provider, used.as_str()));
                }
                if let Some(&used) = self.ids.get(used) {
                    self.connect(used, user);
                }
            }
        }
    }
}

fn resource_node(resource: &Resource) -> (NodeKind, String) {
    let Resource {
        resource_type,
        name,
        ..
    } = resource;
    match resource.kind {
        ResourceKind::Managed => (NodeKind::Resource, format!("{resource_type}.{name}")),
        ResourceKind::Data => (NodeKind::Data, format!("data.{resource_type}.{name}")),
        ResourceKind::Ephemeral => {
            let address = format!("ephemeral.{resource_type}.{name}");
            (NodeKind::Ephemeral, address)
        }
    }
}
