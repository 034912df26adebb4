//! Which pictures of other sites are decoration.
//!
//! No page of ours shows a picture of another site, since that site would learn who reads the page.
//! What a drawing shows can be followed as a link; a badge or a logo is not worth one.

/// Words in the address or the text of a picture that is decoration.
const DECORATION: [&str; 14] = [
    "badge",
    "banner",
    "beacon",
    "build status",
    "circleci",
    "codecov",
    "ga-beacon",
    "logo",
    "opencollective",
    "pre-commit",
    "shield",
    "sponsor",
    "travis-ci",
    "/workflows/",
];

/// The ends of names of pictures that show something.
const SHOWING: [&str; 6] = [".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"];

/// The end of names of pictures that are drawn on the way, as most badges are.
const DRAWN: &str = ".svg";

/// Returns whether a picture of another site is a badge or a logo.
pub(super) fn is_decoration(source: &str, alt: &str, is_in_link: bool) -> bool {
    let (source, alt) = (source.to_ascii_lowercase(), alt.to_ascii_lowercase());
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let is_showing = SHOWING.iter().any(|end| path.ends_with(end));
    let is_named = DECORATION
        .iter()
        .any(|word| source.contains(word) || alt.contains(word));
    // Badges are drawn on the way, as SVG or under an address without an ending, and lead somewhere.
    is_named || path.ends_with(DRAWN) || (is_in_link && !is_showing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_and_logos_are_decoration_and_drawings_are_not() {
        for (source, alt, is_in_link, expected) in [
            ("https://img.shields.io/x", "", false, true),
            ("https://example.com/a/workflows/ci/x", "CI", false, true),
            ("https://example.com/a.svg?branch=main", "CI", false, true),
            ("https://example.com/readme/header", "Header", true, true),
            ("https://example.com/a.png", "Company logo", false, true),
            (
                "https://example.com/architecture.PNG",
                "Architecture",
                true,
                false,
            ),
            ("https://example.com/picture", "Architecture", false, false),
        ] {
            assert_eq!(is_decoration(source, alt, is_in_link), expected, "{source}");
        }
    }
}
