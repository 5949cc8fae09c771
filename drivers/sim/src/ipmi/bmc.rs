//! A BMC: datagrams in, datagrams out. No socket, and no clock but the time that comes with them.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use drivers_ipmi_client::crypto::lan15;
use drivers_ipmi_client::wire::session20::{self, PayloadType};
use drivers_ipmi_client::wire::{rmcp, session15};
use schemas_model::secret::Secret;

use super::bridge::{self, Relay, Satellite};
use super::bug::{Bug, Bugs};
use super::command::{self, Call};
use super::controller::Controller;
use super::machine::{Machine, Timing};
use super::message;
use super::session::{Kind, Session};

/// Commands remembered for inspection.
const EXECUTED_MAX: usize = 1_000;

/// A BMC. Every public field may be set before it is started, and while it runs.
#[derive(Debug)]
pub struct Bmc {
    /// The one user.
    pub user: String,
    /// Its password, at most 20 bytes.
    pub password: String,
    /// The BMC's own key; none is "the same as the user's".
    pub kg: Option<[u8; 20]>,
    /// Cipher suites it accepts; none is a BMC of IPMI 1.5. Suite 0 cannot be accepted.
    pub suites: Vec<u8>,
    /// Drops requests for other suites instead of refusing them.
    pub ignores_unknown_suites: bool,
    /// Whether IPMI 1.5 sessions can be opened.
    pub lan15: bool,
    /// Highest level of Set Session Privilege Level: 2 User, 3 Operator, 4 Administrator.
    pub privilege_limit: u8,
    /// Sessions that can be open at once.
    pub slots: usize,
    /// Its GUID.
    pub guid: [u8; 16],
    /// The UDP port it says SOL is on.
    pub port: u16,
    /// What it has as a controller.
    pub controller: Controller,
    /// The machine.
    pub machine: Machine,
    /// How long things take.
    pub timing: Timing,
    /// Controllers behind it.
    pub satellites: Vec<Satellite>,
    /// How their answers come back.
    pub relay: Relay,
    /// Answers to commands by network function and command, instead of those it has.
    pub raw_replies: HashMap<(u8, u8), Result<Vec<u8>, u8>>,
    /// Whether serial over LAN can be activated.
    pub sol_enabled: bool,
    /// Whether the serial line sends back what is typed.
    pub sol_echo: bool,
    /// Its bugs.
    pub bugs: Bugs,
    /// Commands executed (network function, command, data), without repetitions; the last 1,000.
    pub executed: VecDeque<(u8, u8, Vec<u8>)>,
    /// Sessions by id, those being set up included.
    pub sessions: HashMap<u32, Session>,
    /// Set-ups refused because the password was wrong.
    pub refused_logins: u32,
    /// Messages that name the user or prove the password: what may count as a login.
    pub logins: u32,
    /// Time that has passed without anybody waiting for it; see [`Bmc::advance`].
    pub skew: Duration,
    /// What it remembers for itself.
    pub memory: Memory,
}

/// What a BMC remembers between datagrams; nothing to set.
#[derive(Debug)]
pub struct Memory {
    /// Enables of the event log and message buffers.
    pub(super) enables: u8,
    /// Id of the last session.
    pub(super) next: u32,
    away_until: Option<Instant>,
    /// Commands in sessions, but those about the session itself.
    commands: u32,
    pub(super) datagrams_in: u32,
    pub(super) datagrams_out: u32,
    pub(super) held: Option<Sent>,
    /// The answer that is replayed.
    pub(super) first: Option<Vec<u8>>,
    /// The last answer in the session under way, and in the one before it.
    pub(super) latest: Option<Vec<u8>>,
    pub(super) former: Option<Vec<u8>>,
}

impl Default for Memory {
    fn default() -> Self {
        Memory {
            enables: 0x0b,
            next: 0x0200_0000,
            away_until: None,
            commands: 0,
            datagrams_in: 0,
            datagrams_out: 0,
            held: None,
            first: None,
            latest: None,
            former: None,
        }
    }
}

/// A datagram to send, after a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// How long to wait.
    pub after: Duration,
    /// The bytes.
    pub datagram: Vec<u8>,
}

impl Default for Bmc {
    /// `admin`/`password`, every cipher suite but 0, IPMI 1.5 as well, a machine that is off.
    fn default() -> Self {
        Bmc {
            user: "admin".into(),
            password: "password".into(),
            kg: None,
            suites: vec![17, 16, 15, 3, 2, 1],
            ignores_unknown_suites: false,
            lan15: true,
            privilege_limit: 4,
            slots: 4,
            guid: *b"a BMC for tests!",
            port: 623,
            controller: Controller::default(),
            machine: Machine::default(),
            timing: Timing::default(),
            satellites: Vec::new(),
            relay: Relay::default(),
            raw_replies: HashMap::new(),
            sol_enabled: true,
            sol_echo: true,
            bugs: Bugs::default(),
            executed: VecDeque::new(),
            sessions: HashMap::new(),
            refused_logins: 0,
            logins: 0,
            skew: Duration::ZERO,
            memory: Memory::default(),
        }
    }
}

/// A key of 20 bytes out of a password.
pub(super) fn padded(bytes: &[u8]) -> [u8; 20] {
    let mut key = [0; 20];
    for (to, from) in key.iter_mut().zip(bytes) {
        *to = *from;
    }
    key
}

impl Bmc {
    /// Lets time pass that nobody waits for.
    pub fn advance(&mut self, time: Duration) {
        self.skew += time;
    }

    /// What time it is for the BMC.
    pub fn now(&self) -> Instant {
        Instant::now() + self.skew
    }

    /// Whether the machine is on, now.
    pub fn is_on(&mut self) -> bool {
        let now = self.now();
        self.machine.tick(now);
        self.machine.on
    }

    /// How often a command was executed.
    pub fn count(&self, netfn: u8, command: u8) -> usize {
        self.executed
            .iter()
            .filter(|row| (row.0, row.1) == (netfn, command))
            .count()
    }

    /// The BMC restarts: it forgets its sessions and answers nothing for a while.
    pub fn restart(&mut self, now: Instant) {
        self.memory.away_until = Some(now + self.timing.reset);
        self.sessions.clear();
    }

    /// Sends characters over the active serial line, if there is one: where to, and the datagram.
    pub fn sol_print(&mut self, characters: &[u8]) -> Option<(SocketAddr, Vec<u8>)> {
        let password = self.password16();
        let (id, session) = self
            .sessions
            .iter_mut()
            .find(|(_, session)| session.sol.is_some())?;
        let packet = session.sol.as_mut()?.print(characters)?;
        let datagram = session.seal(*id, PayloadType::Sol, &packet, &password)?;
        Some((session.peer?, datagram))
    }

    /// What was typed on the serial line, if it is active.
    pub fn sol_typed(&self) -> Option<Vec<u8>> {
        let lines = self
            .sessions
            .values()
            .filter_map(|session| session.sol.as_ref());
        lines.map(|line| line.typed.clone()).next()
    }

    pub(super) fn password16(&self) -> Secret<[u8; 16]> {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.password.bytes()) {
            *to = from;
        }
        Secret::new(bytes)
    }

    /// Takes a datagram now; returns the answers, usually one or none.
    pub fn receive(&mut self, datagram: &[u8]) -> Vec<Vec<u8>> {
        let sent = self.receive_from(datagram, None, Instant::now());
        sent.into_iter().map(|sent| sent.datagram).collect()
    }

    /// Takes a datagram; returns the answers with when to send them.
    pub fn receive_from(
        &mut self,
        datagram: &[u8],
        peer: Option<SocketAddr>,
        now: Instant,
    ) -> Vec<Sent> {
        let now = now + self.skew;
        self.memory.datagrams_in = self.memory.datagrams_in.wrapping_add(1);
        if self.memory.away_until.is_some_and(|until| now < until) {
            return vec![];
        }
        self.memory.away_until = None;
        self.machine.tick(now);
        if self.bugs.is_empty() && self.memory.held.is_none() {
            let answers = self.answers(datagram, peer, now);
            return answers.into_iter().map(at_once).collect();
        }
        if self.loses_request() {
            return vec![];
        }
        let answers = self.answers(datagram, peer, now);
        answers
            .into_iter()
            .flat_map(|answer| self.damage(answer))
            .collect()
    }

    fn answers(&mut self, datagram: &[u8], peer: Option<SocketAddr>, now: Instant) -> Vec<Vec<u8>> {
        match rmcp::decode(datagram) {
            Ok((rmcp::Class::Asf, message)) => pong(message).into_iter().collect(),
            Ok((rmcp::Class::Ipmi, packet)) if session15::is_rmcp_plus(packet) => {
                self.receive20(packet, peer, now)
            }
            Ok((rmcp::Class::Ipmi, packet)) => self.receive15(packet, peer, now),
            Err(_) => vec![],
        }
    }

    fn receive15(&mut self, packet: &[u8], peer: Option<SocketAddr>, now: Instant) -> Vec<Vec<u8>> {
        let Ok(decoded) = session15::decode(packet) else {
            return vec![];
        };
        if decoded.session == 0 {
            let answer = self.before_session(decoded.payload, now);
            return answer.map(outside15).into_iter().collect();
        }
        let password = self.password16();
        let Some(session) = self.sessions.get_mut(&decoded.session) else {
            return vec![];
        };
        let Kind::Lan15 {
            auth_type, active, ..
        } = &mut session.kind
        else {
            return vec![];
        };
        let Some(active) = active else {
            return self.activate(&decoded, now).into_iter().collect();
        };
        let code = lan15::code(
            *auth_type,
            &password,
            decoded.session,
            decoded.sequence,
            decoded.payload,
        );
        if decoded.auth_type != *auth_type
            || code != decoded.code
            || !active.inbound.accept(decoded.sequence)
        {
            return vec![];
        }
        session.peer = peer;
        session.last_used = now;
        let request = decoded.payload.to_vec();
        self.command(decoded.session, &request, now)
    }

    fn receive20(&mut self, packet: &[u8], peer: Option<SocketAddr>, now: Instant) -> Vec<Vec<u8>> {
        let Ok(decoded) = session20::decode(packet) else {
            return vec![];
        };
        let payload = decoded.payload;
        let answer = match decoded.header.payload_type {
            PayloadType::OpenSessionRequest => self.open_session(payload, now),
            PayloadType::Rakp1 => self.rakp1(payload),
            PayloadType::Rakp3 => self.rakp3(payload, now),
            // What may be asked outside a session may be asked in either wrapper.
            PayloadType::Ipmi if decoded.header.session == 0 => self
                .before_session(payload, now)
                .map(|message| session20::encode_setup(PayloadType::Ipmi, &message)),
            PayloadType::Ipmi | PayloadType::Sol => {
                return self.in_session(decoded.header.session, packet, peer, now);
            }
            _ => None,
        };
        answer.into_iter().collect()
    }

    fn in_session(
        &mut self,
        id: u32,
        packet: &[u8],
        peer: Option<SocketAddr>,
        now: Instant,
    ) -> Vec<Vec<u8>> {
        let Some(session) = self.sessions.get_mut(&id) else {
            return vec![];
        };
        if session.is_stale(now) {
            self.sessions.remove(&id);
            return vec![];
        }
        let Kind::Rmcp {
            active: Some(active),
            ..
        } = &mut session.kind
        else {
            return vec![];
        };
        let Ok((payload_type, payload)) = active.open(packet) else {
            return vec![];
        };
        session.peer = peer;
        session.last_used = now;
        match payload_type {
            PayloadType::Ipmi => self.command(id, &payload, now),
            PayloadType::Sol => self.serial(id, &payload),
            _ => vec![],
        }
    }

    fn serial(&mut self, id: u32, packet: &[u8]) -> Vec<Vec<u8>> {
        let (echo, password) = (self.sol_echo, self.password16());
        let Some(session) = self.sessions.get_mut(&id) else {
            return vec![];
        };
        let Some(line) = &mut session.sol else {
            return vec![];
        };
        let packets = line.receive(packet, echo);
        packets
            .iter()
            .filter_map(|packet| session.seal(id, PayloadType::Sol, packet, &password))
            .collect()
    }

    fn command(&mut self, id: u32, request: &[u8], now: Instant) -> Vec<Vec<u8>> {
        let Some(parsed) = message::parse(request) else {
            return vec![];
        };
        let key = (parsed.sequence, parsed.command);
        let messages = match self
            .sessions
            .get(&id)
            .and_then(|session| session.last.as_ref())
        {
            Some((sequence, command, messages)) if (*sequence, *command) == key => messages.clone(),
            _ => {
                let messages = self.execute(id, request, &parsed, now);
                if self.memory.away_until.is_some() && messages.is_empty() {
                    return vec![];
                }
                messages
            }
        };
        let password = self.password16();
        let Some(session) = self.sessions.get_mut(&id) else {
            // A restart forgot the session; its last word is not heard.
            return vec![];
        };
        session.last = Some((key.0, key.1, messages.clone()));
        let sealed = messages
            .iter()
            .filter_map(|message| session.seal(id, PayloadType::Ipmi, message, &password))
            .collect();
        let closes = (parsed.netfn, parsed.command) == (0x06, 0x3c);
        if closes || self.memory.away_until.is_some() {
            self.sessions.remove(&id);
        }
        sealed
    }

    /// Executes a command; the messages to send.
    fn execute(
        &mut self,
        id: u32,
        request: &[u8],
        parsed: &message::Parsed<'_>,
        now: Instant,
    ) -> Vec<Vec<u8>> {
        let call = parsed.call(id, now);
        // Set Session Privilege Level and Close Session.
        let own = call.netfn == 0x06 && matches!(call.command, 0x3b | 0x3c);
        self.memory.commands = self.memory.commands.wrapping_add(u32::from(!own));
        let count = self.memory.commands;
        let restarts = |bug: &Bug| match bug {
            Bug::Restart => Some(()),
            Bug::RestartAt(command) if *command == count => Some(()),
            _ => None,
        };
        if !own && self.bugs.shows(restarts).is_some() {
            self.restart(now);
            return vec![];
        }
        let refused = match own {
            true => None,
            false => self.bugs.shows(|bug| match bug {
                Bug::Refuse(code) => Some(*code),
                _ => None,
            }),
        };
        if let Some(code) = refused {
            return vec![message::respond(request, &Err(code))];
        }
        if self.executed.len() == EXECUTED_MAX {
            self.executed.pop_front();
        }
        self.executed
            .push_back((call.netfn, call.command, call.data.to_vec()));
        let privilege = self
            .sessions
            .get(&id)
            .map_or(0, |session| session.privilege);
        let is_reset = call.netfn == 0x06 && matches!(call.command, 0x02 | 0x03);
        if is_reset && self.bugs.is(&Bug::SilentReset) {
            self.restart(now);
            return vec![];
        }
        if is_reset && privilege >= 4 && !self.raw_replies.contains_key(&(0x06, call.command)) {
            return self.last_words(id, request, &call, privilege);
        }
        let (answer, later) = if (call.netfn, call.command) == (0x06, 0x34) {
            bridge::send(&mut self.satellites, self.relay, call.data, now)
        } else {
            (command::execute(self, &call, privilege), vec![])
        };
        let answer = self.distort(&call, answer);
        let later = if self.bugs.is(&Bug::DeafSatellites) {
            vec![]
        } else {
            later
        };
        let mut own = message::respond(request, &answer);
        if self.bugs.is(&Bug::WrongSequence) {
            own = message::renumbered(own);
        }
        [vec![own], later].concat()
    }

    /// A restart is acknowledged in the session that ends with it.
    fn last_words(
        &mut self,
        id: u32,
        request: &[u8],
        call: &Call<'_>,
        privilege: u8,
    ) -> Vec<Vec<u8>> {
        let session = self.sessions.remove(&id);
        let answer = command::execute(self, call, privilege);
        self.sessions.extend(session.map(|session| (id, session)));
        vec![message::respond(request, &answer)]
    }
}

pub(super) const fn at_once(datagram: Vec<u8>) -> Sent {
    Sent {
        after: Duration::ZERO,
        datagram,
    }
}

/// A message outside a session, in the wrapper of IPMI 1.5.
fn outside15(message: Vec<u8>) -> Vec<u8> {
    session15::encode(&session15::Packet {
        auth_type: session15::AuthType::None,
        sequence: 0,
        session: 0,
        code: None,
        payload: &message,
    })
}

/// The answer to an ASF presence ping.
fn pong(message: &[u8]) -> Option<Vec<u8>> {
    let [0x00, 0x00, 0x11, 0xbe, 0x80, tag, ..] = message else {
        return None;
    };
    let mut datagram = rmcp::begin(rmcp::Class::Asf, 24);
    datagram.extend([0, 0, 0x11, 0xbe, 0x40, *tag, 0, 16]);
    datagram.extend([0, 0, 0x11, 0xbe, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0]);
    Some(datagram)
}
