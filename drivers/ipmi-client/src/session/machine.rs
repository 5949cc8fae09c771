//! The session state machine. See the parent module for its rules.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::entropy::Entropy;
use super::opening::{self, Opening, Progress};
use super::retry::{Retry, Timer};
use super::{Established, Parameters, Privilege};
use crate::command::Command;
use crate::command::session::{CloseSession, SetSessionPrivilege};
use crate::completion::CompletionCode;
use crate::crypto::CipherSuite;
use crate::error::{Failure, How};
use crate::wire::Malformed;
use crate::wire::bridge::{self, Relayed, Route, SEND_MESSAGE};
use crate::wire::message::{self, NetFn, Request, Response};
use crate::wire::session20::PayloadType;

/// Longest data of one request, in bytes: what fits in an IPMI 1.5 packet with two bridging hops.
pub const REQUEST_DATA_MAX: usize = 220;

/// Serial-over-LAN payloads that may wait for their reader; a BMC sends one and waits for its
/// acknowledgement, so more are not missed.
const SERIAL_WAITING: usize = 16;

/// How long to wait for the relayed answer once a bridged request was accepted, at least.
const RELAY_WAIT: Duration = Duration::from_secs(2);

/// Datagrams sent before the session is believed to be lost, by a BMC that has just answered.
const IMPATIENT_SENDS: u32 = 2;

/// How an exchange ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The session is open and has the requested privilege.
    Opened,
    /// The command was executed, successfully or not.
    Answered(Response),
    /// The session is closed.
    Closed,
}

/// A session with one BMC.
pub struct Session {
    parameters: Arc<Parameters>,
    retry: Retry,
    entropy: Box<dyn Entropy>,
    state: State,
    exchange: Option<Exchange>,
    /// At most one datagram waits to be sent: every exchange is stop-and-wait.
    outgoing: Option<Vec<u8>>,
    ended: Option<Result<Outcome, Failure>>,
    sequence: u8,
    /// The suite that worked last, offered first next time.
    suite: Option<CipherSuite>,
    /// The suite of the last set-up that failed, for errors.
    tried: Option<CipherSuite>,
    /// How long the quickest answer of this session took.
    quickest: Option<Duration>,
    /// The shortest time between sending a datagram, for the first time or again, and an answer.
    nimblest: Option<Duration>,
    /// Set-up has begun again because the BMC fell silent after it.
    reopened: bool,
    /// Serial-over-LAN payloads that arrived; `None` where nobody asked for them.
    serial: Option<VecDeque<Vec<u8>>>,
}

enum State {
    Closed,
    Opening(Box<Opening>),
    Active(Established),
}

struct Exchange {
    timer: Timer,
    kind: Kind,
    /// The BMC has taken a bridged request; only the controller behind it has not answered.
    accepted: bool,
}

enum Kind {
    SetUp,
    Raise(Sent),
    Command(Sent, Option<Route>),
    Close(Sent),
}

/// A request on its way.
struct Sent {
    /// What goes to the BMC, already wrapped for bridging.
    request: Request,
    sequence: u8,
    /// What the answer must name.
    netfn: NetFn,
    command: u8,
}

impl Session {
    /// A closed session.
    pub fn new(parameters: Arc<Parameters>, retry: Retry, entropy: Box<dyn Entropy>) -> Self {
        Session {
            parameters,
            retry,
            entropy,
            state: State::Closed,
            exchange: None,
            outgoing: None,
            ended: None,
            sequence: 0,
            suite: None,
            tried: None,
            quickest: None,
            nimblest: None,
            reopened: false,
            serial: None,
        }
    }

    /// Keeps serial-over-LAN payloads from now on, for [`Session::take_serial`].
    pub fn expect_serial(&mut self) {
        self.serial = Some(VecDeque::new());
    }

    /// The next serial-over-LAN payload that arrived.
    pub fn take_serial(&mut self) -> Option<Vec<u8>> {
        self.serial.as_mut()?.pop_front()
    }

    /// Packs a serial-over-LAN payload; `None` unless an IPMI 2.0 session is open.
    pub fn seal_serial(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        match &mut self.state {
            State::Active(active) => active.seal_sol(payload, self.entropy.as_mut()),
            State::Closed | State::Opening(_) => None,
        }
    }

    /// Whether payloads of the open session are encrypted, and whether they are authenticated.
    pub fn protection(&self) -> (bool, bool) {
        match &self.state {
            State::Active(active) => active.protection(),
            State::Closed | State::Opening(_) => (false, false),
        }
    }

    /// The number the BMC gave the open session; 0 without one.
    pub fn bmc_session(&self) -> u32 {
        match &self.state {
            State::Active(active) => active.bmc_session(),
            State::Closed | State::Opening(_) => 0,
        }
    }

    /// Whether commands can be sent.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Active(_))
    }

    /// Protocol, cipher suite and privilege, for errors and logs.
    pub fn how(&self) -> How {
        let suite = match &self.state {
            State::Opening(opening) => opening.suite(),
            State::Active(_) => self.suite,
            State::Closed => self.tried.or(self.suite),
        };
        How {
            protocol: self.parameters.protocol,
            cipher_suite: suite.map(|suite| suite.id),
            privilege: self.parameters.privilege,
        }
    }

    /// What is being exchanged, in the specification's words; `None` for a command.
    pub fn stage(&self) -> Option<&'static str> {
        match (&self.state, self.exchange.as_ref().map(|e| &e.kind)) {
            (State::Opening(opening), _) => Some(opening.stage()),
            (_, Some(Kind::Raise(_))) => Some(SetSessionPrivilege::NAME),
            (_, Some(Kind::Close(_))) => Some(CloseSession::NAME),
            _ => None,
        }
    }

    /// Begins to open the session, whatever its state was.
    pub fn open(&mut self, now: Instant) {
        self.quickest = None;
        self.nimblest = None;
        self.reopened = false;
        self.set_up(now);
    }

    fn set_up(&mut self, now: Instant) {
        let sequence = self.take_sequence();
        let mut opening = Opening::new(
            Arc::clone(&self.parameters),
            self.suite,
            sequence,
            self.entropy.as_mut(),
        );
        self.outgoing = Some(opening.transmit());
        self.state = State::Opening(Box::new(opening));
        self.begin(Kind::SetUp, self.retry, now);
    }

    /// Sends a command, over `route` if it is for another controller. The session must be open.
    pub fn request(&mut self, request: &Request, route: Option<Route>, retry: Retry, now: Instant) {
        if request.data.len() > REQUEST_DATA_MAX {
            self.end(Err(Failure::InvalidRequest(
                "the command's data is too long",
            )));
            return;
        }
        let sequence = self.take_sequence();
        let sent = Sent {
            request: route.map_or_else(|| request.clone(), |route| route.wrap(request, sequence)),
            sequence,
            netfn: request.netfn,
            command: request.command,
        };
        self.send(sent, |sent| Kind::Command(sent, route), retry, now);
    }

    /// Closes the session in the BMC, so that its slot is free at once. One datagram, a short wait:
    /// a BMC that does not answer will time the session out by itself.
    pub fn close(&mut self, now: Instant) {
        let State::Active(active) = &self.state else {
            self.state = State::Closed;
            self.end(Ok(Outcome::Closed));
            return;
        };
        let request = CloseSession {
            session: active.bmc_session(),
        }
        .request();
        let sent = self.own(request);
        let once = Retry {
            sends: 1,
            ..self.retry
        };
        self.send(sent, Kind::Close, once, now);
    }

    /// Forgets the session without telling the BMC.
    pub fn abandon(&mut self) {
        self.state = State::Closed;
        self.exchange = None;
        self.outgoing = None;
        self.ended = None;
    }

    /// The datagram to send now, if there is one.
    pub fn transmit(&mut self) -> Option<Vec<u8>> {
        self.outgoing.take()
    }

    /// When [`Session::expire`] must be called, while an exchange is under way.
    pub fn due(&self) -> Option<Instant> {
        self.exchange.as_ref().map(|exchange| exchange.timer.due())
    }

    /// How long the BMC takes to answer: the quickest answer since the session began to be opened,
    /// as the time of others may be that of lost datagrams.
    pub fn pace(&self) -> Duration {
        self.quickest.unwrap_or_default()
    }

    /// As [`Session::pace`], but since the datagram was sent last: for a network that loses some, or a
    /// BMC that speaks when it is asked twice.
    pub fn nimbleness(&self) -> Duration {
        self.nimblest.unwrap_or_default()
    }

    /// How the exchange ended, once.
    pub fn outcome(&mut self) -> Option<Result<Outcome, Failure>> {
        self.ended.take()
    }

    /// Datagrams sent in the exchange under way, and the time since the first.
    pub fn patience(&self, now: Instant) -> (u32, Duration) {
        self.exchange
            .as_ref()
            .map_or((0, Duration::ZERO), |exchange| {
                (exchange.timer.sent(), exchange.timer.waited(now))
            })
    }

    /// Takes a received datagram. What is not the awaited answer is dropped without effect.
    pub fn receive(&mut self, datagram: &[u8], now: Instant) {
        match &mut self.state {
            State::Closed => {}
            State::Opening(opening) => {
                let progress = opening.receive(datagram, self.entropy.as_mut());
                if matches!(progress, Progress::Next | Progress::Active(_)) {
                    self.heard(now);
                }
                self.progress(progress, now);
            }
            State::Active(active) => {
                let received = active.open(datagram).and_then(|received| match received {
                    (PayloadType::Sol, payload) => {
                        self.serial
                            .as_mut()
                            .filter(|waiting| waiting.len() < SERIAL_WAITING)
                            .ok_or(Malformed("serial data nobody asked for"))?
                            .push_back(payload);
                        Ok(None)
                    }
                    (_, message) => message::decode_response(&message).map(Some),
                });
                match received {
                    Ok(Some(response)) => self.respond(response, now),
                    Ok(None) => {}
                    Err(malformed) => {
                        tracing::debug!(reason = %malformed, "dropped a datagram from a BMC");
                    }
                }
            }
        }
    }

    /// The time [`Session::due`] named has come: send again, or give up.
    pub fn expire(&mut self, now: Instant) {
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        if exchange.timer.due() > now {
            return;
        }
        if exchange.timer.expire(now) {
            self.repeat();
            return;
        }
        let (unanswered, waited) = (exchange.timer.sent(), exchange.timer.waited(now));
        if matches!(exchange.kind, Kind::Close(_)) {
            self.state = State::Closed;
            self.end(Ok(Outcome::Closed));
            return;
        }
        // It answered the last message of set-up: what it does not know any more is the session.
        if matches!(exchange.kind, Kind::Raise(_)) && !self.reopened {
            self.reopened = true;
            self.set_up(now);
            return;
        }
        let timeout = Failure::Timeout { waited, unanswered };
        if exchange.accepted {
            // The session is not to blame.
            self.end(Err(timeout));
            return;
        }
        match &mut self.state {
            State::Opening(opening) => {
                let progress = opening.silent(timeout, self.entropy.as_mut());
                self.progress(progress, now);
            }
            State::Active(_) | State::Closed => self.fail(timeout),
        }
    }

    /// Ends the exchange and the session: the two sides no longer agree on it.
    fn fail(&mut self, failure: Failure) {
        if let State::Opening(opening) = &self.state {
            self.tried = opening.suite();
        }
        self.state = State::Closed;
        self.end(Err(failure));
    }

    fn repeat(&mut self) {
        match &mut self.state {
            State::Opening(opening) => self.outgoing = Some(opening.transmit()),
            State::Active(active) => {
                let Some(Exchange {
                    kind: Kind::Raise(sent) | Kind::Command(sent, _) | Kind::Close(sent),
                    ..
                }) = &self.exchange
                else {
                    return;
                };
                let message = opening::encode(&sent.request, sent.sequence);
                self.outgoing = Some(active.seal(&message, self.entropy.as_mut()));
            }
            State::Closed => {}
        }
    }

    /// An answer to the exchange under way has come.
    fn heard(&mut self, now: Instant) {
        let (_, took) = self.patience(now);
        self.quickest = Some(self.quickest.map_or(took, |quickest| quickest.min(took)));
        let last = self.exchange.as_ref().map(|e| e.timer.since_last(now));
        let last = last.unwrap_or(took);
        self.nimblest = Some(self.nimblest.map_or(last, |nimblest| nimblest.min(last)));
    }

    /// Repetition where silence has a remedy.
    fn impatient(&self) -> Retry {
        Retry {
            sends: self.retry.sends.min(IMPATIENT_SENDS),
            ..self.retry
        }
        .knowing(self.pace())
    }

    fn progress(&mut self, progress: Progress, now: Instant) {
        match progress {
            Progress::Ignored => {}
            Progress::Next => {
                let mut retry = self.retry;
                if let State::Opening(opening) = &mut self.state {
                    self.outgoing = Some(opening.transmit());
                    if opening.may_lock_account() {
                        let pace = self.quickest.unwrap_or_default();
                        retry = Retry { sends: 1, ..retry }.knowing(pace);
                    } else if opening.may_begin_again() {
                        retry = self.impatient();
                    }
                }
                self.begin(Kind::SetUp, retry, now);
            }
            Progress::Active(established) => {
                if let State::Opening(opening) = &self.state {
                    self.suite = opening.suite();
                    self.tried = None;
                }
                self.state = State::Active(established);
                self.raise(now);
            }
            Progress::Failed(failure) => self.fail(failure),
        }
    }

    /// Sessions start at privilege User (IPMI 2.0 §22.18); more has to be asked for.
    fn raise(&mut self, now: Instant) {
        let privilege = self.parameters.privilege;
        if privilege <= Privilege::User {
            self.end(Ok(Outcome::Opened));
            return;
        }
        let sent = self.own(SetSessionPrivilege { privilege }.request());
        let retry = if self.reopened {
            self.retry
        } else {
            self.impatient()
        };
        self.send(sent, Kind::Raise, retry, now);
    }

    fn respond(&mut self, response: Response, now: Instant) {
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        let (sent, route) = match &exchange.kind {
            Kind::SetUp => return,
            Kind::Raise(sent) | Kind::Close(sent) => (sent, None),
            Kind::Command(sent, route) => (sent, *route),
        };
        if response.sequence != sent.sequence {
            return;
        }
        let response = if route.is_some() {
            match bridge::unwrap(response) {
                Ok(Relayed::Answer(response)) => response,
                Ok(Relayed::Accepted) => {
                    // The controller behind the BMC answers through it, slower.
                    let patient = Retry {
                        first: self.retry.first.max(RELAY_WAIT),
                        ..self.retry
                    };
                    // Repetitions are accepted as well, and are no reason to wait anew.
                    if !exchange.accepted {
                        exchange.timer = Timer::start(patient, now);
                        exchange.accepted = true;
                    }
                    return;
                }
                Err(malformed) => {
                    self.end(Err(malformed.into()));
                    return;
                }
            }
        } else {
            response
        };
        let answers = (response.netfn, response.command) == (sent.netfn, sent.command);
        let hop_refused = route.is_some()
            && (response.netfn, response.command) == (NetFn::APP, SEND_MESSAGE)
            && response.completion != 0;
        if !answers && !hop_refused {
            return;
        }
        self.heard(now);
        match self.exchange.as_ref().map(|exchange| &exchange.kind) {
            None | Some(Kind::SetUp) => {}
            Some(Kind::Command(..)) => self.end(Ok(Outcome::Answered(response))),
            Some(Kind::Raise(_)) => self.raised(&response),
            Some(Kind::Close(_)) => {
                self.state = State::Closed;
                self.end(Ok(Outcome::Closed));
            }
        }
    }

    fn raised(&mut self, response: &Response) {
        let code = CompletionCode(response.completion);
        if code == CompletionCode::OK {
            self.end(Ok(Outcome::Opened));
            return;
        }
        let meaning = code.meaning(response.netfn.0, response.command);
        self.end(Err(match code.0 {
            0x80 | 0x81 | 0xd4 => Failure::PrivilegeRefused { evidence: meaning },
            _ => Failure::Completion { code, meaning },
        }));
        self.farewell();
    }

    /// Closes the session without waiting for the answer.
    fn farewell(&mut self) {
        let sequence = self.take_sequence();
        if let State::Active(active) = &mut self.state {
            let close = CloseSession {
                session: active.bmc_session(),
            };
            let message = opening::encode(&close.request(), sequence);
            self.outgoing = Some(active.seal(&message, self.entropy.as_mut()));
        }
        self.state = State::Closed;
    }

    fn own(&mut self, request: Request) -> Sent {
        Sent {
            sequence: self.take_sequence(),
            netfn: request.netfn,
            command: request.command,
            request,
        }
    }

    fn send(&mut self, sent: Sent, kind: impl FnOnce(Sent) -> Kind, retry: Retry, now: Instant) {
        let State::Active(active) = &mut self.state else {
            self.end(Err(Failure::InvalidRequest("the session is not open")));
            return;
        };
        let message = opening::encode(&sent.request, sent.sequence);
        self.outgoing = Some(active.seal(&message, self.entropy.as_mut()));
        self.begin(kind(sent), retry, now);
    }

    fn begin(&mut self, kind: Kind, retry: Retry, now: Instant) {
        self.ended = None;
        self.exchange = Some(Exchange {
            timer: Timer::start(retry, now),
            kind,
            accepted: false,
        });
    }

    fn end(&mut self, how: Result<Outcome, Failure>) {
        self.exchange = None;
        self.outgoing = None;
        self.ended = Some(how);
    }

    fn take_sequence(&mut self) -> u8 {
        self.sequence = (self.sequence + 1) & 0x3f;
        self.sequence
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("how", &self.how())
            .field("open", &self.is_open())
            .finish_non_exhaustive()
    }
}
