//! Checks where to go after signing in: only to a path of this site, whoever wrote the link.

/// The longest path that is accepted, in bytes.
const LONGEST: usize = 2048;

/// Returns `next` if it is a path of this site that no browser could take for another site's.
pub(super) fn local_path(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let leads_away = rest.starts_with(['/', '\\']);
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    (!leads_away && next.len() <= LONGEST && next.bytes().all(plain)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses that lead to another site, or that some browser takes for such.
    #[rustfmt::skip]
    const AWAY: [&str; 33] = [
        "", "evil.example", "//evil.example", "///evil.example", "////evil.example",
        "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
        "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
        " //evil.example", "/ /evil.example", "http://evil.example", "https://evil.example",
        "https:evil.example", "https:/evil.example", "HTTPS://evil.example", "ftp://evil.example",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
        "mailto:a@evil.example", "@evil.example", ".evil.example", "?next=//evil.example",
        "#//evil.example", "/\u{0}/evil.example", "/settings\r\nSet-Cookie: a=b",
        "/\u{2028}/evil.example",
    ];

    #[test]
    fn t36_nothing_leads_to_another_site() {
        for away in AWAY {
            assert_eq!(local_path(away), None, "{away:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn t36_places_of_this_site_are_found_again() {
        for here in [
            "/",
            "/settings/tokens",
            "/modules/acme/vpc/aws?tab=inputs#x",
            "/search?q=https://x.example",
        ] {
            assert_eq!(local_path(here), Some(here));
        }
    }
}
