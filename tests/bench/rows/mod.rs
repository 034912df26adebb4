//! The rows of the table, in the order they are measured in.

mod cold_start;
mod listing;
mod order;
mod organization;
mod packages;
mod pages;
mod publish;
mod reads;
mod terraform;

pub(crate) use order::measure;
