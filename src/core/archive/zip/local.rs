//! The entries where they lie. Each repeats its description, and they lie side by side.

use std::io::{Read, Seek};

use super::ZipError;
use super::central::{Listed, Method, bytes_at, flags};
use super::fields::{Fields, repeats_itself};

pub(super) const ENTRY_BYTES: u64 = 30;
pub(super) const ENTRY_SIGNATURE: u32 = 0x0403_4b50;
/// The size of the descriptor that may follow an entry's bytes.
pub(super) const DESCRIPTOR_BYTES: u64 = 16;
const DESCRIPTOR_SIGNATURE: u32 = 0x0807_4b50;

/// Checks that the entries fill the file up to the directory. Returns where the bytes of each
/// begin.
pub(super) fn places(
    from: &mut (impl Read + Seek),
    listed: &[Listed],
    directory: u64,
) -> Result<Vec<u64>, ZipError> {
    let mut order: Vec<usize> = (0..listed.len()).collect();
    order.sort_by_key(|at| listed.get(*at).map(|entry| entry.offset));
    let mut places = vec![0; listed.len()];
    let mut end = 0;
    for (at, entry) in order
        .into_iter()
        .filter_map(|at| Some((at, listed.get(at)?)))
    {
        if u64::from(entry.offset) != end {
            return Err(ZipError::Layout(entry.escaped_name()));
        }
        let begin = check_header(from, entry)?;
        let behind = begin + u64::from(entry.packed);
        if behind > directory {
            return Err(ZipError::Layout(entry.escaped_name()));
        }
        end = behind + descriptor(from, entry, behind)?;
        if let Some(place) = places.get_mut(at) {
            *place = begin;
        }
    }
    if end != directory {
        return Err(ZipError::Directory);
    }
    Ok(places)
}

/// Compares an entry's own header with the directory. Returns where its bytes begin.
fn check_header(from: &mut (impl Read + Seek), entry: &Listed) -> Result<u64, ZipError> {
    let offset = u64::from(entry.offset);
    let header = bytes_at(from, offset, ENTRY_BYTES)?;
    let mut fields = Fields(&header);
    fields.signature(ENTRY_SIGNATURE)?;
    let _needed = fields.u16()?;
    let (flags, method) = (fields.u16()?, fields.u16()?);
    let _time_and_day = fields.u32()?;
    let sums = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name, extra) = (fields.u16()?, fields.u16()?);
    let rest = u64::from(name) + u64::from(extra);
    let texts = bytes_at(from, offset + ENTRY_BYTES, rest)?;
    let mut fields = Fields(&texts);
    let name = fields.bytes(usize::from(name))?;
    let extra = fields.bytes(usize::from(extra))?;
    match repeats_itself(extra) {
        Some(false) => {}
        Some(true) => return Err(ZipError::Extra(entry.escaped_name())),
        None => return Err(ZipError::Directory),
    }
    let known = (entry.crc, entry.packed, entry.size);
    let later = flags & flags::DESCRIPTOR != 0;
    let agrees = flags == entry.flags
        && Method::of(method) == Some(entry.method)
        && name == entry.name.as_bytes()
        && (sums == known || later && sums == (0, 0, 0));
    if !agrees {
        return Err(ZipError::Disagree(entry.escaped_name()));
    }
    Ok(offset + ENTRY_BYTES + rest)
}

/// Returns the length of the descriptor after an entry's bytes; 0 if its flags announce none.
fn descriptor(from: &mut (impl Read + Seek), entry: &Listed, at: u64) -> Result<u64, ZipError> {
    if entry.flags & flags::DESCRIPTOR == 0 {
        return Ok(0);
    }
    let expected = (entry.crc, entry.packed, entry.size);
    // The descriptor has a signature, as all common tools write it.
    let record = bytes_at(from, at, DESCRIPTOR_BYTES)?;
    let mut fields = Fields(&record);
    let signed = fields.u32()? == DESCRIPTOR_SIGNATURE;
    let agrees = signed && (fields.u32()?, fields.u32()?, fields.u32()?) == expected;
    agrees
        .then_some(DESCRIPTOR_BYTES)
        .ok_or_else(|| ZipError::Disagree(entry.escaped_name()))
}
