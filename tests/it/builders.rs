//! Makes archives that tests publish.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Makes a `.tar.gz` of files, in the order given; a path that ends in `/` is a directory, and a
/// content that begins with `-> ` is a symbolic link.
pub(crate) fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        if let Some(target) = content.strip_prefix("-> ") {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            tar.append_link(&mut header, path, target)
                .expect("an entry");
        } else if path.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
            header.set_mode(0o755);
            header.set_size(0);
            tar.append_data(&mut header, path, std::io::empty())
                .expect("an entry");
        } else {
            header.set_size(u64::try_from(content.len()).expect("a size"));
            tar.append_data(&mut header, path, content.as_bytes())
                .expect("an entry");
        }
    }
    let mut gzip = tar.into_inner().expect("the end of the archive");
    gzip.flush().expect("written");
    gzip.finish().expect("the end of the gzip stream")
}

/// Makes a small module whose content differs with `mark`.
pub(crate) fn module(mark: &str) -> Vec<u8> {
    let main = format!("output \"mark\" {{\n  value = \"{mark}\"\n}}\n");
    archive(&[("main.tf", &main), ("README.md", "# A module\n")])
}

/// Makes a module of about `bytes` bytes that do not compress.
pub(crate) fn module_of(bytes: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let noise: String = std::iter::repeat_with(|| {
        // xorshift: repeatable, and no two seeds alike.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'!' + u8::try_from(state % 90).expect("less than 90"))
    })
    .take(bytes * 10 / 8)
    .collect();
    archive(&[("main.tf", "# a large module\n"), ("noise.txt", &noise)])
}

/// Returns the path and content of each file in an archive.
pub(crate) fn unpack(archive: &[u8]) -> Vec<(String, String)> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let entries = tar.entries().expect("an archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("an entry");
            let path = entry.path().expect("a path").to_string_lossy().into_owned();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut content).expect("its content");
            (path, String::from_utf8_lossy(&content).into_owned())
        })
        .collect()
}

/// Makes a pipe that nobody writes to: opening it like a file waits for ever.
pub(crate) fn make_pipe(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo runs").success());
}
