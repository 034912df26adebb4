//! Which segments are merged after a commit.
//!
//! Each commit leaves a segment, and each segment costs every search: its dictionaries are looked
//! through for each word. They are merged in the turn of the one who writes, so that no thread
//! works on when nothing is written.

use tantivy::SegmentMeta;
use tantivy::index::SegmentId;

/// A large segment, and a small one for what has changed since.
const MAX_SEGMENTS: usize = 2;

/// When the small one has so much of the large one, in parts of it, they become one: until then
/// a commit costs no more than that part.
const PART: u64 = 10;

/// The segments to merge into one; none or at least one.
///
/// A segment of which a third is deleted is merged in any case.
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
