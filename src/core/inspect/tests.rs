//! Tests of inspection as a whole: small sources, hostile ones, and real modules.

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::archive::{
    ArchiveLimits, ArchivePath, ArchiveWriter, ModuleTree, TreeLimits, examine, repack,
};
use crate::domain::{FolderDocs, ModuleDocs, ResourceKind};

mod as_written;

fn tree(files: &[(&str, &[u8])]) -> ModuleTree {
    let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector takes everything");
    for (path, content) in files {
        let path: ArchivePath = path.parse().expect("a valid path");
        let size = u64::try_from(content.len()).expect("a short text");
        writer
            .file(&path, false, size, *content)
            .expect("a vector takes everything");
    }
    let archive = writer.finish().expect("a vector takes everything");
    let limits = ArchiveLimits {
        ratio: u64::MAX,
        ..ArchiveLimits::default()
    };
    ModuleTree::read(&*archive, &limits, &TreeLimits::default()).expect("a good archive")
}

fn never() -> bool {
    false
}

fn docs(files: &[(&str, &str)]) -> ModuleDocs {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_bytes()))
        .collect();
    inspect(&tree(&files), &InspectLimits::default(), &never)
}

fn root(source: &str) -> FolderDocs {
    docs(&[("main.tf", source)]).root
}

fn names<'n>(names: impl IntoIterator<Item = &'n String>) -> Vec<&'n str> {
    names.into_iter().map(String::as_str).collect()
}

#[path = "../../../tests/it/left_out.rs"]
mod left_out;

/// Returns the tree of a real module, as the program would read it; `None` where the folder of real
/// modules is lacking, which is said.
fn real(name: &str) -> Option<ModuleTree> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/modules");
    if !folder.is_dir() {
        left_out::left_out("SHARED", "there is no ../shared/modules");
        return None;
    }
    let upload = std::fs::read(folder.join(name)).expect("a real module");
    let limits = ArchiveLimits::default();
    let examined = examine(&*upload, &limits).expect("a good archive");
    let mut served = upload.clone();
    if let Some(plan) = examined.plan() {
        served.clear();
        repack(&*upload, plan, &limits, &mut served).expect("can be repacked");
    }
    Some(ModuleTree::read(&*served, &limits, &TreeLimits::default()).expect("a good archive"))
}

fn numbered(count: usize, before: &str, after: &str) -> String {
    let all: Vec<String> = (0..count).map(|i| format!("{before}{i}{after}")).collect();
    all.concat()
}

fn counts(docs: &ModuleDocs) -> [usize; 7] {
    let root = &docs.root;
    let of = |kind| root.resources.iter().filter(|r| r.kind == kind).count();
    [
        root.inputs.len(),
        root.outputs.len(),
        of(ResourceKind::Managed),
        of(ResourceKind::Data),
        root.module_calls.len(),
        docs.submodules.len(),
        docs.examples.len(),
    ]
}

const REAL: [(&str, [usize; 7]); 5] = [
    (
        "terraform-aws-modules--vpc--aws--6.6.0.tar.gz",
        [236, 119, 79, 5, 0, 2, 13],
    ),
    (
        "terraform-aws-modules--vpc--aws--5.0.0.tar.gz",
        [220, 109, 77, 2, 0, 1, 12],
    ),
    (
        "terraform-aws-modules--vpc--aws--1.0.0.tar.gz",
        [23, 18, 24, 2, 0, 0, 2],
    ),
    (
        "hashicorp--consul--aws--0.11.0.tar.gz",
        [9, 15, 0, 4, 2, 8, 5],
    ),
    (
        "cloudposse--label--null--0.25.0.tar.gz",
        [18, 19, 0, 0, 0, 0, 2],
    ),
];

#[test]
fn real_modules_hold_what_is_known_of_them() {
    for (name, expected) in REAL {
        let Some(tree) = real(name) else { continue };
        let docs = inspect(&tree, &InspectLimits::default(), &never);
        assert_eq!(counts(&docs), expected, "{name}");
        assert_eq!(docs.incomplete, None, "{name}");
        let folders = [&docs.root].into_iter().chain(&docs.submodules);
        for folder in folders.chain(&docs.examples) {
            assert_eq!(folder.diagnostics, [], "{name} {}", folder.path);
        }
        assert!(
            docs.license
                .is_some_and(|license| license.spdx.as_deref() == Some("Apache-2.0"))
        );
        let readme = docs.root.readme.expect("has a README");
        assert!(summary(&readme.text).is_some(), "{name}");
    }
}

const VARIABLES: &str = r#"
# A comment
variable "subnets" {
  description = <<-EOT
    One line.

      Another: ${"$"}{x}
  EOT
  type = map(object({
    cidr = string # with a comment
    tags = optional(map(string), {})
  }))
  default   = { a = [1, -2.5, true, null, "x"], "b c" = {} }
  sensitive = true
  nullable  = false
  ephemeral = true
  deprecated = "Use networks."
  validation {
    condition     = length(var.subnets) > 0
    error_message = "At least one."
  }
}
variable "computed" {
  default = 1 + 2
}
variable "precise" { default = 0.1234567890123456789 }
variable "large" { default = 18446744073709551615 }
variable "nothing" { default = null }
variable "required" {}
"#;

#[test]
fn a_variable_is_read_in_full() {
    let source = VARIABLES.replace("${\"$\"}", "$$");
    let inputs = root(&source).inputs;
    let [subnets, computed, precise, large, nothing, required] = &*inputs else {
        panic!("{inputs:?}")
    };
    assert_eq!(subnets.position.line, 3);
    assert_eq!(subnets.position.file, "main.tf");
    let description = subnets.description.as_deref();
    assert_eq!(description, Some("One line.\n\n  Another: ${x}\n"));
    let expected =
        "map(object({\n  cidr = string # with a comment\n  tags = optional(map(string), {})\n}))";
    assert_eq!(subnets.type_expression.as_deref(), Some(expected));
    let default = subnets.default.as_ref().expect("has a default");
    let value = serde_json::json!({"a": [1, -2.5, true, null, "x"], "b c": {}});
    assert_eq!(default.value, Some(value));
    assert_eq!(
        default.source,
        r#"{ a = [1, -2.5, true, null, "x"], "b c" = {} }"#
    );
    assert!(subnets.sensitive && !subnets.nullable && subnets.ephemeral);
    assert_eq!(subnets.deprecated.as_deref(), Some("Use networks."));
    assert_eq!(subnets.validations.len(), 1);
    assert_eq!(subnets.validations[0].condition, "length(var.subnets) > 0");
    assert_eq!(subnets.validations[0].error_message, "At least one.");
    let value = |input: &crate::domain::Input| {
        let default = input.default.clone().expect("has a default");
        (default.source, default.value)
    };
    assert_eq!(value(computed), ("1 + 2".to_owned(), None));
    assert_eq!(value(precise).1, None);
    assert_eq!(value(large).1, Some(u64::MAX.into()));
    assert_eq!(value(nothing).1, Some(serde_json::Value::Null));
    assert!(required.is_required() && required.nullable && !nothing.is_required());
}

#[test]
fn a_broken_block_costs_only_itself() {
    let source = r#"variable "a" {
  default = [1, 2
}

variable "b" {
  description = "not closed
  default     = 1
}
output "c" { value = <<EOT
text
}
resource "aws_x" "d" {
  name == 3
  provider = aws.west
}
}
data "aws_y" "e" {}
variable "f" { default = @ }
module "g" {
  source = "./g"
"#;
    let found = root(source);
    let inputs: Vec<_> = found
        .inputs
        .iter()
        .map(|i| (&*i.name, i.position.line))
        .collect();
    assert_eq!(inputs, [("a", 1), ("b", 5), ("f", 18)]);
    assert_eq!(
        found.inputs[1].default.as_ref().expect("is sound").source,
        "1"
    );
    let f = found.inputs[2].default.as_ref().expect("is there");
    assert_eq!((f.source.contains('@'), &f.value), (true, &None));
    assert_eq!(names(found.outputs.iter().map(|o| &o.name)), ["c"]);
    let resources: Vec<_> = found
        .resources
        .iter()
        .map(|r| (&*r.name, &*r.provider))
        .collect();
    assert_eq!(resources, [("d", "aws"), ("e", "aws")]);
    assert_eq!(found.module_calls[0].source, "./g");
    let lines: Vec<_> = found.diagnostics.iter().map(|d| d.position.line).collect();
    assert!(
        lines.contains(&18) && lines.contains(&13) && lines.contains(&6),
        "{lines:?}"
    );
    let is_sorted = found
        .diagnostics
        .iter()
        .all(|d| d.position.file == "main.tf");
    assert!(is_sorted);
}

#[test]
fn code_of_terraform_0_11_is_read() {
    let source = r#"
variable tags { type = "map" default = {} description = "D" }
variable "list" {
  type    = "list"
  default = ["a"]
}
provider "aws" {
  version = "~> 1.0"
  region  = "${var.region}"
}
resource "aws_x" "y" {
  count      = "${length(var.list) > 0 ? 1 : 0}"
  depends_on = ["aws_z.w", "module.m"]
  provider   = "aws.west"
  tags {
    "Name" = "${var.name}"
  }
}
module "m" {
  source    = "git::https://example.com/${var.x}"
  providers = { "aws" = "aws.east" }
}
"#;
    let found = root(source);
    assert_eq!(
        names(found.inputs.iter().map(|i| &i.name)),
        ["tags", "list"]
    );
    assert_eq!(found.inputs[1].type_expression.as_deref(), Some("list"));
    let aws = &found.provider_requirements[0];
    assert_eq!(
        (&*aws.name, aws.version.as_deref()),
        ("aws", Some("~> 1.0"))
    );
    assert_eq!(
        found.module_calls[0].source,
        "git::https://example.com/${var.x}"
    );
    assert_eq!(found.resources[0].provider, "aws");
    let to = |from: &str| {
        let found = found.references.iter().find(|r| r.from == from);
        names(&found.expect(from).to)
    };
    assert_eq!(
        to("aws_x.y"),
        ["aws_z.w", "module.m", "provider.aws.west", "var.list"]
    );
    assert_eq!(to("module.m"), ["provider.aws.east", "var.x"]);
    assert_eq!(to("provider.aws"), ["var.region"]);
}

const REFERRING: &str = r#"
locals {
  a = { for k, v in var.map : k => "${v.x} ${local.b}" if v.y != each.key }
  b = 1
}
data "aws_ami" "this" { owners = [local.a, self.x, path.module, terraform.workspace] }
resource "aws_vpc" "this" {
  for_each = toset(module.net.ids[*])
  dynamic "ingress" {
    for_each = var.rules
    iterator = rule
    content { port = rule.value + ingress.value + var.port }
  }
  lifecycle { ignore_changes = [tags.a_b] }
  user_data = <<-EOT
    %{ for s in data.aws_ami.this.items ~}
    ${s.x} ${aws_other.one[0].id}
    %{ endfor ~}
  EOT
  provider  = aws.west
}
ephemeral "aws_secret" "s" { id = aws_vpc.this["a"].id }
module "net" {
  source     = "./net"
  providers  = { aws = aws.west, aws.peer = aws }
  depends_on = [ephemeral.aws_secret.s]
}
output "o" { value = try(module.net.x, aws_vpc.this[var.index].id, provider::aws::f(local.a)) }
variable "plain" {
  type = object({ a = string })
  validation {
    condition     = var.plain.a != local.b
    error_message = "No."
  }
}
"#;

#[test]
fn references_are_what_expressions_name() {
    let found = root(REFERRING);
    assert_eq!(found.diagnostics, []);
    let found: Vec<_> = found
        .references
        .iter()
        .map(|r| (&*r.from, names(&r.to)))
        .collect();
    let expected = [
        (
            "aws_vpc.this",
            vec![
                "aws_other.one",
                "data.aws_ami.this",
                "module.net",
                "provider.aws.west",
                "var.port",
                "var.rules",
            ],
        ),
        ("data.aws_ami.this", vec!["local.a"]),
        ("ephemeral.aws_secret.s", vec!["aws_vpc.this"]),
        ("local.a", vec!["local.b", "var.map"]),
        (
            "module.net",
            vec![
                "ephemeral.aws_secret.s",
                "provider.aws",
                "provider.aws.west",
            ],
        ),
        (
            "output.o",
            vec!["aws_vpc.this", "local.a", "module.net", "var.index"],
        ),
        ("var.plain", vec!["local.b"]),
    ];
    assert_eq!(found, expected);
}

const AS_JSON: &str = r#"{
      "//": "comment",
      "variable": {"x": {"type": "list(string)", "default": ["a"], "description": "D", "nullable": false,
        "validation": [{"condition": "${length(var.x) > 0}", "error_message": "E"}]}},
      "output": {"o": {"value": "${aws_vpc.this.id}", "sensitive": true}},
      "resource": {"aws_vpc": {"this": [{"cidr": "${var.x[0]}", "depends_on": ["module.m"], "provider": "aws.west"}]}},
      "data": [{"aws_ami": {"a": {}}}],
      "module": {"m": {"source": "./m", "version": "1.0.0"}},
      "locals": {"l": "${var.x}"},
      "terraform": {"required_version": ">= 1.0", "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0", "configuration_aliases": ["aws.peer"]}}}
    }"#;

const AS_HCL: &str = r#"
variable "x" {
  type = list(string)
  default = ["a"]
  description = "D"
  nullable = false
  validation {
    condition = length(var.x) > 0
    error_message = "E"
  }
}
output "o" {
  value = aws_vpc.this.id
  sensitive = true
}
resource "aws_vpc" "this" {
  cidr = var.x[0]
  depends_on = [module.m]
  provider = aws.west
}
data "aws_ami" "a" {}
module "m" {
  source = "./m"
  version = "1.0.0"
}
locals { l = var.x }
terraform {
  required_version = ">= 1.0"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      version = "~> 5.0"
      configuration_aliases = [aws.peer]
    }
  }
}
"#;

#[test]
fn json_says_the_same_as_hcl() {
    let mut from_json = docs(&[("main.tofu.json", AS_JSON)]).root;
    let mut from_hcl = root(AS_HCL);
    assert_eq!(from_hcl.provider_requirements[0].aliases, ["aws.peer"]);
    for folder in [&mut from_json, &mut from_hcl] {
        for position in folder
            .inputs
            .iter_mut()
            .map(|x| &mut x.position)
            .chain(folder.outputs.iter_mut().map(|x| &mut x.position))
            .chain(folder.resources.iter_mut().map(|x| &mut x.position))
            .chain(folder.module_calls.iter_mut().map(|x| &mut x.position))
        {
            position.file.clear();
            position.line = 0;
        }
        for input in &mut folder.inputs {
            input
                .default
                .as_mut()
                .expect("has a default")
                .source
                .clear();
        }
    }
    assert_eq!(from_json, from_hcl);
}

#[test]
fn files_shadow_and_override_each_other() {
    let found = docs(&[
        ("a.tf", "variable \"old\" {}"),
        (
            "a.tofu",
            "variable \"new\" {\n default = 1\n description = \"D\"\n}\nterraform {\n required_version = \">= 1\"\n}",
        ),
        (
            "b_override.tf",
            "variable \"new\" { default = 2 }\nterraform {\n required_version = \">= 2\"\n}",
        ),
        ("override.tf.json", r#"{"locals": {"x": 1}}"#),
        ("modules/a/b/main.tf", ""),
        ("modules/a/examples/c/main.tf", ""),
        ("modules/text/README.md", "Text."),
        ("modules/none/x/README.md", "Text."),
        ("examples/x/y/main.tf", ""),
        ("examples/x/y/z/main.tf", ""),
        ("examples/w/main.tf.json", "{}"),
        ("CHANGELOG.md", ""),
        ("README", "plain"),
        ("readme.md", "Markdown"),
        (
            "LICENSE",
            "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining\na copy of this software … this permission notice",
        ),
    ]);
    let [input] = &*found.root.inputs else {
        panic!("{:?}", found.root.inputs)
    };
    assert_eq!(
        (&*input.name, input.description.as_deref()),
        ("new", Some("D"))
    );
    assert_eq!(input.default.as_ref().expect("has a default").source, "2");
    assert_eq!(found.root.required_versions, [">= 2"]);
    assert_eq!(
        names(found.submodules.iter().map(|f| &f.path)),
        ["modules/a/b", "modules/text"]
    );
    assert_eq!(
        names(found.examples.iter().map(|f| &f.path)),
        ["examples/w", "examples/x/y"]
    );
    assert_eq!(found.changelog.as_deref(), Some("CHANGELOG.md"));
    assert_eq!(found.root.readme.expect("is there").text, "Markdown");
    assert_eq!(
        found.license.expect("is there").spdx.as_deref(),
        Some("MIT")
    );
}

#[test]
fn the_other_blocks_are_counted_and_providers_implied() {
    let found = root(
        r#"
check "health" {
  data "http" "this" { url = "x" }
  assert {
    condition = data.http.this.ok
    error_message = "No."
  }
}
moved {
  from = a_b.c
  to   = a_b.d
}
import {
  to = a_b.c
  id = "x"
}
removed { from = a_b.e }
removed { from = a_b.f }
resource "random_id" "x" {}
resource "terraform_data" "x" {}
resource "google_x" "y" { provider = google-beta }
terraform {
  required_version = ">= 1.5"
  required_providers { random = ">= 3" }
}
"#,
    );
    assert_eq!(found.diagnostics, []);
    assert_eq!(found.checks, ["health"]);
    assert_eq!(
        (
            found.moved_blocks,
            found.import_blocks,
            found.removed_blocks
        ),
        (1, 1, 2)
    );
    let needed: Vec<_> = found
        .provider_requirements
        .iter()
        .map(|p| (&*p.name, p.version.as_deref()))
        .collect();
    assert_eq!(
        needed,
        [
            ("google-beta", None),
            ("http", None),
            ("random", Some(">= 3"))
        ]
    );
    assert_eq!(found.resources.last().expect("is there").position.line, 3);
}

#[test]
fn t11_files_that_are_no_text_are_told() {
    let utf16: Vec<u8> = "variable"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = [&[0xff, 0xfe][..], &utf16].concat();
    let found = inspect(
        &tree(&[
            ("a.tf", &utf16),
            ("b.tf", b"variable \"x\" {}\n\xff"),
            ("c.tf", b"\xef\xbb\xbfvariable \"bom\" {}"),
            ("d.tf.json", b"[[[{"),
        ]),
        &InspectLimits::default(),
        &never,
    )
    .root;
    let told: Vec<_> = found
        .diagnostics
        .iter()
        .map(|d| (&*d.position.file, d.position.line))
        .collect();
    assert_eq!(told, [("a.tf", 0), ("b.tf", 2), ("d.tf.json", 1)]);
    assert_eq!(names(found.inputs.iter().map(|i| &i.name)), ["x", "bom"]);
}

#[test]
fn t11_hostile_sources_are_answered_soon() {
    let n = 60_000;
    let nested = |open: &str, middle: &str, close: &str| {
        format!(
            "variable \"x\" {{\n  default = {}{middle}{}\n}}\nvariable \"y\" {{}}\n",
            open.repeat(n),
            close.repeat(n)
        )
    };
    let doubling = format!(
        "x {{\n a = {}{}{}\n}}",
        "a+b+(".repeat(40),
        "9".repeat(400),
        ")".repeat(40)
    );
    let object = numbered(200_000, "k", " = 1\n");
    let sources = [
        nested("[", "", "]"),
        nested("[", "", ""),
        nested("{a=", "1", "}"),
        nested("\"${", "a", "}\""),
        nested("\"${", "", ""),
        nested("f(", "", ")"),
        nested("!", "true", ""),
        nested("-", "1", ""),
        nested("1+", "1", ""),
        nested("a?b:", "c", ""),
        nested("a", ".b", ""),
        nested("a[", "0", "]"),
        nested("%{if a}", "", "%{endif}"),
        nested("/*", "", ""),
        nested("<<A\n", "", "A\n"),
        format!(
            "variable \"x\" {{\n default = {}\n}}\nvariable \"y\" {{}}",
            "9".repeat(2_000_000)
        ),
        "a {\n".repeat(n),
        "}".repeat(n),
        "\"\n".repeat(n),
        "a \"".repeat(n),
        "variable \"a\" {\n".repeat(n),
        numbered(n, "x = <<E", "\n"),
        doubling.clone(),
        doubling.repeat(20),
        format!("locals {{\n a = {{\n{object}}}\n}}"),
        format!("locals {{\n a = [for k in {{\n{object}}} : k]\n}}"),
        format!("locals {{\n{object}}}"),
    ];
    for source in sources {
        let start = Instant::now();
        let found = root(&source);
        let took = start.elapsed();
        let shown: String = source.chars().take(60).collect();
        assert!(took < Duration::from_secs(20), "{took:?} {shown}");
        assert!(found.diagnostics.len() <= 100);
        if source.ends_with("variable \"y\" {}\n")
            && !source.contains("/*")
            && !source.contains("<<")
        {
            let found = names(found.inputs.iter().map(|i| &i.name));
            assert_eq!(found, ["x", "y"], "{shown}");
        }
    }
    let json = format!(
        "{{\"locals\": {{\"a\": {}1{}}}}}",
        "[".repeat(n),
        "]".repeat(n)
    );
    assert_eq!(docs(&[("a.tf.json", &json)]).root.diagnostics.len(), 1);
    let json = format!("{{\"locals\": {{\"a\": \"{}\"}}}}", "${a+b+(".repeat(n));
    assert_eq!(docs(&[("a.tf.json", &json)]).root.references, []);
}

#[test]
fn inspection_ends_when_it_is_late_or_too_much() {
    let source = "variable \"x\" {}\n".repeat(100);
    let asked = std::cell::Cell::new(0);
    let is_late = || {
        asked.set(asked.get() + 1);
        asked.get() > 10
    };
    let tree = tree(&[("main.tf", source.as_bytes())]);
    let late = inspect(&tree, &InspectLimits::default(), &is_late);
    assert!(late.root.inputs.len() < 20 && !late.root.inputs.is_empty());
    assert!(
        late.incomplete
            .is_some_and(|reason| reason.contains("too long"))
    );
    for limits in [
        InspectLimits {
            blocks: 50,
            ..InspectLimits::default()
        },
        InspectLimits {
            work: 1000,
            ..InspectLimits::default()
        },
    ] {
        let cut = inspect(&tree, &limits, &never);
        assert!(
            (40..80).contains(&cut.root.inputs.len()),
            "{}",
            cut.root.inputs.len()
        );
        assert!(cut.incomplete.is_some());
    }
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    const SOURCE: &str = r#"variable "a" {
  default = { for k, v in { a = 1 } : k => "x${v}" }
  description = <<-EOT
    a ${b} %{ if c }d%{ endif }
  EOT
}
resource "aws_x" "y" { z = a.b[*].c + -1 ? !d : f(e...) } // c
/* d */ locals { a = [1, "\u00e9", null] }
"#;
    let bytes = r#"{}[]()"$%<-EOT\n=,:?!+./*#a1é"#.as_bytes().to_vec();
    let byte = proptest::sample::select(bytes);
    let edit = (
        0..SOURCE.len(),
        0..4_usize,
        proptest::collection::vec(byte, 0..4),
    );
    proptest::collection::vec(edit, 0..6).prop_map(|edits| {
        let mut source = SOURCE.as_bytes().to_vec();
        for (at, cut, put) in edits {
            let at = at.min(source.len());
            let end = (at + cut).min(source.len());
            source.splice(at..end, put);
        }
        source
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let tree = tree(&[("a.tf", &bytes), ("b.tf.json", &bytes), ("README.md", &bytes)]);
        let found = inspect(&tree, &InspectLimits::default(), &never);
        drop(summary(&found.root.readme.expect("is there").text));
    }

    #[test]
    fn no_mutation_costs_another_file(bytes in mutated()) {
        let mut broken = bytes.clone();
        broken.extend(b"\nvariable \"last\" {}\n");
        let tree = tree(&[("a.tf", &broken), ("b.tf", b"variable \"sound\" {}"), ("b.tf.json", &bytes)]);
        let found = inspect(&tree, &InspectLimits::default(), &never).root;
        prop_assert!(found.inputs.iter().any(|input| input.name == "sound"));
        let lines = broken.split(|b| *b == b'\n').count();
        for input in &found.inputs {
            prop_assert!(usize::try_from(input.position.line).expect("is small") <= lines + 1);
        }
    }
}
