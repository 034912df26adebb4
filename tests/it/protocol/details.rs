//! Tests what the protocol shows of one version: inputs, outputs, resources, submodules, examples.

use serde_json::{Value, json};

use crate::builders::archive;
use crate::harness::Appliance;
use crate::publish::real_modules::real_modules;

const MAIN: &str = r#"
terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

variable "name" {
  description = "What it is called"
  type        = string
}

variable "zones" {
  type    = list(string)
  default = ["a", "b"]
}

resource "aws_vpc" "this" { cidr_block = var.name }
data "aws_region" "here" {}

module "labels" {
  source  = "acme/label/null"
  version = "0.25.0"
}

module "inside" { source = "./modules/inside" }

output "id" {
  description = "Of the VPC"
  value       = aws_vpc.this.id
}
"#;

fn made() -> Vec<u8> {
    archive(&[
        ("main.tf", MAIN),
        (
            "README.md",
            "# A network\n\nMakes a network for tests. More words.\n",
        ),
        (
            "modules/inside/main.tf",
            "resource \"null_resource\" \"x\" {}\n",
        ),
        (
            "examples/simple/main.tf",
            "module \"net\" { source = \"../..\" }\n",
        ),
        ("broken.tf", "variable \"half\" {\n"),
    ])
}

#[test]
fn one_version_tells_what_it_takes_gives_and_makes() {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.2.3", made());
    let token = registry.admin.clone();
    for path in ["/v1/modules/acme/net/aws/1.2.3", "/v1/modules/acme/net/aws"] {
        let detail: Value = registry.get(path, Some(&token)).json().expect("JSON");
        assert_eq!(detail["id"], "acme/net/aws/1.2.3");
        assert_eq!(detail["description"], "Makes a network for tests.");
        assert_eq!(detail["versions"], json!(["1.2.3"]));
        assert_eq!(detail["providers"], json!(["aws"]));
        assert_eq!(detail["deprecation"], Value::Null);
        let root = &detail["root"];
        assert_eq!(root["name"], "net");
        assert_eq!(
            root["inputs"],
            json!([
                { "name": "half", "type": "any", "description": "", "default": "",
                  "required": true },
                { "name": "name", "type": "string", "description": "What it is called",
                  "default": "", "required": true },
                { "name": "zones", "type": "list(string)", "description": "",
                  "default": "[\"a\",\"b\"]", "required": false },
            ])
        );
        assert_eq!(
            root["outputs"],
            json!([{ "name": "id", "description": "Of the VPC" }])
        );
        assert_eq!(
            root["resources"],
            json!([
                { "name": "this", "type": "aws_vpc", "mode": "managed" },
                { "name": "here", "type": "aws_region", "mode": "data" },
            ])
        );
        assert_eq!(
            root["dependencies"],
            json!([{ "name": "labels", "source": "acme/label/null", "version": "0.25.0" }])
        );
        assert_eq!(
            root["provider_dependencies"],
            json!([{ "name": "aws", "namespace": "hashicorp", "source": "hashicorp/aws",
                     "version": "~> 5.0" }])
        );
        assert_eq!(detail["submodules"][0]["path"], "modules/inside");
        assert_eq!(detail["submodules"][0]["name"], "inside");
        assert_eq!(detail["examples"][0]["path"], "examples/simple");
        assert!(root["readme"].as_str().expect("a text").contains("network"));
    }
}

#[test]
fn the_versions_say_what_each_needs_as_soon_as_it_has_been_read() {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.2.3", made());
    let token = registry.admin.clone();
    // Whoever asks for the details has it read, if nobody has yet.
    registry.get("/v1/modules/acme/net/aws/1.2.3", Some(&token));
    let list: Value = registry
        .get("/v1/modules/acme/net/aws/versions", Some(&token))
        .json()
        .expect("JSON");
    let version = &list["modules"][0]["versions"][0];
    assert_eq!(version["root"]["providers"][0]["name"], "aws");
    assert_eq!(version["root"]["dependencies"][0]["name"], "labels");
    assert_eq!(version["submodules"][0]["path"], "modules/inside");
    assert_eq!(version["deprecation"], Value::Null);
}

#[test]
fn downloads_are_summed_up_by_week_month_and_year() {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.2.3", made());
    let token = registry.admin.clone();
    for _ in 0..3 {
        registry.get("/v1/modules/acme/net/aws/1.2.3/download", Some(&token));
    }
    let summary: Value = registry
        .get("/v1/modules/acme/net/aws/downloads/summary", Some(&token))
        .json()
        .expect("JSON");
    assert_eq!(
        summary,
        json!({ "data": {
            "type": "module-downloads-summary", "id": "acme/net/aws",
            "attributes": { "week": 3, "month": 3, "year": 3, "total": 3 },
        }})
    );
}

#[test]
fn what_is_answered_again_follows_downloads_versions_and_systems_at_once() {
    let registry = Appliance::start();
    registry.publish("acme/net/aws", "1.2.3", made());
    let token = registry.admin.clone();
    let detail = || -> Value {
        let path = "/v1/modules/acme/net/aws";
        registry.get(path, Some(&token)).json().expect("JSON")
    };
    assert_eq!(detail(), detail());
    assert_eq!(detail()["downloads"], json!(0));
    registry.get("/v1/modules/acme/net/aws/1.2.3/download", Some(&token));
    assert_eq!(detail()["downloads"], json!(1));
    registry.publish("acme/net/aws", "1.3.0", made());
    assert_eq!(detail()["version"], "1.3.0");
    registry.publish("acme/net/google", "1.0.0", made());
    assert_eq!(detail()["providers"], json!(["aws", "google"]));
}

/// Address, version, and how many inputs, outputs, managed resources, data sources, submodules and
/// examples there are.
const REAL: [(&str, &str, [usize; 6]); 5] = [
    ("acme/vpc/aws", "6.6.0", [236, 119, 79, 5, 2, 13]),
    ("acme/vpc/aws", "5.0.0", [220, 109, 77, 2, 1, 12]),
    ("acme/vpc/aws", "1.0.0", [23, 18, 24, 2, 0, 2]),
    ("acme/consul/aws", "0.11.0", [9, 15, 0, 4, 8, 5]),
    ("acme/label/null", "0.25.0", [18, 19, 0, 0, 0, 2]),
];

#[test]
fn real_modules_show_all_that_they_have() {
    let registry = Appliance::start();
    let modules = real_modules();
    for module in &modules {
        registry.publish(&module.address, &module.version, module.archive.clone());
    }
    let token = registry.admin.clone();
    for (address, version, expected) in REAL {
        let is_it = |module: &&crate::publish::real_modules::RealModule| {
            module.address == address && module.version == version
        };
        if modules.iter().find(is_it).is_none() {
            assert!(modules.is_empty(), "{address} {version} is not among them");
            continue;
        }
        let path = format!("/v1/modules/{address}/{version}");
        let detail: Value = registry.get(&path, Some(&token)).json().expect("JSON");
        let count = |value: &Value| value.as_array().expect("a list").len();
        let of_mode = |mode: &str| {
            let resources = detail["root"]["resources"].as_array().expect("a list");
            resources.iter().filter(|one| one["mode"] == mode).count()
        };
        let found = [
            count(&detail["root"]["inputs"]),
            count(&detail["root"]["outputs"]),
            of_mode("managed"),
            of_mode("data"),
            count(&detail["submodules"]),
            count(&detail["examples"]),
        ];
        assert_eq!(found, expected, "{address} {version}");
    }
}
