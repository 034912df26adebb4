//! Tests many publishers at once (T26, T27).

use std::sync::Barrier;
use std::thread;

use crate::builders::{module, module_of};
use crate::harness::Appliance;
use crate::long_form;

#[test]
fn t26_of_fifty_parallel_uploads_of_one_version_exactly_one_is_accepted() {
    const CLIENTS: usize = 50;
    let registry = Appliance::start_with(&[("limits.concurrent_uploads", "100")]);
    for round in 0..long_form::rounds("TERRAKEEP_TEST_ROUNDS", 10) {
        let version = format!("1.0.{round}");
        let links: Vec<_> = (0..CLIENTS)
            .map(|_| registry.upload_link("acme/race/null", &version))
            .collect();
        let barrier = Barrier::new(CLIENTS);
        let answers: Vec<_> = thread::scope(|scope| {
            let racers: Vec<_> = links
                .iter()
                .enumerate()
                .map(|(racer, link)| {
                    let (registry, barrier) = (&registry, &barrier);
                    scope.spawn(move || {
                        let archive = module(&format!("round {round} racer {racer}"));
                        barrier.wait();
                        registry.upload(link, archive).status().as_u16()
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().expect("no panic"))
                .collect()
        });
        let winners: Vec<_> = answers
            .iter()
            .enumerate()
            .filter(|(_, status)| **status == 200)
            .collect();
        assert_eq!(winners.len(), 1, "round {round}: {answers:?}");
        assert!(
            answers.iter().all(|status| matches!(status, 200 | 409)),
            "{answers:?}"
        );
        let expected = module(&format!("round {round} racer {}", winners[0].0));
        assert_eq!(
            registry.download("acme/race/null", &version),
            expected,
            "round {round}"
        );
    }
    assert_eq!(registry.files_incoming(), 0);
}

#[test]
fn t27_a_download_during_the_deletion_is_whole_or_an_error() {
    let registry = Appliance::start_with(&[("storage.archive_cache", "0")]);
    for round in 0..long_form::rounds("TERRAKEEP_TEST_ROUNDS", 10) {
        let (version, archive) = (
            format!("1.0.{round}"),
            module_of(2_000_000, 1001 + 2 * round),
        );
        registry.publish("acme/gone/null", &version, archive.clone());
        let location = registry.location("acme/gone/null", &version);
        let path =
            format!("/api/v2/organizations/acme/registry-modules/private/acme/gone/null/{version}");
        let got = thread::scope(|scope| {
            let download = scope.spawn(|| {
                let answer = registry.get(&location, None);
                (answer.status().as_u16(), answer.bytes())
            });
            let delete = registry
                .request("DELETE", &path, Some(&registry.admin))
                .send();
            assert_eq!(delete.expect("an answer").status(), 204);
            download.join().expect("no panic")
        });
        match got {
            (200, Ok(bytes)) => assert_eq!(bytes, archive, "round {round}"),
            (200, Err(_)) => {}
            (status, _) => assert!(status >= 400, "round {round}: {status}"),
        }
    }
}
