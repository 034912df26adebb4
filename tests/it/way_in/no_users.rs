//! Tests the first start of a registry that has no users.

use super::{lines_until, run, said, start};
use crate::harness::{client, free_port, program};

#[test]
fn f3_a_first_start_without_users_says_what_to_do_in_the_log_and_on_the_pages() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let listen = format!("127.0.0.1:{}", free_port());
    let command = format!(
        "terrakeep user create NAME --admin --data-dir {}",
        data.display()
    );
    let page = |path: &str| {
        let answer = client(&data.join("secrets/ca.pem"))
            .get(format!("https://{listen}{path}"))
            .send();
        answer.expect("an answer").text().expect("a page")
    };
    let (running, lines) = start(&["serve", "--listen", &listen], &data, None);
    let log = lines_until(&lines, "no users yet");
    assert!(log.contains("WARN") && log.contains(&command), "{log}");
    for path in ["/", "/login"] {
        assert!(page(path).contains(&command), "{path}");
    }
    drop(running);

    let mut create = program();
    create.args(["user", "create", "alice", "--admin", "--data-dir"]);
    let output = run(create.arg(&data));
    assert!(output.status.success(), "{}", said(&output));
    let (_running, lines) = start(&["serve", "--listen", &listen], &data, None);
    let log = lines_until(&lines, "serving");
    assert!(!log.contains("no users yet"), "{log}");
    for path in ["/", "/login"] {
        assert!(!page(path).contains("no users yet"), "{path}");
    }
}
