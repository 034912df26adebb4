//! Opening archives and packages: however many ask for the same one at the same time, one of them
//! opens and verifies it, and the others wait without occupying a thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::Sha256;

/// The files that are being opened now, each with the end of that as an event.
#[derive(Debug, Default)]
pub(super) struct Openings(Mutex<HashMap<Sha256, watch::Receiver<()>>>);

/// The opening of a file by the first who asked for it; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Opening {
    openings: Arc<Openings>,
    sum: Sha256,
    _end: watch::Sender<()>,
}

impl Openings {
    /// Begins to open a file. While somebody else opens the same one, waits until that has ended
    /// and returns `None`: the file is verified then, and can be opened at once.
    pub(super) async fn begin(self: &Arc<Self>, sum: Sha256) -> Option<Opening> {
        let mut ended = match self.first_or_waiting(sum) {
            Ok(opening) => return Some(opening),
            Err(ended) => ended,
        };
        // It never changes: the end is that its sender is dropped.
        ended.changed().await.unwrap_or_default();
        None
    }

    fn first_or_waiting(self: &Arc<Self>, sum: Sha256) -> Result<Opening, watch::Receiver<()>> {
        let mut openings = self.lock();
        if let Some(ended) = openings.get(&sum) {
            return Err(ended.clone());
        }
        let (end, ended) = watch::channel(());
        openings.insert(sum, ended);
        Ok(Opening {
            openings: Arc::clone(self),
            sum,
            _end: end,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Sha256, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.openings.lock().remove(&self.sum);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[actix_web::test]
    async fn p10_the_second_waits_for_the_first_and_for_nobody_else() {
        let openings = Arc::new(Openings::default());
        let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
        let first = openings.begin(one).await.expect("nobody else opens it");
        assert!(openings.begin(two).await.is_some());
        let soon = Duration::from_millis(50);
        let second = openings.begin(one);
        assert!(timeout(soon, second).await.is_err(), "it is being opened");
        let waiting = openings.begin(one);
        let end = async { drop(first) };
        let (second, ()) = futures_util::future::join(waiting, end).await;
        assert!(second.is_none());
        assert!(
            openings.begin(one).await.is_some(),
            "nothing is left behind"
        );
    }
}
