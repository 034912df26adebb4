//! Tests that a migration which was interrupted anywhere is finished by the next start.

use std::path::Path;
use std::sync::Arc;

use terrakeep::auth::{AdministerModules, Caller, PublishModules, UrlSigner};
use terrakeep::config::Config;
use terrakeep::domain::{KeptChange, ModuleAddress, ModuleId};
use terrakeep::registry::{Clock, Registry};
use terrakeep::server::{open_registry, registry_settings, store_options, take_first_steps};
use terrakeep::storage::tables::migrations::Migrations;
use terrakeep::storage::tables::module_ids::ModuleIds;
use terrakeep::storage::tables::modules;
use terrakeep::storage::{Blobs, DataDir, Disk, Prefix, RealDisk, Store};

use super::faulty_disk::{Fault, FaultyDisk};
use super::support::stamp;

/// More than one record of the step brings up to date.
const MODULES: u128 = 1_100;

fn config(root: &Path) -> Config {
    let mut config = Config::default();
    config.storage.data_dir = root.to_owned();
    config
}

fn open_store(root: &Path, disk: &Arc<dyn Disk>) -> (DataDir, Store) {
    let dir = DataDir::open(root, &**disk).expect("it opens");
    let store = Store::open(&dir, Arc::clone(disk), store_options(&config(root)), |_| {});
    (dir, store.expect("it opens"))
}

/// Makes a data directory with many modules; returns their ids.
fn make(root: &Path) -> Vec<ModuleId> {
    let registry = open_registry(&config(root), |_| {}).expect("it opens");
    take_first_steps(&registry).expect("they are taken");
    let address: ModuleAddress = "acme/vpc/aws".parse().expect("an address");
    let grant = registry.module_grant::<PublishModules>(&Caller::Operator, &address);
    let module = registry.create_module(
        &grant.expect("an operator may"),
        address,
        KeptChange::default(),
    );
    let module = module.expect("it is created");
    registry.close().expect("it closes");
    drop(registry);
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let (_dir, store) = open_store(root, &disk);
    let mut ids = vec![module.id.clone()];
    let written = store.write(stamp("create modules"), |tx| {
        for number in 0..MODULES {
            let mut other = module.clone();
            other.id = ModuleId::from_random(number);
            other.address = format!("acme/vpc{number}/aws").parse().expect("an address");
            modules::put(tx, &other)?;
            ids.push(other.id);
        }
        Ok::<_, terrakeep::storage::StoreError>(())
    });
    written.expect("it is written");
    store.close().expect("it closes");
    ids
}

/// Makes the rows as they were before the program had the table of ids.
fn make_older(root: &Path, ids: &[ModuleId]) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let (_dir, store) = open_store(root, &disk);
    let written = store.write(stamp("make older"), |tx| {
        for id in ids {
            tx.remove::<ModuleIds>(&id.to_string())?;
        }
        tx.remove::<Migrations>(&"module_ids".to_owned()).map(drop)
    });
    written.expect("it is written");
    store.close().expect("it closes");
}

/// Opens the registry on a disk and brings its rows up to date; returns whether that succeeded.
fn bring_up_to_date(root: &Path, disk: &FaultyDisk, fail_at: u64) -> bool {
    let config = config(root);
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let (dir, store) = open_store(root, &shared);
    let blobs = Blobs::new(&dir, shared).expect("they open");
    let registry = Registry::new(
        store,
        blobs,
        Clock::system(),
        UrlSigner::new(&[0; 32]),
        registry_settings(&config),
    );
    let registry = registry.expect("a registry");
    disk.fail(fail_at, Fault::Io, true);
    let done = registry.bring_up_to_date().is_ok();
    disk.repair();
    done
}

#[test]
fn a_migration_that_is_interrupted_anywhere_is_finished_by_the_next_start() {
    let temp = tempfile::tempdir().expect("a directory");
    let ids = make(temp.path());
    let disk = FaultyDisk::default();
    for fail_at in 1.. {
        make_older(temp.path(), &ids);
        // The process goes without closing anything, as at a kill.
        let done = bring_up_to_date(temp.path(), &disk, fail_at);
        let registry = open_registry(&config(temp.path()), |_| {}).expect("it opens");
        for id in [&ids[0], &ids[1], &ids[ids.len() - 1]] {
            let found = registry.module_grant_by_id::<AdministerModules>(&Caller::Operator, id);
            assert!(found.is_ok(), "{id}, interrupted at change {fail_at}");
        }
        registry.close().expect("it closes");
        drop(registry);
        let shared: Arc<dyn Disk> = Arc::new(RealDisk);
        let (_dir, store) = open_store(temp.path(), &shared);
        let found = store.scan_keys::<ModuleIds>(&Prefix::all()).count();
        assert_eq!(found, ids.len() + 1, "and the module of the first steps");
        drop(store);
        if done {
            assert!(
                fail_at > 4,
                "it was interrupted at least once in its middle"
            );
            break;
        }
    }
}
