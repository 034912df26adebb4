//! The rows of the table, in the order in which they are measured.

mod cold_start;
mod listing;
mod order;
mod organization;
mod packages;
mod page_costs;
mod pages;
mod publish;
mod reads;
mod terraform;

pub(crate) use order::measure;
