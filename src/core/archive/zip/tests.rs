//! Tests of the gate as a whole: what it accepts, and everything that it refuses.

use std::io::Cursor;

use super::test_zip::{TestEntry, hostile, package_of, zip_of};
use super::{Package, PackageLimits, ReadAhead, ZipError, examine_package};

/// Examines `file`, and checks that the answer does not depend on what was read ahead.
fn examine(file: &[u8]) -> Result<Package, ZipError> {
    let (name, limits) = ("widget".parse().expect("a name"), PackageLimits::default());
    let nothing = ReadAhead::default();
    let all = ReadAhead::of(file, &limits);
    let examined = examine_package(Cursor::new(file), &nothing, &name, &limits);
    let in_words = |it: &Result<Package, ZipError>| format!("{it:?}");
    for ahead in [ReadAhead::of(&file[..file.len() / 2], &limits), all] {
        let again = examine_package(Cursor::new(file), &ahead, &name, &limits);
        assert_eq!(in_words(&again), in_words(&examined), "{ahead:?}");
    }
    examined
}

#[test]
fn what_was_read_ahead_is_not_read_again() {
    let (name, limits) = ("widget".parse().expect("a name"), PackageLimits::default());
    let program = TestEntry::stored("terraform-provider-widget", b"#!/bin/sh\n");
    let mut damaged = zip_of(&[program]);
    let ahead = ReadAhead::of(&damaged[..], &limits);
    let at = damaged
        .windows(4)
        .position(|it| it == b"#!/b")
        .expect("stored");
    damaged[at] = b'?';
    let examined = examine_package(Cursor::new(&damaged), &ahead, &name, &limits);
    examined.expect("its bytes are not looked at");
}

#[test]
fn an_honest_package_is_read_through() {
    let package = examine(&package_of("widget", "1.0.0", b"#!/bin/sh\n")).expect("let through");
    assert_eq!(package.program, "terraform-provider-widget_v1.0.0");
    assert!(!package.is_not_executable);
    // The expected value was computed from the definition with other tools.
    assert_eq!(
        package.h1,
        ["h1:f1o7R9PEH/FAWnR6LsVU0NHvMSXrHeH8hrJGN0xiRh4="]
    );
}

#[test]
fn folders_and_sizes_that_follow_are_fine() {
    let mut program = TestEntry::file("terraform-provider-widget", b"a program");
    program.flags = 8;
    let mut folder = TestEntry::stored("docs/", b"");
    folder.mode = 0o040_755;
    let page = TestEntry::stored("docs/index.md", b"# Widget\n");
    let package = examine(&zip_of(&[folder, program, page])).expect("let through");
    assert_eq!(package.h1.len(), 2, "with and without the folder");
    assert_ne!(package.h1[0], package.h1[1]);
    let mut windows = TestEntry::stored("terraform-provider-widget_v1.0.0.exe", b"MZ");
    windows.mode = 0o100_644;
    let package = examine(&zip_of(&[windows])).expect("let through");
    assert!(package.is_not_executable);
}

#[test]
fn pr06_a_program_is_found_where_clients_find_it() {
    for (name, is_found) in [
        ("terraform-provider-widget_v1.0.0", true),
        ("terraform-provider-widget", true),
        ("terraform-provider-widget_1.0.0", true),
        ("terraform-provider-widget_linux_amd64", true),
        ("terraform-provider-widget_x4", true),
        ("terraform-provider-widget.bin", true),
        ("terraform-provider-widget.exe", true),
        ("terraform-provider-widget-1.0.0", false),
        ("terraform-provider-widgets_v1.0.0", false),
        ("Terraform-Provider-Widget_v1.0.0", false),
        ("bin/terraform-provider-widget", false),
        ("tool", false),
    ] {
        let entries = [
            TestEntry::file("README.md", b"r"),
            TestEntry::file(name, b"a program"),
        ];
        let examined = examine(&zip_of(&entries));
        assert_eq!(examined.is_ok(), is_found, "{name}");
        if let Ok(package) = examined {
            assert_eq!(package.program, name);
        }
    }
    // Clients run the one whose name sorts first.
    let names = [
        "terraform-provider-widget_v2",
        "terraform-provider-widget_v1",
    ];
    let two = names.map(|name| TestEntry::file(name, name.as_bytes()));
    let package = examine(&zip_of(&two)).expect("let through");
    assert_eq!(package.program, "terraform-provider-widget_v1");
}

#[test]
fn t04_t08_hostile_packages_are_refused() {
    for (what, file) in hostile() {
        let refusal = examine(&file).expect_err(what);
        assert!(!refusal.is_io(), "{what}: {refusal}");
    }
}

#[test]
fn no_cut_or_flipped_file_is_taken_for_whole() {
    let whole = package_of("widget", "1.0.0", b"a program");
    let expected = examine(&whole).expect("let through");
    for end in 0..whole.len() {
        assert!(examine(&whole[..end]).is_err(), "cut at {end}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(package) = examine(&flipped) {
                // Times, versions and permissions are not part of the content.
                assert_eq!(package.h1, expected.h1, "byte {at}");
            }
        }
    }
}
