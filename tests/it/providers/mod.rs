//! Providers: published in each way there is, installed by real clients, refused where they lie.

mod install;
mod refused;
mod release;
