//! Makes a release of a provider, as its publisher has it before publishing.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::Appliance;
use crate::zips::package_of;

/// A folder with the packages of one version.
pub(crate) struct Release {
    dir: TempDir,
    name: String,
    version: String,
}

/// The platforms that packages are made for by default.
pub(crate) const PLATFORMS: [&str; 3] = ["linux_amd64", "darwin_arm64", "windows_amd64"];

/// A small green square.
const BADGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0\x90\x91h6\0\0\0\x16\
    IDATx\xdac\x90\xcd\xf6'\t1\x8cj\x18\xd50|5\0\0\x1cW\xd7\x01\xa9\xd7\xb5\xa6\0\0\0\0IEND\xaeB`\x82";

/// Documentation with everything that a page may have; the provider is called `widget`.
pub(crate) const DOCS: [(&str, &str); 6] = [
    (
        "docs/index.md",
        "---\npage_title: \"Provider: Widget\"\n---\n\n# Widget provider\n\nMakes widgets. Begin with the [guide](guides/start.md), then make a\n[thing](resources/thing.md#schema).\n\n## Example\n\n```terraform\nprovider \"widget\" {\n  size = 3\n}\n```\n\n![badge](badge.png)\n",
    ),
    (
        "docs/guides/start.md",
        "---\npage_title: Getting started\ndescription: |-\n  The first widget, step by step.\n---\n# Getting started\n\nOpen the box.\n",
    ),
    (
        "docs/resources/thing.md",
        "---\npage_title: \"widget_thing Resource - widget\"\nsubcategory: Things\ndescription: |-\n  A thing that lasts.\n---\n\n# widget_thing (Resource)\n\nA thing that lasts. Look one up with [its data source](../data-sources/thing.md).\n\n## Schema\n\n### Required\n\n- `flavour` (String) How it tastes.\n\n### Read-Only\n\n- `id` (String) Its id.\n",
    ),
    (
        "docs/resources/other.md",
        "# widget_other\n\n<script>alert(1)</script>\n",
    ),
    (
        "docs/data-sources/thing.md",
        "# widget_thing (Data Source)\n\nFinds a thing by its `flavour`.\n",
    ),
    (
        "docs/functions/twice.md",
        "# function: twice\n\nSays it twice.\n",
    ),
];

impl Release {
    /// Makes packages of small programs, a different one for each platform.
    pub(crate) fn of(name: &str, version: &str) -> Self {
        let release = Self {
            dir: tempfile::tempdir().expect("a folder"),
            name: name.to_owned(),
            version: version.to_owned(),
        };
        for platform in PLATFORMS {
            let program = format!("#!/bin/sh\n# {name} {version} for {platform}\nexit 1\n");
            let package = package_of(name, version, program.as_bytes());
            release.write(&release.package(platform), &package);
        }
        release
    }

    /// Returns the folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Returns the name of the package for a platform.
    pub(crate) fn package(&self, platform: &str) -> String {
        format!(
            "terraform-provider-{}_{}_{platform}.zip",
            self.name, self.version
        )
    }

    /// Returns the name of the list of checksums.
    pub(crate) fn sums(&self) -> String {
        let (name, version) = (&self.name, &self.version);
        format!("terraform-provider-{name}_{version}_SHA256SUMS")
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, content).expect("written");
        path
    }

    /// Writes documentation as its generator lays it out.
    pub(crate) fn with_docs(self) -> Self {
        self.write("docs/badge.png", BADGE);
        for (path, text) in DOCS {
            self.write(path, text.as_bytes());
        }
        self
    }

    /// Publishes the folder with the command line.
    pub(crate) fn publish(&self, registry: &Appliance, more: &[&str]) -> Output {
        let folder = self.path().display().to_string();
        let address = format!("acme/{}", self.name);
        let words = [
            "publish-provider",
            &folder,
            &address,
            &self.version,
            "--json",
        ];
        command(registry, &[&words[..], more].concat())
    }

    /// Publishes the folder, which must succeed; returns what was printed.
    pub(crate) fn published(&self, registry: &Appliance, more: &[&str]) -> Value {
        let output = self.publish(registry, more);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// Runs a command of the program against a running registry, as its administrator.
pub(crate) fn command(registry: &Appliance, words: &[&str]) -> Output {
    registry.cli(words).output().expect("the program runs")
}
