//! A line to a machine's serial port, whatever it is made of.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;

/// What goes to the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Characters as they were typed.
    Characters(Bytes),
    /// A break (SysRq on many systems). A line that has none ignores it.
    Break,
}

/// What comes from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEvent {
    /// The line is open.
    Up,
    /// Characters from the machine.
    Output(Bytes),
    /// Something the BMC says beside characters; one sentence for whoever is looking.
    Notice(String),
}

/// The near ends of a line.
#[derive(Debug)]
pub struct LineEnds {
    /// What people type. When it ends, nobody is there any more, and the line closes.
    pub keys: mpsc::Receiver<Keys>,
    /// What the machine says.
    pub output: mpsc::Sender<LineEvent>,
    /// Whether the line is taken from whoever else has it open, as somebody who has just come
    /// wants. Without, that is [`LineError::Taken`].
    pub takes_over: bool,
}

impl LineEnds {
    /// Hands something to those who look; `false` when nobody does any more.
    pub async fn show(&self, event: LineEvent) -> bool {
        self.output.send(event).await.is_ok()
    }
}

/// Why a line could not be opened, or ended.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum LineError {
    /// It may work later.
    #[error("{0}")]
    Passing(String),
    /// The other side closed it, maybe for somebody else.
    #[error("{0}")]
    Closed(String),
    /// Somebody else has it, and was not to be disturbed.
    #[error("{0}")]
    Taken(String),
    /// It will not work until somebody changes something: a password, a host key, a setting.
    #[error("{0}")]
    Refused(String),
}

/// A way to a machine's serial port.
#[async_trait]
pub trait Line: Send + Sync + 'static {
    /// Opens the line, shows [`LineEvent::Up`], and carries characters until `ends.keys` ends or the
    /// line does. Opening has a deadline of its own.
    ///
    /// # Errors
    /// Why it could not be opened or ended by itself; names the BMC, never a secret.
    async fn carry(&self, ends: LineEnds) -> Result<(), LineError>;
}
