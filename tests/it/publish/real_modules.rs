//! Tests that real public modules are kept byte for byte. Without the folder of test data, this
//! tests nothing that other tests do not test with archives of their own.

use std::path::PathBuf;

use crate::harness::Appliance;
use crate::left_out::left_out;

/// A module as the folder of test data names it: `namespace--name--provider--version.tar.gz`.
pub(crate) struct RealModule {
    /// `acme/name/provider`: published below the test's organization.
    pub(crate) address: String,
    /// Its version.
    pub(crate) version: String,
    /// The archive.
    pub(crate) archive: Vec<u8>,
}

/// Returns the modules in the folder; without the folder, reports that and returns none.
pub(crate) fn real_modules() -> Vec<RealModule> {
    let folder = std::env::var_os("TERRAKEEP_TEST_MODULES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/modules"),
        PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(folder) else {
        left_out("SHARED", "there is no ../shared/modules");
        return Vec::new();
    };
    let mut modules = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let Some(stem) = name.strip_suffix(".tar.gz") else {
            continue;
        };
        let [_, name, provider, version] = stem
            .split("--")
            .collect::<Vec<_>>()
            .try_into()
            .expect("four parts");
        modules.push(RealModule {
            address: format!("acme/{name}/{provider}"),
            version: version.to_owned(),
            archive: std::fs::read(&path).expect("a file"),
        });
    }
    assert!(!modules.is_empty(), "the folder of real modules is empty");
    modules
}

#[test]
fn real_modules_come_back_byte_for_byte_and_list_in_order() {
    let registry = Appliance::start();
    let modules = real_modules();
    for module in &modules {
        registry.publish(&module.address, &module.version, module.archive.clone());
    }
    for module in &modules {
        assert_eq!(
            registry.download(&module.address, &module.version),
            module.archive
        );
    }
    if !modules.is_empty() {
        assert_eq!(
            registry.versions("acme/vpc/aws"),
            ["1.0.0", "5.0.0", "6.6.0"]
        );
        assert_eq!(registry.versions("acme/consul/aws"), ["0.1.0", "0.11.0"]);
    }
}
