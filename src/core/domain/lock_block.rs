//! Writes the block of a dependency lock file for one provider, exactly as terraform does.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{OriginAddress, Version};

/// Returns the block that `terraform providers lock` would write for these hashes (`h1:…`, `zh:…`).
/// `constraints` are the version constraints of the configuration; `None` if it has none.
pub fn lock_block(
    address: &OriginAddress,
    version: &Version,
    constraints: Option<&str>,
    hashes: impl IntoIterator<Item = String>,
) -> String {
    let mut text = format!("provider \"{address}\" {{\n");
    // Writing to a `String` cannot fail.
    let _written = match constraints {
        Some(constraints) => {
            write!(
                text,
                "  version     = \"{version}\"\n  constraints = \"{constraints}\"\n"
            )
        }
        None => writeln!(text, "  version = \"{version}\""),
    };
    text.push_str("  hashes = [\n");
    for hash in hashes.into_iter().collect::<BTreeSet<_>>() {
        let _written = writeln!(text, "    \"{hash}\",");
    }
    text.push_str("  ]\n}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_written_as_terraform_writes_it() {
        let address = OriginAddress {
            host: "registry.example.com".parse().expect("a host"),
            provider: "Acme/widget".parse().expect("an address"),
        };
        let version = "1.2.3".parse().expect("a version");
        let hashes = || ["zh:b", "h1:a", "zh:b"].map(str::to_owned);
        let block = lock_block(&address, &version, Some("~> 1.2"), hashes());
        let expected = "\
provider \"registry.example.com/acme/widget\" {
  version     = \"1.2.3\"
  constraints = \"~> 1.2\"
  hashes = [
    \"h1:a\",
    \"zh:b\",
  ]
}
";
        assert_eq!(block, expected);
        let block = lock_block(&address, &version, None, hashes());
        assert!(
            block.contains("{\n  version = \"1.2.3\"\n  hashes"),
            "{block}"
        );
    }
}
