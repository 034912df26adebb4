//! Draws the dependency graph of a folder from its documentation.

use crate::domain::FolderDocs;

use super::arrange::{Arranged, GraphOptions};
use super::graph::LeftOut;
use super::write::Writer;

/// A drawing, with the counts of what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG element.
    pub svg: String,
    /// The number of nodes; a group counts as one.
    pub nodes: usize,
    /// The number of edges.
    pub edges: usize,
    /// How many objects of each kind it shows; kinds without any are left out.
    pub kinds: Vec<KindCount>,
    /// The width of the drawing, in units of which a line of text needs 16 in height.
    pub width: i64,
    /// What is left out because there is too much of it.
    pub left_out: LeftOut,
}

/// How many objects of one kind a drawing shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The CSS class of the kind's nodes.
    pub class: &'static str,
    /// The number of objects with the name of the kind, such as `2 resources`.
    pub label: String,
}

/// Draws which objects of `folder` use which.
///
/// `links` returns where the page documents an address such as `var.x` or `aws_vpc.this`; `None`
/// for no link. For groups it is called with `var` and `output`.
pub fn graph_svg(
    folder: &FolderDocs,
    submodules: &[FolderDocs],
    links: &dyn Fn(&str) -> Option<String>,
    options: &GraphOptions,
) -> Drawing {
    let arranged = Arranged::of(folder, submodules, options);
    Drawing {
        svg: Writer::new(&arranged, links, options).written(),
        nodes: arranged.graph.nodes.len(),
        edges: arranged.graph.edges.len(),
        kinds: arranged.graph.kinds(),
        width: arranged.placed.width,
        left_out: arranged.graph.left_out,
    }
}
