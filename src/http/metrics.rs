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

/// The upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 10] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5,
];

/// The counters of one server.
#[derive(Debug)]
pub struct Metrics {
    requests: Requests,
    seconds: Histogram,
    /// The sequence number of the last journal record.
    pub journal_sequence: Gauge<i64>,
    /// 1 while the store cannot write, else 0.
    pub read_only: Gauge,
    /// 1 while the disk is so full that uploads are refused, else 0.
    pub uploads_refused: Gauge,
    /// How many bytes are free on the disk of the data directory.
    pub disk_free_bytes: Gauge<i64>,
    /// How many damaged or missing files the last check of all files found.
    pub damaged_files: Gauge,
    /// When that check ended, in seconds since 1970; 0 if there was none since the start.
    pub files_checked_seconds: Gauge,
    exposition: Exposition,
}

/// A counter for each method and class of status, looked up once, so that counting is one addition.
#[derive(Debug)]
struct Requests(Vec<Vec<Counter>>);

/// The values of the method label; anything else that clients send counts as `other`, so the number
/// of labels is bounded.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

impl Requests {
    fn of(family: &Family<Labels, Counter>) -> Self {
        let counter = |method, status| {
            let labels = vec![("method", method), ("status", status)];
            family.get_or_create(&labels).clone()
        };
        let row = |method| CLASSES.map(|class| counter(method, class)).to_vec();
        Self(METHODS.map(row).to_vec())
    }

    fn count(&self, method: &Method, status: StatusCode) {
        let known = METHODS.iter().position(|known| *known == method.as_str());
        let row = self.0.get(known.unwrap_or(METHODS.len() - 1));
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = row.and_then(|row| row.get(class)) {
            counter.inc();
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::<Labels, Counter>::default();
        let mut metrics = Self {
            requests: Requests::of(&requests),
            seconds: Histogram::new(BUCKETS),
            journal_sequence: Gauge::default(),
            read_only: Gauge::default(),
            uploads_refused: Gauge::default(),
            disk_free_bytes: Gauge::default(),
            damaged_files: Gauge::default(),
            files_checked_seconds: Gauge::default(),
            exposition: Exposition::with_prefix("terrakeep"),
        };
        let exposition = &mut metrics.exposition;
        exposition.register("http_requests", "Answered requests", requests);
        exposition.register(
            "http_request_seconds",
            "Time from the head of a request to the head of its answer",
            metrics.seconds.clone(),
        );
        let gauges = [
            (
                "journal_sequence",
                "Sequence number of the last journal record",
                &metrics.journal_sequence,
            ),
            (
                "read_only",
                "1 while nothing can be written after a disk error",
                &metrics.read_only,
            ),
            (
                "uploads_refused",
                "1 while the disk is so full that uploads are refused",
                &metrics.uploads_refused,
            ),
            (
                "disk_free_bytes",
                "Bytes that are free on the disk of the data directory",
                &metrics.disk_free_bytes,
            ),
            (
                "damaged_files",
                "Damaged or missing files that the last check of all files found; the log names them",
                &metrics.damaged_files,
            ),
            (
                "files_checked_timestamp_seconds",
                "When the last check of all files ended; 0 if there was none since the start",
                &metrics.files_checked_seconds,
            ),
        ];
        for (name, help, gauge) in gauges {
            exposition.register(name, help, gauge.clone());
        }
        metrics
    }
}

impl Metrics {
    /// Counts one answer and the time it took.
    pub fn record(&self, method: &Method, status: StatusCode, elapsed: Duration) {
        self.requests.count(method, status);
        self.seconds.observe(elapsed.as_secs_f64());
    }

    /// Returns all counters as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        encode(&mut text, &self.exposition).unwrap_or_default();
        text
    }
}
