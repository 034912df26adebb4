//! Reports what a test leaves out because this machine lacks something, so that no test is skipped
//! silently.
//!
//! `TERRAKEEP_REQUIRE_ALL=1` makes everything that is left out an error. `TERRAKEEP_REQUIRE_`
//! followed by a kind does so for one kind:
//!
//! - `BROWSER`: Chromium, Node.js and the packages of `tests/browser`
//! - `CLIENTS`: terraform or tofu, clients from the Python package index, and the tests of go-tfe
//! - `OLDER_CLIENTS`: terraform of other days, in the folder that `TERRAKEEP_OLDER_CLIENTS` names
//! - `SHARED`: real modules and documents of the reference, which lie beside the project
//! - `TOOLS`: programs of the system, such as openssl and gpg

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// The kinds of things that a machine may lack.
const KINDS: [&str; 5] = ["BROWSER", "CLIENTS", "OLDER_CLIENTS", "SHARED", "TOOLS"];

/// The lines that have been printed already.
static WRITTEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Prints that the running test leaves something out, and why: what is missing, and how to get it.
///
/// # Panics
///
/// If the environment demands what is lacking.
pub(crate) fn left_out(kind: &str, why: &str) {
    assert!(KINDS.contains(&kind), "{kind} is none of {KINDS:?}");
    let thread = std::thread::current();
    let line = format!("left out: {}: {why}\n", thread.name().unwrap_or_default());
    let of_kind = format!("TERRAKEEP_REQUIRE_{kind}");
    let demanded = [of_kind.as_str(), "TERRAKEEP_REQUIRE_ALL"]
        .into_iter()
        .find(|variable| std::env::var_os(variable).is_some());
    if let Some(variable) = demanded {
        panic!("{line}{variable} demands it");
    }
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    if written.insert(line.clone()) {
        // Written past the test runner, which keeps what passing tests print.
        drop(std::io::stderr().write_all(line.as_bytes()));
    }
}
