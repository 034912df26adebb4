//! Tests providers: publishing in each possible way, installing with real clients, refusing false
//! ones.

mod docs;
mod form;
mod half_a_mirror;
mod install;
mod key_text;
pub(crate) mod keys;
mod mirror;
mod one_write;
mod refused;
pub(crate) mod release;
mod same_number;
mod signing;
mod whose_signature;
