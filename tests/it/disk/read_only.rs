//! A registry on a read-only disk serves what is there, refuses changes in words, and can be
//! verified and backed up (R6).

use std::path::Path;
use std::process::Output;

use super::mounts::SmallDisk;
use crate::builders::module;
use crate::harness::{Appliance, program};

const MODULE: &str = "acme/kept/null";

fn run(words: &[&str], data_dir: &Path) -> Output {
    program()
        .args(words)
        .arg("--data-dir")
        .arg(data_dir)
        .output()
        .expect("it runs")
}

fn check(output: &Output) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

#[test]
fn r6_a_read_only_disk_serves_what_is_there_and_can_be_verified_and_backed_up() {
    let Some(disk) = SmallDisk::mount(256) else {
        return;
    };
    let data_dir = disk.data_dir();
    let mut registry = Appliance::start_in(&data_dir, &[]);
    registry.publish(MODULE, "1.0.0", module("kept"));
    for killed in [false, true] {
        if killed {
            registry.publish(MODULE, "2.0.0", module("kept before the kill"));
            registry.kill();
        } else {
            registry.stop();
        }
        disk.remount("ro");
        registry.serve_again();
        assert_eq!(registry.download(MODULE, "1.0.0"), module("kept"));
        let ready = registry.get("/readyz", None);
        assert_eq!(ready.status(), 503);
        let words = ready.text().expect("words");
        assert!(words.contains("the disk is read-only"), "{words}");
        let refused = registry.announce(MODULE, "3.0.0", &registry.admin);
        assert_eq!(refused.status(), 503);
        let words = refused.text().expect("words");
        assert!(words.contains("takes no writes"), "{words}");
        let page = registry.get("/v1/modules/search?q=kept", Some(&registry.admin));
        assert_eq!(page.status(), 200);
        assert!(registry.stop().success());
        check(&run(&["verify"], &data_dir));
        let elsewhere = tempfile::tempdir().expect("a directory");
        let backup = elsewhere.path().join("backup");
        let restored = elsewhere.path().join("restored");
        let backup = backup.to_str().expect("a path");
        check(&run(&["backup", backup], &data_dir));
        check(&run(&["restore", backup], &restored));
        check(&run(&["verify"], &restored));
        disk.remount("rw");
        registry.serve_again();
    }
    registry.publish(MODULE, "3.0.0", module("writable again"));
    assert_eq!(registry.versions(MODULE).len(), 3);
}

#[test]
fn r6_a_read_only_disk_without_a_registry_is_refused_in_words() {
    let Some(disk) = SmallDisk::mount(16) else {
        return;
    };
    std::fs::create_dir(disk.data_dir()).expect("a directory");
    disk.remount("ro");
    let output = run(&["serve", "--listen", "127.0.0.1:0"], &disk.data_dir());
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("there is no registry in"), "{error}");
}
