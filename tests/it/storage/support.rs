//! Tables, random numbers and short ways to open things, for the tests of the store.

use std::path::Path;
use std::sync::Arc;

use terrakeep::domain::{Actor, Sha256, Timestamp};
use terrakeep::storage::{
    Blobs, DataDir, Disk, JournalRows, OpenError, Ownership, Prefix, RealDisk, RowNeeds, Stamp,
    Store, StoreError, StoreOptions, Table, TableInfo, VerifyReport, verify,
};

/// Rows that name a blob.
pub(crate) struct Packages;

impl Table for Packages {
    const ID: u8 = 1;
    const NAME: &'static str = "packages";
    const OWNER: Ownership = Ownership::Site;
    const GROUP_SEGMENTS: usize = 1;
    type Key = (String, u32);
    type Row = Package;
}

/// A row that names a blob.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Package {
    pub(crate) version: u64,
    pub(crate) blob: Option<Sha256>,
}

/// Rows that hold any text.
pub(crate) struct Notes;

impl Table for Notes {
    const ID: u8 = 2;
    const NAME: &'static str = "notes";
    const OWNER: Ownership = Ownership::Site;
    type Key = u64;
    type Row = String;
}

/// Counters.
pub(crate) struct Hits;

impl Table for Hits {
    const ID: u8 = 3;
    const NAME: &'static str = "hits";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = u64;
}

/// Rows that are not journalled.
pub(crate) struct Derived;

impl Table for Derived {
    const ID: u8 = 255;
    const NAME: &'static str = "derived";
    const OWNER: Ownership = Ownership::Site;
    const DERIVED: bool = true;
    type Key = u64;
    type Row = String;
}

const TABLES: &[TableInfo] = &[
    TableInfo::of::<Packages>(),
    TableInfo::of::<Notes>(),
    TableInfo::of::<Hits>(),
    TableInfo::of::<Derived>(),
];

/// Returns options for small segments and checkpoints, so that a short test has many of them.
pub(crate) fn options() -> StoreOptions {
    StoreOptions {
        segment_bytes: 4 * 1024,
        checkpoint_after_bytes: 12 * 1024,
        index_cache_bytes: 4 * 1024 * 1024,
        tables: TABLES,
        waiting_writes_limit: 1024,
    }
}

pub(crate) fn stamp(action: &'static str) -> Stamp {
    Stamp {
        at: now(),
        actor: Actor::Operator,
        action,
    }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

/// A store and its blobs.
pub(crate) struct Opened {
    pub(crate) dir: DataDir,
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
}

pub(crate) fn open_on(root: &Path, disk: Arc<dyn Disk>) -> Result<Opened, OpenError> {
    let dir = DataDir::open(root, &*disk)?;
    let store = Store::open(&dir, Arc::clone(&disk), options(), |_| {})?;
    let blobs = Blobs::new(&dir, disk)?;
    Ok(Opened { dir, store, blobs })
}

pub(crate) fn open(root: &Path) -> Opened {
    open_on(root, Arc::new(RealDisk)).expect("the store opens")
}

/// Returns the blobs that package rows name.
pub(crate) fn needs(rows: &JournalRows) -> Result<RowNeeds, StoreError> {
    let blobs = rows
        .scan::<Packages>(&Prefix::all())
        .filter_map(|found| match found {
            Ok((key, row)) => row.blob.map(|blob| Ok((format!("package {key:?}"), blob))),
            Err(error) => Some(Err(error)),
        });
    Ok(RowNeeds {
        blobs: blobs.collect::<Result<_, _>>()?,
        ..RowNeeds::default()
    })
}

pub(crate) fn verify_all(root: &Path) -> VerifyReport {
    let dir = DataDir::open(root, &RealDisk).expect("the directory opens");
    verify(&dir, &RealDisk, options(), &needs, |_| {}).expect("everything can be read")
}

/// Returns everything in the store as text, to be compared.
pub(crate) fn contents(store: &Store) -> Vec<String> {
    let packages = store.scan::<Packages>(&Prefix::all());
    let notes = store.scan::<Notes>(&Prefix::all());
    let hits = store.scan::<Hits>(&Prefix::all());
    let packages = packages.map(|row| format!("{:?}", row.expect("a row")));
    let notes = notes.map(|row| format!("{:?}", row.expect("a row")));
    let hits = hits.map(|row| format!("{:?}", row.expect("a row")));
    packages.chain(notes).chain(hits).collect()
}

/// A generator of random numbers (`SplitMix64`), which a seed fixes.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    pub(crate) fn index(&mut self, limit: usize) -> usize {
        usize::try_from(self.below(u64::try_from(limit).expect("it fits"))).expect("it fits")
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}
