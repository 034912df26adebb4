//! Tests full and read-only disks with a running registry on a small disk of its own (R5, R6).

mod filling;
mod mounts;
mod read_only;
