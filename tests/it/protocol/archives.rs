//! Tests archives (`tests/fixtures/contracts/module-registry-protocol.toml#archive-calls`).

use reqwest::blocking::Response;

use crate::builders::{module, module_of};
use crate::harness::Appliance;

fn asked(registry: &Appliance, location: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = registry.request("GET", location, None);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().expect("an answer")
}

#[test]
fn a_signed_address_serves_head_and_get_several_times_whatever_the_order_of_its_query() {
    let registry = Appliance::start();
    let archive = module("signed");
    registry.publish("acme/vpc/aws", "1.0.0", archive.clone());
    let location = registry.location("acme/vpc/aws", "1.0.0");
    let (path, query) = location.split_once('?').expect("a query");
    // What go-getter makes of it: two parameters taken out, the rest sorted.
    let mut kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.starts_with("archive=") && !pair.starts_with("checksum="))
        .collect();
    kept.sort_unstable();
    let mut turned = kept.clone();
    turned.reverse();
    for query in [query.to_owned(), kept.join("&"), turned.join("&")] {
        let address = format!("{path}?{query}");
        for _ in 0..2 {
            let head = registry
                .request("HEAD", &address, None)
                .send()
                .expect("an answer");
            assert_eq!(head.status(), 200);
            assert_eq!(head.headers()["content-length"], archive.len().to_string());
            assert_eq!(head.bytes().expect("no body").len(), 0);
            let got = asked(&registry, &address, &[]);
            assert_eq!(got.status(), 200);
            assert!(!got.headers().contains_key("content-encoding"));
            assert_eq!(got.bytes().expect("a body"), archive);
        }
    }
}

#[test]
fn t38_a_changed_address_is_refused() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    registry.publish("acme/vpc/aws", "2.0.0", module("two"));
    let location = registry.location("acme/vpc/aws", "1.0.0");
    for changed in [
        location.replace("1.0.0.tar.gz", "2.0.0.tar.gz"),
        location.replace("expires=1", "expires=2"),
        location.replace("signature=", "signature=A"),
        location.replace("/vpc/", "/dns/"),
    ] {
        assert_ne!(changed, location);
        assert_eq!(asked(&registry, &changed, &[]).status(), 403, "{changed}");
    }
    let unsigned = location.split_once('?').expect("a query").0;
    assert_eq!(asked(&registry, unsigned, &[]).status(), 401);
    assert_eq!(registry.get(unsigned, Some(&registry.admin)).status(), 200);
    let netrc = registry.client().get(format!("{}{unsigned}", registry.url));
    let answer = netrc
        .basic_auth("x", Some(&registry.admin))
        .send()
        .expect("an answer");
    assert_eq!(answer.status(), 200, "a token by .netrc is a second way in");
}

#[test]
fn archives_have_entity_tags_ranges_and_never_change() {
    let registry = Appliance::start_with(&[("storage.archive_cache", "1 MiB")]);
    // One that is kept in memory, and one that is read from its file each time.
    for (address, archive) in [
        ("acme/small/null", module("small")),
        ("acme/large/null", module_of(3_000_000, 7)),
    ] {
        registry.publish(address, "1.0.0", archive.clone());
        let location = registry.location(address, "1.0.0");
        let whole = asked(&registry, &location, &[]);
        let etag = whole.headers()["etag"].to_str().expect("a text").to_owned();
        assert!(
            whole.headers()["cache-control"]
                .to_str()
                .expect("a text")
                .contains("immutable")
        );
        assert_eq!(whole.headers()["content-type"], "application/octet-stream");
        assert_eq!(whole.bytes().expect("a body"), archive);
        assert_eq!(
            asked(&registry, &location, &[("If-None-Match", &etag)]).status(),
            304
        );
        let last = archive.len() - 1;
        for (range, from, to) in [
            ("bytes=0-9".to_owned(), 0, 9),
            (format!("bytes={last}-"), last, last),
            ("bytes=-20".to_owned(), archive.len() - 20, last),
            (format!("bytes=10-{}", archive.len() * 2), 10, last),
        ] {
            let part = asked(
                &registry,
                &location,
                &[("Range", &range), ("If-Range", &etag)],
            );
            assert_eq!(part.status(), 206, "{range}");
            let said = format!("bytes {from}-{to}/{}", archive.len());
            assert_eq!(part.headers()["content-range"], said);
            assert_eq!(part.bytes().expect("a body"), archive[from..=to]);
        }
        let beyond = format!("bytes={}-", archive.len());
        assert_eq!(
            asked(&registry, &location, &[("Range", &beyond)]).status(),
            416
        );
        let other = asked(
            &registry,
            &location,
            &[("Range", "bytes=0-1"), ("If-Range", "\"x\"")],
        );
        assert_eq!(
            other.status(),
            200,
            "a range of something else is not a part of this"
        );
    }
}

#[test]
fn t32_t34_t68_nothing_is_served_as_a_page() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("headers"));
    let location = registry.location("acme/vpc/aws", "1.0.0");
    for path in [
        location.as_str(),
        "/v1/modules",
        "/.well-known/terraform.json",
        "/nothing",
    ] {
        let answer = asked(&registry, path, &[]);
        let header = |name: &str| answer.headers()[name].to_str().expect("a text");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            header("content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
        assert!(
            header("strict-transport-security").contains("max-age="),
            "{path}"
        );
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(
            !answer.headers().contains_key("access-control-allow-origin"),
            "t68 {path}"
        );
    }
    let answer = asked(&registry, &location, &[]);
    let disposition = answer.headers()["content-disposition"]
        .to_str()
        .expect("a text");
    assert_eq!(
        disposition,
        "attachment; filename=\"acme-vpc-aws-1.0.0.tar.gz\""
    );
}

/// Returns how many bytes a process has read so far, from files and connections.
fn bytes_read(registry: &Appliance) -> u64 {
    let io = std::fs::read_to_string(format!("/proc/{}/io", registry.pid())).expect("Linux");
    let read = io.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.expect("a number").parse().expect("a number")
}

#[test]
fn p10_many_who_want_a_byte_of_a_large_archive_at_once_let_it_be_read_once() {
    const BYTES: usize = 6 << 20;
    let mut registry = Appliance::start_with(&[("storage.archive_cache", "1 MiB")]);
    registry.publish("acme/large/aws", "1.0.0", module_of(BYTES, 7));
    // Its documentation is read now, and the archive has not been verified since the start.
    drop(registry.json("/v1/modules/acme/large/aws/1.0.0"));
    registry.stop();
    registry.restart();
    let location = registry.location("acme/large/aws", "1.0.0");
    let (before, together) = (bytes_read(&registry), std::sync::Barrier::new(32));
    std::thread::scope(|scope| {
        for number in 0..32 {
            let (registry, location, together) = (&registry, &location, &together);
            scope.spawn(move || {
                let range = format!("bytes={number}-{number}");
                together.wait();
                let answer = asked(registry, location, &[("range", &range)]);
                assert_eq!(answer.status(), 206);
                assert_eq!(answer.bytes().expect("a body").len(), 1);
            });
        }
    });
    let read = bytes_read(&registry) - before;
    let once = u64::try_from(BYTES).expect("it fits");
    assert!(read < 3 * once, "{read} bytes were read for {once}");
}
