//! Tests the limits for wrong passwords as strangers meet them: behind a proxy that reports their
//! addresses, with many names, and many at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::browser::{Browser, PASSWORD, set_password};
use crate::harness::Appliance;

/// Starts a registry that takes this machine for a proxy.
fn behind_a_proxy(more: &[(&str, &str)]) -> Appliance {
    let mut settings = vec![("server.trusted_proxies", "127.0.0.1/32")];
    settings.extend(more);
    let registry = Appliance::start_with(&settings);
    set_password(&registry, "admin");
    registry
}

/// Signs in from the address that a proxy reports in a header; returns the status.
fn sign_in_by(
    registry: &Appliance,
    (name, password): (&str, &str),
    (header, reported): (&str, &str),
) -> u16 {
    let request = registry.request("POST", "/api/terrakeep/v1/sign-in", None);
    let request = request.header(header.to_owned(), reported.to_owned());
    let answer = request.json(&json!({ "username": name, "password": password }));
    answer.send().expect("an answer").status().as_u16()
}

fn sign_in(registry: &Appliance, name: &str, password: &str, reported: &str) -> u16 {
    sign_in_by(registry, (name, password), ("x-forwarded-for", reported))
}

#[test]
fn p6_a_port_that_the_proxy_reports_makes_nobody_the_same_client() {
    let registry = behind_a_proxy(&[("limits.login_failures", "3")]);
    for port in 0..3 {
        let stranger = format!("192.0.2.1:{}", 40_000 + port);
        assert_eq!(
            sign_in(&registry, "admin", "wrong password", &stranger),
            401
        );
    }
    assert_eq!(
        sign_in(&registry, "admin", "wrong password", "192.0.2.1:50000"),
        429
    );
    assert_eq!(
        sign_in(&registry, "admin", PASSWORD, "198.51.100.1:40000"),
        200
    );
    let v6 = |host: u32| format!("[2001:db8:1:2::{host:x}]:{}", 40_000 + host);
    for host in 1..=3 {
        assert_eq!(
            sign_in(&registry, "admin", "wrong password", &v6(host)),
            401
        );
    }
    assert_eq!(
        sign_in(&registry, "admin", "wrong password", &v6(4)),
        429,
        "one /64"
    );
    assert_eq!(
        sign_in(&registry, "admin", PASSWORD, "[2001:db8:1:3::1]:40000"),
        200
    );
    let forwarded =
        |host: u32| format!("for=\"[2001:db8:9:{host}::1]:40000\";proto=https, for=127.0.0.1");
    let by = |password: &str, host: u32| {
        let header = ("forwarded", &*forwarded(host));
        sign_in_by(&registry, ("admin", password), header)
    };
    for _ in 0..3 {
        assert_eq!(by("wrong password", 1), 401);
    }
    assert_eq!(by("wrong password", 1), 429);
    assert_eq!(by(PASSWORD, 2), 200);
}

#[test]
fn p6_many_networks_together_do_not_shut_out_the_owner() {
    let registry = behind_a_proxy(&[("limits.login_failures", "3")]);
    set_password(&registry, "admin");
    for network in 1..=20 {
        let stranger = format!("192.0.2.{network}");
        while sign_in(&registry, "admin", "wrong password", &stranger) == 401 {}
    }
    assert_eq!(sign_in(&registry, "admin", PASSWORD, "192.0.2.1"), 429);
    assert_eq!(
        sign_in(&registry, "admin", PASSWORD, "198.51.100.1"),
        200,
        "from elsewhere"
    );
    // That network has all of its tries from now on, and the strangers' have none.
    for _ in 0..2 {
        assert_eq!(
            sign_in(&registry, "admin", "wrong password", "198.51.100.1"),
            401
        );
    }
    assert_eq!(sign_in(&registry, "admin", PASSWORD, "198.51.100.1"), 200);
    let other = sign_in(&registry, "admin", "wrong password", "203.0.113.1");
    assert_eq!(other, 401);
    let other = sign_in(&registry, "admin", "wrong password", "203.0.113.1");
    assert_eq!(other, 429, "a third of three");
}

#[test]
fn p6_one_network_is_limited_over_all_names_in_every_way_to_sign_in() {
    let registry = behind_a_proxy(&[("limits.login_failures", "3")]);
    registry.user("ann");
    set_password(&registry, "ann");
    let mut refused = 0;
    for name in 0..20 {
        let name = format!("name-{name}");
        refused += u32::from(sign_in(&registry, &name, "wrong password", "192.0.2.1") == 429);
    }
    assert_eq!(refused, 5, "fifteen tries");
    assert_eq!(sign_in(&registry, "ann", PASSWORD, "192.0.2.1"), 429);
    assert_eq!(sign_in(&registry, "ann", PASSWORD, "192.0.2.2"), 200);
    // The page for signing in counts with the others.
    let mut browser = Browser::new(&registry);
    let token = browser.form_token("/login");
    let fields = [
        ("username", "ann"),
        ("password", PASSWORD),
        ("csrf", &*token),
    ];
    let mut page = |network: &str| {
        let request = browser.request("POST", "/login").form(&fields);
        let request = request.header("x-forwarded-for", network.to_owned());
        browser
            .send(request.header("origin", registry.url.clone()))
            .status
    };
    assert_eq!(page("192.0.2.1"), 429);
    assert_eq!(page("192.0.2.3"), 303);
    // So does the old password, when somebody changes theirs.
    let token = registry.user("bob");
    set_password(&registry, "bob");
    let change = |network: &str| {
        let attributes = json!({
            "current_password": "wrong password",
            "password": "another good one", "password_confirmation": "another good one",
        });
        let body = json!({ "data": { "type": "users", "attributes": attributes } });
        let request = registry.request("PATCH", "/api/v2/account/password", Some(&token));
        let request = request.header("x-forwarded-for", network.to_owned());
        request
            .json(&body)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(change("192.0.2.1"), 429);
    assert_eq!(change("192.0.2.4"), 422);
}

#[test]
fn p6_anonymous_strangers_with_made_up_names_push_out_no_right_password() {
    // Without limits of failures, so that only the queue protects the others.
    let registry = behind_a_proxy(&[("limits.login_failures", "1000000")]);
    let is_over = AtomicBool::new(false);
    let answers: Vec<u16> = thread::scope(|scope| {
        for stranger in 0..24 {
            let (registry, is_over) = (&registry, &is_over);
            scope.spawn(move || {
                for attempt in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                    let name = format!("name-{stranger}-{attempt}");
                    sign_in(registry, &name, "wrong password", "192.0.2.1");
                }
            });
        }
        let answers = (0..20).map(|_| sign_in(&registry, "admin", PASSWORD, "198.51.100.1"));
        let answers = answers.collect();
        is_over.store(true, Ordering::SeqCst);
        answers
    });
    assert_eq!(answers, [200; 20]);
}
