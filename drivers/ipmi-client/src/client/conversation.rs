//! A session and the wire under it: drives the state machine until an exchange ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::time::{sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use super::ClientConfig;
use super::endpoint::{Endpoints, Subscription};
use super::login::Logins;
use super::target::{Key, Target};
use crate::error::Failure;
use crate::session::entropy;
use crate::session::retry::Retry;
use crate::session::{Outcome, Session};
use crate::wire::bridge::Route;
use crate::wire::message::{Request, Response};

/// How often a session is believed to be lost before the BMC is believed to be slow: a kept session,
/// and the one opened in its place.
const REPLACEMENTS: u32 = 2;

/// One BMC's session with its socket subscription.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) session: Session,
    key: Key,
    host: String,
    port: u16,
    pub(super) wire: Option<Subscription>,
    retry: Retry,
    retry_kept: Retry,
    /// The message of session set-up at which the last exchange failed.
    failed_at: Option<&'static str>,
    /// When the last datagram was sent.
    pub(super) last_traffic: Instant,
    /// When the last operation ended; `None` before the first.
    pub(super) last_operation: Option<Instant>,
}

impl Conversation {
    pub(super) fn new(target: &Target, config: &ClientConfig) -> Self {
        Conversation {
            session: Session::new(
                Arc::clone(&target.parameters),
                config.retry,
                Box::new(entropy::System),
            ),
            key: target.key(),
            host: target.host.clone(),
            port: target.port,
            wire: None,
            failed_at: None,
            retry: config.retry,
            retry_kept: config.retry_kept,
            last_traffic: Instant::now(),
            last_operation: None,
        }
    }

    /// Runs a command, opening the session first where there is none. A session that has gone
    /// silent is replaced, unless the command may not be repeated: BMCs forget sessions without a
    /// word when they restart, kept ones and those just opened alike.
    pub(super) async fn execute(
        &mut self,
        request: &Request,
        route: Option<Route>,
        insistence: Insistence,
        link: &Link<'_>,
    ) -> Result<Response, Failure> {
        for _ in 0..REPLACEMENTS {
            let insists = insistence == Insistence::AnySession;
            if !self.session.is_open() {
                if !insists {
                    break;
                }
                self.open(link).await?;
            } else if let Some(wire) = &mut self.wire {
                wire.discard();
            }
            let pace = self.session.pace();
            let retry = match insistence {
                Insistence::OneSession => self.retry,
                Insistence::LastWord => self.retry_kept.knowing(pace),
                // What is for another controller may take long.
                Insistence::AnySession if route.is_some() => self.retry_kept.knowing(pace),
                Insistence::AnySession => {
                    let nimbleness = self.session.nimbleness();
                    self.retry_kept.knowing(pace).early(nimbleness)
                }
            };
            self.session.request(request, route, retry, Instant::now());
            match self.drive(link, &mut None).await {
                Err(Failure::Timeout { .. })
                    if insists && !self.session.is_open() && Instant::now() < link.deadline =>
                {
                    tracing::debug!(bmc = %self.host, "the session is gone, opening another");
                }
                ended => return answered(ended),
            }
        }
        // All the patience there is: whatever was lost before, this may just be slow.
        self.open(link).await?;
        self.session
            .request(request, route, self.retry, Instant::now());
        answered(self.drive(link, &mut None).await)
    }

    /// Opens the session, unless the BMC has refused these credentials a moment ago.
    pub(super) async fn open(&mut self, link: &Link<'_>) -> Result<(), Failure> {
        link.logins.allowed(&self.key, Instant::now())?;
        let peer = self.resolve(link).await?;
        let subscribed = self.wire.as_ref().is_some_and(|wire| wire.peer() == peer);
        if !subscribed {
            let endpoint = link
                .endpoints
                .towards(peer)
                .await
                .map_err(Failure::Socket)?;
            self.wire = Some(endpoint.subscribe(peer));
        }
        self.session.open(Instant::now());
        let mut stage = self.session.stage();
        let ended = self.drive(link, &mut stage).await;
        self.failed_at = if ended.is_err() { stage } else { None };
        match &ended {
            Ok(_) => link.logins.accepted(&self.key),
            Err(failure) => link.logins.failed(self.key, failure, Instant::now()),
        }
        ended.map(drop)
    }

    /// The message of session set-up at which the last exchange failed, once.
    pub(super) fn take_failed_at(&mut self) -> Option<&'static str> {
        self.failed_at.take()
    }

    /// Keeps an open session from timing out; does not open another.
    pub(super) async fn keepalive(
        &mut self,
        request: &Request,
        link: &Link<'_>,
    ) -> Result<(), Failure> {
        if let Some(wire) = &mut self.wire {
            wire.discard();
        }
        let retry = self.retry_kept.knowing(self.session.pace());
        self.session.request(request, None, retry, Instant::now());
        self.drive(link, &mut None).await.map(drop)
    }

    /// Closes the session in the BMC.
    pub(super) async fn close(&mut self, link: &Link<'_>) {
        if self.session.is_open() {
            self.session.close(Instant::now());
            // Whether or not the BMC answers, the session is over for us.
            if let Err(failure) = self.drive(link, &mut None).await {
                tracing::debug!(bmc = %self.host, %failure, "closing a session");
            }
        }
        self.session.abandon();
        self.wire = None;
    }

    async fn resolve(&self, link: &Link<'_>) -> Result<SocketAddr, Failure> {
        let lookup = tokio::net::lookup_host((self.host.as_str(), self.port));
        let found = timeout_at(link.deadline.into(), lookup)
            .await
            .map_err(|_| Failure::Unresolved("the name service did not answer in time".into()))?
            .map_err(|error| Failure::Unresolved(error.to_string()))?
            .next();
        found.ok_or_else(|| Failure::Unresolved("the name has no address".into()))
    }

    /// Sends, receives and repeats until the exchange under way ends. `stage` follows the messages
    /// of session set-up.
    async fn drive(
        &mut self,
        link: &Link<'_>,
        stage: &mut Option<&'static str>,
    ) -> Result<Outcome, Failure> {
        let Some(wire) = &mut self.wire else {
            self.session.abandon();
            return Err(Failure::InvalidRequest("the session is not open"));
        };
        loop {
            if let Some(datagram) = self.session.transmit() {
                self.last_traffic = Instant::now();
                if let Err(error) = wire.send(&datagram).await {
                    self.session.abandon();
                    return Err(Failure::Socket(error));
                }
            }
            if let Some(ended) = self.session.outcome() {
                return ended;
            }
            *stage = self.session.stage();
            let due = self
                .session
                .due()
                .map_or(link.deadline, |due| due.min(link.deadline));
            tokio::select! {
                biased;
                () = link.stop.cancelled() => {
                    self.session.abandon();
                    return Err(Failure::ShuttingDown);
                }
                datagram = wire.receive() => {
                    if let Some(datagram) = datagram {
                        self.session.receive(&datagram, Instant::now());
                    }
                }
                () = sleep_until(due.into()) => {
                    let now = Instant::now();
                    if now >= link.deadline {
                        let (unanswered, waited) = self.session.patience(now);
                        self.session.abandon();
                        return Err(Failure::Timeout { waited, unanswered });
                    }
                    self.session.expire(now);
                }
            }
        }
    }
}

/// What becomes of a command that is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Insistence {
    /// It is sent again, in another session if need be.
    AnySession,
    /// It must not reach the BMC twice: sent in one session, with all patience.
    OneSession,
    /// As `OneSession`, but a BMC that has just answered and executes it may fall silent: not waited
    /// for long.
    LastWord,
}

/// What a conversation needs from outside for one operation.
pub(super) struct Link<'a> {
    pub(super) endpoints: &'a Endpoints,
    pub(super) logins: &'a Logins,
    pub(super) stop: &'a CancellationToken,
    pub(super) deadline: Instant,
}

fn answered(ended: Result<Outcome, Failure>) -> Result<Response, Failure> {
    match ended? {
        Outcome::Answered(response) => Ok(response),
        Outcome::Opened | Outcome::Closed => {
            Err(Failure::InvalidRequest("the exchange was not a command"))
        }
    }
}
