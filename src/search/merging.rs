//! Which segments are merged after a commit.
//!
//! Each commit leaves a segment, and each segment costs every search. They are merged in the turn
//! of the one who writes, so that no thread works on when nothing is written.

use tantivy::SegmentMeta;
use tantivy::index::SegmentId;

/// More segments than these are merged.
const MAX_SEGMENTS: usize = 8;

/// The segments to merge into one; none or at least one.
///
/// The smallest ones, together with each larger one that is not more than twice what is merged
/// already: so a document is merged again only when its segment has grown by half, and takes part
/// in as many merges as the logarithm of the whole. A segment of which a third is deleted is
/// merged in any case.
pub(super) fn choose(mut segments: Vec<SegmentMeta>) -> Vec<SegmentId> {
    segments.sort_by_key(|segment| (segment.num_docs(), segment.id()));
    let too_many = segments.len() > MAX_SEGMENTS;
    let mut chosen = Vec::new();
    let mut documents: u64 = 0;
    for (position, segment) in segments.iter().enumerate() {
        let size = u64::from(segment.num_docs());
        let grows = too_many && (position < MAX_SEGMENTS / 2 || size <= documents * 2);
        let wasted = segment.num_deleted_docs() * 3 > segment.max_doc();
        if grows || wasted {
            chosen.push(segment.id());
        }
        if grows {
            documents += size;
        }
    }
    chosen
}
