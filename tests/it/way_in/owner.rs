//! Tests that root leaves no files behind that the user of the registry cannot open.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use super::{run, said};
use crate::harness::program;
use crate::left_out::left_out;

/// The user that no file belongs to, on every system.
const NOBODY: u32 = 65534;

#[test]
fn f3_root_is_refused_by_the_data_directory_of_somebody_else_with_the_line_to_type() {
    let dir = tempfile::tempdir().expect("a directory");
    if dir.path().metadata().expect("its metadata").uid() != 0 {
        return left_out("TOOLS", "only root can give a directory to somebody else");
    }
    let data = dir.path().join("data");
    let backup = dir.path().join("backup");
    let on = |arguments: &[&str], data: &Path| {
        run(program().args(arguments).arg("--data-dir").arg(data))
    };
    let create = ["user", "create", "alice", "--admin"];
    assert!(on(&create, &data).status.success(), "its own directory");
    let backup = backup.to_str().expect("UTF-8");
    assert!(on(&["backup", backup], &data).status.success());
    for path in walk(&data) {
        chown(&path, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).expect("made");
    chown(&empty, Some(NOBODY), Some(NOBODY)).expect("given away");
    let commands: [(&[&str], &Path); 9] = [
        (&["user", "create", "bob"], &data),
        (&["token", "list"], &data),
        (&["verify"], &data),
        (&["index", "rebuild"], &data),
        (&["backup", "/nonexistent/backup"], &data),
        (&["serve", "--listen", "127.0.0.1:0"], &data),
        (&["quickstart", "--listen", "127.0.0.1:0"], &data),
        (&create, &empty),
        (&["restore", backup], &empty),
    ];
    for (arguments, data) in commands {
        let output = on(arguments, data);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {text}");
        assert!(
            text.contains("belongs to the user") && text.contains("sudo -u "),
            "{text}"
        );
        assert!(text.contains(arguments[0]), "{text}");
        for path in walk(data) {
            let owner = path.metadata().expect("its metadata").uid();
            assert_eq!(owner, NOBODY, "{arguments:?} made {}", path.display());
        }
    }
}

/// Returns a folder and everything in it.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in std::fs::read_dir(folder).expect("entries") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}
