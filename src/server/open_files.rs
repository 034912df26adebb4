//! How many files and connections the system lets this process have open.

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::config::Config;

/// The files that the program itself has open, beside connections and uploads: the journal, the
/// index, the search index, and what each worker thread needs.
const OWN_FILES: u64 = 64;

/// The files of an upload while it is received and checked.
const FILES_OF_AN_UPLOAD: u64 = 2;

/// Raises the limit of this process as far as it may, and returns how many connections each worker
/// may have open, so that there is room for the files of the program itself.
pub(super) fn connections_of_worker(config: &Config) -> usize {
    let workers = u64::try_from(config.server.worker_count()).unwrap_or(1);
    let wanted = u64::from(config.server.max_connections);
    let uploads = u64::from(config.limits.concurrent_uploads);
    let Some(files) = raised_limit() else {
        return size(wanted);
    };
    let possible = room_for_connections(files, uploads) / workers;
    if possible >= wanted {
        return size(wanted);
    }
    let possible = possible.max(1);
    tracing::warn!(
        open_files = files,
        "each worker keeps at most {possible} connections open at once instead of the {wanted} of \
         `server.max_connections`: the system lets this process open {files} files; raise that \
         limit (`LimitNOFILE` of systemd, `ulimit -n` of a shell) for more"
    );
    size(possible)
}

/// Returns how many connections there is room for if the process may open `files` files.
fn room_for_connections(files: u64, uploads: u64) -> u64 {
    let own = OWN_FILES + FILES_OF_AN_UPLOAD * uploads;
    files - own.min(files / 2)
}

/// Raises the limit of open files as far as the process may; `None` if there is none.
fn raised_limit() -> Option<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum || limit.maximum.is_none() {
        let before = limit.current;
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files stays as it is");
            return before;
        }
    }
    limit.current
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p16_connections_leave_room_for_the_program_s_own_files() {
        assert_eq!(room_for_connections(65_536, 32), 65_536 - 64 - 64);
        assert_eq!(room_for_connections(1024, 32), 896);
        assert_eq!(room_for_connections(100, 32), 50);
        assert_eq!(room_for_connections(1, 32), 1);
    }

    #[test]
    fn p16_the_limit_of_open_files_is_raised_as_far_as_it_may() {
        let raised = raised_limit();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!((raised, limit.current), (limit.current, limit.maximum));
    }
}
