//! Readers beside a publisher who waits for the disk.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::shim::OnSlowDisk;
use crate::builders::module;
use crate::harness::Appliance;
use crate::long_form::rounds;

const READERS: usize = 64;

/// The pause of each reader between two requests, so that they do not wait for each other's use of
/// the processors.
const PAUSE: Duration = Duration::from_millis(150);

/// What 99 of 100 answers must keep to on a quiet machine, with leeway.
const BOUND: Duration = Duration::from_millis(500);

/// On a busy machine: how many times as long as on the fast disk they may take.
const LEEWAY: u32 = 4;

const ADDRESS: &str = "acme/slow/null";

#[test]
fn p11_while_a_publisher_waits_for_a_slow_disk_nobody_else_does() {
    let settings = [
        ("tls.mode", "off"),
        // A longer run has checkpoints in it, one each minute.
        ("storage.checkpoint_after", "1 MiB"),
    ];
    let Some(slow) = OnSlowDisk::start(&settings) else {
        return;
    };
    let (registry, stop) = (&slow.registry, AtomicBool::new(false));
    registry.publish(ADDRESS, "1.0.0", module("first"));
    // The outlines of all versions are read a moment after they were published.
    drop(registry.versions(ADDRESS));
    let seconds = rounds("TERRAKEEP_TEST_SLOW_SECONDS", 10);
    if seconds > 60 {
        fill_journal(registry);
    }
    let usual = usual_time(|number| read_one(registry, number));
    slow.slow_down();
    let (times, published) = std::thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            let mut published = 0;
            while !stop.load(Ordering::SeqCst) {
                published += 1;
                registry.publish(ADDRESS, &format!("1.0.{published}"), module("next"));
            }
            published
        });
        let readers = scope.spawn(|| read_until(&stop, |number| read_one(registry, number)));
        sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::SeqCst);
        (
            readers.join().expect("they read"),
            publisher.join().expect("it publishes"),
        )
    });
    slow.speed_up();
    check_latest(times, usual, &format!("1 publisher ({published} versions)"));
}

#[test]
fn p11_many_who_wait_to_write_leave_room_for_readers() {
    const WRITERS: usize = 300;
    let Some(slow) = OnSlowDisk::start(&[("tls.mode", "off")]) else {
        return;
    };
    let (registry, stop) = (&slow.registry, AtomicBool::new(false));
    // A list is read again for each request, on one of the threads that may wait.
    let list = |_: usize| timed(registry, "/v1/modules?limit=5", true);
    let usual = usual_time(list);
    slow.slow_down();
    let times = std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let answer = create_token(registry);
                    assert!([200, 503].contains(&answer), "{answer}");
                    sleep(PAUSE);
                }
            });
        }
        let readers = scope.spawn(|| read_until(&stop, list));
        sleep(Duration::from_secs(6));
        stop.store(true, Ordering::SeqCst);
        readers.join().expect("they read")
    });
    slow.speed_up();
    check_most(times, usual, &format!("{WRITERS} writers"));
}

/// Lets the journal grow so that the next minute begins with a checkpoint.
fn fill_journal(registry: &Appliance) {
    let journal = registry.data_dir().join("journal/000001.log");
    while std::fs::metadata(&journal).expect("a journal").len() < 1_200_000 {
        assert_eq!(create_token(registry), 200);
    }
}

/// Makes a token, and returns the status of the answer.
fn create_token(registry: &Appliance) -> u16 {
    let command = json!({
        "subject": "token", "command": "create", "scope": "read",
        "description": "x".repeat(200),
        "owner": { "kind": "organization", "organization": "acme" },
    });
    let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
    let answer = request.json(&command).send().expect("an answer");
    answer.status().as_u16()
}

/// Lets all readers make one request after the other, with pauses; returns how long each took.
fn read_until(stop: &AtomicBool, read: impl Fn(usize) -> Duration + Sync) -> Vec<Duration> {
    let (times, read) = (Mutex::new(Vec::new()), &read);
    std::thread::scope(|scope| {
        for number in 0..READERS {
            let times = &times;
            scope.spawn(move || {
                sleep(PAUSE * u32::try_from(number).expect("few") / 64);
                let mut own = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    own.push(read(number + own.len()));
                    sleep(PAUSE);
                }
                times.lock().expect("no panic").extend(own);
            });
        }
    });
    times.into_inner().expect("no panic")
}

/// Returns how long 99 of 100 answers take at most while nobody writes.
fn usual_time(read: impl Fn(usize) -> Duration + Send + Sync) -> Duration {
    let stop = AtomicBool::new(false);
    let mut times = std::thread::scope(|scope| {
        let readers = scope.spawn(|| read_until(&stop, &read));
        sleep(Duration::from_secs(3));
        stop.store(true, Ordering::SeqCst);
        readers.join().expect("they read")
    });
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

/// Describes how long the readers waited, and prints it.
fn describe(mut times: Vec<Duration>, usual: Duration, beside: &str) -> String {
    times.sort_unstable();
    let (middle, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let longest = times[times.len() - 1];
    let line = format!(
        "a sync of 2 s, {beside}, {READERS} readers: {} answers, p50 {middle:?}, p99 {late:?} \
         ({usual:?} while nobody writes), longest {longest:?}\n",
        times.len()
    );
    // Written past the test runner, which keeps what passing tests print.
    drop(std::io::stderr().write_all(line.as_bytes()));
    line
}

/// Checks that hardly any reader waited.
fn check_latest(times: Vec<Duration>, usual: Duration, beside: &str) {
    let late = percentile(&times, 99);
    let line = describe(times, usual, beside);
    assert!(late < BOUND.max(usual * LEEWAY), "{line}");
}

/// Checks that most readers waited for no sync, where the writers alone keep the machine busy.
fn check_most(times: Vec<Duration>, usual: Duration, beside: &str) {
    let middle = percentile(&times, 50);
    let line = describe(times, usual, beside);
    assert!(middle < Duration::from_secs(2).max(usual * 20), "{line}");
}

fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() * percent / 100]
}

/// Makes one of the requests that must not wait for the disk, and returns how long it took.
fn read_one(registry: &Appliance, number: usize) -> Duration {
    match number % 5 {
        0 => timed(registry, &format!("/v1/modules/{ADDRESS}/versions"), true),
        1 => timed(
            registry,
            &format!("/v1/modules/{ADDRESS}/1.0.0/download"),
            true,
        ),
        2 => timed(registry, "/healthz", false),
        3 => timed(registry, "/readyz", false),
        _ => timed(registry, "/metrics", true),
    }
}

fn timed(registry: &Appliance, path: &str, with_token: bool) -> Duration {
    let token = with_token.then_some(&*registry.admin);
    let started = Instant::now();
    let answer = registry.get(path, token);
    let status = answer.status();
    drop(answer.bytes());
    assert!(status.is_success(), "{path}: {status}");
    started.elapsed()
}
