//! Fills the disk of a running registry, by uploads and by another program: nothing that was
//! acknowledged is lost, nothing is listed without its archive, deletions and tokens go on, and each
//! start succeeds with 0 bytes free (R5).
//!
//! The short form plays a few rounds; the long one is `TERRAKEEP_TEST_FILLINGS=200`, and
//! `TERRAKEEP_TEST_SEED` repeats a run.

use std::collections::BTreeMap;
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::mounts::SmallDisk;
use crate::builders::{module, module_of};
use crate::harness::{Appliance, program};
use crate::long_form;
use crate::storage::support::Random;
use crate::ui::browser::Browser;

const MODULE: &str = "acme/filling/null";

/// The archives that were acknowledged, by version.
type Published = BTreeMap<String, Vec<u8>>;

#[test]
fn r5_nothing_is_lost_or_half_done_however_often_the_disk_is_filled() {
    let Some(disk) = SmallDisk::mount(64) else {
        return;
    };
    let rounds = long_form::rounds("TERRAKEEP_TEST_FILLINGS", 4);
    let seed = long_form::seed(20_261_130);
    let mut random = Random(seed);
    let mut registry = Appliance::start_in(&disk.data_dir(), &[]);
    let mut published = Published::new();
    for round in 0..rounds {
        let at = format!("seed {seed}, round {round}");
        fill_by_uploads(&registry, &mut published, &mut random, &at);
        assert_eq!(registry.get("/readyz", None).status(), 200, "{at}");
        disk.fill();
        // What needs little space goes on.
        delete_one(&registry, &mut published, &at);
        let token = registry.organization_token("acme", "read");
        assert_eq!(registry.get("/v1/modules", Some(&token)).status(), 200);
        drop(Browser::of(&registry, "admin"));
        // Now the other program takes what was kept for this, too.
        disk.fill();
        if random.chance(50) {
            registry.kill();
        } else {
            registry.stop();
        }
        disk.fill();
        registry.serve_again();
        compare(&registry, &published, &at);
        registry.kill();
        let verified = verify(&disk);
        assert!(verified.status.success(), "{at}: {}", text(&verified));
        disk.free();
        registry.serve_again();
        compare(&registry, &published, &at);
        while published.len() > 4 {
            delete_one(&registry, &mut published, &at);
        }
    }
}

/// Publishes versions until the registry says that its disk is full.
fn fill_by_uploads(registry: &Appliance, published: &mut Published, random: &mut Random, at: &str) {
    fill_by_uploads_of(registry, published, random, (3 * 1024, at));
}

/// Publishes versions until the registry says that its disk is full for one of up to this size.
fn fill_by_uploads_of(
    registry: &Appliance,
    published: &mut Published,
    random: &mut Random,
    (largest_kib, at): (usize, &str),
) {
    registry.create_module(MODULE);
    for number in 0.. {
        assert!(number < 2_000, "{at}: the disk is never full");
        let size = 1024 * (16 + random.index(largest_kib));
        let archive = module_of(size, random.next());
        let version = format!("{}.{}.{number}", random.below(1_000_000), published.len());
        let announced = registry.announce(MODULE, &version, &registry.admin);
        if announced.status() == 507 {
            return;
        }
        assert_eq!(announced.status(), 201, "{at}");
        let body: Value = announced.json().expect("JSON");
        let link = body["data"]["links"]["upload"].as_str().expect("a link");
        let sent = registry.client().put(link).body(archive.clone()).send();
        let Ok(answer) = sent else {
            // The registry refused the rest of the upload and hung up.
            return;
        };
        match answer.status().as_u16() {
            200 => drop(published.insert(version, archive)),
            507 => {
                let words = answer.text().expect("words");
                assert!(words.contains("disk is full"), "{at}: {words}");
                return;
            }
            other => panic!("{at}: {other} {}", answer.text().unwrap_or_default()),
        }
    }
}

/// Deletes any version.
fn delete_one(registry: &Appliance, published: &mut Published, at: &str) {
    let (version, _) = published.pop_first().expect("a version");
    let path = format!("/api/v2/organizations/acme/registry-modules/private/{MODULE}/{version}");
    let answer = registry
        .request("DELETE", &path, Some(&registry.admin))
        .send()
        .expect("an answer");
    assert_eq!(
        answer.status(),
        204,
        "{at}: {}",
        answer.text().unwrap_or_default()
    );
}

/// Compares what the registry lists and serves with what was acknowledged.
fn compare(registry: &Appliance, published: &Published, at: &str) {
    let mut listed = registry.versions(MODULE);
    let mut expected: Vec<_> = published.keys().cloned().collect();
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected, "{at}");
    for (version, archive) in published {
        assert!(
            registry.download(MODULE, version) == *archive,
            "{at}: {version} is other bytes"
        );
    }
}

fn verify(disk: &SmallDisk) -> Output {
    program()
        .arg("verify")
        .arg("--data-dir")
        .arg(disk.data_dir())
        .output()
        .expect("it runs")
}

fn text(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(&[out.as_slice(), error].concat()).into_owned()
}

#[test]
fn r5_uploads_leave_room_and_a_deletion_makes_room_for_them() {
    let Some(disk) = SmallDisk::mount(64) else {
        return;
    };
    let registry = Appliance::start_in(&disk.data_dir(), &[]);
    let mut published = Published::new();
    let mut random = Random(1);
    for largest_kib in [3 * 1024, 256, 16] {
        fill_by_uploads_of(
            &registry,
            &mut published,
            &mut random,
            (largest_kib, "full"),
        );
    }
    // What was left is less than a small module needs; announcements take that.
    let announced = (0..1_000).find(|number| {
        let version = format!("0.0.{number}");
        let answer = registry.announce(MODULE, &version, &registry.admin);
        answer.status() == 507
    });
    assert!(announced.is_some(), "the disk is never full");
    let ready = registry.get("/readyz", None);
    assert_eq!(ready.status(), 200);
    let words = ready.text().expect("words");
    assert!(words.contains("uploads are refused"), "{words}");
    let metrics = registry.get("/metrics", Some(&registry.admin));
    let metrics = metrics.text().expect("text");
    assert!(metrics.contains("terrakeep_uploads_refused 1"), "{metrics}");
    while published.len() > 2 {
        delete_one(&registry, &mut published, "for room");
    }
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let ready = registry.get("/readyz", None).text().expect("words");
        if ready == "ready\n" {
            break;
        }
        assert!(Instant::now() < until, "{ready}");
        std::thread::sleep(Duration::from_millis(50));
    }
    registry.publish(MODULE, "100.0.0", module("there is room"));
}

#[test]
fn r5_a_disk_that_others_fill_is_reported_when_nothing_can_be_written() {
    let Some(disk) = SmallDisk::mount(64) else {
        return;
    };
    let registry = Appliance::start_in(&disk.data_dir(), &[]);
    registry.publish("acme/small/null", "1.0.0", module("small"));
    let until = Instant::now() + Duration::from_secs(20);
    // The reserve is given up, and the other program takes that, too.
    let ready = loop {
        disk.fill();
        let ready = registry.get("/readyz", None);
        if ready.status() == 503 {
            break ready.text().expect("words");
        }
        assert!(Instant::now() < until, "it is ready with 0 bytes free");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(ready.contains("the disk is full"), "{ready}");
    assert_eq!(
        registry.download("acme/small/null", "1.0.0"),
        module("small")
    );
    disk.free();
    while registry.get("/readyz", None).status() != 200 {
        assert!(Instant::now() < until, "there is room again");
        std::thread::sleep(Duration::from_millis(50));
    }
    registry.publish("acme/small/null", "1.1.0", module("more"));
}
