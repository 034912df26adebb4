//! Drawings that the server makes: the dependency graph of a module, and downloads by day.
//!
//! They are SVG without scripts and without styles, so that a strict content security policy lets
//! them be: what they look like is said by classes. No IO and no clock; the same input gives the
//! same bytes, and no input takes long, because what is drawn is bounded.
//!
//! A graph goes from [`read`] (docs → nodes and edges) over [`collapse`], [`bound`], [`cycles`],
//! [`reduce`] and [`groups`] (a smaller graph that says the same) to [`layers`], [`order`] and
//! [`place`] (where all of it is), and is written by [`mod@write`] with [`svg`].

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

pub use chart::{ChartOptions, chart_svg};
pub use graph::LeftOut;
pub use graph_svg::{Drawing, GraphDetail, GraphOptions, graph_svg};
