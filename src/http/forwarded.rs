//! The addresses that proxies report in `X-Forwarded-For` or `Forwarded` (RFC 7239), in each form
//! that proxies write: with ports, brackets, quotes and spaces.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};

/// Returns the reported addresses, that of the nearest hop first; `None` stands for one that cannot
/// be read, such as `unknown`.
///
/// `Forwarded` counts only where there is no `X-Forwarded-For`: most proxies set the latter alone
/// and pass on whatever their client wrote into the former.
pub(super) fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut hops = if headers.contains_key(X_FORWARDED_FOR) {
        each_line(headers, &X_FORWARDED_FOR, |line| {
            let nodes = line.split(',').filter(|node| !node.trim().is_empty());
            nodes.map(address).collect()
        })
    } else {
        each_line(headers, &FORWARDED, |line| {
            let elements = split_unquoted(line, ',').into_iter();
            let elements = elements.filter(|element| !element.trim().is_empty());
            elements.map(client_of).collect()
        })
    };
    hops.reverse();
    hops
}

/// Reads the lines of a header in their order. Some proxies append to the line of the request,
/// others add one of their own.
fn each_line(
    headers: &HeaderMap,
    name: &HeaderName,
    read: impl Fn(&str) -> Vec<Option<IpAddr>>,
) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all(name);
    lines
        .flat_map(|line| line.to_str().map_or_else(|_| vec![None], &read))
        .collect()
}

/// Returns the address of the parameter `for` in one element of a `Forwarded` line.
fn client_of(element: &str) -> Option<IpAddr> {
    let pairs = split_unquoted(element, ';');
    let mut nodes = pairs.iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    });
    address(nodes.next()?)
}

/// Splits a text at a separator that is not within double quotes.
fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(|sign: char| {
        let is_end = sign == separator && !quoted;
        if escaped {
            escaped = false;
        } else if sign == '"' {
            quoted = !quoted;
        } else {
            escaped = quoted && sign == '\\';
        }
        is_end
    })
    .collect()
}

/// Reads an address: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`,
/// `[2001:db8::1]:4711`, each of them perhaps in quotes.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let unquoted = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let text = unquoted.unwrap_or(text).trim();
    if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let is_alone = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return is_alone.then(|| v6(host)).flatten();
    }
    match text.split_once(':') {
        // An address of IPv6 has more than one colon.
        Some((host, port)) if !port.contains(':') => {
            let host = host.parse().map(IpAddr::V4).ok();
            host.filter(|_| is_port(port))
        }
        Some(_) => v6(text),
        None => text.parse().ok(),
    }
}

/// Reads an address of IPv6 without its zone, which only the proxy itself can use.
fn v6(text: &str) -> Option<IpAddr> {
    let (host, _zone) = text.split_once('%').unwrap_or((text, ""));
    host.parse::<Ipv6Addr>().map(IpAddr::V6).ok()
}

/// Tells whether a text is a port, or the word that stands for a hidden one.
fn is_port(text: &str) -> bool {
    let hidden = text.strip_prefix('_').filter(|rest| !rest.is_empty());
    match hidden {
        Some(rest) => rest
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"._-".contains(&it)),
        None => text.bytes().all(|it| it.is_ascii_digit()) && text.parse::<u16>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(lines: &[(&'static str, &str)]) -> Vec<String> {
        let mut request = TestRequest::default();
        for line in lines {
            request = request.append_header(*line);
        }
        let hops = hops(request.to_http_request().headers()).into_iter();
        hops.map(|hop| hop.map_or_else(|| "?".to_owned(), |hop| hop.to_string()))
            .collect()
    }

    #[test]
    fn p6_an_address_is_read_in_each_form_that_proxies_write() {
        for (written, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            (" 192.0.2.1\t", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("\"192.0.2.1:4711\"", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
            ("[2001:db8::1]:_hidden", "2001:db8::1"),
            ("unknown", "?"),
            ("_hidden", "?"),
            ("192.0.2.1:", "?"),
            ("192.0.2.1:70000", "?"),
            ("192.0.2.1:+80", "?"),
            ("192.0.2.1:80x", "?"),
            ("192.0.2.256", "?"),
            ("[192.0.2.1]:80", "?"),
            ("[2001:db8::1]80", "?"),
            ("[2001:db8::1", "?"),
            ("host.example:80", "?"),
        ] {
            let name = "x-forwarded-for";
            assert_eq!(read(&[(name, written)]), [expected], "{written}");
            let element = format!("proto=https; For={written}");
            assert_eq!(read(&[("forwarded", &*element)]), [expected], "{element}");
        }
    }

    #[test]
    fn p6_the_nearest_of_several_hops_comes_first() {
        let name = "x-forwarded-for";
        assert_eq!(
            read(&[(name, "1.1.1.1:1, ,2.2.2.2"), (name, "[2001:db8::1]:3")]),
            ["2001:db8::1", "2.2.2.2", "1.1.1.1"]
        );
        let forwarded =
            "for=\"[2001:db8::1]:1\";by=\"a,b;for=9.9.9.9\", host=x;for=2.2.2.2:80 , by=x";
        assert_eq!(
            read(&[("forwarded", forwarded)]),
            ["?", "2.2.2.2", "2001:db8::1"]
        );
        assert_eq!(
            read(&[("forwarded", "for=\"1.1.1.1\\\",for=2.2.2.2")]),
            ["?"]
        );
        assert_eq!(
            read(&[("forwarded", "for=9.9.9.9"), (name, "1.1.1.1")]),
            ["1.1.1.1"],
            "what a client may have written itself does not count"
        );
        assert!(read(&[]).is_empty());
    }
}
