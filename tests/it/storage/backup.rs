//! Tests R14 and T58: a backup under writes is consistent, and a changed one is not restored.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use terrakeep::domain::Sha256;
use terrakeep::storage::{
    BackupError, BackupReport, BackupSource, Prefix, RealDisk, RestoreError, backup, restore,
};

use super::faulty_disk::{Fault, FaultyDisk};
use super::support::{
    Opened, Package, Packages, Random, contents, now, open, open_on, stamp, verify_all,
};

const SEED: u64 = 0xbac_0b17;

fn publish(opened: &Opened, number: u32) {
    let mut incoming = opened.blobs.incoming().expect("an upload");
    incoming
        .write_all(format!("content {number}").as_bytes())
        .expect("it arrives");
    let kept = opened.blobs.keep(incoming).expect("it is kept");
    let row = Package {
        version: 1,
        blob: Some(kept.sha256()),
    };
    let key = ("acme".to_owned(), number);
    let write = opened
        .store
        .write(stamp("publish"), |tx| tx.put::<Packages>(&key, &row));
    write.expect("it is written");
}

fn delete(opened: &Opened, number: u32) {
    let key = ("acme".to_owned(), number);
    let write = opened
        .store
        .write(stamp("delete"), |tx| tx.remove::<Packages>(&key).map(drop));
    write.expect("it is written");
    let sum = Sha256::of(format!("content {number}").as_bytes());
    let removed = opened.blobs.remove_if_unreferenced(&sum, |_| Ok(false));
    removed.expect("it is removed or left");
}

fn back_up(opened: &Opened, target: &Path) -> Result<BackupReport, BackupError> {
    let nothing = |_: &HashSet<Sha256>| Ok(Vec::new());
    let source = BackupSource {
        store: &opened.store,
        blobs: &opened.blobs,
        at: now(),
        further_faults: &nothing,
    };
    backup(&source, target, |_| {})
}

fn make(root: &Path, target: &Path) {
    let opened = open(root);
    (0..10).for_each(|number| publish(&opened, number));
    fs::write(opened.dir.secrets().join("key"), "secret").expect("a secret");
    fs::set_permissions(
        opened.dir.secrets().join("key"),
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .expect("its mode");
    back_up(&opened, target).expect("a backup");
    opened.store.close().expect("it closes");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn r14_a_backup_has_everything() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target, restored) = (
        temp.path().join("data"),
        temp.path().join("backup"),
        temp.path().join("restored"),
    );
    make(&root, &target);
    let sequence = restore(&target, &restored, &RealDisk, |_| {}).expect("it is restored");
    assert_eq!(sequence, 10);
    let (before, after) = (open(&root), open(&restored));
    assert_eq!(contents(&before.store), contents(&after.store));
    let secret = after.dir.secrets().join("key");
    assert_eq!(fs::read_to_string(secret).expect("a secret"), "secret");
    drop((before, after));
    assert!(verify_all(&restored).problems.is_empty());
}

#[test]
fn r14_a_backup_under_writes_is_of_one_moment() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(&temp.path().join("data"));
    (0..20).for_each(|number| publish(&opened, number));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Each number is published before the one below it is deleted.
            for number in 20..5_000 {
                publish(&opened, number);
                delete(&opened, number - 20);
                if stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        for round in 0..5 {
            let target = temp.path().join(format!("backup{round}"));
            back_up(&opened, &target).expect("a backup");
        }
        stop.store(true, Ordering::SeqCst);
    });
    for round in 0..5 {
        let target = temp.path().join(format!("backup{round}"));
        let root = temp.path().join(format!("restored{round}"));
        restore(&target, &root, &RealDisk, |_| {}).expect("it is restored");
        let report = verify_all(&root);
        assert!(report.problems.is_empty(), "{report:?}");
        let restored = open(&root);
        let numbers: BTreeSet<u32> = restored
            .store
            .scan_keys::<Packages>(&Prefix::all())
            .map(|key| key.expect("a key").1)
            .collect();
        let (first, last) = (numbers.first().expect("one"), numbers.last().expect("one"));
        let length = u32::try_from(numbers.len()).expect("few");
        assert_eq!(last - first + 1, length, "no gap: {numbers:?}");
        assert!((20..=21).contains(&length), "{numbers:?}");
    }
}

#[test]
fn t58_each_flipped_bit_in_a_backup_is_found() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("backup"));
    make(&root, &target);
    let mut random = Random(SEED);
    let mut files = files(&target);
    files.retain(|path| fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0));
    for number in 0..150 {
        let path = &files[random.index(files.len())];
        let original = fs::read(path).expect("a file");
        let mut bytes = original.clone();
        let (byte, bit) = (random.index(bytes.len()), random.below(8));
        bytes[byte] ^= 1 << bit;
        fs::write(path, bytes).expect("a file");
        let refused = restore(&target, &temp.path().join("restored"), &RealDisk, |_| {});
        assert!(
            matches!(refused, Err(RestoreError::Changed { .. })),
            "seed {SEED:#x}, flip {number}: bit {bit} of byte {byte} of {}",
            path.display()
        );
        fs::write(path, original).expect("a file");
    }
    assert!(
        !temp.path().join("restored").exists(),
        "nothing was restored"
    );
}

#[test]
fn t58_added_and_missing_files_are_found() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("backup"));
    make(&root, &target);
    let restored = temp.path().join("restored");
    let added = target.join("blobs/added");
    fs::write(&added, "x").expect("a file");
    let refused = restore(&target, &restored, &RealDisk, |_| {});
    assert!(matches!(refused, Err(RestoreError::Changed { path, .. }) if path == added));
    fs::remove_file(&added).expect("it goes");
    fs::remove_file(target.join("format")).expect("it goes");
    let refused = restore(&target, &restored, &RealDisk, |_| {});
    assert!(matches!(refused, Err(RestoreError::Changed { .. })));
}

#[test]
fn t66_data_is_not_restored_over_data() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("backup"));
    make(&root, &target);
    let refused = restore(&target, &root, &RealDisk, |_| {});
    assert!(matches!(refused, Err(RestoreError::NotEmpty { .. })));
    let opened = open(&root);
    let again = back_up(&opened, &target);
    assert!(again.is_err(), "a backup is not written over another");
}

#[test]
fn f14_what_is_no_backup_is_called_so() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("backup"));
    make(&root, &target);
    fs::write(temp.path().join("file"), "x").expect("a file");
    for place in ["nowhere", "data", "file"] {
        let place = temp.path().join(place);
        let refused = restore(&place, &temp.path().join("new"), &RealDisk, |_| {});
        assert!(
            matches!(refused, Err(RestoreError::NoBackup { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn t66_a_backup_of_a_newer_program_is_refused_as_such() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("backup"));
    make(&root, &target);
    let path = target.join("manifest.json");
    let text = fs::read_to_string(&path).expect("a manifest");
    let newer = text.replacen("\"format\": 1,", "\"format\": 2, \"new\": [],", 1);
    assert_ne!(newer, text);
    let sum = format!("{}  manifest.json\n", Sha256::of(newer.as_bytes()));
    fs::write(&path, newer).expect("written");
    fs::write(target.join("manifest.json.sha256"), sum).expect("written");
    let refused = restore(&target, &temp.path().join("new"), &RealDisk, |_| {});
    assert!(
        matches!(refused, Err(RestoreError::NewerFormat { found: 2 })),
        "{refused:?}"
    );
}

#[test]
fn p8_a_backup_that_fails_at_any_step_leaves_nothing() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, backups) = (temp.path().join("data"), temp.path().join("backups"));
    let disk = FaultyDisk::default();
    let open = || open_on(&root, Arc::new(disk.clone())).expect("the store opens");
    let mut opened = open();
    (0..3).for_each(|number| publish(&opened, number));
    let target = backups.join("monday");
    for fault in Fault::ALL {
        for k in 1.. {
            disk.fail(k, fault, false);
            let made = back_up(&opened, &target);
            let failed = disk.failed();
            disk.repair();
            let is_whole = target.join("manifest.json").exists();
            assert_eq!(made.is_ok(), is_whole, "{fault:?} at {k}: {made:?}");
            if made.is_ok() {
                fs::remove_dir_all(&backups).expect("it goes");
            } else {
                assert!(!backups.exists(), "{fault:?} at {k}: {made:?}");
            }
            if !failed {
                break;
            }
            if opened.store.is_read_only().is_some() {
                // The checkpoint before the backup failed, so the registry needs a restart.
                drop(opened);
                opened = open();
            }
        }
    }
    back_up(&opened, &target).expect("a backup");
    restore(&target, &temp.path().join("new"), &RealDisk, |_| {}).expect("it is restored");
}

#[test]
fn p8_the_backup_of_another_process_is_left_alone() {
    let temp = tempfile::tempdir().expect("a directory");
    let (root, target) = (temp.path().join("data"), temp.path().join("monday"));
    let opened = open(&root);
    let running = temp.path().join(".monday.unfinished-backup");
    fs::create_dir(&running).expect("made");
    let lock = fs::File::open(&running).expect("it opens");
    lock.lock().expect("locked, as its maker has it");
    let refused = back_up(&opened, &target);
    assert!(
        matches!(refused, Err(BackupError::Running { .. })),
        "{refused:?}"
    );
    assert!(running.exists());
    back_up(&opened, &temp.path().join("tuesday")).expect("another name is free");
    assert!(running.exists());
    drop(lock);
    back_up(&opened, &target).expect("what a kill left goes");
    assert!(!running.exists());
}
