//! Tests the pages, as a browser without scripts uses them.

mod audit;
mod browse;
pub(crate) mod browser;
mod forms;
mod graph;
mod headers;
mod inputs;
mod lifecycle;
mod organizations;
mod paste;
mod people;
mod publish;
mod reading;
mod readme;
mod refusals;
mod rules;
mod sign_in;
mod sign_in_limits;
mod ssh_keys;
mod theme;
mod tokens;
mod versions;
mod weight;
