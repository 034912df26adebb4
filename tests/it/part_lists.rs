//! Tests that all places that list the parts of the program name the same ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::architecture::MAY_USE;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Returns the folder of a part, such as `api/tfe`; `None` if there is none.
fn folder(part: &str) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let places = [source.join(part), source.join("core").join(part)];
    places.into_iter().find(|place| place.is_dir())
}

/// Returns the parts of the table that have a folder, by their paths.
fn parts() -> BTreeSet<String> {
    let paths = MAY_USE.iter().map(|(part, _)| part.replace("::", "/"));
    paths.filter(|path| folder(path).is_some()).collect()
}

/// Returns the first names of the parts: `api` for `api/tfe`.
fn first_names() -> BTreeSet<String> {
    let parts = parts();
    let names = parts.iter().filter_map(|part| part.split('/').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_folder_is_a_part() {
    let mut folders = BTreeSet::new();
    for place in ["src", "src/core"] {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
        for entry in fs::read_dir(place).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() && name != "core" {
                folders.insert(name);
            }
        }
    }
    assert_eq!(folders, first_names());
}

#[test]
fn the_library_names_every_part() {
    let text = read("src/lib.rs");
    let own = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let (_, of_core) = text.split_once("pub use terrakeep_core::{").unwrap();
    let (of_core, _) = of_core.split_once('}').unwrap();
    let of_core = of_core.split(',').map(str::trim);
    let of_core = of_core.filter(|name| !name.is_empty());
    let named: BTreeSet<String> = own.chain(of_core).map(str::to_owned).collect();
    assert_eq!(named, first_names());
}

#[test]
fn the_map_names_every_part_and_only_folders_that_exist() {
    let map = read("src/ARCHITECTURE.md");
    // A row may be about several folders; rows about files are of another table.
    let first_cells = map
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .map(|(cell, _)| cell);
    let rows: Vec<&str> = first_cells
        .flat_map(|cell| cell.split(", "))
        .filter_map(|name| name.strip_prefix('`')?.strip_suffix("/`"))
        .collect();
    assert!(rows.len() > 20, "{rows:?}");
    for row in &rows {
        assert!(folder(row).is_some(), "there is no folder {row}/");
    }
    let missing: Vec<String> = parts()
        .into_iter()
        .filter(|part| !rows.contains(&part.as_str()))
        .collect();
    assert!(missing.is_empty(), "no row in the map for {missing:?}");
    for name in first_names() {
        assert!(map.contains(&format!("[`{name}`]")), "{name}");
    }
    // The README points there, so that there is no further list.
    let readme = read("README.md");
    let (_, layout) = readme.split_once("## How the code is laid out").unwrap();
    assert!(layout.contains("](src/ARCHITECTURE.md)"));
}
