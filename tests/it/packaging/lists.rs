//! Tests the lists of the parts that the program is made of.

use std::collections::BTreeSet;

use serde_json::Value;

use super::packages;

/// Returns the names and versions in `Cargo.lock` of what comes from elsewhere.
fn locked() -> BTreeSet<String> {
    let lock = include_str!("../../../Cargo.lock");
    lock.split("[[package]]")
        .filter(|part| part.contains("\nsource = "))
        .filter_map(|part| {
            let value = |key: &str| {
                let line = part.lines().find(|line| line.starts_with(key))?;
                line.split('"').nth(1)
            };
            Some(format!("{} {}", value("name = ")?, value("version = ")?))
        })
        .collect()
}

#[test]
fn every_part_is_listed_with_its_licence() {
    let Some(folder) = packages() else { return };
    let text = std::fs::read(folder.join("terrakeep.cdx.json")).expect("the list");
    let list: Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(list["bomFormat"], "CycloneDX");
    let components = list["components"].as_array().expect("the parts");
    let parts: BTreeSet<String> = components
        .iter()
        .filter(|part| part["name"] != "terrakeep-core")
        .map(|part| {
            let word = |key: &str| part[key].as_str().expect("a text").to_owned();
            let name = format!("{} {}", word("name"), word("version"));
            assert!(part["licenses"][0]["expression"].is_string(), "{name}");
            assert!(word("purl").starts_with("pkg:cargo/"), "{name}");
            name
        })
        .collect();
    let locked = locked();
    let unknown: Vec<_> = parts.difference(&locked).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for expected in [
        "actix-web ",
        "sled ",
        "rustls ",
        "argon2 ",
        "tar ",
        "flate2 ",
    ] {
        assert!(
            parts.iter().any(|part| part.starts_with(expected)),
            "{expected}"
        );
    }

    let licences = std::fs::read_to_string(folder.join("LICENCES.txt")).expect("the licences");
    let rows: BTreeSet<String> = licences
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(": "))
        .map(|(name, _)| name.to_owned())
        .filter(|name| locked.contains(name))
        .collect();
    assert!(rows.len() > 200, "{}", rows.len());
    // What is compiled in is in both lists. The SBOM also names what only builds.
    let missing: Vec<_> = rows.difference(&parts).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(licences.contains("Permission is hereby granted, free of charge"));
}
