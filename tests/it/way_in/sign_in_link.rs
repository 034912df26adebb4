//! Tests the link that signs in once.

use super::{lines_until, start};
use crate::harness::{Appliance, client};
use crate::ui::browser::Browser;

fn path_of(registry: &Appliance) -> (String, String) {
    let path = registry.sign_in_url.strip_prefix(&registry.url);
    let path = path.expect("an address of the registry").to_owned();
    let (_, once) = path.split_once("once=").expect("a secret");
    let once = once.to_owned();
    (path, once)
}

#[test]
fn f2_the_link_of_quickstart_signs_in_once_and_a_preview_does_not_use_it_up() {
    let registry = Appliance::start();
    let (path, once) = path_of(&registry);
    let mut preview = Browser::new(&registry);
    for _ in 0..2 {
        assert!(preview.get(&path).text.contains("Sign in as admin"));
    }
    assert_eq!(preview.get("/settings/tokens").status, 303);
    let fields = [("once", &*once)];
    let forged = preview.request("POST", "/login").form(&fields);
    let forged = preview.send(forged.header("origin", registry.url.clone()));
    assert_eq!(forged.status, 403, "a form of nobody");

    let mut browser = Browser::new(&registry);
    let page = browser.submit(&path, "/login", &fields);
    assert_eq!((page.status, &*page.location), (303, "/"));
    assert_eq!(browser.get("/settings/tokens").status, 200);

    let page = preview.submit("/login", "/login", &fields);
    assert_eq!(page.status, 410);
    let page = preview.get(&path);
    assert_eq!(page.status, 410);
    assert!(
        page.text.contains("This link does not work any more"),
        "{}",
        page.text
    );
    assert_eq!(preview.get("/settings/tokens").status, 303);
}

#[test]
fn f2_a_link_that_nobody_made_does_not_work() {
    let registry = crate::shared::shared();
    let mut browser = Browser::new(registry);
    for once in ["x", &"A".repeat(43)] {
        assert_eq!(
            browser.get(&format!("/login?once={once}")).status,
            410,
            "{once}"
        );
    }
}

#[test]
fn f2_the_secret_of_the_link_is_in_no_log() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    // The program reads the file of this name where it is started.
    let settings = dir.path().join("terrakeep.toml");
    std::fs::write(&settings, "[log]\nlevel = \"debug\"\n").expect("written");
    let arguments = ["quickstart", "--no-terraform", "--listen", "127.0.0.1:0"];
    let (_running, lines) = start(&arguments, &data, None);
    let text = lines_until(&lines, "Stop it with Ctrl-C");
    let link = text.lines().find(|line| line.contains("/login?once="));
    let link = link.expect("a link").to_owned();
    let answer = client(&data.join("secrets/ca.pem")).get(&link).send();
    assert_eq!(answer.expect("an answer").status(), 200);
    let (_, once) = link.split_once("once=").expect("a secret");
    let log = lines_until(&lines, "/login");
    assert!(!log.contains(once), "{log}");
}
