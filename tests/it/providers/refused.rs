//! Tests packages that are refused: nothing of them stays.

use std::path::Path;

use serde_json::Value;

use crate::harness::Appliance;
use crate::zips::hostile;

fn stage(registry: &Appliance, version: &str, package: Vec<u8>) -> (u16, Value) {
    let path = format!("/api/terrakeep/v1/providers/acme/widget/{version}/packages/linux_amd64");
    let request = registry.request("PUT", &path, Some(&registry.admin));
    let answer = request.body(package).send().expect("an answer");
    (answer.status().as_u16(), answer.json().expect("JSON"))
}

/// Returns how many files lie in a folder and all folders below it.
pub(super) fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let entries = entries.map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

#[test]
fn t01_t04_t08_hostile_packages_are_refused_and_the_server_lives() {
    let registry = Appliance::start();
    let blobs = registry.data_dir().join("blobs");
    let before = files_below(&blobs);
    let hostile = hostile();
    assert!(hostile.len() >= 20);
    for (what, package) in hostile {
        let (status, answer) = stage(&registry, "1.0.0", package);
        assert_eq!(status, 422, "{what}: {answer}");
        let reason = answer["errors"][0].as_str().expect("a reason");
        assert!(
            reason.starts_with("the package was refused: "),
            "{what}: {reason}"
        );
    }
    assert_eq!(registry.get("/healthz", None).status(), 200);
    assert_eq!(registry.files_incoming(), 0);
    assert_eq!(files_below(&blobs), before);
    let path = "/v1/providers/acme/widget/versions";
    assert_eq!(registry.get(path, Some(&registry.admin)).status(), 404);
}
