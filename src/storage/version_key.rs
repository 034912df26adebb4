//! A version as key bytes. They sort by semver precedence; among equals, by build metadata.
//!
//! ```text
//! major, minor, patch     u64 each, most significant byte first
//! FF                      a release, after all of its pre-releases
//!   or for each pre-release identifier
//!   01 length digits      a number: a longer one is greater
//!   02 text 00            a text: after all numbers
//! 00                      the end of the identifiers: fewer of them come first
//! build metadata 00
//! ```

use crate::domain::Version;

const END: u8 = 0x00;
const NUMBER: u8 = 0x01;
const TEXT: u8 = 0x02;
const RELEASE: u8 = 0xFF;

/// Appends the bytes of `version`.
pub(super) fn encode(version: &Version, to: &mut Vec<u8>) {
    encode_precedence(version, to);
    to.extend_from_slice(version.parts().build.as_str().as_bytes());
    to.push(END);
}

/// Appends the bytes with which all versions begin that have the precedence of `version`: those that
/// differ from it in build metadata only.
pub(super) fn encode_precedence(version: &Version, to: &mut Vec<u8>) {
    let parts = version.parts();
    for number in [parts.major, parts.minor, parts.patch] {
        to.extend_from_slice(&number.to_be_bytes());
    }
    if version.is_prerelease() {
        for identifier in parts.pre.as_str().split('.') {
            encode_identifier(identifier, to);
        }
    } else {
        to.push(RELEASE);
    }
    to.push(END);
}

/// Reads the version at the beginning of `bytes`; returns it and the bytes that follow. `None` if
/// there is no version.
pub(super) fn decode(bytes: &[u8]) -> Option<(Version, &[u8])> {
    let mut rest = bytes;
    let [major, minor, patch] = [
        take_u64(&mut rest)?,
        take_u64(&mut rest)?,
        take_u64(&mut rest)?,
    ];
    let mut text = format!("{major}.{minor}.{patch}");
    let mut separator = '-';
    loop {
        match take(&mut rest, 1)?.first().copied()? {
            RELEASE if separator == '-' => {
                (take(&mut rest, 1)? == [END]).then_some(())?;
                break;
            }
            END if separator == '.' => break,
            NUMBER => {
                let length = take(&mut rest, 1)?.first().copied()?;
                push(&mut text, separator, take(&mut rest, usize::from(length))?)?;
            }
            TEXT => push(&mut text, separator, take_text(&mut rest)?)?,
            _ => return None,
        }
        separator = '.';
    }
    let build = take_text(&mut rest)?;
    if !build.is_empty() {
        push(&mut text, '+', build)?;
    }
    let version: Version = text.parse().ok()?;
    // The bytes must also be exactly those that `encode` writes for the version.
    let mut again = Vec::with_capacity(bytes.len());
    encode(&version, &mut again);
    let (written, rest) = bytes.split_at_checked(again.len())?;
    (written == again).then_some((version, rest))
}

fn encode_identifier(identifier: &str, to: &mut Vec<u8>) {
    if identifier.bytes().all(|byte| byte.is_ascii_digit()) {
        // A version has at most 128 bytes, so the length of a number fits in one.
        let length = u8::try_from(identifier.len()).unwrap_or(u8::MAX);
        to.extend_from_slice(&[NUMBER, length]);
        to.extend_from_slice(identifier.as_bytes());
    } else {
        to.push(TEXT);
        to.extend_from_slice(identifier.as_bytes());
        to.push(END);
    }
}

fn push(text: &mut String, separator: char, identifier: &[u8]) -> Option<()> {
    text.push(separator);
    text.push_str(std::str::from_utf8(identifier).ok()?);
    Some(())
}

fn take<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(taken)
}

fn take_u64(from: &mut &[u8]) -> Option<u64> {
    let (number, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(u64::from_be_bytes(*number))
}

fn take_text<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = from.iter().position(|byte| *byte == END)?;
    let text = take(from, length)?;
    take(from, 1)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(version: &Version) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(version, &mut bytes);
        bytes
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            (0_u64..30).prop_map(|n| n.to_string()),
            any::<u64>().prop_map(|n| n.to_string()),
        ]
    }

    fn identifier() -> impl Strategy<Value = String> {
        prop_oneof![
            number(),
            "[1-9][0-9]{0,24}",
            "[0-9]{0,2}[a-zA-Z-][0-9a-zA-Z-]{0,3}",
            "(alpha|beta|rc)",
        ]
    }

    fn version() -> impl Strategy<Value = Version> {
        let build = "[0-9a-zA-Z-]{1,3}(\\.[0-9a-zA-Z-]{1,3}){0,1}";
        (
            (0_u64..3, 0_u64..3, number()),
            prop::collection::vec(identifier(), 0..4),
            prop::option::of(build),
        )
            .prop_map(|((major, minor, patch), pre, build)| {
                let mut text = format!("{major}.{minor}.{patch}");
                if !pre.is_empty() {
                    text = format!("{text}-{}", pre.join("."));
                }
                if let Some(build) = build {
                    text = format!("{text}+{build}");
                }
                text.parse().expect("the parts are those of a version")
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_order_of_bytes_is_precedence(a in version(), b in version()) {
            let (left, right) = (bytes(&a), bytes(&b));
            prop_assert_eq!(left.cmp(&right), a.cmp(&b), "{} and {}", a, b);
            let mut followed = left;
            followed.extend_from_slice(b"tail");
            prop_assert_eq!(decode(&followed), Some((a, &b"tail"[..])));
        }
    }

    #[test]
    fn exactly_the_versions_of_one_precedence_begin_alike() {
        let version = |text: &str| -> Version { text.parse().expect("a version") };
        let mut begin = Vec::new();
        encode_precedence(&version("1.0.0-rc.1"), &mut begin);
        for same in ["1.0.0-rc.1", "1.0.0-rc.1+a", "1.0.0-rc.1+a.b"] {
            assert!(bytes(&version(same)).starts_with(&begin), "{same}");
        }
        for other in [
            "1.0.0",
            "1.0.0+rc.1",
            "1.0.0-rc",
            "1.0.0-rc.1.1",
            "1.0.0-rc.10",
            "1.0.1-rc.1",
        ] {
            assert!(!bytes(&version(other)).starts_with(&begin), "{other}");
        }
    }

    #[test]
    fn known_neighbours_sort_by_precedence() {
        let ordered = [
            "1.0.0-0",
            "1.0.0-2",
            "1.0.0-11",
            "1.0.0-11.0",
            "1.0.0--",
            "1.0.0-alpha",
            "1.0.0-alpha+1",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-alpha-1",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0+a",
            "1.0.0+a.b",
            "1.0.1-0",
            "1.9.0",
            "1.10.0",
            "2.0.0",
        ]
        .map(|text| bytes(&text.parse().expect("a version")));
        assert!(ordered.is_sorted());
    }
}
