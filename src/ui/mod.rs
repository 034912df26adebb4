//! What people see in a browser. So far the files that are served as they are.

pub mod files;
