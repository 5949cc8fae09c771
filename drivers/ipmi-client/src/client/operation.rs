//! One operation on one BMC: exclusive use of its session until the value is dropped.

use std::time::Instant;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{sleep_until, timeout_at};

use super::conversation::{Conversation, Insistence, Link};
use super::pool::Waiting;
use super::{Client, Limits, Target, upkeep};
use crate::command::Command;
use crate::completion::CompletionCode;
use crate::error::{Error, Failure};
use crate::wire::bridge::Route;
use crate::wire::message::{Request, Response};

/// Exclusive use of a BMC. Other operations on the same BMC wait until it is dropped.
#[derive(Debug)]
pub struct Operation {
    client: Client,
    address: String,
    route: Option<Route>,
    deadline: Instant,
    conversation: OwnedMutexGuard<Conversation>,
    _waiting: Waiting,
}

impl Client {
    /// Waits for the BMC to be free and for the minimum interval to pass. Nothing is sent yet: the
    /// session is opened, or reused, by the first command.
    pub async fn operation(&self, target: &Target, limits: Limits) -> Result<Operation, Error> {
        let shared = &self.shared;
        let began = Instant::now();
        let early = |failure| Error {
            bmc: target.address(),
            attempted: "waiting for the BMC to be free".to_owned(),
            how: crate::error::How {
                protocol: target.parameters.protocol,
                cipher_suite: None,
                privilege: target.parameters.privilege,
            },
            failure,
        };
        if shared.stop.is_cancelled() {
            return Err(early(Failure::ShuttingDown));
        }
        upkeep::ensure_running(shared);
        let (slot, evicted) = shared
            .pool
            .slot(target)
            .ok_or_else(|| early(Failure::Overloaded))?;
        if let Some(evicted) = evicted {
            upkeep::close_later(shared, evicted);
        }
        let waiting = slot
            .queue(shared.config.waiting)
            .ok_or_else(|| early(Failure::Overloaded))?;
        let too_late = || Failure::Timeout {
            waited: began.elapsed(),
            unanswered: 0,
        };
        let lock = slot.conversation.clone().lock_owned();
        let conversation = timeout_at(limits.deadline.into(), lock)
            .await
            .map_err(|_| early(too_late()))?;
        if let Some(last) = conversation.last_operation {
            let allowed = last + limits.interval;
            if allowed > limits.deadline {
                return Err(early(too_late()));
            }
            // A timer that is due already still waits for the next tick, up to a millisecond.
            if allowed > Instant::now() {
                sleep_until(allowed.into()).await;
            }
        }
        Ok(Operation {
            client: self.clone(),
            address: target.address(),
            route: target.route,
            deadline: limits.deadline,
            conversation,
            _waiting: waiting,
        })
    }
}

impl Operation {
    /// Runs a command.
    pub async fn run<C: Command>(&mut self, command: &C) -> Result<C::Output, Error> {
        let data = self
            .exchange(C::NAME, &command.request(), Insistence::AnySession)
            .await?;
        C::decode(&data).map_err(|malformed| self.error(C::NAME, malformed.into()))
    }

    /// Runs a command that must not reach the BMC twice.
    pub async fn run_once<C: Command>(&mut self, command: &C) -> Result<C::Output, Error> {
        let data = self
            .exchange(C::NAME, &command.request(), Insistence::OneSession)
            .await?;
        C::decode(&data).map_err(|malformed| self.error(C::NAME, malformed.into()))
    }

    /// Runs a command after which the BMC may be unable to answer: not repeated in another session,
    /// and not waited for long.
    pub(crate) async fn run_last<C: Command>(&mut self, command: &C) -> Result<C::Output, Error> {
        let data = self
            .exchange(C::NAME, &command.request(), Insistence::LastWord)
            .await?;
        C::decode(&data).map_err(|malformed| self.error(C::NAME, malformed.into()))
    }

    /// Sends any request; the answer's data is returned as it is.
    pub async fn raw(&mut self, request: &Request) -> Result<Vec<u8>, Error> {
        let name = format!(
            "raw command {:#04x} of network function {:#04x}",
            request.command, request.netfn.0
        );
        self.exchange(&name, request, Insistence::AnySession).await
    }

    /// Opens the session if it is not open.
    pub async fn open(&mut self) -> Result<(), Error> {
        if self.conversation.session.is_open() {
            return Ok(());
        }
        let client = self.client.clone();
        match self.conversation.open(&link(&client, self.deadline)).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                let stage = self.conversation.take_failed_at().unwrap_or("preparing");
                Err(self.error(&format!("opening a session: {stage}"), failure))
            }
        }
    }

    /// Closes the session in the BMC instead of keeping it.
    pub async fn close(mut self) {
        let client = self.client.clone();
        self.conversation.close(&link(&client, self.deadline)).await;
    }

    /// Forgets the session: the BMC has forgotten it too (a reset).
    pub fn abandon(&mut self) {
        self.conversation.session.abandon();
    }

    /// When the operation must be over.
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// The way to the controller that executes commands; `None` is the BMC itself.
    pub(crate) const fn route(&self) -> Option<Route> {
        self.route
    }

    /// Sends what follows another way; returns the way until now.
    pub(crate) fn set_route(&mut self, route: Option<Route>) -> Option<Route> {
        std::mem::replace(&mut self.route, route)
    }

    async fn exchange(
        &mut self,
        name: &str,
        request: &Request,
        insistence: Insistence,
    ) -> Result<Vec<u8>, Error> {
        let client = self.client.clone();
        let link = link(&client, self.deadline);
        let ended = self
            .conversation
            .execute(request, self.route, insistence, &link)
            .await;
        tracing::debug!(
            bmc = %self.address,
            command = name,
            failed = ended.is_err(),
            "IPMI command"
        );
        let Response {
            netfn,
            command,
            completion,
            data,
            ..
        } = match ended {
            Ok(response) => response,
            Err(failure) => {
                let stage = self.conversation.take_failed_at();
                let attempted = stage.map(|stage| format!("{name} (opening the session: {stage})"));
                return Err(self.error(attempted.as_deref().unwrap_or(name), failure));
            }
        };
        match CompletionCode(completion) {
            CompletionCode::OK => Ok(data),
            code => Err(self.error(name, Failure::completion(code, netfn.0, command))),
        }
    }

    /// An error of this operation.
    pub(crate) fn error(&self, attempted: &str, failure: Failure) -> Error {
        Error {
            bmc: self.address.clone(),
            attempted: attempted.to_owned(),
            how: self.conversation.session.how(),
            failure,
        }
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.conversation.last_operation = Some(Instant::now());
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use futures::FutureExt;
    use schemas_model::secret::Secret;

    use super::*;
    use crate::ClientConfig;
    use crate::session::parameters::{Credentials, Parameters, Privilege};

    #[tokio::test]
    async fn without_a_minimum_interval_nothing_waits() {
        let credentials = Credentials::new("admin", &Secret::new("secret".to_owned()), None);
        let parameters = Parameters::v20(credentials.unwrap(), Privilege::Administrator, &[3]);
        let target = Target {
            host: "127.0.0.1".to_owned(),
            port: 9,
            parameters: Arc::new(parameters.unwrap()),
            route: None,
        };
        let client = Client::new(ClientConfig::default());
        let mut limits = Limits::within(Duration::from_secs(10));
        for _ in 0..100 {
            let operation = client.operation(&target, limits).now_or_never();
            assert!(operation.expect("nobody else uses the BMC").is_ok());
        }
        limits.interval = Duration::from_secs(5);
        let operation = client.operation(&target, limits).now_or_never();
        assert!(operation.is_none(), "the interval was not waited for");
        client.shutdown().await;
    }
}
