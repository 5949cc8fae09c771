//! A line over SSH, as BMCs offer it (`SerialConsole.SSH` of a Redfish system).
//!
//! The server's key is compared with the one that is known; there is no way to connect without.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::HashAlg;
use russh::keys::PublicKeyOrCertificate;
use russh::{ChannelMsg, Disconnect, client};
use schemas_model::secret::Secret;
use tokio::time::timeout;

use crate::line::{Keys, Line, LineEnds, LineError, LineEvent};

/// Longest time for closing.
const CLOSE: Duration = Duration::from_secs(2);
/// Prompts that a server may show at once, and rounds of them.
const PROMPTS: usize = 8;
/// How often a silent server is asked whether it is there.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// An SSH server that leads to a serial port.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Account.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Fingerprint of the server's key, `SHA256:...` as OpenSSH prints it.
    pub host_key: String,
    /// What is to be typed after the login to reach the serial port, where a shell of the BMC comes
    /// first.
    pub command: Option<String>,
    /// Longest time for connecting and logging in.
    pub timeout: Duration,
}

/// The key of an SSH server, without logging in.
///
/// # Errors
/// [`LineError::Passing`] when it cannot be reached within `limit`.
pub async fn host_key(host: &str, port: u16, limit: Duration) -> Result<String, LineError> {
    let seen = Arc::new(Mutex::new(None));
    let curious = Visitor {
        known: None,
        seen: Arc::clone(&seen),
    };
    let ended = timeout(limit, client::connect(config(), (host, port), curious)).await;
    let key = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    key.ok_or_else(|| {
        let why = match ended {
            Err(_) => format!("no answer within {} s", limit.as_secs()),
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(_)) => "it showed no key".to_owned(),
        };
        LineError::Passing(format!(
            "the SSH server {host}:{port} cannot be reached: {why}"
        ))
    })
}

/// Accepts the known key; without one it only looks.
struct Visitor {
    known: Option<String>,
    seen: Arc<Mutex<Option<String>>>,
}

impl client::Handler for Visitor {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        shown: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else {
            return Ok(false);
        };
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let accepted = self.known.as_ref() == Some(&fingerprint);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint);
        Ok(accepted)
    }
}

fn config() -> Arc<client::Config> {
    Arc::new(client::Config {
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 3,
        nodelay: true,
        ..client::Config::default()
    })
}

impl Ssh {
    async fn log_in(&self) -> Result<Handle<Visitor>, LineError> {
        let Ssh { host, port, .. } = self;
        let seen = Arc::new(Mutex::new(None));
        let visitor = Visitor {
            known: Some(self.host_key.clone()),
            seen: Arc::clone(&seen),
        };
        let connected = client::connect(config(), (host.as_str(), *port), visitor).await;
        let mut session = connected.map_err(|error| {
            let shown = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
            match shown.filter(|shown| *shown != self.host_key) {
                Some(shown) => LineError::Refused(format!(
                    "the SSH server {host}:{port} has the key {shown} and not the known {}: somebody \
                     may be in between, or the BMC was set up anew",
                    self.host_key
                )),
                None => LineError::Passing(format!(
                    "the SSH server {host}:{port} cannot be reached: {error}"
                )),
            }
        })?;
        let failed = |error: russh::Error| {
            LineError::Passing(format!(
                "logging in to the SSH server {host}:{port}: {error}"
            ))
        };
        let outcome = session
            .authenticate_password(&self.username, self.password.expose())
            .await
            .map_err(failed)?;
        let allowed = match outcome {
            AuthResult::Success => true,
            // Many BMCs take passwords as answers to a prompt only. One method failing does not
            // use up a try of the other: only those that the server names are tried.
            AuthResult::Failure {
                remaining_methods, ..
            } if remaining_methods.contains(&russh::MethodKind::KeyboardInteractive)
                && !remaining_methods.contains(&russh::MethodKind::Password) =>
            {
                self.answer_prompts(&mut session).await.map_err(failed)?
            }
            AuthResult::Failure { .. } => false,
        };
        if allowed {
            return Ok(session);
        }
        Err(LineError::Refused(format!(
            "the SSH server {host}:{port} refused user name or password"
        )))
    }

    async fn answer_prompts(&self, session: &mut Handle<Visitor>) -> Result<bool, russh::Error> {
        let mut next = session
            .authenticate_keyboard_interactive_start(&self.username, None)
            .await?;
        for _ in 0..PROMPTS {
            next = match next {
                KeyboardInteractiveAuthResponse::Success => return Ok(true),
                KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => {
                    let answers = prompts
                        .iter()
                        .take(PROMPTS)
                        .map(|prompt| match prompt.echo {
                            true => String::new(),
                            false => self.password.expose().clone(),
                        })
                        .collect();
                    session
                        .authenticate_keyboard_interactive_respond(answers)
                        .await?
                }
            };
        }
        Ok(false)
    }
}

#[async_trait]
impl Line for Ssh {
    async fn carry(&self, mut ends: LineEnds) -> Result<(), LineError> {
        let Ssh { host, port, .. } = self;
        let failed = |error: russh::Error| {
            LineError::Passing(format!("the SSH server {host}:{port} failed: {error}"))
        };
        let opening = async {
            let session = self.log_in().await?;
            let channel = session.channel_open_session().await.map_err(failed)?;
            channel
                .request_pty(false, "vt100", 80, 25, 0, 0, &[])
                .await
                .map_err(failed)?;
            channel.request_shell(false).await.map_err(failed)?;
            if let Some(command) = &self.command {
                let typed = Bytes::from(format!("{command}\r"));
                channel.data_bytes(typed).await.map_err(failed)?;
            }
            Ok((session, channel))
        };
        let (session, channel) = timeout(self.timeout, opening).await.map_err(|_| {
            LineError::Passing(format!(
                "the SSH server {host}:{port} did not let us in within {} s",
                self.timeout.as_secs()
            ))
        })??;
        let (mut reader, writer) = channel.split();
        ends.show(LineEvent::Up).await;
        let ended = loop {
            tokio::select! {
                keys = ends.keys.recv() => match keys {
                    None => break Ok(()),
                    Some(Keys::Characters(typed)) => {
                        if let Err(error) = writer.data_bytes(typed).await {
                            break Err(failed(error));
                        }
                    }
                    // SSH has breaks (RFC 4335); the servers of BMCs do not take them.
                    Some(Keys::Break) => {
                        ends.show(LineEvent::Notice("this line takes no break".to_owned())).await;
                    }
                },
                message = reader.wait() => match message {
                    Some(ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. }) => {
                        ends.show(LineEvent::Output(data)).await;
                    }
                    Some(ChannelMsg::Eof | ChannelMsg::Close) | None => break Err(LineError::Passing(
                        format!("the SSH server {host}:{port} closed the line"),
                    )),
                    Some(_) => {}
                },
            }
        };
        let goodbye = session.disconnect(Disconnect::ByApplication, "", "en");
        let _ = timeout(CLOSE, goodbye).await;
        ended
    }
}
