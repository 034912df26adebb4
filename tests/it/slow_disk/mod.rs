//! Tests on a disk that takes long to sync: publishers wait for it, and nobody else does.

mod readers;
mod shim;
