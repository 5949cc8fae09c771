//! A serial line to a machine: serial over LAN on a session of its own.
//!
//! The session is not one of the kept ones: characters arrive whenever the machine writes, and a
//! line that hangs must not delay power control.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::conversation::{Conversation, Insistence, Link};
use super::{Client, Limits, Target};
use crate::command::Command;
use crate::command::device_id::GetDeviceId;
use crate::command::payload::{ActivateSol, Activated, DeactivateSol, GetSolOwner, GetSolStatus};
use crate::command::sol_configuration::{GetSolEnabled, SetSolEnabled};
use crate::completion::CompletionCode;
use crate::error::{Error, Failure};
use crate::session::Outcome;
use crate::session::retry::Retry;
use crate::sol::{Notice, Stream};

/// The first line of a BMC; there is seldom a second.
const INSTANCE: u8 = 1;
/// How often the BMC is asked whether the line is still open. It also keeps the session from
/// timing out (60 s, IPMI 2.0 §6.12.15).
const CHECK: Duration = Duration::from_secs(15);
/// When it is asked first. A BMC need not tell a session whose line is taken by another one.
const FIRST_CHECK: Duration = Duration::from_secs(2);
/// Repetition of packets on the line.
const RETRY: Retry = Retry {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(2),
    sends: 7,
    early: None,
};
/// Longest time for closing a line.
const CLOSE: Duration = Duration::from_secs(3);

/// What goes to the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialInput {
    /// Characters.
    Characters(Vec<u8>),
    /// A break.
    Break,
}

/// What comes from the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialOutput {
    /// Characters.
    Characters(Vec<u8>),
    /// What the BMC says beside them.
    Notice(Notice),
}

/// An open line.
#[derive(Debug)]
pub struct SerialLine {
    client: Client,
    conversation: Conversation,
    stream: Stream,
    address: String,
    check: Check,
    checking: bool,
    next_check: Instant,
}

/// What a check asks for: the most telling that the BMC has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Whose line it is; whether it was ours by the BMC's word at least once, as not every BMC has
    /// the same idea of a session's number.
    Owner { was_ours: bool },
    /// Whether it is open, for whomever.
    Status,
    /// Anything; an answer shows that the session lives.
    Device,
}

/// What one look around brought.
enum Event {
    Datagram(Option<Vec<u8>>),
    Input(Option<SerialInput>),
    Due,
    Stop,
}

impl Client {
    /// Opens the line of a BMC. One that somebody else has open is taken over, as
    /// `ipmitool sol deactivate` before `sol activate` would; a disabled one is enabled.
    ///
    /// # Errors
    /// Those of opening a session, and the BMC's refusal.
    pub async fn serial_line(&self, target: &Target, limits: Limits) -> Result<SerialLine, Error> {
        self.open_line(target, limits, true).await
    }

    /// Opens the line of a BMC as [`Client::serial_line`] does, unless somebody else has it.
    ///
    /// # Errors
    /// As there, and `LineTaken`.
    pub async fn free_serial_line(
        &self,
        target: &Target,
        limits: Limits,
    ) -> Result<SerialLine, Error> {
        self.open_line(target, limits, false).await
    }

    async fn open_line(
        &self,
        target: &Target,
        limits: Limits,
        takes_over: bool,
    ) -> Result<SerialLine, Error> {
        let shared = &self.shared;
        let mut line = SerialLine {
            client: self.clone(),
            conversation: Conversation::new(target, &shared.config),
            stream: Stream::new(0, RETRY),
            address: target.address(),
            check: Check::Owner { was_ours: false },
            checking: false,
            next_check: Instant::now() + CHECK,
        };
        let opened = line.open(limits, takes_over).await;
        if let Err(error) = &opened {
            let is_ours = !matches!(error.failure, Failure::LineTaken);
            line.hang_up(is_ours).await;
        }
        opened.map(|()| line)
    }
}

impl SerialLine {
    async fn open(&mut self, limits: Limits, takes_over: bool) -> Result<(), Error> {
        let client = self.client.clone();
        let link = link(&client, limits.deadline);
        if let Err(failure) = self.conversation.open(&link).await {
            let stage = self.conversation.take_failed_at().unwrap_or("preparing");
            return Err(self.error(&format!("opening a session: {stage}"), failure));
        }
        self.conversation.session.expect_serial();
        let (encrypted, authenticated) = self.conversation.session.protection();
        let activate = ActivateSol {
            instance: INSTANCE,
            encrypted,
            authenticated,
        };
        let activated = match self.run(&activate, limits.deadline).await {
            Err(error) => {
                match error.failure {
                    Failure::Completion {
                        code: CompletionCode(0x80),
                        ..
                    } if !takes_over => {
                        return Err(self.error(ActivateSol::NAME, Failure::LineTaken));
                    }
                    Failure::Completion {
                        code: CompletionCode(0x80),
                        ..
                    } => {
                        let deactivate = DeactivateSol { instance: INSTANCE };
                        self.run(&deactivate, limits.deadline).await?;
                    }
                    Failure::Completion {
                        code: CompletionCode(0x81),
                        ..
                    } if !self.run(&GetSolEnabled, limits.deadline).await? => {
                        tracing::info!(bmc = %self.address, "serial over LAN is disabled, enabling it");
                        self.run(&SetSolEnabled, limits.deadline).await?;
                    }
                    _ => return Err(error),
                }
                self.run(&activate, limits.deadline).await?
            }
            opened => opened?,
        };
        let Activated {
            inbound_max, port, ..
        } = activated;
        tracing::debug!(bmc = %self.address, inbound_max, port, "serial line opened");
        self.stream = Stream::new(inbound_max, RETRY);
        self.ask_owner(limits.deadline).await?;
        self.next_check = Instant::now() + FIRST_CHECK;
        Ok(())
    }

    /// Learns from the BMC that the line is ours before anybody else has had time to take it: who
    /// does so later is then told from a BMC that calls our session by another number.
    async fn ask_owner(&mut self, deadline: Instant) -> Result<(), Error> {
        let owner = match self
            .run(&GetSolOwner { instance: INSTANCE }, deadline)
            .await
        {
            Ok(owner) => Some(owner),
            Err(error) => match error.failure {
                Failure::Completion { .. } | Failure::Malformed(_) => None,
                _ => return Err(error),
            },
        };
        self.owned_by(owner, false)
            .map_err(|failure| self.error(GetSolOwner::NAME, failure))
    }

    /// Carries characters both ways until `input` ends, then closes the line in the BMC. Whoever
    /// has `output` must read it: the BMC waits for us meanwhile.
    ///
    /// # Errors
    /// Why the line ended by itself.
    pub async fn carry(
        mut self,
        mut input: mpsc::Receiver<SerialInput>,
        output: mpsc::Sender<SerialOutput>,
    ) -> Result<(), Error> {
        let carried = self.exchange(&mut input, &output).await;
        let is_ours = !matches!(carried, Err(Failure::LineClosed(_)));
        let ended = carried.map_err(|failure| self.error("carrying the serial line", failure));
        self.hang_up(is_ours).await;
        ended
    }

    async fn exchange(
        &mut self,
        input: &mut mpsc::Receiver<SerialInput>,
        output: &mpsc::Sender<SerialOutput>,
    ) -> Result<(), Failure> {
        loop {
            self.flush().await?;
            if self.stream.is_closed() {
                return Err(Failure::LineClosed("the BMC says so"));
            }
            match self.wait(input).await? {
                Event::Stop | Event::Input(None) => return Ok(()),
                Event::Input(Some(SerialInput::Characters(characters))) => {
                    // `wait` takes input only while there is room; a larger piece is cut.
                    let _too_much = self.stream.send(&characters);
                }
                Event::Input(Some(SerialInput::Break)) => self.stream.send_break(),
                Event::Datagram(Some(datagram)) => {
                    if !self.take(&datagram, output).await? {
                        return Ok(());
                    }
                }
                Event::Datagram(None) => return Err(Failure::ShuttingDown),
                Event::Due => self.tick()?,
            }
        }
    }

    async fn wait(&mut self, input: &mut mpsc::Receiver<SerialInput>) -> Result<Event, Failure> {
        let has_room = self.stream.has_room();
        let due = [self.stream.due(), self.conversation.session.due()]
            .into_iter()
            .flatten()
            .fold(self.next_check, Instant::min);
        let stop = &self.client.shared.stop;
        let Some(wire) = &mut self.conversation.wire else {
            return Err(Failure::InvalidRequest("the session is not open"));
        };
        Ok(tokio::select! {
            biased;
            () = stop.cancelled() => Event::Stop,
            datagram = wire.receive() => Event::Datagram(datagram),
            () = sleep_until(due.into()) => Event::Due,
            keys = input.recv(), if has_room => Event::Input(keys),
        })
    }

    /// Sends everything that is to be sent.
    async fn flush(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        loop {
            let session = &mut self.conversation.session;
            let datagram = match session.transmit() {
                Some(datagram) => datagram,
                None => match self.stream.transmit(now) {
                    Some(payload) => session
                        .seal_serial(&payload)
                        .ok_or(Failure::InvalidRequest("the session is not open"))?,
                    None => return Ok(()),
                },
            };
            if let Some(wire) = &self.conversation.wire {
                wire.send(&datagram).await.map_err(Failure::Socket)?;
            }
        }
    }

    /// Takes a datagram; `false` when nobody reads any more.
    async fn take(
        &mut self,
        datagram: &[u8],
        output: &mpsc::Sender<SerialOutput>,
    ) -> Result<bool, Failure> {
        let now = Instant::now();
        self.conversation.session.receive(datagram, now);
        while let Some(payload) = self.conversation.session.take_serial() {
            // What cannot be understood is not acknowledged; the BMC repeats it or gives up.
            let Ok((characters, notices)) = self.stream.receive(&payload, now) else {
                continue;
            };
            let characters =
                (!characters.is_empty()).then_some(SerialOutput::Characters(characters));
            for event in characters
                .into_iter()
                .chain(notices.into_iter().map(SerialOutput::Notice))
            {
                if output.send(event).await.is_err() {
                    return Ok(false);
                }
            }
        }
        self.checked()?;
        Ok(true)
    }

    /// Repeats what is not answered, and begins a check when it is time.
    fn tick(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        self.stream.expire(now)?;
        self.conversation.session.expire(now);
        self.checked()?;
        if now >= self.next_check {
            self.next_check = now + CHECK;
            if !self.checking {
                self.checking = true;
                let request = match self.check {
                    Check::Owner { .. } => GetSolOwner { instance: INSTANCE }.request(),
                    Check::Status => GetSolStatus.request(),
                    Check::Device => GetDeviceId.request(),
                };
                let retry = self.client.shared.config.retry;
                self.conversation
                    .session
                    .request(&request, None, retry, now);
            }
        }
        Ok(())
    }

    /// Looks at the answer of a check, if it came.
    fn checked(&mut self) -> Result<(), Failure> {
        let Some(ended) = self.conversation.session.outcome() else {
            return Ok(());
        };
        self.checking = false;
        let Outcome::Answered(response) = ended? else {
            return Ok(());
        };
        let succeeded = CompletionCode(response.completion) == CompletionCode::OK;
        match self.check {
            Check::Owner { was_ours } if response.command == GetSolOwner::COMMAND => {
                let owner = GetSolOwner::decode(&response.data)
                    .ok()
                    .filter(|_| succeeded);
                self.owned_by(owner, was_ours)
            }
            Check::Status if response.command == GetSolStatus::COMMAND => {
                if !succeeded {
                    self.check = Check::Device;
                    return Ok(());
                }
                match GetSolStatus::decode(&response.data) {
                    Ok(status) if !status.is_open(INSTANCE) => Err(Failure::LineClosed(
                        "the BMC has forgotten it, or somebody else has taken it",
                    )),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Judges whose line it is by the BMC's word, if it has one.
    fn owned_by(&mut self, owner: Option<u32>, was_ours: bool) -> Result<(), Failure> {
        match owner {
            Some(owner) if owner != 0 && owner == self.conversation.session.bmc_session() => {
                self.check = Check::Owner { was_ours: true };
                Ok(())
            }
            Some(0) if was_ours => Err(Failure::LineClosed("the BMC has forgotten it")),
            Some(_) if was_ours => Err(Failure::LineClosed("somebody else has taken it")),
            _ => {
                self.check = Check::Status;
                Ok(())
            }
        }
    }

    /// Closes line and session in the BMC, as far as it answers. A line that somebody else may have
    /// by now stays theirs: the BMC closes it for whoever asks.
    async fn hang_up(&mut self, is_ours: bool) {
        let deadline = Instant::now() + CLOSE;
        if is_ours && self.conversation.session.is_open() && !self.stream.is_closed() {
            let deactivate = DeactivateSol { instance: INSTANCE };
            if let Err(error) = self.run(&deactivate, deadline).await {
                tracing::debug!(bmc = %self.address, %error, "closing a serial line");
            }
        }
        let client = self.client.clone();
        self.conversation.close(&link(&client, deadline)).await;
    }

    async fn run<C: Command>(
        &mut self,
        command: &C,
        deadline: Instant,
    ) -> Result<C::Output, Error> {
        let client = self.client.clone();
        // A line's session is never replaced behind its back: the line would be gone.
        let ran = self
            .conversation
            .execute(
                &command.request(),
                None,
                Insistence::OneSession,
                &link(&client, deadline),
            )
            .await;
        let response = ran.map_err(|failure| self.error(C::NAME, failure))?;
        match CompletionCode(response.completion) {
            CompletionCode::OK => {
                C::decode(&response.data).map_err(|malformed| self.error(C::NAME, malformed.into()))
            }
            code => Err(self.error(C::NAME, Failure::completion(code, C::NETFN.0, C::COMMAND))),
        }
    }

    fn error(&self, attempted: &str, failure: Failure) -> Error {
        Error {
            bmc: self.address.clone(),
            attempted: attempted.to_owned(),
            how: self.conversation.session.how(),
            failure,
        }
    }
}

fn link(client: &Client, deadline: Instant) -> Link<'_> {
    Link {
        endpoints: &client.shared.endpoints,
        logins: &client.shared.logins,
        stop: &client.shared.stop,
        deadline,
    }
}
