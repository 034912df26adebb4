//! Section `limits`: how much one client may ask for.

use super::{ByteRate, ByteSize, HumanDuration};

/// How much one client may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitsConfig {
    /// A module archive as it is uploaded.
    pub archive: ByteSize,
    /// The same, unpacked.
    pub archive_unpacked: ByteSize,
    /// Files and folders in one archive.
    pub archive_entries: u32,
    /// How many times larger than its archive the unpacked content may be.
    pub archive_ratio: u32,
    /// A package of a provider for one platform, as it is uploaded.
    pub package: ByteSize,
    /// The same, unpacked.
    pub package_unpacked: ByteSize,
    /// The body of a request that is not an upload.
    pub json_body: ByteSize,
    /// The path and query of a request.
    pub url: ByteSize,
    /// How long the head of a request may take.
    pub head_timeout: HumanDuration,
    /// How long an unused connection is kept open.
    pub idle_timeout: HumanDuration,
    /// How long an upload may arrive more slowly than `body_min_rate`, and a JSON document at all.
    pub body_grace: HumanDuration,
    /// The slowest that an upload may arrive after that; 0 stands for any.
    pub body_min_rate: ByteRate,
    /// How long a client may take nothing of its response.
    pub response_stall: HumanDuration,
    /// Requests of one client in each second, on average; 0 stands for any number.
    pub requests_per_second: u32,
    /// How many requests a client may make at once after a pause.
    pub burst: u32,
    /// Wrong passwords within `login_window` before further attempts are delayed.
    pub login_failures: u32,
    /// See `login_failures`.
    pub login_window: HumanDuration,
    /// Archives that are received at the same time.
    pub concurrent_uploads: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            archive: ByteSize::mebibytes(64),
            archive_unpacked: ByteSize::mebibytes(256),
            archive_entries: 10_000,
            archive_ratio: 200,
            package: ByteSize::mebibytes(1024),
            package_unpacked: ByteSize::mebibytes(4096),
            json_body: ByteSize::mebibytes(1),
            url: ByteSize::kibibytes(8),
            head_timeout: HumanDuration::seconds(10),
            idle_timeout: HumanDuration::seconds(30),
            body_grace: HumanDuration::seconds(10),
            body_min_rate: ByteRate::per_second(ByteSize::kibibytes(1)),
            response_stall: HumanDuration::seconds(30),
            requests_per_second: 200,
            burst: 1000,
            login_failures: 10,
            login_window: HumanDuration::minutes(15),
            concurrent_uploads: 32,
        }
    }
}
