//! The clock floor: a time that is known to have passed, in a small file of the data directory. It
//! keeps what has expired from coming back when a start finds the system's clock set back.

use super::data_dir::{read_text, write_file};
use super::{DataDir, Disk, StoreError};
use crate::domain::Timestamp;

/// Returns the floor of a data directory; `None` if there is none that can be read.
pub fn read_clock_floor(dir: &DataDir, disk: &dyn Disk) -> Option<Timestamp> {
    let text = read_text(disk, &dir.clock_floor()).ok()?;
    serde_json::from_str(text.trim()).ok()
}

/// Writes the floor. It is on the disk when this returns.
pub(super) fn write_clock_floor(
    dir: &DataDir,
    disk: &dyn Disk,
    floor: Timestamp,
) -> Result<(), StoreError> {
    let path = dir.clock_floor();
    let mut text = serde_json::to_string(&floor)
        .map_err(|error| StoreError::io("write", &path, error.into()))?;
    text.push('\n');
    write_file(disk, &path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::RealDisk;

    #[test]
    fn r8_a_floor_is_read_back_and_a_damaged_one_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = DataDir::open(folder.path(), &RealDisk).expect("a data directory");
        assert_eq!(read_clock_floor(&dir, &RealDisk), None);
        for seconds in [1, 2] {
            let floor = Timestamp::from_micros(0).plus_seconds(seconds);
            write_clock_floor(&dir, &RealDisk, floor).expect("written");
            assert_eq!(read_clock_floor(&dir, &RealDisk), Some(floor));
        }
        std::fs::write(dir.clock_floor(), "\"yesterday\"").expect("written");
        assert_eq!(read_clock_floor(&dir, &RealDisk), None);
    }
}
