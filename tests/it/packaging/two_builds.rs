//! Compares two builds of what is released, made in two folders.

use std::path::Path;
use std::process::Command;

use super::{BUILDERS, missing, printed};
use crate::left_out::left_out;
use crate::long_form::rounds;

/// The long form alone, since each build takes a quarter of an hour:
/// `TERRAKEEP_TEST_TWO_BUILDS=1 cargo test --release two_builds`.
#[test]
fn two_builds_give_the_same_bytes() {
    if rounds("TERRAKEEP_TEST_TWO_BUILDS", 0) == 0 {
        return;
    }
    if let Some(program) = missing(&[&BUILDERS[..], &["git"]].concat()) {
        return left_out("TOOLS", &format!("there is no {program}"));
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let sums = ["one", "another-with-a-longer-name"].map(|name| {
        let copy = folder.path().join(name);
        printed(
            Command::new("git")
                .args(["clone", "--quiet", "--no-hardlinks"])
                .arg(project)
                .arg(&copy),
        );
        printed(&mut Command::new(copy.join("packaging/build")));
        std::fs::read_to_string(copy.join("target/packages/SHA256SUMS")).expect("the sums")
    });
    assert!(sums[0].lines().count() >= 5, "{}", sums[0]);
    assert_eq!(sums[0], sums[1]);
}
