//! An organization stores no more than it may, in all and before it is published; what is never
//! published expires; and the sums stay right whatever is published and deleted.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use terrakeep::auth::{Caller, PublishModules, PublishProviders, UrlSigner};
use terrakeep::config::Config;
use terrakeep::domain::{
    Actor, KeptChange, ModuleVersionAddress, ProviderVersionAddress, Timestamp,
};
use terrakeep::registry::{Clock, IncomingPackage, PrivateFiles, Registry};
use terrakeep::server::{registry_settings, store_options, take_first_steps};
use terrakeep::storage::tables::migrations::Migrations;
use terrakeep::storage::tables::unpublished::{UnpublishedModules, UnpublishedProviders};
use terrakeep::storage::tables::usage::{Usage, Usages};
use terrakeep::storage::tables::{modules, provider_docs, provider_packages, providers};
use terrakeep::storage::{Blobs, DataDir, Disk, Prefix, RealDisk, Stamp, Store};

use crate::builders::{archive, module, module_of};
use crate::harness::Appliance;
use crate::ui::browser::Browser;
use crate::zips::package_of;

const KIB: usize = 1024;

/// Returns how many bytes an organization stores, and how many of them are not published yet.
fn usage(registry: &Appliance, organization: &str) -> (u64, u64) {
    let usage = registry.command(&json!({
        "subject": "organization", "command": "usage", "name": organization,
    }));
    let bytes = |key: &str| usage[key].as_u64().expect("a number");
    (bytes("stored_bytes"), bytes("staged_bytes"))
}

fn set_budget(registry: &Appliance, organization: &str, bytes: Option<u64>) {
    registry.command(&json!({
        "subject": "organization", "command": "budget", "name": organization, "bytes": bytes,
    }));
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).expect("it fits")
}

fn delete(registry: &Appliance, path: &str) {
    let request = registry.request("DELETE", path, Some(&registry.admin));
    let status = request.send().expect("an answer").status();
    assert_eq!(status, 204, "{path}");
}

fn delete_version(registry: &Appliance, module: &str, version: &str) {
    delete(
        registry,
        &format!("/api/v2/organizations/acme/registry-modules/private/{module}/{version}"),
    );
}

/// Sends a package of a provider; returns the status and the answer.
fn stage(registry: &Appliance, version: &str, platform: &str, package: Vec<u8>) -> (u16, String) {
    let path = format!("/api/terrakeep/v1/providers/acme/widget/{version}/packages/{platform}");
    let request = registry.request("PUT", &path, Some(&registry.admin));
    let answer = request.body(package).send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("a text"))
}

/// Makes a package of about this size, another one for each seed.
fn package(version: &str, kibibytes: usize, seed: u64) -> Vec<u8> {
    package_of("widget", version, &module_of(kibibytes * KIB, seed))
}

#[test]
fn an_organization_stores_no_more_than_its_budget() {
    let registry = Appliance::start_with(&[("limits.organization", "300 KiB")]);
    let (first, _) = usage(&registry, "acme");
    let (large, small) = (module_of(150 * KIB, 1), module("small"));
    registry.publish("acme/large/null", "1.0.0", large.clone());
    let (now, _) = usage(&registry, "acme");
    assert_eq!(now, first + length(&large));

    let link = registry.upload_link("acme/large/null", "2.0.0");
    let refused = registry.upload(&link, module_of(200 * KIB, 2));
    assert_eq!(refused.status(), 507);
    let words = refused.text().expect("words");
    for part in ["`acme`", "300.0 KiB", "delete", "administrator"] {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(registry.versions("acme/large/null"), ["1.0.0"]);
    assert_eq!(registry.files_incoming(), 0);
    // Others have a budget of their own.
    registry.organization("other", false);
    registry.publish("other/large/null", "1.0.0", module_of(200 * KIB, 2));

    // The same bytes count for each version that names them, and no longer when one is deleted.
    registry.publish("acme/large/null", "1.0.1", small.clone());
    registry.publish("acme/large/null", "1.0.2", small.clone());
    let (with_two, _) = usage(&registry, "acme");
    assert_eq!(with_two, now + 2 * length(&small));
    delete_version(&registry, "acme/large/null", "1.0.1");
    assert_eq!(usage(&registry, "acme").0, now + length(&small));
    assert_eq!(registry.download("acme/large/null", "1.0.2"), small);

    // A smaller budget removes nothing, and what is there may be sent again.
    let again = registry.upload_link("acme/large/null", "3.0.0");
    assert_eq!(registry.upload(&again, small.clone()).status(), 200);
    set_budget(&registry, "acme", Some(1));
    assert_eq!(registry.upload(&again, small).status(), 200);
    let refused = registry.upload(&link, module("tiny"));
    assert_eq!(refused.status(), 507);
    // With a larger one, the same link takes what was refused.
    set_budget(&registry, "acme", Some(1 << 30));
    assert_eq!(
        registry.upload(&link, module_of(200 * KIB, 2)).status(),
        200
    );
    let page = Browser::of(&registry, "admin").get("/settings/organizations/acme");
    assert!(
        page.text.contains("of the 1.0 GiB that it may"),
        "{}",
        page.text
    );
}

#[test]
fn what_is_staged_has_a_budget_and_counts_as_published_later() {
    let registry = Appliance::start_with(&[("limits.staged", "300 KiB")]);
    let (before, _) = usage(&registry, "acme");
    let sent = package("1.0.0", 200, 1);
    assert_eq!(
        stage(&registry, "1.0.0", "linux_amd64", sent.clone()).0,
        200
    );
    let bytes = length(&sent);
    assert_eq!(usage(&registry, "acme"), (before + bytes, bytes));
    let (status, words) = stage(&registry, "1.0.0", "linux_arm64", package("1.0.0", 200, 2));
    assert_eq!(status, 507, "{words}");
    assert!(words.contains("not published yet"), "{words}");
    let (status, words) = stage(&registry, "2.0.0", "linux_arm64", package("2.0.0", 200, 2));
    assert_eq!(status, 507, "{words}");
    // The same package may be sent again.
    assert_eq!(stage(&registry, "1.0.0", "linux_amd64", sent).0, 200);

    let path = "/api/terrakeep/v1/providers/acme/widget/1.0.0/publication";
    let request = registry.request("POST", path, Some(&registry.admin));
    let published = request.json(&json!({})).send().expect("an answer");
    assert_eq!(published.status(), 200);
    assert_eq!(usage(&registry, "acme"), (before + bytes, 0));
    let (status, words) = stage(&registry, "2.0.0", "linux_arm64", package("2.0.0", 200, 2));
    assert_eq!(status, 200, "{words}");
    delete(
        &registry,
        "/api/v2/organizations/acme/registry-providers/private/acme/widget",
    );
    assert_eq!(usage(&registry, "acme"), (before, 0));
}

/// A registry in this process, and a clock that a test moves.
struct Moved {
    registry: Registry,
    clock: Clock,
}

fn open_store(data_dir: &Path) -> (DataDir, Store) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let dir = DataDir::open(data_dir, &*disk).expect("a data directory");
    let options = store_options(&Config::default());
    let store = Store::open(&dir, disk, options, |_| {}).expect("a store");
    (dir, store)
}

fn open(data_dir: &Path) -> Moved {
    let (dir, store) = open_store(data_dir);
    let blobs = Blobs::new(&dir, Arc::new(RealDisk)).expect("blobs");
    let clock = Clock::standing_at(Timestamp::from_micros(1_800_000_000_000_000));
    let settings = registry_settings(&Config::default());
    let signer = UrlSigner::new(&[0; 32]);
    let registry =
        Registry::new(store, blobs, clock.clone(), signer, settings).expect("a registry");
    registry.bring_up_to_date().expect("it is up to date");
    Moved { registry, clock }
}

fn module_version(text: &str) -> ModuleVersionAddress {
    ModuleVersionAddress {
        module: "acme/vpc/aws".parse().expect("an address"),
        version: text.parse().expect("a version"),
    }
}

fn provider_version(text: &str) -> ProviderVersionAddress {
    ProviderVersionAddress {
        provider: "acme/widget".parse().expect("an address"),
        version: text.parse().expect("a version"),
    }
}

impl Moved {
    /// Announces module versions, and publishes the first of them.
    fn announce(&self, versions: &[&str]) {
        let module = module_version("1.0.0").module;
        let grant = self
            .registry
            .module_grant::<PublishModules>(&Caller::Operator, &module)
            .expect("an operator may");
        drop(
            self.registry
                .create_module(&grant, module, KeptChange::default()),
        );
        for (number, version) in versions.iter().enumerate() {
            let address = module_version(version);
            if number == 0 {
                let mut upload = self.registry.incoming().expect("an upload");
                upload
                    .write_all(&crate::builders::module(version))
                    .expect("it arrives");
                let published =
                    self.registry
                        .publish_upload(&grant, address, upload, PrivateFiles::Refused);
                published.expect("it is published");
            } else {
                let announced = self.registry.create_pending_version(&grant, address, None);
                announced.expect("it is announced");
            }
        }
    }

    /// Sends packages of provider versions, and publishes the first of them.
    fn stage(&self, versions: &[&str]) {
        let grant = self
            .registry
            .grant::<PublishProviders>(&Caller::Operator, "acme")
            .expect("an operator may");
        for (number, version) in versions.iter().enumerate() {
            let address = provider_version(version);
            for platform in ["linux_amd64", "linux_arm64"] {
                let (mut blob, reader) = self.registry.incoming_package().expect("an upload");
                let content = package_of("widget", version, platform.as_bytes());
                blob.write_all(&content).expect("it arrives");
                blob.arrived();
                let package = IncomingPackage::new(blob, reader.read());
                let platform = platform.parse().expect("a platform");
                self.registry
                    .stage_package(&grant, &address, &platform, package)
                    .expect("it is staged");
            }
            let mut docs = self.registry.incoming().expect("an upload");
            let page = archive(&[("docs/index.md", "# Widget\n")]);
            docs.write_all(&page).expect("it arrives");
            self.registry
                .put_provider_docs(&grant, &address, docs)
                .expect("they are stored");
            if number == 0 {
                self.registry
                    .release_provider(&grant, &address, None, None)
                    .expect("it is published");
            }
        }
    }
}

/// Adds up what the rows of a store name.
fn counted(store: &Store) -> BTreeMap<String, Usage> {
    let mut all: BTreeMap<String, Usage> = BTreeMap::new();
    for version in modules::all_versions(store) {
        let version = version.expect("a row");
        let usage = all.entry(version.address.module.namespace.folded());
        usage.or_default().published += version.archive.map_or(0, |archive| archive.size);
    }
    let packages = provider_packages::all(store).map(|row| {
        let row = row.expect("a row");
        (row.version, row.file.map_or(0, |file| file.size))
    });
    let docs = provider_docs::all(store).map(|row| {
        let row = row.expect("a row");
        (row.version, row.size)
    });
    for (address, bytes) in packages.chain(docs) {
        let version = providers::find_version(store, &address).expect("a store");
        let usage = all.entry(address.provider.namespace.folded()).or_default();
        if version.expect("a version").publication.is_some() {
            usage.published += bytes;
        } else {
            usage.staged += bytes;
        }
    }
    all.retain(|_, usage| *usage != Usage::default());
    all
}

fn kept(store: &Store) -> BTreeMap<String, Usage> {
    let rows = store.scan::<Usages>(&Prefix::all());
    rows.map(|row| row.expect("a row")).collect()
}

fn unpublished(store: &Store) -> (usize, usize) {
    (
        store
            .scan_keys::<UnpublishedModules>(&Prefix::all())
            .count(),
        store
            .scan_keys::<UnpublishedProviders>(&Prefix::all())
            .count(),
    )
}

#[test]
fn what_is_never_published_expires_after_a_week_and_the_sums_stay_right() {
    let temp = tempfile::tempdir().expect("a directory");
    let moved = open(temp.path());
    take_first_steps(&moved.registry).expect("they are taken");
    moved.announce(&["1.0.0", "1.1.0"]);
    moved.stage(&["1.0.0", "1.1.0"]);
    let day = 24 * 3600;
    moved.clock.advance_seconds(6 * day);
    assert_eq!(moved.registry.expire_announced_versions().expect("done"), 0);
    assert_eq!(moved.registry.expire_staged_versions().expect("done"), 0);
    // What is announced or sent again in the meantime stays longer.
    moved.announce(&["1.2.0", "1.3.0"]);
    moved.clock.advance_seconds(2 * day);
    assert_eq!(moved.registry.expire_announced_versions().expect("done"), 1);
    assert_eq!(moved.registry.expire_staged_versions().expect("done"), 1);
    assert_eq!(moved.registry.expire_announced_versions().expect("done"), 0);
    assert_eq!(moved.registry.expire_staged_versions().expect("done"), 0);
    moved.registry.close().expect("it closes");
    drop(moved);
    let (_dir, store) = open_store(temp.path());
    let module = module_version("1.0.0").module;
    let versions = modules::versions(&store, &module);
    let versions = versions.map(|row| row.expect("a row").address.version.to_string());
    assert_eq!(versions.collect::<Vec<_>>(), ["1.0.0", "1.2.0", "1.3.0"]);
    assert_eq!(kept(&store), counted(&store));
    assert_eq!(unpublished(&store), (1, 0));
}

#[test]
fn the_sums_of_an_older_data_directory_are_counted_once() {
    let temp = tempfile::tempdir().expect("a directory");
    let moved = open(temp.path());
    take_first_steps(&moved.registry).expect("they are taken");
    moved.announce(&["1.0.0", "1.1.0"]);
    moved.stage(&["1.0.0", "1.1.0"]);
    moved.registry.close().expect("it closes");
    drop(moved);
    let (dir, store) = open_store(temp.path());
    let expected = (kept(&store), unpublished(&store));
    assert_eq!(expected.0, counted(&store));
    assert_eq!(expected.1, (1, 1));
    // As an older program leaves it.
    let stamp = Stamp {
        at: Timestamp::from_micros(1_800_000_000_000_000),
        actor: Actor::Operator,
        action: "forget",
    };
    store
        .write(stamp, |tx| {
            let keys: Vec<_> = tx.scan_keys::<Usages>(&Prefix::all()).collect();
            for key in keys {
                tx.remove::<Usages>(&key?)?;
            }
            let keys: Vec<_> = tx.scan_keys::<UnpublishedModules>(&Prefix::all()).collect();
            for key in keys {
                tx.remove::<UnpublishedModules>(&key?)?;
            }
            let keys: Vec<_> = tx
                .scan_keys::<UnpublishedProviders>(&Prefix::all())
                .collect();
            for key in keys {
                tx.remove::<UnpublishedProviders>(&key?)?;
            }
            tx.remove::<Migrations>(&"usage".to_owned())
        })
        .expect("it is written");
    store.close().expect("it closes");
    drop((dir, store));
    open(temp.path()).registry.close().expect("it closes");
    let (_dir, store) = open_store(temp.path());
    assert_eq!((kept(&store), unpublished(&store)), expected);
}
