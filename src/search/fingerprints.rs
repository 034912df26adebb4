//! Reads the fingerprints of the indexed modules.

use std::collections::HashMap;

use tantivy::{Index, ReloadPolicy, SegmentReader};

use super::SearchError;

/// Returns the fingerprint of each module of the last committed state, by address in lower case.
pub(super) fn read(index: &Index) -> Result<HashMap<String, u64>, SearchError> {
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
    let mut found = HashMap::new();
    let searcher = reader.try_into()?.searcher();
    for segment in searcher.segment_readers() {
        read_segment(segment, &mut found)?;
    }
    Ok(found)
}

fn read_segment(
    segment: &SegmentReader,
    found: &mut HashMap<String, u64>,
) -> Result<(), SearchError> {
    let Some(addresses) = segment.fast_fields().str("address")? else {
        return Ok(());
    };
    let fingerprints = segment.fast_fields().u64("fingerprint")?;
    for doc in segment.doc_ids_alive() {
        let mut address = String::new();
        let is_there = match addresses.ords().first(doc) {
            Some(ordinal) => addresses.ord_to_str(ordinal, &mut address)?,
            None => false,
        };
        if is_there && let Some(fingerprint) = fingerprints.first(doc) {
            found.insert(address.to_ascii_lowercase(), fingerprint);
        }
    }
    Ok(())
}
