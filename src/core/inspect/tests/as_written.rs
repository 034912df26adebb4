//! Tests of code as people write it: with the line ends of every system, and with everything that
//! HCL allows between brackets. What terraform accepts is read, what it refuses is said.

use super::*;

/// The blocks of a module that use every place at which a line may end.
const SOURCE: &str = r#"# Ä comment
variable "shape" {
  type = object({ # c
    name = string
    size = optional(number, 1) // d
  })
  default = {
    name = "a", /* e
    f */
    size = 2
  }
  description = <<-EOT
    The quick brown fox
      jumps.
  EOT
  validation {
    condition = alltrue([
      for name in
      var.names : name != local.bad
      if name != ""
    ])
    error_message = "Bad \
"
  }
}

locals {
  chosen = var.a ? (var.b ? <<-EOT
    one ${var.c
      + 1}
    %{ if var.d ||
      var.e ~}
    two
    %{ endif ~}
  EOT
  : "") : jsonencode({
    for key, value in var.map : # c
    key => [
      value.x,
      <<EOT
# not a comment ${local.x}
EOT
      , aws_vpc.this.id
    ]...
    if value != null
  })
}

resource "aws_vpc" "this" {
  tags = merge(
    var.tags,
    { Name = "x" } // last
  )

  lifecycle {
    ignore_changes = [
      tags,
    ]
  }
}

module "m" {
  source = "acme/m/aws"

  providers = {
    aws = aws.west
  }
}

output "id" {
  description = <<EOT
The id.
EOT
  value = aws_vpc.this.id
}
"#;

fn without_returns(docs: &ModuleDocs) -> String {
    let json = serde_json::to_string_pretty(docs).expect("JSON");
    json.replace("\\r\\n", "\\n")
}

#[test]
fn pr01_lines_may_end_as_on_windows_and_a_mark_may_stand_before_them() {
    let source = SOURCE.replace("\"Bad \\\n\"", "\"Bad\"");
    let json = "{\n\"variable\": {\n\"j\": { \"default\": \"${local.x}\" }\n}\n}\n";
    let readme = "---\ntitle: x\n---\n# Module\n\nIt makes a network for\ntests.\n";
    let files = [
        ("main.tf", &*source),
        ("more.tf.json", json),
        ("README.md", readme),
        ("examples/a/main.tf", &source),
    ];
    let plain = docs(&files);
    assert_eq!(plain.root.diagnostics, []);
    assert_eq!(plain.root.inputs.len(), 2);
    let lines = files.map(|(path, text)| (path, text.replace('\n', "\r\n")));
    for mark in ["", "\u{feff}"] {
        let files = lines.clone().map(|(path, text)| {
            let mark = if path.ends_with("json") { "" } else { mark };
            (path, format!("{mark}{text}"))
        });
        let found = docs(&files.each_ref().map(|(path, text)| (*path, &**text)));
        assert_eq!(without_returns(&found), without_returns(&plain));
        // Terraform keeps the line ends in heredocs, and nowhere else.
        let described = found.root.inputs[0].description.as_deref();
        assert_eq!(described, Some("The quick brown fox\r\n  jumps.\r\n"));
        let default = found.root.inputs[0].default.as_ref().expect("there is one");
        assert!(!default.source.contains('\r'), "{}", default.source);
        let readme = found.root.readme.expect("there is one");
        assert_eq!(
            summary(&readme.text),
            summary("It makes a network for tests.")
        );
    }
}

#[test]
fn pr01_real_modules_read_the_same_with_the_line_ends_of_windows() {
    for name in [
        "terraform-aws-modules--vpc--aws--6.6.0.tar.gz",
        "hashicorp--consul--aws--0.11.0.tar.gz",
        "cloudposse--label--null--0.25.0.tar.gz",
    ] {
        let Some(plain) = real(name) else { return };
        let files: Vec<_> = plain
            .kept_files()
            .map(|(path, file)| {
                let text = String::from_utf8(file.content.clone()).expect("UTF-8");
                (path.as_str(), text.replace('\n', "\r\n"))
            })
            .collect();
        let files: Vec<_> = files.iter().map(|(p, t)| (*p, t.as_bytes())).collect();
        let limits = InspectLimits::default();
        let windows = inspect(&tree(&files), &limits, &never);
        let plain = inspect(&plain, &limits, &never);
        assert_eq!(without_returns(&windows), without_returns(&plain), "{name}");
    }
}

#[test]
fn what_terraform_reads_is_read() {
    for source in [
        "x = c ? (d ? <<-EOT\n a\n EOT\n : \"\") : \"\"\n",
        "x = c ? (\n d\n ? <<EOT\na\nEOT\n : \"\"\n) : \"\"\n",
        "x = f(<<A\na\nA\n, <<-B\n b\n B\n)\n",
        "x = [<<A\na\nA\n]\n",
        "x = { a = <<A\na\nA\n b = 1 }\n",
        "x = <<EOT\nEOT foo\n EOT.\nEOT\n",
        "x = <<EOT\n${<<EOT\ninner\nEOT\n}\nEOT\n",
        "x = <<A\n${<<B\n${<<A\na\nA\n}\nB\n}\nA\n",
        "x = \"${<<EOT\na\nEOT\n}\"\n",
        "x = [for a in\n b ||\n c : a]\n",
        "x = { # c\n for a in b : a =>\n c\n if d\n}\n",
        "x = {for/*c*/a in b : a => c}\n",
        "x = <<E\n%{ if a ||\n b ~}\nc\n%{ endif ~}\nE\n",
        "x = \"%{ for a in\n b }${\n a\n}%{ endfor }\"\n",
        "x = (a\n.b\n[0]\n)\n",
        "x = a[\n0\n]\n",
        "x = ( # c\n a // d\n + /* e */ b\n)\n",
        "x = !(\n a)\ny = -(\n b)\n",
        "x = 1 /* a\n b */\ny = 2\n",
        "x = <<EOT\nEOT\n",
        "x = <<EOT\na\n   EOT   \n",
        "x = \"$${a} $ % $$ %%{b}\"\n",
        "x = provider::aws::f(1, a...)\n",
        "# caf\u{e9}\r\nx = 1 # d\r\n\r\n",
        "x = { a = 1, a = 2 }\n",
        "x = { \"a\" = 1\n \"a\" = <<E\n}\nE\n b = 2, a = 3 }\n",
    ] {
        let found = root(&format!("locals {{\n{source}}}\n"));
        assert_eq!(found.diagnostics, [], "{source}");
        let windows = source.replace("\r\n", "\n").replace('\n', "\r\n");
        let found = root(&format!("locals {{\r\n{windows}}}\r\n"));
        assert_eq!(found.diagnostics, [], "{windows:?}");
    }
    // Comments may hold any bytes.
    let latin = tree(&[("a.tf", b"# caf\xe9\nvariable \"a\" {} // \xff\n")]);
    let found = inspect(&latin, &InspectLimits::default(), &never).root;
    assert_eq!(found.diagnostics, []);
    assert_eq!(names(found.inputs.iter().map(|i| &i.name)), ["a"]);
}

#[test]
fn what_terraform_refuses_is_said_with_its_line() {
    for (source, line) in [
        ("x = f(<<EOT\na\nEOT)\n", 1),
        ("x = <<EOT\na\nEOT", 1),
        ("x = 1;\n", 1),
        ("variable \"a\" {}\n,\n", 2),
        ("x = 1\ry = 2\n", 1),
        ("variable \"a\" {}\n/* b\n", 2),
        ("x = <<EOT \na\nEOT\n", 1),
        ("x = \"a\nb\"\n", 1),
        ("locals {\n  x = (\n    1,\n  )\n}\n", 3),
        ("locals {\n  a = [\n    1\n    2\n  ]\n}\n", 4),
        ("syntax error {{{\n", 1),
        ("variable \"a\" {\n", 1),
    ] {
        for source in [source.to_owned(), source.replace('\n', "\r\n")] {
            let found = root(&source).diagnostics;
            let lines: Vec<_> = found.iter().map(|d| d.position.line).collect();
            assert!(lines.contains(&line), "{source:?}: {found:?}");
        }
    }
    for (source, message) in [
        (
            "variable \"a\" {}\nvariable \"a\" {}\n",
            "main.tf:2: `var.a` is declared at main.tf:1 already",
        ),
        (
            "locals { a = 1 }\nlocals { a = 2 }\n",
            "main.tf:2: `local.a` is declared at main.tf:1 already",
        ),
        (
            "\nx = 1\n",
            "main.tf:2: an argument stands outside of all blocks",
        ),
        (
            "vraiable \"a\" {}\n",
            "main.tf:1: terraform knows no block `vraiable`",
        ),
        (
            "resource \"a\" {}\n",
            "main.tf:1: a block `resource` has a type and a name after it",
        ),
        (
            "variable {}\n",
            "main.tf:1: a block `variable` has one name after it",
        ),
    ] {
        let found = root(source).diagnostics;
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, [message], "{source}");
    }
    let several = "provider \"a\" {}\nprovider \"a\" {\n  alias = \"b\"\n}\nterraform {}\nterraform {}\n\
                   data \"a\" \"b\" {}\nresource \"a\" \"b\" {}\nmoved {}\nmoved {}\n";
    assert_eq!(root(several).diagnostics, []);
    let json = docs(&[("main.tf.json", "{ \"//\": \"c\", \"vraiable\": {} }")]);
    let found: Vec<_> = json.diagnostics().map(ToString::to_string).collect();
    assert_eq!(found, ["main.tf.json: terraform knows no block `vraiable`"]);
    let bytes = tree(&[
        (
            "a.tf",
            b"# caf\xe9\nvariable \"a\" {\n  description = \"caf\xe9\"\n}\n",
        ),
        ("b.tf.json", b"\xef\xbb\xbf{ \"variable\": { \"b\": {} } }"),
    ]);
    let found = inspect(&bytes, &InspectLimits::default(), &never).root;
    let places: Vec<_> = found
        .diagnostics
        .iter()
        .map(|d| d.position.to_string())
        .collect();
    assert_eq!(places, ["a.tf:3", "b.tf.json:1"]);
    assert_eq!(names(found.inputs.iter().map(|i| &i.name)), ["a", "b"]);
}

#[test]
fn a_readme_in_utf16_is_read() {
    let text = "# Module\r\n\r\nMakes a nëtwork 🕸.\r\n";
    for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes: Vec<u8> = units.flat_map(to_bytes).collect();
        let files = [("main.tf", &b""[..]), ("README.md", &bytes)];
        let docs = inspect(&tree(&files), &InspectLimits::default(), &never);
        assert_eq!(docs.root.readme.expect("there is one").text, text);
    }
}
