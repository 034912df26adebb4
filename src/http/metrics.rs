//! Counters in Prometheus' format.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry as Exposition;

type Labels = Vec<(&'static str, &'static str)>;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 10] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5,
];

/// The counters of one server.
#[derive(Debug)]
pub struct Metrics {
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    /// The sequence number of the last journal record.
    pub journal_sequence: Gauge<i64>,
    /// 1 while nothing can be written, else 0.
    pub read_only: Gauge,
    exposition: Exposition,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            requests: Family::default(),
            seconds: Histogram::new(BUCKETS),
            journal_sequence: Gauge::default(),
            read_only: Gauge::default(),
            exposition: Exposition::with_prefix("terrakeep"),
        };
        let exposition = &mut metrics.exposition;
        exposition.register(
            "http_requests",
            "Answered requests",
            metrics.requests.clone(),
        );
        exposition.register(
            "http_request_seconds",
            "Time from the head of a request to the head of its answer",
            metrics.seconds.clone(),
        );
        exposition.register(
            "journal_sequence",
            "Sequence number of the last journal record",
            metrics.journal_sequence.clone(),
        );
        exposition.register(
            "read_only",
            "1 while nothing can be written after a disk error",
            metrics.read_only.clone(),
        );
        metrics
    }
}

impl Metrics {
    /// Counts one answer.
    pub fn record(&self, method: &Method, status: StatusCode, elapsed: Duration) {
        let labels = vec![("method", known_method(method)), ("status", class(status))];
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(elapsed.as_secs_f64());
    }

    /// All counters as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        encode(&mut text, &self.exposition).unwrap_or_default();
        text
    }
}

/// A bounded set of label values, whatever clients send.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
