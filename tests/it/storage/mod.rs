//! Tests the store against disks that fail or lose acknowledged writes, and against flipped bits.

mod backup;
mod basics;
mod blobs;
mod corruption;
mod faulty_disk;
mod group_commit;
mod io_errors;
mod migrations;
mod open_outcomes;
pub(crate) mod power_loss;
mod rebuild;
pub(crate) mod sim_disk;
mod since;
pub(crate) mod support;
mod waiting;
