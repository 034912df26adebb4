//! Chooses the segments that are merged after a commit.
//!
//! Each commit leaves a segment, and each segment costs every search, because each word is looked
//! up in its dictionaries. The writer merges them itself, so that no thread keeps working when
//! nothing is written.

use tantivy::SegmentMeta;
use tantivy::index::SegmentId;

/// A large segment, and a small one with the changes since.
const MAX_SEGMENTS: usize = 2;

/// The two are merged when the small one has more than a tenth of the large one's documents; until
/// then a commit costs no more than that tenth.
const PART: u64 = 10;

/// Returns the segments to merge into one; empty if nothing is to be merged.
///
/// A segment with more than a third of its documents deleted is merged in any case.
pub(super) fn choose(mut segments: Vec<SegmentMeta>) -> Vec<SegmentId> {
    segments.sort_by_key(|segment| (segment.num_docs(), segment.id()));
    let largest = segments.last().map_or(0, |it| u64::from(it.num_docs()));
    let all: u64 = segments.iter().map(|it| u64::from(it.num_docs())).sum();
    let too_many = segments.len() > MAX_SEGMENTS;
    let (last, whole) = (
        segments.len().saturating_sub(1),
        (all - largest) * PART > largest,
    );
    let chosen = segments.iter().enumerate().filter(|(position, segment)| {
        let wasted = segment.num_deleted_docs() * 3 > segment.max_doc();
        wasted || (too_many && (*position < last || whole))
    });
    chosen.map(|(_, segment)| segment.id()).collect()
}
