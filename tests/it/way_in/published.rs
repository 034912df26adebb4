//! Tests what `terrakeep publish` prints: what the registry knows, and not what was typed.

use serde_json::Value;

use super::{run, said};
use crate::harness::Appliance;

fn module_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.tf"), "variable \"a\" {}\n").expect("written");
    folder
}

#[test]
fn f6_the_printed_block_has_the_public_host_and_the_registered_spelling() {
    let mut registry = Appliance::start();
    // The same registry by another name than the one that it gives out.
    let public = registry.url.clone();
    registry.url = public.replace("127.0.0.1", "localhost");
    let host = public.trim_start_matches("https://");
    let folder = module_folder();
    let path = folder.path().to_str().expect("a path");
    let first = run(&mut registry.cli(&["publish", path, "acme/my-module/aws", "0.9.0"]));
    assert!(first.status.success(), "{}", said(&first));
    let output = run(&mut registry.cli(&["publish", path, "Acme/My-Module/aws", "1.0.0"]));
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let source = format!("source  = \"{host}/acme/my-module/aws\"");
    assert!(text.contains(&source), "{text}");
    let page = format!("{public}/modules/acme/my-module/aws/1.0.0");
    assert!(text.contains(&page), "{text}");
    let json = run(&mut registry.cli(&["publish", path, "Acme/My-Module/aws", "1.0.0", "--json"]));
    let document: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(document["module"], "acme/my-module/aws");
    assert_eq!(document["page"], page.as_str());
}

#[test]
fn f8_an_unknown_organization_is_named_with_the_way_out() {
    let registry = Appliance::start();
    let folder = module_folder();
    let path = folder.path().to_str().expect("a path");
    let output = run(&mut registry.cli(&["publish", path, "nosuchorg/vpc/aws", "1.0.1"]));
    assert_eq!(output.status.code(), Some(3));
    let text = said(&output);
    assert!(
        text.contains("there is no organization `nosuchorg`"),
        "{text}"
    );
    assert!(text.contains("terrakeep org create nosuchorg"), "{text}");
}
