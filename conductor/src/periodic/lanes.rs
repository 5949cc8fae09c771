//! Work on many BMCs at once, in two lanes, so that those that answer never wait for those that don't.
//!
//! ```text
//! waiting ──► fast lane (few places) ──► done
//!                 │ no end after a moment
//!                 └──► slow lane (many places) ──► done, or its own deadline
//! ```
//!
//! A silent BMC leaves its place in the fast lane after [`Lanes::patience`]. Only when the slow lane
//! is full as well does it keep both places occupied: that bounds memory, not the usual case.

use std::time::Duration;

use tokio::sync::Semaphore;

/// See the module.
#[derive(Debug)]
pub(super) struct Lanes {
    fast: Semaphore,
    slow: Semaphore,
    patience: Duration,
    places: usize,
}

impl Lanes {
    /// Lanes with so many places.
    pub(super) fn new(fast: usize, slow: usize, patience: Duration) -> Self {
        Lanes {
            fast: Semaphore::new(fast),
            slow: Semaphore::new(slow),
            patience,
            places: fast + slow,
        }
    }

    /// How many pieces of work make progress at most.
    pub(super) const fn places(&self) -> usize {
        self.places
    }

    /// Does the work: in the fast lane, and if that takes long, in the slow one.
    pub(super) async fn run<F: Future>(&self, work: F) -> F::Output {
        // The semaphores are never closed, so there is always a permit in the end.
        let place = self.fast.acquire().await;
        let mut work = std::pin::pin!(work);
        if let Ok(done) = tokio::time::timeout(self.patience, &mut work).await {
            return done;
        }
        let other = tokio::select! {
            done = &mut work => return done,
            other = self.slow.acquire() => other,
        };
        drop(place);
        let done = work.await;
        drop(other);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use tokio::time::Instant;

    /// How long a sweep takes in which so many out of a hundred never answer within their minute.
    async fn sweep(lanes: &Lanes, silent: u64) -> (Duration, Duration) {
        let began = Instant::now();
        let last_answer = std::cell::Cell::new(Duration::ZERO);
        futures::stream::iter(0..1000u64)
            .map(|number| {
                let last_answer = &last_answer;
                lanes.run(async move {
                    if number % 100 < silent {
                        tokio::time::sleep(Duration::from_secs(30)).await;
                    } else {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        last_answer.set(began.elapsed());
                    }
                })
            })
            .buffer_unordered(lanes.places())
            .collect::<Vec<()>>()
            .await;
        (last_answer.get(), began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn who_answers_does_not_wait_for_who_is_silent() {
        let lanes = Lanes::new(10, 200, Duration::from_secs(1));
        let (answered, ended) = sweep(&lanes, 0).await;
        assert!(answered <= Duration::from_millis(1100), "{answered:?}");
        assert_eq!(answered, ended);
        let (answered, ended) = sweep(&lanes, 5).await;
        assert!(answered <= Duration::from_secs(10), "{answered:?}");
        assert!(ended <= Duration::from_secs(40), "{ended:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn more_silence_than_places_still_ends() {
        let lanes = Lanes::new(10, 20, Duration::from_secs(1));
        let (_, ended) = sweep(&lanes, 50).await;
        assert!(
            ended <= Duration::from_secs(30 * (500 / 20 + 2)),
            "{ended:?}"
        );
    }
}
