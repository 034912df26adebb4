//! Drawings for the web pages: the dependency graph of a module, and downloads by day.
//!
//! They are SVG without scripts and without styles, so that a strict content security policy allows
//! them; classes define how they look. There is no IO and no clock: the same input gives the same
//! bytes, and no input takes long, because the size of a drawing is limited.
//!
//! The steps of a graph: [`read`] turns documentation into nodes and edges; [`collapse`], [`narrow`],
//! [`bound`], [`reduce`] and [`groups`] make the graph smaller, and [`cycles`] breaks its cycles;
//! [`layers`], [`order`] and [`place`] arrange it; [`mod@write`] writes it with [`svg`].

mod arrange;
mod bound;
mod chart;
mod collapse;
mod cycles;
mod edge_path;
mod graph;
mod graph_svg;
mod groups;
mod label;
mod layers;
mod narrow;
mod node_box;
mod order;
mod place;
mod read;
mod reduce;
mod submodule_summary;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use arrange::{GraphDetail, GraphOptions};
pub use chart::{ChartOptions, chart_svg};
pub use graph::LeftOut;
pub use graph_svg::{Drawing, KindCount, graph_svg};
