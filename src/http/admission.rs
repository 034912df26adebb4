//! The checks that a request must pass before its route is looked up.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use arc_swap::ArcSwap;
use data_encoding::HEXLOWER;
use ipnet::IpNet;

use super::forwarded;
use super::metrics::Metrics;
use super::rate::RateLimiter;
use crate::auth::ClientNetwork;

/// Why a request is refused at admission.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The method is TRACE or CONNECT, which no server should serve for a stranger.
    #[error("TRACE and CONNECT are not answered")]
    Method,
    /// The target is longer than the configured limit.
    #[error("the address is longer than {limit_bytes} bytes")]
    LongUrl {
        /// The longest target that is read, in bytes.
        limit_bytes: usize,
    },
    /// The request names a host that is not this site.
    #[error(
        "this registry does not answer for the host `{0}`; use its own name, or add this one to server.hostnames"
    )]
    UnknownHost(String),
    /// The request depends on an entity tag, and nothing that can be changed here has one.
    #[error(
        "nothing that can be changed in this registry has an entity tag, so `{0}` cannot be checked and nothing was done; send the request without it"
    )]
    Condition(&'static str),
    /// The client sends requests faster than its rate allows.
    #[error("too many requests; try again in {retry_after_seconds} seconds")]
    TooMany {
        /// How long the client should wait, in seconds.
        retry_after_seconds: u64,
    },
}

/// The checks and the settings that they need.
#[derive(Debug)]
pub struct Admission {
    hosts: Vec<String>,
    trusted_proxies: Vec<IpNet>,
    https: bool,
    url_bytes: ArcSwap<usize>,
    rate: RateLimiter,
    metrics: Metrics,
    request_prefix: u32,
    requests: AtomicU64,
}

/// The settings of an [`Admission`].
#[derive(Debug, Clone)]
pub struct AdmissionSettings {
    /// Names and addresses that the site answers for, without ports.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` or `Forwarded` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether users reach the site by HTTPS.
    pub https: bool,
    /// The longest request target, in bytes.
    pub url_bytes: usize,
    /// Requests per second for one client, and how many at once; `None` for no limit.
    pub rate: Option<(u32, u32)>,
}

impl Admission {
    /// Creates the checks with these settings; `request_prefix` makes request ids differ between
    /// runs.
    pub fn new(settings: AdmissionSettings, request_prefix: u32) -> Self {
        Self {
            hosts: settings
                .hosts
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            trusted_proxies: settings.trusted_proxies,
            https: settings.https,
            url_bytes: ArcSwap::from_pointee(settings.url_bytes),
            rate: RateLimiter::new(settings.rate),
            metrics: Metrics::default(),
            request_prefix,
            requests: AtomicU64::new(0),
        }
    }

    /// Replaces the rate limits.
    pub fn set_limits(&self, url_bytes: usize, rate: Option<(u32, u32)>) {
        self.url_bytes.store(url_bytes.into());
        self.rate.set(rate);
    }

    /// Returns whether users reach the site by HTTPS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Returns the counters of this site.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the rates by client; the owner must drop old ones from time to time.
    pub fn rate(&self) -> &RateLimiter {
        &self.rate
    }

    /// Creates an id for the next request, for answers and for the log.
    pub fn next_request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let mut id = String::with_capacity(25);
        HEXLOWER.encode_append(&self.request_prefix.to_be_bytes(), &mut id);
        id.push('-');
        HEXLOWER.encode_append(&number.to_be_bytes(), &mut id);
        id
    }

    /// Admits a request or returns the reason why not.
    pub fn admit(&self, request: &ServiceRequest) -> Result<(), Refusal> {
        if [Method::TRACE, Method::CONNECT].contains(request.method()) {
            return Err(Refusal::Method);
        }
        let limit_bytes = **self.url_bytes.load();
        let target = request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > limit_bytes {
            return Err(Refusal::LongUrl { limit_bytes });
        }
        if let Some(condition) = unknown_condition(request) {
            return Err(Refusal::Condition(condition));
        }
        let host = host_of(request);
        if !self.answers_for(host) {
            return Err(Refusal::UnknownHost(
                host.escape_debug().take(200).collect(),
            ));
        }
        match self.network(request.request()) {
            Some(client) => {
                self.rate
                    .take(client)
                    .map_err(|retry_after_seconds| Refusal::TooMany {
                        retry_after_seconds,
                    })
            }
            None => Ok(()),
        }
    }

    /// Returns the network of the client, which all limits count by; `None` if it is unknown.
    pub fn network(&self, request: &HttpRequest) -> Option<ClientNetwork> {
        self.client(request).map(ClientNetwork::from)
    }

    /// Returns the address of the client: the peer's, unless the peer is a trusted proxy, which
    /// names the client that it forwards for. The last address that no trusted proxy added is the
    /// client's.
    fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        // A listener on [::] reports IPv4 peers as ::ffff:a.b.c.d.
        let peer = request.peer_addr()?.ip().to_canonical();
        let trusted =
            |address: &IpAddr| self.trusted_proxies.iter().any(|net| net.contains(address));
        if !trusted(&peer) {
            return Some(peer);
        }
        let outside = forwarded::hops(request.headers())
            .into_iter()
            .map_while(|hop| hop)
            .map(|hop| hop.to_canonical())
            .find(|hop| !trusted(hop));
        outside.or(Some(peer))
    }

    /// Returns whether the site answers for a host, which may have a port.
    pub fn answers_for(&self, host: &str) -> bool {
        let name = without_port(host);
        self.hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
            || name.eq_ignore_ascii_case("localhost")
            || name
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// Returns the condition of a request that changes something, if it cannot be checked. A client
/// sends it so that it does not undo the change of somebody else: to ignore it would do just that.
fn unknown_condition(request: &ServiceRequest) -> Option<&'static str> {
    if request.method().is_safe() {
        return None;
    }
    let is_any = |value: &HeaderValue| value.as_bytes().trim_ascii() == b"*";
    let headers = request.headers();
    // `*` asks only that the thing exists, without which neither of these methods does anything.
    let needs_it = [Method::PATCH, Method::DELETE].contains(request.method());
    let mut same = headers.get_all(IF_MATCH);
    if same.any(|value| !(needs_it && is_any(value))) {
        return Some("If-Match");
    }
    headers
        .get_all(IF_NONE_MATCH)
        .any(is_any)
        .then_some("If-None-Match")
}

/// Returns the host that the request names: `:authority` of HTTP/2, else the Host header.
fn host_of(request: &ServiceRequest) -> &str {
    request
        .uri()
        .authority()
        .map(actix_web::http::uri::Authority::as_str)
        .or_else(|| request.headers().get(HOST)?.to_str().ok())
        .unwrap_or_default()
}

fn without_port(host: &str) -> &str {
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or(host);
    }
    host.split_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::test::TestRequest;

    use super::*;

    fn gate() -> Admission {
        let settings = AdmissionSettings {
            hosts: vec!["registry.example".to_owned()],
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            https: true,
            url_bytes: 100,
            rate: None,
        };
        Admission::new(settings, 1)
    }

    #[test]
    fn t35_only_the_site_s_own_names_are_answered_for() {
        let admission = gate();
        for known in [
            "registry.example",
            "Registry.Example:8443",
            "localhost:1",
            "127.0.0.1",
            "[::1]:8443",
        ] {
            assert!(admission.answers_for(known), "{known}");
        }
        for unknown in [
            "",
            "evil.example",
            "registry.example.evil.example",
            "10.0.0.1",
        ] {
            assert!(!admission.answers_for(unknown), "{unknown}");
        }
    }

    #[test]
    fn t37_forwarded_addresses_count_only_from_trusted_proxies() {
        let admission = gate();
        let client = |peer: &str, forwarded: &[&str]| {
            let mut request = TestRequest::default()
                .peer_addr(SocketAddr::new(peer.parse().expect("an address"), 1));
            for line in forwarded {
                request = request.append_header(("X-Forwarded-For", *line));
            }
            let client = admission.client(&request.to_http_request());
            client.expect("an address").to_string()
        };
        #[rustfmt::skip]
        let table: [(&str, &[&str], &str); 13] = [
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            // What a client wrote itself stands in a header line before the proxy's.
            ("10.0.0.1", &["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["198.51.100.7", "10.0.0.3, 10.0.0.2"], "198.51.100.7"),
            // A listener that also accepts IPv6 reports IPv4 addresses like this.
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.7, ::ffff:10.0.0.2"], "198.51.100.7"),
            ("::ffff:192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            // Some proxies add the port of their client, which is another one in each connection.
            ("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9:1, 198.51.100.7:4711, 10.0.0.2:80"], "198.51.100.7"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"], "10.0.0.1"),
        ];
        for (peer, forwarded, expected) in table {
            assert_eq!(client(peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn p16_a_change_that_depends_on_an_entity_tag_is_refused() {
        let admission = gate();
        #[rustfmt::skip]
        let table = [
            (Method::GET, "if-match", "\"a\"", true),
            (Method::PATCH, "if-match", "\"a\"", false),
            (Method::PATCH, "if-match", "*", true),
            (Method::DELETE, "if-match", "W/\"a\", \"b\"", false),
            (Method::DELETE, "if-match", " * ", true),
            (Method::PUT, "if-match", "*", false),
            (Method::POST, "if-match", "\"a\"", false),
            (Method::PUT, "if-none-match", "*", false),
            (Method::PUT, "if-none-match", "\"a\"", true),
            (Method::GET, "if-none-match", "*", true),
        ];
        for (method, name, value, is_admitted) in table {
            let request = TestRequest::default()
                .method(method.clone())
                .insert_header(("host", "localhost"))
                .insert_header((name, value));
            let admitted = admission.admit(&request.to_srv_request());
            assert_eq!(admitted.is_ok(), is_admitted, "{method} {name}: {value}");
        }
    }

    #[test]
    fn t15_trace_and_connect_are_turned_away() {
        let admission = gate();
        let admitted = |method: Method| {
            let request = TestRequest::default().method(method);
            admission.admit(
                &request
                    .insert_header(("host", "localhost"))
                    .to_srv_request(),
            )
        };
        assert!(admitted(Method::GET).is_ok());
        for method in [Method::TRACE, Method::CONNECT] {
            assert!(matches!(admitted(method), Err(Refusal::Method)));
        }
    }
}
