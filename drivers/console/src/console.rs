//! One node's console: a task that opens the line while somebody is there, and shares it.

use std::collections::VecDeque;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use schemas_model::Uuid;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::line::{Keys, Line, LineEnds, LineError, LineEvent};
use crate::recording::{Recorder, Recording};

/// Pieces of output that may wait for one reader; then it is disconnected.
const OUTPUT_WAITING: usize = 256;
/// Pieces of input that may wait for the line.
const KEYS_WAITING: usize = 32;
/// People that may wait to be let in.
const JOINS_WAITING: usize = 16;
/// Bytes of earlier output that whoever joins an open line sees first.
const SCROLLBACK: usize = 16 * 1024;
/// First and longest pause before a line is opened again.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// A line that was up for this long counts as having worked.
const STEADY: Duration = Duration::from_secs(10);
/// How long a refused line is left alone, so that no account is locked by repetition.
const REFUSED: Duration = Duration::from_secs(60);
/// How long a line that the other side closed is left to whoever wanted it: `ipmitool sol activate`
/// follows `sol deactivate` within a few seconds.
const CLOSED: Duration = Duration::from_secs(4);
/// Longest time for a line to close.
const CLOSE: Duration = Duration::from_secs(5);

/// A place in front of a console.
#[derive(Debug)]
pub(crate) struct Seat {
    output: mpsc::Receiver<Bytes>,
    keys: mpsc::Sender<Keys>,
    left: Arc<Notify>,
}

impl Seat {
    /// What is to be shown next; `None` when the console ended, or this reader was too slow.
    pub(crate) async fn output(&mut self) -> Option<Bytes> {
        self.output.recv().await
    }

    /// A sender of what is typed.
    pub(crate) fn keys(&self) -> mpsc::Sender<Keys> {
        self.keys.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.output.close();
        self.left.notify_one();
    }
}

/// The way to a console's task.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    joins: mpsc::Sender<Join>,
}

#[derive(Debug)]
struct Join {
    whence: String,
    reply: oneshot::Sender<Seat>,
}

/// What a console is made of.
pub(crate) struct Parts {
    pub(crate) node: Uuid,
    pub(crate) line: Arc<dyn Line>,
    /// Most people at once.
    pub(crate) seats: usize,
    pub(crate) recording: Option<Recording>,
    pub(crate) stop: CancellationToken,
}

impl Console {
    /// The way to a new console, and its task, which the caller runs.
    pub(crate) fn new(parts: Parts) -> (Self, impl Future<Output = ()> + Send) {
        let (joins, joining) = mpsc::channel(JOINS_WAITING);
        let (keys, typed) = mpsc::channel(KEYS_WAITING);
        let desk = Desk {
            node: parts.node,
            line: parts.line,
            most: parts.seats,
            recording: parts.recording,
            stop: parts.stop,
            joining,
            keys,
            typed,
            left: Arc::default(),
            seats: Vec::new(),
            carried: None,
            to_line: None,
            pending: None,
            scrollback: VecDeque::new(),
            redial: Instant::now(),
            pause: PAUSE.0,
            refused: false,
            closed: false,
            recorder: None,
        };
        (Console { joins }, desk.run())
    }

    /// A place for somebody at `whence`; `None` when all are taken or the console ended.
    pub(crate) async fn join(&self, whence: &str) -> Option<Seat> {
        let (reply, seat) = oneshot::channel();
        let join = Join {
            whence: whence.to_owned(),
            reply,
        };
        self.joins.send(join).await.ok()?;
        seat.await.ok()
    }
}

/// A line that is open, or being opened.
struct Carried {
    work: Pin<Box<dyn Future<Output = Result<(), LineError>> + Send>>,
    events: mpsc::Receiver<LineEvent>,
    /// Since when it is open.
    up: Option<Instant>,
}

enum FromLine {
    Event(LineEvent),
    Ended(Result<(), LineError>),
}

struct Desk {
    node: Uuid,
    line: Arc<dyn Line>,
    most: usize,
    recording: Option<Recording>,
    stop: CancellationToken,
    joining: mpsc::Receiver<Join>,
    keys: mpsc::Sender<Keys>,
    typed: mpsc::Receiver<Keys>,
    left: Arc<Notify>,
    seats: Vec<mpsc::Sender<Bytes>>,
    carried: Option<Carried>,
    /// The near end of that line.
    to_line: Option<mpsc::Sender<Keys>>,
    /// What was typed and the line has no room for yet.
    pending: Option<Keys>,
    scrollback: VecDeque<u8>,
    /// When the line may be opened (again).
    redial: Instant,
    pause: Duration,
    /// Whether the line was refused last, and is to be left alone for a while.
    refused: bool,
    /// Whether the line was closed by the other side, and nobody has come since: whoever has it now
    /// keeps it. Two services, or a service and a person, would take it from each other for ever.
    closed: bool,
    recorder: Option<Recorder>,
}

impl Desk {
    async fn run(mut self) {
        loop {
            let idle = self.carried.is_none();
            let is_up = self.carried.as_ref().is_some_and(|line| line.up.is_some());
            let dialling = idle && !self.seats.is_empty();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                () = self.left.notified() => self.seats.retain(|seat| !seat.is_closed()),
                Some(join) = self.joining.recv() => self.admit(join),
                from = next(&mut self.carried) => match from {
                    FromLine::Event(event) => self.hear(event),
                    FromLine::Ended(how) => self.ended(how).await,
                },
                () = sleep_until(self.redial), if dialling => self.dial(),
                () = has_room(self.to_line.as_ref()), if self.pending.is_some() => {
                    if let (Some(line), Some(keys)) = (&self.to_line, self.pending.take()) {
                        // There is room, as this task is the only sender; else the line has ended.
                        let _ = line.try_send(keys);
                    }
                }
                // What is typed while the line is being opened waits with the typist.
                Some(keys) = self.typed.recv(), if self.pending.is_none() && (is_up || self.seats.is_empty()) => {
                    if is_up {
                        self.pending = Some(keys);
                    }
                }
            }
            if self.seats.is_empty() && (self.carried.is_some() || self.recorder.is_some()) {
                self.hang_up().await;
            }
        }
        self.hang_up().await;
    }

    fn admit(&mut self, join: Join) {
        if self.seats.len() >= self.most {
            tracing::warn!(node.uuid = %self.node, whence = join.whence, "a console is full");
            return;
        }
        let (sender, output) = mpsc::channel(OUTPUT_WAITING);
        if !self.scrollback.is_empty() {
            let earlier: Vec<u8> = self.scrollback.iter().copied().collect();
            let _ = sender.try_send(Bytes::from(earlier));
        }
        let seat = Seat {
            output,
            keys: self.keys.clone(),
            left: Arc::clone(&self.left),
        };
        if self.seats.is_empty() && !self.refused {
            // Nobody has waited until now: the line is opened at once.
            (self.redial, self.pause) = (Instant::now(), PAUSE.0);
        }
        if join.reply.send(seat).is_ok() {
            tracing::info!(node.uuid = %self.node, whence = join.whence, "somebody looks at a console");
            self.seats.push(sender);
            self.closed = false;
            let wait = self.redial.saturating_duration_since(Instant::now());
            if self.carried.is_none() && wait > Duration::from_secs(1) {
                self.say(&format!("the line is tried again in {} s", wait.as_secs()));
            }
        }
    }

    fn dial(&mut self) {
        let (keys, typed) = mpsc::channel(KEYS_WAITING);
        let (output, events) = mpsc::channel(OUTPUT_WAITING);
        let line = Arc::clone(&self.line);
        let ends = LineEnds {
            keys: typed,
            output,
            takes_over: !self.closed,
        };
        self.carried = Some(Carried {
            work: Box::pin(async move { line.carry(ends).await }),
            events,
            up: None,
        });
        self.to_line = Some(keys);
    }

    fn hear(&mut self, event: LineEvent) {
        match event {
            LineEvent::Up => {
                if let Some(line) = &mut self.carried {
                    line.up = Some(Instant::now());
                }
                if let Some(recording) = &self.recording
                    && self.recorder.is_none()
                {
                    self.recorder = Some(recording.begin());
                }
                self.say("connected");
            }
            LineEvent::Output(bytes) => {
                if let Some(recorder) = &self.recorder {
                    recorder.output(bytes.clone());
                }
                self.scrollback.extend(&bytes);
                let surplus = self.scrollback.len().saturating_sub(SCROLLBACK);
                self.scrollback.drain(..surplus);
                self.broadcast(&bytes);
            }
            LineEvent::Notice(text) => self.say(&text),
        }
    }

    async fn ended(&mut self, how: Result<(), LineError>) {
        let was_up = self.carried.take().and_then(|line| line.up);
        self.to_line = None;
        self.pending = None;
        self.scrollback.clear();
        let now = Instant::now();
        if was_up.is_some_and(|since| now.duration_since(since) >= STEADY) {
            self.pause = PAUSE.0;
        }
        let error = match how {
            Ok(()) => LineError::Passing("the line ended".to_owned()),
            Err(error) => error,
        };
        tracing::warn!(node.uuid = %self.node, %error, "a serial line ended");
        self.refused = matches!(error, LineError::Refused(_));
        self.closed = matches!(error, LineError::Closed(_)) || (self.closed && was_up.is_none());
        if matches!(error, LineError::Closed(_)) {
            self.pause = self.pause.max(CLOSED);
        }
        match error {
            LineError::Passing(text) | LineError::Closed(text) => {
                self.redial = now + self.pause;
                self.say(&format!(
                    "{text}; the line is tried again in {} s",
                    self.pause.as_secs()
                ));
                self.pause = (self.pause * 2).min(PAUSE.1);
            }
            LineError::Refused(text) => {
                self.redial = now + REFUSED;
                self.say(&text);
                // Who wants to try again connects again; what waits to be shown still is.
                self.seats.clear();
            }
            LineError::Taken(text) => {
                self.say(&format!("{text}; whoever connects again takes it back"));
                self.seats.clear();
            }
        }
    }

    /// Closes the line, within [`CLOSE`].
    async fn hang_up(&mut self) {
        let Some(Carried {
            work, mut events, ..
        }) = self.carried.take()
        else {
            self.recorder = None;
            return;
        };
        self.to_line = None;
        let closing = async {
            let drained = async { while events.recv().await.is_some() {} };
            tokio::join!(work, drained).0
        };
        if let Ok(Err(error)) = timeout(CLOSE, closing).await {
            tracing::debug!(node.uuid = %self.node, %error, "closing a serial line");
        }
        self.pending = None;
        self.scrollback.clear();
        // Dropped: the recording is complete.
        self.recorder = None;
        tracing::info!(node.uuid = %self.node, "a serial line was closed");
    }

    /// Shows a remark of ours between the machine's lines.
    fn say(&mut self, text: &str) {
        if let Some(recorder) = &self.recorder {
            recorder.marker(text);
        }
        // A BMC may be quoted: nothing of it may steer the terminal.
        let plain: String = text.chars().filter(|c| !c.is_control()).collect();
        self.broadcast(&Bytes::from(format!("\r\n[console: {plain}]\r\n")));
    }

    fn broadcast(&mut self, bytes: &Bytes) {
        let node = &self.node;
        self.seats.retain(|seat| match seat.try_send(bytes.clone()) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                tracing::warn!(node.uuid = %node, "somebody who reads a console too slowly is disconnected");
                false
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        });
    }
}

async fn next(carried: &mut Option<Carried>) -> FromLine {
    match carried {
        None => pending().await,
        Some(line) => tokio::select! {
            biased;
            Some(event) = line.events.recv() => FromLine::Event(event),
            how = &mut line.work => FromLine::Ended(how),
        },
    }
}

/// Waits until the line takes another piece, or there is none (any more).
async fn has_room(line: Option<&mpsc::Sender<Keys>>) {
    if let Some(line) = line {
        // An error is the end of the line, which is noticed elsewhere.
        let _ = line.reserve().await;
    }
}

#[cfg(test)]
mod tests;
