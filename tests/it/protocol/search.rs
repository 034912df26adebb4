//! Tests searching: modules are found by their content, and with a wrong letter, and nobody finds
//! what they may not see.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::builders::archive;
use crate::harness::Appliance;

fn network() -> Vec<u8> {
    archive(&[
        (
            "main.tf",
            "variable \"flow_log_retention\" {\n  default = 7\n}\n\
             resource \"aws_nat_gateway\" \"this\" {}\n\
             output \"gateway_address\" {\n  value = 1\n}\n",
        ),
        (
            "README.md",
            "# Network\n\nPeculiar subnets for everybody.\n",
        ),
    ])
}

fn calling(source: &str) -> Vec<u8> {
    let main = format!("module \"net\" {{\n  source = \"{source}\"\n}}\n");
    archive(&[("main.tf", &main)])
}

fn found(registry: &Appliance, words: &str, token: Option<&str>) -> Vec<String> {
    let answer = registry.get(&format!("/v1/modules/search?q={words}"), token);
    assert_eq!(answer.status(), 200);
    let list: Value = answer.json().expect("a document");
    let modules = list["modules"].as_array().expect("modules");
    let address = |module: &Value| {
        let id = module["id"].as_str().expect("an id");
        id.rsplit_once('/').expect("a version").0.to_owned()
    };
    modules.iter().map(address).collect()
}

#[test]
fn a_module_is_found_by_what_it_is_called_makes_takes_gives_and_says() {
    let registry = Appliance::start();
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    for words in [
        "netwerk",
        "netw",
        "netwrek",
        "aws_nat_gateway",
        "flow_log_retention",
        "gateway_address",
        "peculiar",
        "acme%20peculiar%20nat",
    ] {
        let found = found(&registry, words, Some(&registry.admin));
        assert_eq!(found, ["acme/netwerk/aws"], "{words}");
    }
    // Only the latest version counts, and what is gone is found no more.
    registry.publish("acme/netwerk/aws", "1.1.0", calling("./nothing"));
    assert!(found(&registry, "aws_nat_gateway", Some(&registry.admin)).is_empty());
    let gone = "/api/v2/organizations/acme/registry-modules/private/acme/netwerk/aws";
    let deleted = registry.request("DELETE", gone, Some(&registry.admin));
    assert_eq!(deleted.send().expect("an answer").status(), 204);
    assert!(found(&registry, "netwerk", Some(&registry.admin)).is_empty());
}

#[test]
fn t53_a_stranger_finds_and_counts_only_what_is_public() {
    let registry = Appliance::start();
    registry.organization("open", true);
    registry.publish("open/netwerk/aws", "1.0.0", network());
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    registry.publish("acme/netwerk-secret/aws", "1.0.0", network());
    assert_eq!(found(&registry, "netwerk", Some(&registry.admin)).len(), 3);
    assert_eq!(found(&registry, "netwerk", None), ["open/netwerk/aws"]);
    assert!(found(&registry, "netwerk-secret", None).is_empty());
    for page in [
        "/search?q=netwerk",
        "/search?q=aws_nat_gateway",
        "/search",
        "/",
    ] {
        let text = registry.get(page, None).text().expect("a page");
        assert!(text.contains("open/netwerk"), "{page}");
        assert!(!text.contains("acme"), "{page}");
        assert!(!text.contains("3 modules"), "{page}");
    }
}

#[test]
fn an_index_that_is_gone_or_damaged_is_made_again() {
    let mut registry = Appliance::start();
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    let folder = registry.data_dir().join("derived/search");
    assert_eq!(found(&registry, "peculiar", Some(&registry.admin)).len(), 1);
    for damage in 0..2 {
        registry.stop();
        if damage == 0 {
            std::fs::remove_dir_all(&folder).expect("removed");
        } else {
            std::fs::write(folder.join("meta.json"), "{").expect("damaged");
        }
        registry.restart();
        // Filled beside everything else that a start does.
        let deadline = Instant::now() + Duration::from_secs(20);
        while found(&registry, "peculiar", Some(&registry.admin)).len() != 1 {
            assert!(Instant::now() < deadline, "the index is not filled");
        }
    }
}

#[test]
fn what_a_kill_left_unindexed_is_read_from_the_journal() {
    let mut registry = Appliance::start();
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    assert_eq!(found(&registry, "peculiar", Some(&registry.admin)).len(), 1);
    for round in 1..=3 {
        // Faster than the index follows by itself; the next start compares nothing.
        registry.publish(&format!("acme/late{round}/aws"), "1.0.0", network());
        registry.kill();
        registry.restart();
        let hits = found(&registry, "peculiar", Some(&registry.admin));
        assert_eq!(hits.len(), round + 1, "{hits:?}");
    }
}

#[test]
fn an_index_that_cannot_be_changed_still_finds_what_it_knows_and_is_made_again() {
    let mut registry = Appliance::start();
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    assert_eq!(found(&registry, "peculiar", Some(&registry.admin)).len(), 1);
    let state = registry.data_dir().join("derived/search/meta.json");
    let kept = std::fs::read(&state).expect("a state");
    std::fs::remove_file(&state).expect("removed");
    std::fs::create_dir(&state).expect("something in its place");
    registry.publish("acme/late/aws", "1.0.0", network());
    assert_eq!(found(&registry, "peculiar", Some(&registry.admin)).len(), 1);
    registry.stop();
    std::fs::remove_dir(&state).expect("out of the way");
    std::fs::write(&state, kept).expect("as it was");
    registry.restart();
    let deadline = Instant::now() + Duration::from_secs(20);
    while found(&registry, "peculiar", Some(&registry.admin)).len() != 2 {
        assert!(Instant::now() < deadline, "the index is not filled");
    }
}

#[test]
fn callers_of_a_module_are_listed_on_its_page() {
    let registry = Appliance::start();
    registry.organization("open", true);
    registry.organization("hidden", false);
    registry.publish("open/net/aws", "1.0.0", network());
    registry.publish("open/app/aws", "1.0.0", calling("open/net/aws"));
    let here = format!("{}/open/net/aws//modules/x", registry.host());
    registry.publish("open/by-host/aws", "1.0.0", calling(&here));
    registry.publish(
        "open/elsewhere/aws",
        "1.0.0",
        calling("elsewhere.example/open/net/aws"),
    );
    registry.publish("hidden/app/aws", "1.0.0", calling("open/net/aws"));
    let text = registry.get("/modules/open/net/aws/1.0.0/used-by", None);
    let text = text.text().expect("a page");
    for (address, listed) in [
        ("open/app", true),
        ("open/by-host", true),
        ("open/elsewhere", false),
        ("hidden/app", false),
    ] {
        assert_eq!(text.contains(address), listed, "{address}");
    }
}

#[test]
fn p13_a_search_answers_from_what_is_indexed_while_the_index_cannot_be_written() {
    let registry = Appliance::start();
    registry.publish("acme/netwerk/aws", "1.0.0", network());
    assert_eq!(found(&registry, "netwerk", Some(&registry.admin)).len(), 1);
    // A file where the folder of the index was: nothing can be written there, as on a full disk.
    let folder = registry.data_dir().join("derived/search");
    std::fs::rename(&folder, folder.with_extension("away")).expect("moved");
    std::fs::write(&folder, "").expect("a file");
    registry.publish("acme/netwerk-next/aws", "1.0.0", network());
    let list = "/api/v2/organizations/acme/registry-modules?q=netwerk";
    let started = Instant::now();
    for round in 0..3 {
        let body = registry.json(list);
        let names = body["data"].as_array().expect("modules").iter();
        let names: Vec<_> = names.map(|module| &module["attributes"]["name"]).collect();
        assert!(names.contains(&&Value::from("netwerk")), "{round}: {body}");
        assert!(!found(&registry, "netwerk", Some(&registry.admin)).is_empty());
    }
    // One search may have waited for the work that fails.
    assert!(started.elapsed() < Duration::from_secs(10));
    let page = registry.get("/search?q=netwerk", None);
    assert_eq!(page.status(), 200);
}
