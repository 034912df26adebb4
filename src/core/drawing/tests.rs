//! Tests of graphs as a whole: small, hostile and random ones.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use roxmltree::Document;

use super::arrange::Arranged;
use super::bound::{MAX_EDGES, MAX_NODES};
use super::place::Place;
use super::*;
use crate::domain::{
    FolderDocs, Input, ModuleCall, Output, References, Resource, ResourceKind, SourcePosition,
};

const FULL: GraphDetail = GraphDetail::Full;
const OVERVIEW: GraphDetail = GraphDetail::Overview;

fn resource(kind: ResourceKind, resource_type: &str, name: &str) -> Resource {
    Resource {
        kind,
        resource_type: resource_type.to_owned(),
        name: name.to_owned(),
        provider: "aws".to_owned(),
        position: SourcePosition::default(),
    }
}

fn references(pairs: &[(&str, &[&str])]) -> Vec<References> {
    let pairs = pairs.iter().map(|(from, to)| References {
        from: (*from).to_owned(),
        to: to.iter().map(|&to| to.to_owned()).collect(),
    });
    pairs.collect()
}

fn input(name: &str) -> Input {
    Input {
        name: name.to_owned(),
        ..Input::default()
    }
}

fn output(name: &str) -> Output {
    Output {
        name: name.to_owned(),
        ..Output::default()
    }
}

/// Returns a small module: with a local between, an edge that follows from others, and each kind.
fn small() -> FolderDocs {
    FolderDocs {
        inputs: ["cidr", "name", "tags", "unused"].map(input).to_vec(),
        outputs: ["arn", "id"].map(output).to_vec(),
        resources: vec![
            resource(ResourceKind::Managed, "aws_vpc", "this"),
            resource(ResourceKind::Managed, "aws_subnet", "this"),
            resource(ResourceKind::Data, "aws_region", "current"),
            resource(ResourceKind::Ephemeral, "aws_secret", "key"),
        ],
        module_calls: vec![ModuleCall {
            name: "logs".to_owned(),
            source: "./modules/logs".to_owned(),
            ..ModuleCall::default()
        }],
        references: references(&[
            ("aws_vpc.this", &["local.all", "var.cidr"]),
            (
                "aws_subnet.this",
                &["aws_vpc.this", "local.all", "data.aws_region.current"],
            ),
            ("local.all", &["local.more"]),
            ("local.more", &["var.name", "var.tags"]),
            ("module.logs", &["aws_vpc.this", "ephemeral.aws_secret.key"]),
            ("output.arn", &["aws_vpc.this"]),
            ("output.id", &["aws_vpc.this"]),
        ]),
        ..FolderDocs::default()
    }
}

fn submodules() -> Vec<FolderDocs> {
    vec![FolderDocs {
        path: "modules/logs".to_owned(),
        resources: vec![
            resource(ResourceKind::Managed, "aws_flow_log", "a"),
            resource(ResourceKind::Managed, "aws_flow_log", "b"),
            resource(ResourceKind::Data, "aws_region", "current"),
        ],
        ..FolderDocs::default()
    }]
}

fn options(detail: GraphDetail) -> GraphOptions {
    GraphOptions {
        detail,
        title: "Dependencies".to_owned(),
        id_prefix: "graph-".to_owned(),
        ..GraphOptions::default()
    }
}

fn no_links(_: &str) -> Option<String> {
    None
}

fn draw(folder: &FolderDocs, detail: GraphDetail) -> Drawing {
    graph_svg(folder, &[], &no_links, &options(detail))
}

/// Returns the edges by the addresses of their ends.
fn edges(folder: &FolderDocs, options: &GraphOptions) -> BTreeSet<(String, String)> {
    let arranged = Arranged::of(folder, &[], options);
    let name = |id| arranged.graph.nodes[id].stands_for().join(" ");
    let edges = arranged.graph.edges.keys();
    edges.map(|&(from, to)| (name(from), name(to))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|&(from, to)| (from.to_owned(), to.to_owned()))
        .collect()
}

/// Checks what must be true for each drawing.
fn check(folder: &FolderDocs, options: &GraphOptions) -> Result<(), TestCaseError> {
    let drawing = graph_svg(folder, &[], &no_links, options);
    prop_assert!(drawing.nodes <= MAX_NODES && drawing.edges <= MAX_EDGES);
    prop_assert_eq!(&graph_svg(folder, &[], &no_links, options), &drawing);
    let document = Document::parse(&drawing.svg).expect("well-formed");
    let with_class = |class: &'static str| {
        document.descendants().filter(move |one| {
            let classes = one.attribute("class").unwrap_or_default();
            classes.split(' ').any(|one| one == class)
        })
    };
    prop_assert!(!drawing.svg.contains("style"));
    prop_assert_eq!(with_class("node").count(), drawing.nodes);
    prop_assert_eq!(with_class("edge").count(), drawing.edges);

    let arranged = Arranged::of(folder, &[], options);
    let placed = &arranged.placed;
    let boxes: Vec<Place> = arranged
        .graph
        .nodes
        .ids()
        .map(|id| placed.places[id])
        .collect();
    for (at, one) in boxes.iter().enumerate() {
        prop_assert!(one.x >= 0 && one.y >= 0);
        prop_assert!(one.right() <= placed.width && one.bottom() <= placed.height);
        for other in &boxes[at + 1..] {
            let beside = one.right() <= other.x || other.right() <= one.x;
            let below = one.bottom() <= other.y || other.bottom() <= one.y;
            prop_assert!(beside || below, "{one:?} overlaps {other:?}");
        }
    }
    for (path, &(from, to)) in with_class("edge").zip(arranged.graph.edges.keys()) {
        let d = path.attribute("d").expect("a path");
        let (from, to) = (placed.places[from], placed.places[to]);
        prop_assert!(from.right() < to.x, "edges go to the right");
        let begin = format!("M{} {}", from.right(), from.middle());
        prop_assert!(d.starts_with(&begin), "{d} begins elsewhere than {from:?}");
        let at_end = format!(" {} {}", to.x, to.middle());
        let straight = format!("H{}", to.x);
        prop_assert!(
            d.ends_with(&at_end) || d.ends_with(&straight),
            "{d} misses {to:?}"
        );
    }
    Ok(())
}

#[test]
fn resources_only_leaves_out_variables_and_outputs() {
    let expected = pairs(&[
        ("aws_vpc.this", "aws_subnet.this"),
        ("aws_vpc.this", "module.logs"),
        ("data.aws_region.current", "aws_subnet.this"),
        ("ephemeral.aws_secret.key", "module.logs"),
    ]);
    assert_eq!(edges(&small(), &options(GraphDetail::Resources)), expected);
    let drawing = draw(&small(), GraphDetail::Resources);
    let labels: Vec<&str> = drawing
        .kinds
        .iter()
        .map(|kind| kind.label.as_str())
        .collect();
    let expected = [
        "2 resources",
        "1 data source",
        "1 ephemeral resource",
        "1 module call",
    ];
    assert_eq!(labels, expected);
}

#[test]
fn a_focus_shows_one_node_with_its_neighbours_only() {
    let focused = |address: &str| GraphOptions {
        focus: Some(address.to_owned()),
        ..options(FULL)
    };
    let expected = pairs(&[
        ("aws_vpc.this", "module.logs"),
        ("ephemeral.aws_secret.key", "module.logs"),
    ]);
    assert_eq!(edges(&small(), &focused("module.logs")), expected);
    let alone = graph_svg(&small(), &[], &no_links, &focused("var.unused"));
    assert_eq!((alone.nodes, alone.edges), (1, 0));
    let nothing = graph_svg(&small(), &[], &no_links, &focused("var.absent"));
    assert_eq!((nothing.nodes, nothing.edges), (0, 0));
}

#[test]
fn full_shows_each_reference_with_locals_taken_out() {
    let found = edges(&small(), &options(FULL));
    let expected = pairs(&[
        ("aws_vpc.this", "aws_subnet.this"),
        ("aws_vpc.this", "module.logs"),
        ("aws_vpc.this", "output.arn"),
        ("aws_vpc.this", "output.id"),
        ("data.aws_region.current", "aws_subnet.this"),
        ("ephemeral.aws_secret.key", "module.logs"),
        ("var.cidr", "aws_vpc.this"),
        ("var.name", "aws_subnet.this"),
        ("var.name", "aws_vpc.this"),
        ("var.tags", "aws_subnet.this"),
        ("var.tags", "aws_vpc.this"),
    ]);
    assert_eq!(found, expected);
}

#[test]
fn an_overview_stacks_what_is_used_alike_and_leaves_out_what_follows() {
    let found = edges(&small(), &options(OVERVIEW));
    let expected = pairs(&[
        ("aws_vpc.this", "aws_subnet.this"),
        ("aws_vpc.this", "module.logs"),
        ("aws_vpc.this", "output.arn output.id"),
        ("data.aws_region.current", "aws_subnet.this"),
        ("ephemeral.aws_secret.key", "module.logs"),
        ("var.cidr var.name var.tags", "aws_vpc.this"),
    ]);
    let sorted = |edges: BTreeSet<(String, String)>| -> BTreeSet<_> {
        let sort = |names: String| {
            let mut names: Vec<_> = names.split(' ').map(str::to_owned).collect();
            names.sort();
            names
        };
        edges
            .into_iter()
            .map(|(from, to)| (sort(from), sort(to)))
            .collect()
    };
    assert_eq!(sorted(found), sorted(expected));
    let svg = draw(&small(), OVERVIEW).svg;
    assert!(
        svg.contains(">3 variables<") && svg.contains(">2 outputs<"),
        "{svg}"
    );
}

#[test]
fn locals_and_providers_are_shown_if_asked_for() {
    let mut folder = small();
    folder
        .references
        .extend(references(&[("aws_vpc.this", &["provider.aws"])]));
    let with_locals = GraphOptions {
        locals: true,
        ..options(FULL)
    };
    let found = edges(&folder, &with_locals);
    assert!(found.contains(&("local.more".to_owned(), "local.all".to_owned())));
    assert!(found.contains(&("local.all".to_owned(), "aws_vpc.this".to_owned())));
    assert!(!found.iter().any(|(from, _)| from == "provider.aws"));
    let with_providers = GraphOptions {
        providers: true,
        ..options(FULL)
    };
    let found = edges(&folder, &with_providers);
    assert!(found.contains(&("provider.aws".to_owned(), "aws_vpc.this".to_owned())));
}

#[test]
fn nodes_have_links_classes_and_what_a_submodule_holds() {
    let links = |address: &str| Some(format!("#{address}"));
    let drawing = graph_svg(&small(), &submodules(), &links, &options(FULL));
    let document = Document::parse(&drawing.svg).expect("well-formed");
    let linked: BTreeSet<_> = document
        .descendants()
        .filter(|one| one.has_tag_name(("http://www.w3.org/2000/svg", "a")))
        .filter_map(|one| one.attribute("href"))
        .collect();
    assert_eq!(linked.len(), drawing.nodes);
    assert!(linked.contains("#aws_vpc.this") && linked.contains("#var.unused"));
    for class in [
        "node node-resource",
        "node node-data",
        "node node-ephemeral",
        "node node-module cluster",
        "node node-variable",
        "node node-output",
    ] {
        assert!(
            drawing.svg.contains(&format!("class=\"{class}\"")),
            "{class}"
        );
    }
    assert!(drawing.svg.contains("aws_flow_log × 2"));
    assert!(drawing.svg.contains("+ 1 data source"));
    assert!(drawing.svg.contains("role=\"group\""));
    assert!(draw(&small(), FULL).svg.contains("role=\"img\""));
}

#[test]
fn hostile_names_stay_text() {
    let name = "</text><script>alert(1)</script>\"'&\u{0}\u{202e}";
    let folder = FolderDocs {
        inputs: vec![input(name)],
        resources: vec![resource(ResourceKind::Managed, name, name)],
        ..FolderDocs::default()
    };
    let links = |address: &str| Some(format!("#\"><x>{address}"));
    let options = GraphOptions {
        title: name.to_owned(),
        ..options(FULL)
    };
    let svg = graph_svg(&folder, &[], &links, &options).svg;
    let document = Document::parse(&svg).expect("well-formed");
    assert!(!document.descendants().any(|one| {
        let name = one.tag_name().name();
        name == "script" || name == "x"
    }));
}

#[test]
fn an_empty_folder_is_drawn_too() {
    let drawing = draw(&FolderDocs::default(), OVERVIEW);
    assert!(drawing.svg.contains("There is nothing to draw."));
    assert_eq!((drawing.nodes, drawing.edges), (0, 0));
    check(&FolderDocs::default(), &options(FULL)).expect("holds");
}

/// Makes resources `a_r.0` … in which the first of each of `pairs` refers to the second.
fn graph(nodes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> FolderDocs {
    let mut to: Vec<Vec<String>> = vec![Vec::new(); nodes];
    for (from, used) in pairs {
        to[from].push(format!("a_r.n{used}"));
    }
    let resources = 0..nodes;
    FolderDocs {
        resources: resources
            .map(|at| resource(ResourceKind::Managed, "a_r", &format!("n{at}")))
            .collect(),
        references: to
            .into_iter()
            .enumerate()
            .map(|(at, to)| References {
                from: format!("a_r.n{at}"),
                to,
            })
            .collect(),
        ..FolderDocs::default()
    }
}

#[test]
fn cycles_and_self_references_are_drawn() {
    let folder = graph(4, [(0, 0), (0, 1), (1, 2), (2, 0), (2, 3), (3, 2)]);
    for detail in [FULL, OVERVIEW] {
        check(&folder, &options(detail)).expect("holds");
        let svg = draw(&folder, detail).svg;
        assert!(
            svg.contains("marker-start"),
            "an edge was turned round: {svg}"
        );
    }
}

#[test]
fn hostile_graphs_are_bounded_and_counted() {
    let complete = graph(600, (0..600).flat_map(|a| (0..600).map(move |b| (a, b))));
    let chain = graph(10_000, (1..10_000).map(|at| (at, at - 1)));
    let star = graph(10_000, (1..10_000).map(|at| (at, 0)));
    let mut locals = graph(2_000, []);
    for at in 0..2_000 {
        let local = format!("local.l{at}");
        let next = format!("local.l{}", at + 1);
        locals.references.push(References {
            from: local,
            to: vec![next],
        });
        let of_resource = references(&[(&format!("a_r.n{at}"), &["local.l0"])]);
        locals.references.extend(of_resource);
    }
    for folder in [&complete, &chain, &star, &locals] {
        for detail in [FULL, OVERVIEW] {
            let start = Instant::now();
            let drawing = draw(folder, detail);
            // This is far more than it takes, so that the test passes on a busy machine.
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{:?}",
                start.elapsed()
            );
            assert!(drawing.left_out.is_something());
            assert!(drawing.nodes <= MAX_NODES && drawing.edges <= MAX_EDGES);
            assert!(drawing.svg.len() < 2_000_000, "{} bytes", drawing.svg.len());
        }
    }
    let drawing = draw(&chain, FULL);
    assert_eq!((drawing.nodes, drawing.left_out.nodes), (600, 9_400));
    assert!(drawing.svg.contains("Left out: 9,400 nodes"));
    // The reference of an object to itself is not an edge; it is neither drawn nor left out.
    assert_eq!(draw(&complete, FULL).left_out.edges, 600 * 599 - MAX_EDGES);
    check(&complete, &options(FULL)).expect("holds");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_must_hold_holds_of_random_graphs(
        pairs in prop::collection::vec((0_usize..40, 0_usize..40), 0..120),
        variables in prop::collection::vec(prop::collection::vec(0_usize..40, 0..3), 0..30),
        locals in any::<bool>(),
        is_overview in any::<bool>(),
    ) {
        let mut folder = graph(40, pairs);
        for (at, users) in variables.iter().enumerate() {
            folder.inputs.push(input(&format!("v{at}")));
            folder.outputs.push(output(&format!("o{at}")));
            let used = users.iter().map(|user| format!("a_r.n{user}")).collect();
            folder.references.push(References { from: format!("output.o{at}"), to: used });
            for user in users {
                let local = format!("local.l{}", at % 5);
                folder.references.extend(references(&[
                    (&format!("a_r.n{user}"), &[&local]),
                    (&local, &[&format!("var.v{at}")]),
                ]));
            }
        }
        let detail = if is_overview { OVERVIEW } else { FULL };
        check(&folder, &GraphOptions { locals, ..options(detail) })?;
    }
}
