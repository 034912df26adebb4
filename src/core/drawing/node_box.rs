//! The box of a node before it has a place: its lines, its size and its classes.

use super::graph::{Node, NodeKind};
use super::label::{shortened, width};
use crate::domain::counted;

/// The space between the border of a box and its text.
pub(super) const PADDING: i64 = 10;
/// The distance from one line of text to the next.
pub(super) const LINE: i64 = 16;
/// The space that a line of text needs above its baseline.
pub(super) const ASCENT: i64 = 12;
/// The space above and below the lines.
const MARGIN: i64 = 5;

/// The lines and the size of a node's box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NodeBox {
    /// The kind or type of the object; `None` if its colour is enough.
    pub(super) caption: Option<String>,
    /// The name of the object.
    pub(super) name: String,
    /// The content of the object, line by line.
    pub(super) holds: Vec<String>,
    pub(super) width: i64,
    pub(super) height: i64,
}

impl NodeBox {
    pub(super) fn of(node: &Node) -> Self {
        let (caption, name) = texts(node);
        let caption = caption.map(|caption| shortened(&caption));
        let name = shortened(&name);
        let holds: Vec<String> = node
            .holds
            .iter()
            .flatten()
            .map(|line| shortened(line))
            .collect();
        let lines = caption.iter().chain([&name]).chain(&holds);
        let widest = lines.clone().map(|line| width(line)).max().unwrap_or(0);
        let count = i64::try_from(lines.count()).unwrap_or(i64::MAX);
        Self {
            width: widest.saturating_add(2 * PADDING).max(48),
            height: count.saturating_mul(LINE).saturating_add(2 * MARGIN),
            caption,
            name,
            holds,
        }
    }

    /// Returns the baseline of the first line, from the top of the box.
    pub(super) const fn first_base() -> i64 {
        MARGIN + ASCENT
    }
}

/// Returns the CSS classes of a node.
pub(super) fn classes(node: &Node) -> String {
    let kind = node.kind.class();
    let group = if node.members.is_empty() {
        ""
    } else {
        " node-group"
    };
    let cluster = if node.holds.is_some() { " cluster" } else { "" };
    format!("node {kind}{group}{cluster}")
}

fn texts(node: &Node) -> (Option<String>, String) {
    let address = node.address.as_str();
    let after = |prefix: &str| address.strip_prefix(prefix).unwrap_or(address).to_owned();
    if !node.members.is_empty() {
        let one = if node.kind == NodeKind::Output {
            "output"
        } else {
            "variable"
        };
        return (None, counted(node.members.len(), one));
    }
    match node.kind {
        NodeKind::Variable => (None, after("var.")),
        NodeKind::Output => (None, after("output.")),
        NodeKind::Local => (None, address.to_owned()),
        NodeKind::Provider => (Some("provider".to_owned()), after("provider.")),
        NodeKind::Module => (Some("module".to_owned()), after("module.")),
        NodeKind::Resource => typed("", address),
        NodeKind::Data => typed("data ", &after("data.")),
        NodeKind::Ephemeral => typed("ephemeral ", &after("ephemeral.")),
    }
}

fn typed(prefix: &str, address: &str) -> (Option<String>, String) {
    match address.split_once('.') {
        Some((of_type, name)) => (Some(format!("{prefix}{of_type}")), name.to_owned()),
        None => (None, address.to_owned()),
    }
}
