//! Installs the deb into a Debian system, boots that in a container, and goes through what an
//! administrator does with the service.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{missing, package, packages, printed};
use crate::left_out::left_out;

/// What runs in the booted system.
const SCRIPT: &str = include_str!("../../fixtures/installed_package.sh");

/// The unit that starts the script and switches the system off after it.
const UNIT: &str = "\
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh /tests/run.sh
StandardOutput=file:/tests/log
StandardError=file:/tests/log
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
";

/// Boots `$0` in a mount namespace with a `/run` of its own, which the container needs.
const BOOT: &str = "\
mount -t tmpfs tmpfs /run
exec timeout 120 systemd-nspawn --quiet --register=no --keep-unit --private-network --boot --directory \"$0\"";

/// Returns a Debian system of the release of this machine, which is made once and kept in the cache of
/// the user.
fn debian() -> Result<PathBuf, String> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !release.lines().any(|line| line == "ID=debian") {
        return Err("this machine does not run Debian".to_owned());
    }
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .ok_or("this machine does not say which Debian it runs")?;
    let home = std::env::var_os("HOME").ok_or("HOME is not set")?;
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| Path::new(&home).join(".cache"), PathBuf::from)
        .join("terrakeep-tests");
    let root = cache.join(format!("debian-{codename}"));
    if root.exists() {
        return Ok(root);
    }
    std::fs::create_dir_all(&cache).map_err(|error| error.to_string())?;
    let beside = tempfile::tempdir_in(&cache).map_err(|error| error.to_string())?;
    let made = Command::new("debootstrap")
        .args(["--variant=minbase", "--include=systemd,systemd-sysv,dbus"])
        .arg(codename)
        .arg(beside.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !made.status.success() {
        return Err("debootstrap found no packages of Debian".to_owned());
    }
    std::fs::rename(beside.keep(), &root).map_err(|error| error.to_string())?;
    Ok(root)
}

fn write(path: &Path, content: &str) {
    let folder = path.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(path, content).expect("written");
}

#[test]
fn a_debian_system_installs_runs_restores_and_removes_the_package() {
    let tools = [
        "debootstrap",
        "systemd-nspawn",
        "unshare",
        "timeout",
        "chroot",
    ];
    if let Some(program) = missing(&tools) {
        return left_out("TOOLS", &format!("there is no {program}"));
    }
    if printed(Command::new("id").arg("-u")).trim() != "0" {
        return left_out("TOOLS", "only root boots a system in a container");
    }
    let Some(packages) = packages() else { return };
    let debian = match debian() {
        Ok(debian) => debian,
        Err(why) => return left_out("TOOLS", &why),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    printed(Command::new("cp").arg("-a").arg(&debian).arg(&root));
    let tests = root.join("tests");
    write(&tests.join("run.sh"), SCRIPT);
    write(&tests.join("module/main.tf"), "variable \"name\" {}\n");
    write(&tests.join("other/main.tf"), "variable \"other\" {}\n");
    std::fs::copy(package(packages, ".deb"), tests.join("terrakeep.deb")).expect("copied");
    write(&root.join("etc/systemd/system/tests.service"), UNIT);
    let inside = |words: &[&str]| printed(Command::new("chroot").arg(&root).args(words));
    let said = inside(&["dpkg", "-i", "/tests/terrakeep.deb"]);
    assert!(said.contains("user create NAME --admin"), "{said}");
    inside(&["systemctl", "enable", "tests.service"]);

    let mut booted = Command::new("unshare")
        .args(["--mount", "sh", "-c", BOOT])
        .arg(&root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a container");
    // `timeout` ends it; this loop only waits.
    while booted.try_wait().expect("its state").is_none() {
        std::thread::sleep(Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(tests.join("log")).unwrap_or_default();
    assert!(log.ends_with("all is well\n"), "{log}");
    let leaked = log.lines().find(|line| line.contains("tkp_"));
    assert_eq!(leaked, None, "a token is in the output");
}
