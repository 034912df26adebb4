//! Tests that what has expired stays expired when the clock is set back, and that a clock that was
//! wrong for a while leaves nothing behind (R8). A library that is loaded before the program moves
//! the system's clock for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;
use terrakeep::domain::Timestamp;

use crate::builders::module;
use crate::harness::{Appliance, program, quickstart};
use crate::left_out::left_out;

/// Adds a number of seconds, which is read from a file each time, to the system's clock.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(clock, at);
    const char *path = getenv("TEST_CLOCK_FILE");
    if (done || clock != CLOCK_REALTIME || !path) return done;
    char text[32] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, text, sizeof text - 1) > 0) at->tv_sec += atoll(text);
        close(file);
    }
    return done;
}
"#;

const HOUR: i64 = 3600;
const TEN_YEARS: i64 = 3_653 * 24 * HOUR;

/// A registry, and the file that moves its clock.
pub(crate) struct Shifted {
    pub(crate) registry: Appliance,
    dir: TempDir,
}

/// Compiles the library; `None` without a compiler.
fn shim(dir: &Path) -> Option<PathBuf> {
    let (source, library) = (dir.join("clock.c"), dir.join("clock.so"));
    std::fs::write(&source, SHIM).expect("written");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-ldl")
        .status();
    if compiled.is_ok_and(|status| status.success()) {
        return Some(library);
    }
    left_out("TOOLS", "there is no C compiler; install cc");
    None
}

fn launch(dir: &Path) -> Appliance {
    let data_dir = dir.join("data");
    let mut command = quickstart(program(), &data_dir, &[]);
    command
        .env("LD_PRELOAD", dir.join("clock.so"))
        .env("TEST_CLOCK_FILE", dir.join("offset"));
    Appliance::begin(command, &data_dir, Vec::new())
}

impl Shifted {
    pub(crate) fn start() -> Option<Self> {
        let dir = tempfile::tempdir().expect("a folder");
        shim(dir.path())?;
        set_offset(dir.path(), 0);
        let registry = launch(dir.path());
        Some(Self { registry, dir })
    }

    pub(crate) fn move_clock(&self, seconds: i64) {
        set_offset(self.dir.path(), seconds);
    }

    fn start_again(&mut self) {
        self.registry = launch(self.dir.path());
    }

    /// Makes a token that lives for an hour.
    fn token(&self) -> String {
        let made = self.registry.command(&json!({
            "subject": "token", "command": "create", "scope": "read", "lifetime_seconds": HOUR,
            "owner": { "kind": "organization", "organization": "acme" },
        }));
        made["token"].as_str().expect("a token").to_owned()
    }

    fn status(&self, path: &str, token: Option<&str>) -> u16 {
        self.registry.get(path, token).status().as_u16()
    }

    fn may_list(&self, token: &str) -> u16 {
        self.status("/v1/modules", Some(token))
    }

    /// Sends an archive to a link whose host and port may be those of an earlier start.
    fn send_to(&self, link: &str) -> u16 {
        let path = link.splitn(4, '/').nth(3).expect("a path");
        let link = format!("{}/{path}", self.registry.url);
        self.registry
            .upload(&link, module("late"))
            .status()
            .as_u16()
    }
}

fn set_offset(dir: &Path, seconds: i64) {
    let (new, file) = (dir.join("offset.new"), dir.join("offset"));
    std::fs::write(&new, seconds.to_string()).expect("written");
    std::fs::rename(new, file).expect("renamed");
}

/// Waits until something holds, which takes a second or two.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns the time that the next start begins at, at the earliest.
fn floor(registry: &Appliance) -> Timestamp {
    let text = std::fs::read(registry.data_dir().join("clock")).expect("a floor");
    serde_json::from_slice(&text).expect("a time")
}

/// What the path of a signed address says about its end, in seconds since 1970.
fn end_of(location: &str) -> i64 {
    let (_, rest) = location.split_once("expires=").expect("an end");
    let digits = rest.split('&').next().expect("a number");
    digits.parse().expect("a number")
}

#[test]
fn p14_what_has_expired_stays_expired_after_a_start_with_the_clock_set_back() {
    let Some(mut it) = Shifted::start() else {
        return;
    };
    it.registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let mut token = it.token();
    // Each time later than the floor of the time before.
    for (stop, later) in [(true, 2 * HOUR), (false, 5 * HOUR)] {
        let link = it.registry.upload_link("acme/vpc/aws", "2.0.0");
        let address = it.registry.location("acme/vpc/aws", "1.0.0");
        assert_eq!(it.may_list(&token), 200);
        assert_eq!(it.status(&address, None), 200);
        it.move_clock(later);
        let is_refused = |it: &Shifted| {
            assert_eq!(it.may_list(&token), 401);
            assert_eq!(it.status(&address, None), 403);
            assert_eq!(it.send_to(&link), 404);
        };
        is_refused(&it);
        it.move_clock(0);
        is_refused(&it);
        if stop {
            it.registry.stop();
        } else {
            // Even if it is killed, as soon as the floor is on the disk.
            let now = Timestamp::from_micros(jiff::Timestamp::now().as_microsecond());
            let end = now.plus_seconds(later - 60);
            wait_until("the floor is written", || floor(&it.registry) > end);
            it.registry.kill();
        }
        it.move_clock(-HOUR);
        it.start_again();
        is_refused(&it);
        // What is made now is good, and ends in its time.
        token = it.token();
        assert_eq!(it.may_list(&token), 200);
        it.move_clock(0);
    }
}

#[test]
fn p14_ten_years_that_are_undone_leave_nothing_that_is_good_for_ten_years() {
    let Some(mut it) = Shifted::start() else {
        return;
    };
    it.registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let before = it.token();
    let now = end_of(&it.registry.location("acme/vpc/aws", "1.0.0"));
    it.move_clock(TEN_YEARS);
    assert_eq!(it.may_list(&before), 401);
    let made_meanwhile = it.token();
    assert_eq!(it.may_list(&made_meanwhile), 200);
    let signed_meanwhile = it.registry.location("acme/vpc/aws", "1.0.0");
    assert!(end_of(&signed_meanwhile) > now + TEN_YEARS - HOUR);
    let link_of_meanwhile = it.registry.upload_link("acme/vpc/aws", "2.0.0");
    it.move_clock(0);
    wait_until("addresses end soon again", || {
        end_of(&it.registry.location("acme/vpc/aws", "1.0.0")) < now + HOUR
    });
    let all_are_refused = |it: &Shifted| {
        assert_eq!(it.may_list(&before), 401, "it has expired");
        assert_eq!(it.may_list(&made_meanwhile), 401);
        assert_eq!(it.status(&signed_meanwhile, None), 403);
        assert_eq!(it.send_to(&link_of_meanwhile), 404);
        let new = it.token();
        assert_eq!(it.may_list(&new), 200);
        it.registry.download("acme/vpc/aws", "1.0.0");
    };
    all_are_refused(&it);
    it.registry.stop();
    it.start_again();
    all_are_refused(&it);
    let late = Timestamp::from_micros(0).plus_seconds(now + TEN_YEARS / 2);
    assert!(floor(&it.registry) < late, "it stays where the time is");
}
