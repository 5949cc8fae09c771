//! One connected client: bytes between a stream and a seat, until either ends or nobody types.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::console::Seat;
use crate::line::Keys;

/// Bytes read at once.
const PIECE: usize = 1024;
/// Longest time for one piece to be written to a client.
pub(crate) const WRITE: Duration = Duration::from_secs(20);

/// Longest time for saying goodbye: whoever does not read must not delay the end of a console.
pub(crate) const GOODBYE: Duration = Duration::from_secs(2);

/// Why a client was let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It closed the connection.
    Client,
    /// The console ended, or the client read too slowly.
    Console,
    /// Nothing was exchanged for the configured time.
    Idle,
    /// The service stops.
    Stopping,
}

/// How long nothing has been exchanged, and how long that may last.
pub(crate) struct Idleness {
    limit: Option<Duration>,
    since: Mutex<Instant>,
}

impl Idleness {
    /// Starts now. Zero is no limit.
    pub(crate) fn new(limit: Duration) -> Self {
        Idleness {
            limit: (!limit.is_zero()).then_some(limit),
            since: Mutex::new(Instant::now()),
        }
    }

    /// Something was exchanged.
    pub(crate) fn touch(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until nothing was exchanged for too long.
    pub(crate) async fn over(&self) {
        let Some(limit) = self.limit else {
            return std::future::pending().await;
        };
        loop {
            let due = *self.since.lock().unwrap_or_else(PoisonError::into_inner) + limit;
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }
}

/// Carries bytes until something ends it.
pub(crate) async fn carry<S: AsyncRead + AsyncWrite>(
    stream: S,
    mut seat: Seat,
    idle: Duration,
    stop: &CancellationToken,
) -> Left {
    let (reader, mut writer) = tokio::io::split(stream);
    let keys = seat.keys();
    let idleness = Idleness::new(idle);
    let left = tokio::select! {
        left = listen(reader, &keys, &idleness) => left,
        left = show(&mut seat, &mut writer, &idleness) => left,
        () = idleness.over() => Left::Idle,
        () = stop.cancelled() => Left::Stopping,
    };
    let _ = timeout(GOODBYE, writer.shutdown()).await;
    left
}

async fn listen<R: AsyncRead + Unpin>(
    mut reader: R,
    keys: &mpsc::Sender<Keys>,
    idleness: &Idleness,
) -> Left {
    let mut buffer = vec![0; PIECE];
    while let Ok(count @ 1..) = reader.read(&mut buffer).await {
        let typed = Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default());
        idleness.touch();
        // Waits where the line is slow, and so does the client then.
        if keys.send(Keys::Characters(typed)).await.is_err() {
            return Left::Console;
        }
    }
    Left::Client
}

async fn show<W: AsyncWrite + Unpin>(seat: &mut Seat, writer: &mut W, idleness: &Idleness) -> Left {
    while let Some(output) = seat.output().await {
        let written = async {
            writer.write_all(&output).await?;
            writer.flush().await
        };
        if !matches!(timeout(WRITE, written).await, Ok(Ok(()))) {
            return Left::Client;
        }
        idleness.touch();
    }
    Left::Console
}
