//! Serial over LAN as a line.

use std::time::Duration;

use bytes::Bytes;
use drivers_console::{Keys, Line, LineEnds, LineError, LineEvent};
use drivers_interface::async_trait;
use drivers_ipmi_client::sol::Notice;
use drivers_ipmi_client::{Client, Error, Failure, Limits, SerialInput, SerialOutput, Target};
use tokio::sync::mpsc;

/// Longest time for opening a line.
const OPEN: Duration = Duration::from_secs(30);
/// Pieces on their way in either direction.
const WAITING: usize = 32;

/// The serial port of one machine.
pub(super) struct SerialOverLan {
    client: Client,
    target: Target,
}

impl SerialOverLan {
    pub(super) const fn new(client: Client, target: Target) -> Self {
        SerialOverLan { client, target }
    }
}

#[async_trait]
impl Line for SerialOverLan {
    async fn carry(&self, ends: LineEnds) -> Result<(), LineError> {
        let limits = Limits::within(OPEN);
        let LineEnds {
            mut keys,
            output,
            takes_over,
        } = ends;
        let line = if takes_over {
            self.client.serial_line(&self.target, limits).await
        } else {
            self.client.free_serial_line(&self.target, limits).await
        };
        let line = line.map_err(line_error)?;
        // The receiver is held by whoever shares the line, for as long as this runs.
        let _ = output.send(LineEvent::Up).await;
        let (input, typed) = mpsc::channel(WAITING);
        let (shown, mut showing) = mpsc::channel(WAITING);
        let type_in = async move {
            while let Some(keys) = keys.recv().await {
                if input.send(to_bmc(keys)).await.is_err() {
                    break;
                }
            }
        };
        let show = async move {
            while let Some(event) = showing.recv().await {
                if output.send(from_bmc(event)).await.is_err() {
                    break;
                }
            }
        };
        let carry = async { tokio::join!(line.carry(typed, shown), show).0 };
        tokio::pin!(carry);
        let ended = tokio::select! {
            ended = &mut carry => ended,
            // Nobody types any more, and the line is told so.
            () = type_in => carry.await,
        };
        ended.map_err(line_error)
    }
}

fn to_bmc(keys: Keys) -> SerialInput {
    match keys {
        Keys::Characters(bytes) => SerialInput::Characters(bytes.to_vec()),
        Keys::Break => SerialInput::Break,
    }
}

fn from_bmc(event: SerialOutput) -> LineEvent {
    match event {
        SerialOutput::Characters(bytes) => LineEvent::Output(Bytes::from(bytes)),
        SerialOutput::Notice(notice) => LineEvent::Notice(
            match notice {
                Notice::Unavailable => "the machine takes no characters: it is off or in reset",
                Notice::Overrun => "the BMC has lost characters",
                Notice::Break => "the machine sent a break",
            }
            .to_owned(),
        ),
    }
}

fn line_error(error: Error) -> LineError {
    let text = error.to_string();
    match error.failure {
        Failure::LineClosed(_) => LineError::Closed(text),
        Failure::LineTaken => LineError::Taken(text),
        Failure::Unresolved(_) | Failure::ShuttingDown => LineError::Passing(text),
        failure if failure.is_transient() => LineError::Passing(text),
        _ => LineError::Refused(text),
    }
}
