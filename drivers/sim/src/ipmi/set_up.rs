//! Session set-up: RMCP+ (Open Session, RAKP) and IPMI 1.5 (challenge, activation).

use std::time::Instant;

use drivers_ipmi_client::crypto::{CipherSuite, lan15};
use drivers_ipmi_client::session::Sealed;
use drivers_ipmi_client::session::keys::Transcript;
use drivers_ipmi_client::session::window::{Counter, Window};
use drivers_ipmi_client::wire::Cursor;
use drivers_ipmi_client::wire::session15::{self, AuthType};
use drivers_ipmi_client::wire::session20::{self, PayloadType};

use super::bmc::{Bmc, padded};
use super::bug::Bug;
use super::command;
use super::message;
use super::session::{Kind, Lan15, Session};

/// Status codes (IPMI 2.0 table 13-15).
mod status {
    pub(super) const NO_RESOURCES: u8 = 0x01;
    pub(super) const INVALID_SESSION: u8 = 0x02;
    pub(super) const UNAUTHORISED_NAME: u8 = 0x0d;
    pub(super) const INVALID_CHECK: u8 = 0x0f;
    pub(super) const NO_CIPHER_MATCH: u8 = 0x11;
}

impl Bmc {
    /// The key both sides hash with; another one where the bug makes the right password wrong.
    fn user_key(&mut self) -> [u8; 20] {
        if self.bugs.is(&Bug::WrongPassword) {
            return padded(b"another password");
        }
        padded(self.password.as_bytes())
    }

    fn is_full(&mut self, now: Instant) -> bool {
        self.sessions.retain(|_, session| !session.is_stale(now));
        self.sessions.len() >= self.slots || self.bugs.is(&Bug::SessionsFull)
    }

    fn add_session(&mut self, session: Session) -> u32 {
        self.memory.next = self.memory.next.wrapping_add(1).max(1);
        self.sessions.insert(self.memory.next, session);
        self.memory.next
    }

    pub(super) fn open_session(&mut self, payload: &[u8], now: Instant) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, _privilege, _, _] = cursor.array("request").ok()?;
        let console = cursor.u32("session").ok()?;
        let mut algorithms = [0; 3];
        for algorithm in &mut algorithms {
            *algorithm = cursor.array::<8>("algorithm").ok()?[4];
        }
        let numbers = |suite: &CipherSuite| {
            [
                suite.authentication_algorithm(),
                suite.integrity_algorithm(),
                suite.confidentiality_algorithm(),
            ]
        };
        let suite = self
            .suites
            .iter()
            .filter_map(|id| CipherSuite::by_id(*id))
            .find(|suite| numbers(suite) == algorithms);
        let reply = PayloadType::OpenSessionResponse;
        let Some(suite) = suite else {
            let silent = self.ignores_unknown_suites;
            return (!silent).then(|| refusal(reply, tag, console, status::NO_CIPHER_MATCH));
        };
        if self.is_full(now) {
            return Some(refusal(reply, tag, console, status::NO_RESOURCES));
        }
        let transcript = Transcript {
            console_session: console,
            bmc_session: 0,
            console_random: [0; 16],
            bmc_random: [0; 16],
            bmc_guid: self.guid,
            role: 0,
            username: vec![],
        };
        let id = self.add_session(Session::new(
            Kind::Rmcp {
                suite,
                transcript: Box::new(transcript),
                active: None,
            },
            now,
        ));
        if let Some(Session {
            kind: Kind::Rmcp { transcript, .. },
            ..
        }) = self.sessions.get_mut(&id)
        {
            transcript.bmc_session = id;
        }
        if self.bugs.is(&Bug::Downgrade) {
            algorithms = [0; 3];
        }
        let mut answer = vec![tag, 0, 4, 0];
        answer.extend(console.to_le_bytes());
        answer.extend(id.to_le_bytes());
        for (kind, algorithm) in (0u8..).zip(algorithms) {
            answer.extend([kind, 0, 0, 8, algorithm, 0, 0, 0]);
        }
        Some(session20::encode_setup(reply, &answer))
    }

    pub(super) fn rakp1(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, _, _, _] = cursor.array("rakp1").ok()?;
        self.logins += 1;
        let id = cursor.u32("session").ok()?;
        let console_random = cursor.array("random").ok()?;
        let [role, _, _, length] = cursor.array("role").ok()?;
        let username = cursor.bytes(usize::from(length), "name").ok()?.to_vec();
        let known = username == self.user.as_bytes();
        let user_key = self.user_key();
        // A new number for every copy of the message, as real BMCs do.
        let bmc_random = rand::random();
        let Kind::Rmcp {
            suite, transcript, ..
        } = &mut self.sessions.get_mut(&id)?.kind
        else {
            return None;
        };
        transcript.console_random = console_random;
        transcript.bmc_random = bmc_random;
        transcript.role = role;
        transcript.username = username;
        let (reply, console) = (PayloadType::Rakp2, transcript.console_session);
        if !known {
            let answer = refusal(reply, tag, console, status::UNAUTHORISED_NAME);
            self.sessions.remove(&id);
            return Some(answer);
        }
        let mut answer = vec![tag, 0, 0, 0];
        answer.extend(console.to_le_bytes());
        answer.extend(transcript.bmc_random);
        answer.extend(transcript.bmc_guid);
        let code = transcript.rakp2_code(suite.authentication, &user_key);
        answer.extend(code.as_slice());
        Some(session20::encode_setup(reply, &answer))
    }

    pub(super) fn rakp3(&mut self, payload: &[u8], now: Instant) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, refused, _, _] = cursor.array("rakp3").ok()?;
        let id = cursor.u32("session").ok()?;
        let user_key = self.user_key();
        let bmc_key = self.kg.unwrap_or(user_key);
        let limit = self.privilege_limit;
        let reply = PayloadType::Rakp4;
        let Some(session) = self.sessions.get_mut(&id) else {
            return Some(refusal(reply, tag, 0, status::INVALID_SESSION));
        };
        let Kind::Rmcp {
            suite,
            transcript,
            active,
        } = &mut session.kind
        else {
            return None;
        };
        if refused != 0 {
            self.sessions.remove(&id);
            return None;
        }
        let hash = suite.authentication;
        if !transcript
            .rakp3_code(hash, &user_key)
            .verifies(cursor.rest(), hash.code_len())
        {
            let answer = refusal(
                reply,
                tag,
                transcript.console_session,
                status::INVALID_CHECK,
            );
            self.sessions.remove(&id);
            self.refused_logins += 1;
            return Some(answer);
        }
        let integrity_key = transcript.integrity_key(hash, &bmc_key);
        let mut answer = vec![tag, 0, 0, 0];
        answer.extend(transcript.console_session.to_le_bytes());
        answer.extend(
            transcript
                .rakp4_check(hash, &integrity_key)
                .truncated(hash.truncated_len()),
        );
        if active.is_none() {
            // Seen from here, the BMC's id is the receiver's and the console's the sender's.
            *active = Some(Box::new(Sealed::new(
                *suite,
                id,
                transcript.console_session,
                &integrity_key,
            )));
            session.privilege = limit.min(command::USER);
        }
        session.last_used = now;
        Some(session20::encode_setup(reply, &answer))
    }

    /// What may be asked outside a session; the message that answers it.
    pub(super) fn before_session(&mut self, request: &[u8], now: Instant) -> Option<Vec<u8>> {
        let parsed = message::parse(request)?;
        let call = parsed.call(0, now);
        let answer = match (call.netfn, call.command) {
            (0x06, 0x38) => command::auth_capabilities(self, &call),
            (0x06, 0x54) => command::cipher_suites(self, &call),
            (0x06, 0x37) => Ok(self.guid.to_vec()),
            (0x06, 0x39) if self.lan15 => self.challenge(call.data, now),
            _ => Err(command::code::PRIVILEGE),
        };
        Some(message::respond(request, &answer))
    }

    fn challenge(&mut self, data: &[u8], now: Instant) -> command::Answer {
        let [kind, name @ ..] = data else {
            return Err(command::code::LENGTH);
        };
        let auth_type = match kind & 0x0f {
            0x02 => AuthType::Md5,
            0x04 => AuthType::Password,
            _ => return Err(0xcc),
        };
        let end = name
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(name.len());
        if name.get(..end) != Some(self.user.as_bytes()) {
            return Err(0x81);
        }
        if self.is_full(now) {
            return Err(0xc0);
        }
        let challenge: [u8; 16] = rand::random();
        let id = self.add_session(Session::new(
            Kind::Lan15 {
                auth_type,
                challenge,
                active: None,
            },
            now,
        ));
        Ok([&id.to_le_bytes()[..], &challenge].concat())
    }

    /// Activate Session: the packet carries the temporary id, sequence 0 and a code.
    pub(super) fn activate(
        &mut self,
        packet: &session15::Packet<'_>,
        now: Instant,
    ) -> Option<Vec<u8>> {
        let password = self.password16();
        let parsed = message::parse(packet.payload)?;
        self.logins += 1;
        let limit = self.privilege_limit;
        let session = self.sessions.get_mut(&packet.session)?;
        let Kind::Lan15 {
            auth_type,
            challenge,
            active,
        } = &mut session.kind
        else {
            return None;
        };
        let code = lan15::code(
            *auth_type,
            &password,
            packet.session,
            packet.sequence,
            packet.payload,
        );
        let auth_type = *auth_type;
        let answer = match parsed.data {
            // A wrong password is not answered (IPMI 2.0 §22.17).
            _ if code != packet.code || self.bugs.is(&Bug::WrongPassword) => {
                self.refused_logins += 1;
                self.sessions.remove(&packet.session);
                return None;
            }
            [_, level, rest @ ..] if rest.len() == 20 && rest.get(..16) == Some(&challenge[..]) => {
                let first: [u8; 4] = rest.get(16..20)?.try_into().ok()?;
                *active = Some(Lan15 {
                    outbound: Counter::starting_at(u32::from_le_bytes(first)),
                    inbound: Window::expecting(1),
                });
                session.privilege = limit.min(command::USER);
                session.last_used = now;
                let mut answer = vec![auth_type as u8];
                answer.extend(packet.session.to_le_bytes());
                answer.extend(1u32.to_le_bytes());
                answer.push(limit.min(level & 0x0f));
                Ok(answer)
            }
            _ => Err(0xcc),
        };
        let message = message::respond(packet.payload, &answer);
        // The answer is authenticated like everything in the session.
        let session = self.sessions.get_mut(&packet.session)?;
        session.seal(packet.session, PayloadType::Ipmi, &message, &password)
    }
}

fn refusal(reply: PayloadType, tag: u8, console: u32, status: u8) -> Vec<u8> {
    let mut answer = vec![tag, status, 0, 0];
    answer.extend(console.to_le_bytes());
    session20::encode_setup(reply, &answer)
}
