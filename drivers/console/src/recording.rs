//! Recordings of consoles: asciicast v2 files, as `asciinema play` shows them.
//!
//! What is typed is not recorded: passwords are typed without an echo. Files are private (0600), cut
//! at a size, and the oldest of a node are removed.

mod cast;

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use bytes::Bytes;
use schemas_model::Uuid;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use cast::Cast;

/// Events that may wait for the disk; more are counted and lost.
const WAITING: usize = 1024;
/// What recordings are called after.
const EXTENSION: &str = "cast";

/// How a node's console is recorded.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    pub(crate) directory: PathBuf,
    pub(crate) node: Uuid,
    /// Bytes after which another file is begun.
    pub(crate) max_size: u64,
    /// Files kept of the node.
    pub(crate) keep: usize,
    pub(crate) tasks: TaskTracker,
}

/// A recording under way; dropping it completes the file.
#[derive(Debug)]
pub(crate) struct Recorder {
    events: mpsc::Sender<Event>,
    began: Instant,
}

#[derive(Debug)]
struct Event {
    after: f64,
    what: What,
}

#[derive(Debug)]
enum What {
    Output(Bytes),
    Marker(String),
}

impl Recording {
    /// Begins a recording. A disk that fails ends it, and is logged; the console goes on.
    pub(crate) fn begin(&self) -> Recorder {
        let (events, incoming) = mpsc::channel(WAITING);
        let recording = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = recording.write(incoming).await {
                tracing::error!(node.uuid = %recording.node, %error, "a console is not recorded any more");
            }
        });
        Recorder {
            events,
            began: Instant::now(),
        }
    }

    async fn write(&self, mut events: mpsc::Receiver<Event>) -> io::Result<()> {
        let mut part = self.next_file(0).await?;
        while let Some(event) = events.recv().await {
            let line = match &event.what {
                What::Output(bytes) => part.cast.output(event.after, bytes),
                What::Marker(text) => Some(part.cast.marker(event.after, text)),
            };
            let Some(line) = line else { continue };
            let len = u64::try_from(line.len()).unwrap_or(u64::MAX);
            if part.size.saturating_add(len) > self.max_size && part.size > part.header {
                part.file.flush().await?;
                let tail = part.cast.take_tail();
                part = self.next_file(part.number + 1).await?;
                part.cast.set_tail(tail);
            }
            part.file.write_all(line.as_bytes()).await?;
            part.size = part.size.saturating_add(len);
            if events.is_empty() {
                part.file.flush().await?;
            }
        }
        part.file.flush().await
    }

    async fn next_file(&self, number: u32) -> io::Result<Part> {
        let now = chrono::Utc::now();
        let name = format!(
            "{}-{}-{number:03}.{EXTENSION}",
            self.node,
            now.format("%Y%m%dT%H%M%S%3f")
        );
        let (recording, path) = (self.clone(), self.directory.join(name));
        tokio::task::spawn_blocking(move || recording.prepare())
            .await
            .map_err(io::Error::other)??;
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let mut file = tokio::io::BufWriter::new(options.open(&path).await?);
        let header = cast::header(&self.node, now.timestamp());
        file.write_all(header.as_bytes()).await?;
        let len = u64::try_from(header.len()).unwrap_or(u64::MAX);
        Ok(Part {
            file,
            cast: Cast::default(),
            number,
            header: len,
            size: len,
        })
    }

    /// Makes the directory, and room for one more file.
    fn prepare(&self) -> io::Result<()> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)?;
        let prefix = format!("{}-", self.node);
        let mut own: Vec<PathBuf> = std::fs::read_dir(&self.directory)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| name.starts_with(&prefix))
                    && path.extension().is_some_and(|ending| ending == EXTENSION)
            })
            .collect();
        // Names sort by time.
        own.sort();
        let surplus = (own.len() + 1).saturating_sub(self.keep.max(1));
        for old in own.iter().take(surplus) {
            std::fs::remove_file(old)?;
        }
        Ok(())
    }
}

struct Part {
    file: tokio::io::BufWriter<tokio::fs::File>,
    cast: Cast,
    number: u32,
    header: u64,
    size: u64,
}

impl Recorder {
    /// Records what the machine said.
    pub(crate) fn output(&self, bytes: Bytes) {
        self.event(What::Output(bytes));
    }

    /// Records a remark of ours.
    pub(crate) fn marker(&self, text: &str) {
        self.event(What::Marker(text.to_owned()));
    }

    fn event(&self, what: What) {
        let after = self.began.elapsed().as_secs_f64();
        if let Err(mpsc::error::TrySendError::Full(_)) = self.events.try_send(Event { after, what })
        {
            tracing::warn!("the disk is too slow for a recording of a console; a piece is missing");
        }
    }
}

#[cfg(test)]
mod tests;
