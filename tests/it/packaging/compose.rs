//! Reads the compose file with the reference implementation of the Compose Specification.

use std::process::Command;

use serde_json::Value;

use super::{printed, renderer};

const FILE: &str = include_str!("../../../packaging/compose.yaml");

#[test]
fn the_compose_file_starts_one_registry_with_no_rights() {
    let Some(reader) = renderer("compose-spec") else {
        return;
    };
    // Compose puts the variable in; it demands that it is set.
    let start = FILE.find("${TERRAKEEP_PUBLIC_URL:?").expect("the variable");
    let end = start + FILE[start..].find('}').expect("its end") + 1;
    let url = "https://registry.example.com:8443";
    let text = format!("{}{url}{}", &FILE[..start], &FILE[end..]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("compose.yaml");
    std::fs::write(&file, text).expect("written");
    let json = printed(Command::new(reader).args(["-format", "json"]).arg(&file));
    let project: Value = serde_json::from_str(&json).expect("JSON");
    let service = &project["services"]["terrakeep"];
    assert_eq!(service["environment"]["TERRAKEEP__SERVER__PUBLIC_URL"], url);
    assert_eq!(service["read_only"], true);
    assert_eq!(service["cap_drop"][0], "ALL");
    assert_eq!(service["ports"][0]["target"], 8443);
    assert_eq!(service["ports"][0]["published"], "8443");
    assert_eq!(service["build"]["dockerfile"], "packaging/Containerfile");
    let mounted: Vec<_> = service["volumes"]
        .as_array()
        .expect("volumes")
        .iter()
        .map(|volume| (volume["source"].as_str(), volume["target"].as_str()))
        .collect();
    let expected = [
        (Some("data"), Some("/var/lib/terrakeep")),
        (Some("backups"), Some("/var/lib/terrakeep-backups")),
    ];
    assert_eq!(mounted, expected);
    // The places are those that the image says it writes to.
    let image = include_str!("../../../packaging/Containerfile");
    for (_, place) in expected {
        assert!(image.contains(place.expect("a place")));
    }
}
