//! Tests the contracts in `tests/fixtures/contracts/`: they are well formed, the program serves
//! exactly their calls, real responses have their keys and types, and comments point at them.

mod answers;
mod calls;
mod conversation;
mod format;
mod people;
mod shape;
mod sources;
