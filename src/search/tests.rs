//! Tests of the index through its public interface.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::domain::{ModuleAddress, OrganizationId, Timestamp};

fn address(text: &str) -> ModuleAddress {
    text.parse().expect("a valid address")
}

fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_random(number)
}

fn module(text: &str) -> SearchDocument {
    SearchDocument {
        address: address(text),
        organization: organization(1),
        deprecated: false,
        description: String::new(),
        readme: String::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        resource_types: Vec::new(),
        providers: Vec::new(),
        calls: Vec::new(),
        unpublished: false,
        fingerprint: 1,
        downloads: 0,
        published_at: Timestamp::from_micros(1_000_000),
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn put(document: SearchDocument) -> IndexChange {
    IndexChange::Put(Box::new(document))
}

/// An index with some modules of a few organizations.
fn filled() -> (TempDir, SearchIndex) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let opened = SearchIndex::open(&folder.path().join("search")).expect("an index");
    opened
        .index
        .apply(&some_modules().map(put), None)
        .expect("changes are applied");
    (folder, opened.index)
}

fn some_modules() -> [SearchDocument; 6] {
    [
        SearchDocument {
            description: "Networks for every team".to_owned(),
            readme: "# VPC\n\nSets up subnets, gateways and\nflow logs for auditors.".to_owned(),
            inputs: strings(&["cidr_block", "enable_nat"]),
            outputs: strings(&["vpc_id"]),
            resource_types: strings(&["aws_vpc", "aws_nat_gateway", "aws_vpc"]),
            providers: strings(&["hashicorp/aws"]),
            downloads: 900,
            ..module("Acme/vpc/aws")
        },
        SearchDocument {
            description: "A private bucket".to_owned(),
            inputs: strings(&["kms_key_arn", "bucket"]),
            resource_types: strings(&["aws_s3_bucket", "aws_s3_bucket_policy"]),
            downloads: 50,
            ..module("acme/s3-bucket/aws")
        },
        SearchDocument {
            description: "Connects one vpc with another".to_owned(),
            downloads: 5000,
            ..module("acme/vpc-peering/aws")
        },
        SearchDocument {
            readme: "Needs a vpc.".to_owned(),
            downloads: 90_000,
            ..module("acme/eks/aws")
        },
        SearchDocument {
            deprecated: true,
            organization: organization(2),
            ..module("globex/vpc/azurerm")
        },
        SearchDocument {
            organization: organization(3),
            resource_types: strings(&["aws_s3_bucket", "aws_secret_thing"]),
            inputs: strings(&["initech_key"]),
            ..module("initech/vpc-secret/gcp")
        },
    ]
}

fn query(text: &str) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        include_deprecated: true,
        limit: 20,
        ..SearchQuery::default()
    }
}

fn only(organizations: &[u128], modules: &[&str]) -> Visible {
    Visible::Only {
        organizations: organizations.iter().map(|n| organization(*n)).collect(),
        modules: modules.iter().map(|text| address(text)).collect(),
    }
}

fn addresses(page: &SearchPage) -> Vec<String> {
    page.hits
        .iter()
        .map(|hit| hit.address.to_string())
        .collect()
}

fn search_for(index: &SearchIndex, text: &str) -> Vec<String> {
    let page = index.search(&query(text), &Visible::All).expect("a page");
    assert_eq!(page.total, u64::try_from(page.hits.len()).expect("a count"));
    addresses(&page)
}

#[test]
fn exact_names_come_before_prefixes_before_texts() {
    let (_folder, index) = filled();
    assert_eq!(
        search_for(&index, "VPC"),
        [
            "Acme/vpc/aws",           // the name, more downloads
            "globex/vpc/azurerm",     // the name
            "acme/vpc-peering/aws",   // begins with it, more downloads
            "initech/vpc-secret/gcp", // begins with it
            "acme/eks/aws",           // only its README has it, whatever its downloads
        ]
    );
}

#[test]
fn downloads_and_then_freshness_break_ties() {
    let (_folder, index) = filled();
    let at = |name: &str, downloads, second: i64| {
        put(SearchDocument {
            downloads,
            published_at: Timestamp::from_micros(second * 1_000_000),
            ..module(&format!("ties/{name}/aws"))
        })
    };
    let changes = [
        at("tie-a", 20, 5),
        at("tie-b", 2000, 1),
        at("tie-c", 21, 6),
        at("tie-d", 2100, 2),
    ];
    index.apply(&changes, None).expect("changes are applied");
    assert_eq!(
        search_for(&index, "tie"),
        [
            "ties/tie-d/aws",
            "ties/tie-b/aws",
            "ties/tie-c/aws",
            "ties/tie-a/aws"
        ]
    );
    let sorted = |sort| {
        let query = SearchQuery {
            sort,
            ..query("tie")
        };
        let page = index.search(&query, &Visible::All).expect("a page");
        page.hits
            .iter()
            .map(|hit| hit.address.name.as_str().replace("tie-", ""))
            .collect::<String>()
    };
    assert_eq!(sorted(Sort::Newest), "cadb");
    assert_eq!(sorted(Sort::MostDownloaded), "dbca");
    assert_eq!(sorted(Sort::Name), "abcd");
}

#[test]
fn identifiers_are_found_whole_by_parts_and_by_prefix() {
    let (_folder, index) = filled();
    let vpc = ["Acme/vpc/aws"];
    let bucket = ["acme/s3-bucket/aws"];
    for text in [
        "aws_nat_gateway",
        "nat_gateway",
        "gateway nat",
        "cidr",
        "vpc_id",
        "aws_na",
    ] {
        assert_eq!(search_for(&index, text), vpc, "{text}");
    }
    for text in [
        "kms_key_arn",
        "kms_ke",
        "key_arn",
        "arn",
        "s3 bucket policy",
        "acme aws_s3_b",
        "acme/s3-bucket/aws",
        "terraform-aws-s3-bucket",
        "s3-bucket private",
    ] {
        assert_eq!(search_for(&index, text), bucket, "{text}");
    }
    assert_eq!(search_for(&index, "terraform-aws-vpc"), vpc);
    assert_eq!(search_for(&index, "a module with the aws_nat_gateway"), vpc);
    assert_eq!(
        search_for(&index, "aws_s3_bucket"),
        ["acme/s3-bucket/aws", "initech/vpc-secret/gcp"]
    );
}

#[test]
fn prose_is_found_by_words_and_their_beginnings() {
    let (_folder, index) = filled();
    for text in ["auditors", "audit", "flow logs", "NETWORKS subnets"] {
        assert_eq!(search_for(&index, text), ["Acme/vpc/aws"], "{text}");
    }
    assert!(search_for(&index, "auditors nowhere").is_empty());
    assert!(search_for(&index, "uditors").is_empty());
}

#[test]
fn one_wrong_letter_in_a_name_still_finds_it() {
    let (_folder, index) = filled();
    for text in [
        "s3-buket",
        "s3-bukcet",
        "buckett",
        "vucket",
        "bucket-s3x",
        "terraform-aws-s3-buckt",
    ] {
        let hits = search_for(&index, text);
        if text == "bucket-s3x" {
            assert!(hits.is_empty(), "short parts have no typos");
        } else {
            assert_eq!(
                hits.first().map(String::as_str),
                Some("acme/s3-bucket/aws"),
                "{text}"
            );
        }
    }
    assert_eq!(search_for(&index, "vpc-peerin"), ["acme/vpc-peering/aws"]);
    assert_eq!(search_for(&index, "vpc-pering"), ["acme/vpc-peering/aws"]);
    assert!(
        search_for(&index, "ekz").is_empty(),
        "three letters have no typos"
    );
    assert!(
        search_for(&index, "bxckxt").is_empty(),
        "two letters are wrong"
    );
    assert_eq!(search_for(&index, "kms_kye_arn"), ["acme/s3-bucket/aws"]);
}

#[test]
fn strangers_learn_nothing_not_even_from_counts() {
    let (_folder, index) = filled();
    let secret = [
        "secret",
        "vpc-secret",
        "aws_secret_thing",
        "initech",
        "initech_key",
        "vpc-secrte",
    ];
    for text in secret {
        let all = index.search(&query(text), &Visible::All).expect("a page");
        assert_eq!(addresses(&all), ["initech/vpc-secret/gcp"], "{text}");
        let page = index
            .search(&query(text), &only(&[1, 2, 9], &[]))
            .expect("a page");
        assert_eq!(page.total, 0, "{text}");
        assert!(
            page.hits.is_empty() && page.facets == Facets::default(),
            "{text}"
        );
    }
    let page = index
        .search(&query(""), &only(&[1, 2], &[]))
        .expect("a page");
    assert_eq!(page.total, 5);
    assert!(!format!("{page:?}").contains("initech"));
    assert!(!format!("{page:?}").contains("secret"));
    let filtered = SearchQuery {
        namespace: Some("initech".to_owned()),
        ..query("")
    };
    let page = index
        .search(&filtered, &only(&[1, 2], &[]))
        .expect("a page");
    assert_eq!(page.total, 0);
    assert!(!format!("{page:?}").contains("initech"));
    let nobody = index.search(&query(""), &only(&[], &[])).expect("a page");
    assert_eq!((nobody.total, nobody.facets), (0, Facets::default()));
}

#[test]
fn an_answer_does_not_depend_on_what_is_hidden() {
    // A hidden module has the word as written; the visible one is found by a typo all the same.
    let (_folder, index) = filled();
    let hidden = SearchDocument {
        organization: organization(3),
        ..module("initech/buckit/aws")
    };
    let visible = only(&[1], &[]);
    let before = index.search(&query("buckit"), &visible).expect("a page");
    assert_eq!(addresses(&before), ["acme/s3-bucket/aws"]);
    index
        .apply(&[put(hidden)], None)
        .expect("changes are applied");
    let after = index.search(&query("buckit"), &visible).expect("a page");
    assert_eq!(before, after);
}

#[test]
fn single_modules_can_be_made_visible() {
    let (_folder, index) = filled();
    let page = index
        .search(
            &query("vpc"),
            &only(&[2], &["INITECH/vpc-secret/gcp", "no/such/module"]),
        )
        .expect("a page");
    assert_eq!(
        addresses(&page),
        ["globex/vpc/azurerm", "initech/vpc-secret/gcp"]
    );
    assert_eq!(page.facets.namespaces.len(), 2);
}

#[test]
fn filters_hold_and_facets_count_without_their_own() {
    let (_folder, index) = filled();
    let run = |query: SearchQuery| index.search(&query, &Visible::All).expect("a page");
    let page = run(SearchQuery {
        system: Some("AWS".to_owned()),
        ..query("vpc")
    });
    assert_eq!(page.total, 3);
    assert_eq!(page.facets.namespaces, [("acme".to_owned(), 3)]);
    let systems = [("aws", 3), ("azurerm", 1), ("gcp", 1)];
    assert_eq!(
        page.facets.systems,
        systems.map(|(name, n)| (name.to_owned(), n))
    );
    let page = run(SearchQuery {
        namespace: Some("ACME".to_owned()),
        resource_type: Some("aws_vpc".to_owned()),
        ..query("")
    });
    assert_eq!(addresses(&page), ["Acme/vpc/aws"]);
    let page = run(SearchQuery {
        resource_type: Some("no_such".to_owned()),
        ..query("bucket")
    });
    assert_eq!(page.total, 0);
    let types = [
        ("aws_s3_bucket", 2),
        ("aws_s3_bucket_policy", 1),
        ("aws_secret_thing", 1),
    ];
    assert_eq!(
        page.facets.resource_types,
        types.map(|(name, n)| (name.to_owned(), n))
    );
}

#[test]
fn deprecated_modules_are_left_out_unless_asked_for() {
    let (_folder, index) = filled();
    let without = SearchQuery {
        include_deprecated: false,
        ..query("vpc")
    };
    let page = index.search(&without, &Visible::All).expect("a page");
    assert_eq!((page.total, page.facets.deprecated), (4, 1));
    let page = index.search(&query("vpc"), &Visible::All).expect("a page");
    assert_eq!((page.total, page.facets.deprecated), (5, 1));
}

#[test]
fn hits_say_why_they_were_found() {
    let (_folder, index) = filled();
    let page = index
        .search(&query("flow vpc"), &Visible::All)
        .expect("a page");
    let hit = &page.hits[0];
    let kinds: Vec<_> = hit.reasons.iter().map(|reason| reason.kind).collect();
    assert_eq!(
        kinds,
        [
            MatchReasonKind::Name,
            MatchReasonKind::Resource,
            MatchReasonKind::Output,
            MatchReasonKind::Readme
        ]
    );
    let marked = |reason: &MatchReason| -> Vec<String> {
        let marked = reason.text.iter().filter(|segment| segment.highlighted);
        marked.map(|segment| segment.text.to_lowercase()).collect()
    };
    assert!(hit.reasons.iter().all(|reason| !marked(reason).is_empty()));
    assert_eq!(marked(&hit.reasons[3]), ["vpc", "flow"]);
    let page = index.search(&query(""), &Visible::All).expect("a page");
    assert!(page.hits.iter().all(|hit| hit.reasons.is_empty()));
}

#[test]
fn modules_are_replaced_and_removed() {
    let (_folder, index) = filled();
    let renamed = SearchDocument {
        inputs: strings(&["totally_new"]),
        ..module("ACME/VPC/aws")
    };
    let changes = [put(renamed), IndexChange::Remove(address("acme/EKS/aws"))];
    index.apply(&changes, None).expect("changes are applied");
    assert_eq!(search_for(&index, "totally_new"), ["ACME/VPC/aws"]);
    assert!(search_for(&index, "aws_nat_gateway").is_empty());
    assert!(search_for(&index, "eks").is_empty());
    let page = index.search(&query(""), &Visible::All).expect("a page");
    assert_eq!(page.total, 5);
    let changes = [
        put(module("acme/late/aws")),
        IndexChange::Remove(address("acme/late/aws")),
        IndexChange::Remove(address("acme/never/aws")),
    ];
    index.apply(&changes, None).expect("changes are applied");
    assert!(search_for(&index, "late").is_empty());
}

#[test]
fn changes_are_seen_by_all_clones_also_after_a_release() {
    let (_folder, index) = filled();
    let clone = index.clone();
    assert_eq!(search_for(&clone, "eks"), ["acme/eks/aws"]);
    index.release();
    index
        .apply(&[IndexChange::Remove(address("acme/eks/aws"))], None)
        .expect("changes are applied");
    assert!(search_for(&clone, "eks").is_empty());
}

#[test]
fn pages_do_not_overlap_and_hold_everything() {
    let (_folder, index) = filled();
    let many: Vec<IndexChange> = (0..150)
        .map(|n| put(module(&format!("pages/page-{n}/aws"))))
        .collect();
    for changes in many.chunks(7) {
        index.apply(changes, None).expect("changes are applied");
    }
    for sort in [
        Sort::Relevance,
        Sort::Newest,
        Sort::MostDownloaded,
        Sort::Name,
    ] {
        let mut seen = BTreeSet::new();
        for offset in (0..160).step_by(40) {
            let query = SearchQuery {
                offset,
                limit: 40,
                sort,
                ..query("page")
            };
            let page = index.search(&query, &Visible::All).expect("a page");
            assert_eq!(page.total, 150);
            for hit in addresses(&page) {
                assert!(seen.insert(hit), "a module is on two pages");
            }
        }
        assert_eq!(seen.len(), 150);
    }
    let far = SearchQuery {
        offset: usize::MAX,
        limit: usize::MAX,
        ..query("page")
    };
    let page = index.search(&far, &Visible::All).expect("a page");
    assert!(page.hits.is_empty());
}

#[test]
fn an_index_opens_again_as_it_was_left() {
    let (folder, index) = filled();
    let before = index.search(&query("vpc"), &Visible::All).expect("a page");
    drop(index);
    let opened = SearchIndex::open(&folder.path().join("search")).expect("an index");
    assert_eq!(opened.emptied, None);
    let after = opened
        .index
        .search(&query("vpc"), &Visible::All)
        .expect("a page");
    assert_eq!(before, after);
}

#[test]
fn fingerprints_are_those_of_the_last_change() {
    let (_folder, index) = filled();
    let newer = SearchDocument {
        fingerprint: 5,
        ..module("ACME/vpc/aws")
    };
    let changes = [put(newer), IndexChange::Remove(address("acme/eks/aws"))];
    index.apply(&changes, None).expect("changes are applied");
    let fingerprints = index.fingerprints().expect("fingerprints");
    assert_eq!(fingerprints.len(), 5);
    assert_eq!(fingerprints.get("acme/vpc/aws"), Some(&5));
    assert_eq!(fingerprints.get("globex/vpc/azurerm"), Some(&1));
}

#[test]
fn callers_are_those_that_may_be_seen() {
    let (_folder, index) = filled();
    let calls = |number, text: &str, source: &str| {
        put(SearchDocument {
            organization: organization(number),
            calls: strings(&[source, "another/thing/aws"]),
            ..module(text)
        })
    };
    let changes = [
        calls(1, "acme/app/aws", "Acme/vpc/aws"),
        calls(3, "initech/app/aws", "registry.example/acme/vpc/aws"),
        calls(3, "initech/other/aws", "elsewhere.example/acme/vpc/aws"),
    ];
    index.apply(&changes, None).expect("changes are applied");
    let sources = strings(&["acme/VPC/aws", "registry.example/acme/vpc/aws"]);
    let callers = |visible| {
        let found = index.callers(&sources, &visible, 10).expect("callers");
        found
            .iter()
            .map(|hit| hit.address.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(callers(Visible::All), ["acme/app/aws", "initech/app/aws"]);
    assert_eq!(callers(only(&[1], &[])), ["acme/app/aws"]);
    assert_eq!(
        index
            .callers(&sources, &Visible::All, 1)
            .expect("one")
            .len(),
        1
    );
    assert!(callers(only(&[2], &[])).is_empty());
}

#[test]
fn a_module_without_a_version_is_found_only_by_those_who_ask_for_it() {
    let (_folder, index) = filled();
    let draft = SearchDocument {
        unpublished: true,
        ..module("acme/draft/aws")
    };
    index
        .apply(&[put(draft)], None)
        .expect("changes are applied");
    assert!(search_for(&index, "draft").is_empty());
    let query = SearchQuery {
        include_unpublished: true,
        detail: SearchDetail::Brief,
        ..query("draft")
    };
    let page = index.search(&query, &Visible::All).expect("a page");
    assert_eq!(addresses(&page), ["acme/draft/aws"]);
    assert_eq!(page.facets, Facets::default());
}

fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0))
        .collect();
    files.sort();
    files
}

#[test]
fn whatever_file_is_damaged_the_index_opens_empty_or_whole() {
    let damages: [fn(&Path); 3] = [
        |file| fs::remove_file(file).expect("the file is there"),
        |file| {
            let mut bytes = fs::read(file).expect("the file is there");
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0xFF;
            fs::write(file, bytes).expect("the file can be written");
        },
        |file| {
            let bytes = fs::read(file).expect("the file is there");
            fs::write(file, &bytes[..bytes.len() / 2]).expect("the file can be written");
        },
    ];
    let (folder, index) = filled();
    let whole = index.search(&query("vpc"), &Visible::All).expect("a page");
    drop(index);
    let original = folder.path().join("search");
    let mut rebuilds = 0;
    for file in files_of(&original) {
        for damage in damages {
            let copy = tempfile::tempdir().expect("a temporary folder");
            for source in files_of(&original) {
                let name = source.file_name().expect("a file name");
                fs::copy(&source, copy.path().join(name)).expect("a copy");
            }
            damage(&copy.path().join(file.file_name().expect("a file name")));
            let opened = SearchIndex::open(copy.path()).expect("an index");
            let page = opened
                .index
                .search(&query("vpc"), &Visible::All)
                .expect("a page");
            if opened.emptied.is_some() {
                rebuilds += 1;
                assert_eq!(page.total, 0);
            } else {
                assert_eq!(page, whole, "{file:?}");
            }
            opened
                .index
                .apply(&some_modules().map(put), None)
                .expect("changes are applied");
            let page = opened
                .index
                .search(&query("vpc"), &Visible::All)
                .expect("a page");
            assert_eq!(page, whole, "{file:?}");
        }
    }
    assert!(rebuilds > 10, "{rebuilds}");
}

#[test]
fn another_format_is_rebuilt() {
    let (folder, index) = filled();
    drop(index);
    let folder = folder.path().join("search");
    fs::write(folder.join("FORMAT"), "terrakeep search index 0\n").expect("a file");
    let opened = SearchIndex::open(&folder).expect("an index");
    assert_eq!(opened.emptied, Some(RebuildReason::OtherFormat));
    assert!(search_for(&opened.index, "").is_empty());
    drop(opened);
    // A file where the folder should be is in the way no longer either.
    fs::remove_dir_all(&folder).expect("a folder");
    fs::write(&folder, "in the way").expect("a file");
    let opened = SearchIndex::open(&folder).expect("an index");
    assert!(opened.emptied.is_some());
}

#[test]
fn hostile_texts_are_answered() {
    let (_folder, index) = filled();
    let many: Vec<String> = ('a'..='z').map(String::from).collect();
    let many = many.join(" ");
    let fuzzy: Vec<String> = (0..20).map(|n| format!("wxyz{n}qv")).collect();
    let fuzzy = fuzzy.join(" ");
    for text in [
        "a a a a a a a a a",
        &many,
        &fuzzy,
        &"_".repeat(256),
        &"a_".repeat(128),
        &"x".repeat(256),
        "*",
        "\\",
        "[a-z]*",
        "name:vpc OR 1=1",
        "\"",
        "\0",
        "=vpc",
        "\u{202e}",
        "日本語",
        &"é".repeat(128),
    ] {
        index.search(&query(text), &Visible::All).expect("a page");
    }
    assert!(
        search_for(&index, "***").is_empty(),
        "punctuation names nothing"
    );
    for text in ["x".repeat(257), "é".repeat(129)] {
        let refused = index.search(&query(&text), &Visible::All);
        assert!(matches!(refused, Err(SearchError::QueryTooLong)));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_answered_within_what_is_visible(text in "\\PC{0,60}") {
        let (_folder, index) = FILLED.with(Clone::clone);
        let page = index.search(&query(&text), &only(&[1], &[])).expect("a page");
        proptest::prop_assert!(page.total <= 4);
        proptest::prop_assert!(page.hits.iter().all(|hit| hit.address.namespace.folded() == "acme"));
    }
}

thread_local! {
    static FILLED: (std::rc::Rc<TempDir>, SearchIndex) = {
        let (folder, index) = filled();
        (std::rc::Rc::new(folder), index)
    };
}

#[test]
fn what_a_kill_leaves_of_a_change_is_in_nobodys_way() {
    let folder = tempfile::tempdir().expect("a directory");
    let meta = folder.path().join("meta.json");
    let open = || SearchIndex::open(folder.path()).expect("an index").index;
    let index = open();
    index
        .apply(&some_modules().map(put), None)
        .expect("changes are applied");
    let before = fs::read(&meta).expect("a state");
    let removal = [IndexChange::Remove(address("acme/eks/aws"))];
    index.apply(&removal, None).expect("changes are applied");
    drop(index);
    // All files of the change are there, and the state is still the one before it.
    fs::write(&meta, before).expect("the state before");
    let index = open();
    index.apply(&removal, None).expect("changes are applied");
    let fingerprints = index.fingerprints().expect("fingerprints");
    assert!(!fingerprints.contains_key("acme/eks/aws"));
}

#[test]
fn many_small_changes_leave_few_segments() {
    let (folder, index) = filled();
    for n in 0..60 {
        let document = SearchDocument {
            ..module(&format!("bulk/module-{}/aws", n % 20))
        };
        index
            .apply(&[put(document)], None)
            .expect("changes are applied");
    }
    let hits = search_for(&index, "bulk");
    assert_eq!(hits.len(), 20);
    let stores = files_of(&folder.path().join("search"))
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "store"))
        .count();
    assert!(stores <= 2, "{stores} segments");
}
