//! Section `limits`: the limits on what one client may send and request.

use super::{ByteRate, ByteSize, HumanDuration};

/// The limits on what one client may send and request.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitsConfig {
    /// The largest module archive that may be uploaded.
    pub archive: ByteSize,
    /// The largest size of a module archive after unpacking.
    pub archive_unpacked: ByteSize,
    /// The most files and folders in one archive.
    pub archive_entries: u32,
    /// How many times larger than the archive its unpacked content may be.
    pub archive_ratio: u32,
    /// The largest package of a provider for one platform that may be uploaded.
    pub package: ByteSize,
    /// The largest size of a package after unpacking.
    pub package_unpacked: ByteSize,
    /// The most that an organization may store, unless it has a budget of its own; 0 means no
    /// limit.
    pub organization: ByteSize,
    /// The most that an organization may store for provider versions that are not published yet;
    /// 0 means no limit.
    pub staged: ByteSize,
    /// The time after which versions that were announced or staged, but not published, are
    /// removed; 0 means never.
    pub staged_for: HumanDuration,
    /// The largest request body that is not an upload.
    pub json_body: ByteSize,
    /// The longest path and query of a request.
    pub url: ByteSize,
    /// The time within which the head of a request must arrive.
    pub head_timeout: HumanDuration,
    /// The time after which an unused connection is closed.
    pub idle_timeout: HumanDuration,
    /// The time in which an archive may be sent or received more slowly than `body_min_rate`. Other
    /// bodies must have arrived by then.
    pub body_grace: HumanDuration,
    /// The least rate at which an archive is sent or received after `body_grace`; 0 means no limit.
    pub body_min_rate: ByteRate,
    /// The time after which a client that reads nothing of its response is disconnected.
    pub response_stall: HumanDuration,
    /// The requests of one client per second, on average; 0 means no limit.
    pub requests_per_second: u32,
    /// The requests that a client may make at once after a pause.
    pub burst: u32,
    /// The wrong passwords for one account from one network within `login_window` after which
    /// further attempts from there are delayed.
    pub login_failures: u32,
    /// The time in which `login_failures` are counted.
    pub login_window: HumanDuration,
    /// The most archives that are received at the same time.
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
            organization: ByteSize::mebibytes(100 * 1024),
            staged: ByteSize::mebibytes(10 * 1024),
            staged_for: HumanDuration::hours(7 * 24),
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
