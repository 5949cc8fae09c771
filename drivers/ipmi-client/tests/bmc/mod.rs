//! A small BMC for tests: datagram in, datagrams out, no socket and no clock.
//!
//! It speaks every cipher suite of the client and IPMI 2.0 only. Its side of the key exchange was
//! checked with `ipmitool -C 17` (see `ipmitool_agrees` in `rmcp_plus.rs`).
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::HashMap;

use drivers_ipmi_client::crypto::CipherSuite;
use drivers_ipmi_client::session::Sealed;
use drivers_ipmi_client::session::entropy::System;
use drivers_ipmi_client::session::keys::Transcript;
use drivers_ipmi_client::wire::message::checksum;
use drivers_ipmi_client::wire::session20::PayloadType;
use drivers_ipmi_client::wire::{Cursor, rmcp, session15, session20};

pub struct Bmc {
    pub user: String,
    pub password: String,
    pub kg: Option<[u8; 20]>,
    pub suites: Vec<u8>,
    /// Drops requests for other suites instead of refusing them.
    pub ignores_unknown_suites: bool,
    /// Highest level of Set Session Privilege Level.
    pub privilege_limit: u8,
    /// Sessions that can be open at once.
    pub slots: usize,
    pub power_on: bool,
    pub boot_flags: [u8; 5],
    /// Completion codes to answer commands with, by network function and command.
    pub refusals: HashMap<(u8, u8), u8>,
    /// Requests executed (network function, command, data), without retransmissions.
    pub executed: Vec<(u8, u8, Vec<u8>)>,
    pub sessions: HashMap<u32, Session>,
    /// The SDR repository.
    pub sensor_records: Vec<Vec<u8>>,
    /// Every so many reads somebody else takes the reservation; 0 never.
    pub reservation_lost_every: u32,
    /// Bytes of a record it can return at once.
    pub sdr_part_max: u8,
    pub reservation: u16,
    pub sdr_reads: u32,
    pub next: u32,
}

pub struct Session {
    suite: CipherSuite,
    transcript: Transcript,
    active: Option<Sealed>,
    /// Number and answer of the last request, for retransmissions.
    last: Option<(u8, Vec<u8>)>,
}

impl Default for Bmc {
    fn default() -> Self {
        Bmc {
            user: "admin".into(),
            password: "password".into(),
            kg: None,
            suites: vec![17, 16, 15, 3, 2, 1],
            ignores_unknown_suites: false,
            privilege_limit: 4,
            slots: 4,
            power_on: false,
            boot_flags: [0; 5],
            refusals: HashMap::new(),
            executed: Vec::new(),
            sessions: HashMap::new(),
            sensor_records: Vec::new(),
            reservation_lost_every: 0,
            sdr_part_max: 64,
            reservation: 1,
            sdr_reads: 0,
            next: 0x0200_0000,
        }
    }
}

fn padded(bytes: &[u8]) -> [u8; 20] {
    let mut key = [0; 20];
    key[..bytes.len()].copy_from_slice(bytes);
    key
}

impl Bmc {
    /// Takes a datagram; returns the answers, usually one or none.
    pub fn receive(&mut self, datagram: &[u8]) -> Vec<Vec<u8>> {
        let Ok((rmcp::Class::Ipmi, packet)) = rmcp::decode(datagram) else {
            return vec![];
        };
        let answer = if session15::is_rmcp_plus(packet) {
            self.receive20(packet)
        } else {
            self.receive15(packet)
        };
        answer.into_iter().collect()
    }

    fn receive15(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let packet = session15::decode(packet).ok()?;
        let request = packet.payload;
        if request.len() < 7 || request[1] >> 2 != 0x06 || request[5] != 0x38 {
            return None;
        }
        let data = [0x00, 0x01, 0x80, 0x04, 0x03, 0, 0, 0, 0];
        let payload = response(request, &data);
        Some(session15::encode(&session15::Packet {
            auth_type: session15::AuthType::None,
            sequence: 0,
            session: 0,
            code: None,
            payload: &payload,
        }))
    }

    fn receive20(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let decoded = session20::decode(packet).ok()?;
        match decoded.header.payload_type {
            PayloadType::OpenSessionRequest => self.open_session(decoded.payload),
            PayloadType::Rakp1 => self.rakp1(decoded.payload),
            PayloadType::Rakp3 => self.rakp3(decoded.payload),
            PayloadType::Ipmi => self.command(decoded.header.session, packet),
            _ => None,
        }
    }

    fn open_session(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, _privilege, _, _] = cursor.array("request").ok()?;
        let console = cursor.u32("session").ok()?;
        let mut algorithms = [0; 3];
        for algorithm in &mut algorithms {
            *algorithm = cursor.array::<8>("algorithm").ok()?[4];
        }
        let suite = self
            .suites
            .iter()
            .filter_map(|id| CipherSuite::by_id(*id))
            .find(|suite| {
                [
                    suite.authentication_algorithm(),
                    suite.integrity_algorithm(),
                    suite.confidentiality_algorithm(),
                ] == algorithms
            });
        let refuse = |status| {
            let mut answer = vec![tag, status, 0, 0];
            answer.extend(console.to_le_bytes());
            Some(session20::encode_setup(
                PayloadType::OpenSessionResponse,
                &answer,
            ))
        };
        let Some(suite) = suite else {
            if self.ignores_unknown_suites {
                return None;
            }
            return refuse(0x11);
        };
        if self.sessions.len() >= self.slots {
            return refuse(0x01);
        }
        self.next += 1;
        let id = self.next;
        self.sessions.insert(
            id,
            Session {
                suite,
                transcript: Transcript {
                    console_session: console,
                    bmc_session: id,
                    console_random: [0; 16],
                    bmc_random: [0; 16],
                    bmc_guid: *b"a BMC for tests!",
                    role: 0,
                    username: vec![],
                },
                active: None,
                last: None,
            },
        );
        let mut answer = vec![tag, 0, 4, 0];
        answer.extend(console.to_le_bytes());
        answer.extend(id.to_le_bytes());
        for (kind, algorithm) in (0u8..).zip(algorithms) {
            answer.extend([kind, 0, 0, 8, algorithm, 0, 0, 0]);
        }
        Some(session20::encode_setup(
            PayloadType::OpenSessionResponse,
            &answer,
        ))
    }

    fn rakp1(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, _, _, _] = cursor.array("rakp1").ok()?;
        let id = cursor.u32("session").ok()?;
        self.next += 1;
        let mut random = [0x5a; 16];
        random[..4].copy_from_slice(&self.next.to_le_bytes());
        let session = self.sessions.get_mut(&id)?;
        session.transcript.console_random = cursor.array("random").ok()?;
        // A new number for every copy of the message, as real BMCs do.
        session.transcript.bmc_random = random;
        let [role, _, _, len] = cursor.array("role").ok()?;
        session.transcript.role = role;
        session.transcript.username = cursor.bytes(usize::from(len), "name").ok()?.to_vec();
        let console = session.transcript.console_session;
        if session.transcript.username != self.user.as_bytes() {
            let mut answer = vec![tag, 0x0d, 0, 0];
            answer.extend(console.to_le_bytes());
            return Some(session20::encode_setup(PayloadType::Rakp2, &answer));
        }
        let mut answer = vec![tag, 0, 0, 0];
        answer.extend(console.to_le_bytes());
        answer.extend(session.transcript.bmc_random);
        answer.extend(session.transcript.bmc_guid);
        let code = session.transcript.rakp2_code(
            session.suite.authentication,
            &padded(self.password.as_bytes()),
        );
        answer.extend(code.as_slice());
        Some(session20::encode_setup(PayloadType::Rakp2, &answer))
    }

    fn rakp3(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(payload);
        let [tag, status, _, _] = cursor.array("rakp3").ok()?;
        let id = cursor.u32("session").ok()?;
        let Some(session) = self.sessions.get_mut(&id) else {
            let answer = [tag, 0x02, 0, 0, 0, 0, 0, 0];
            return Some(session20::encode_setup(PayloadType::Rakp4, &answer));
        };
        if status != 0 {
            self.sessions.remove(&id);
            return None;
        }
        let hash = session.suite.authentication;
        let transcript = &session.transcript;
        let user_key = padded(self.password.as_bytes());
        let mut answer = vec![tag, 0, 0, 0];
        answer.extend(transcript.console_session.to_le_bytes());
        if !transcript
            .rakp3_code(hash, &user_key)
            .verifies(cursor.rest(), hash.code_len())
        {
            answer[1] = 0x0f;
            self.sessions.remove(&id);
            return Some(session20::encode_setup(PayloadType::Rakp4, &answer));
        }
        let integrity_key = transcript.integrity_key(hash, &self.kg.unwrap_or(user_key));
        answer.extend(
            transcript
                .rakp4_check(hash, &integrity_key)
                .truncated(hash.truncated_len()),
        );
        if session.active.is_none() {
            // Seen from here, the BMC's id is the receiver's and the console's the sender's.
            session.active = Some(Sealed::new(
                session.suite,
                id,
                transcript.console_session,
                &integrity_key,
            ));
        }
        Some(session20::encode_setup(PayloadType::Rakp4, &answer))
    }

    fn command(&mut self, id: u32, packet: &[u8]) -> Option<Vec<u8>> {
        let session = self.sessions.get_mut(&id)?;
        let (_, request) = session.active.as_mut()?.open(packet).ok()?;
        if request.len() < 7 || checksum(&request[..3]) != 0 || checksum(&request[3..]) != 0 {
            return None;
        }
        let sequence = request[4] >> 2;
        let answer = match &session.last {
            Some((last, answer)) if *last == sequence => answer.clone(),
            _ => {
                let data = self.execute(&request);
                response(&request, &data)
            }
        };
        let session = self.sessions.get_mut(&id)?;
        session.last = Some((sequence, answer.clone()));
        let datagram = session
            .active
            .as_mut()?
            .seal(PayloadType::Ipmi, &answer, &mut System);
        let closing = request[1] >> 2 == 0x06 && request[5] == 0x3c;
        if closing {
            self.sessions.remove(&id);
        }
        Some(datagram)
    }

    /// Completion code and data.
    fn execute(&mut self, request: &[u8]) -> Vec<u8> {
        let (netfn, command) = (request[1] >> 2, request[5]);
        let data = &request[6..request.len() - 1];
        if let Some(code) = self.refusals.get(&(netfn, command)) {
            return vec![*code];
        }
        self.executed.push((netfn, command, data.to_vec()));
        match (netfn, command, data) {
            (0x06, 0x01, _) => vec![
                0, 0x20, 0x01, 0x02, 0x10, 0x02, 0x8f, 0x57, 0x01, 0x00, 0x42, 0x00,
            ],
            (0x06, 0x02 | 0x03 | 0x3c, _) => vec![0],
            (0x06, 0x3b, [level]) if *level <= self.privilege_limit => vec![0, *level],
            (0x06, 0x3b, _) => vec![0x81],
            (0x00, 0x01, _) => vec![0, 0x60 | u8::from(self.power_on), 0, 0x40],
            (0x00, 0x02, [action]) => {
                match action {
                    0 => self.power_on = false,
                    1..=3 => self.power_on = true,
                    _ => {}
                }
                vec![0]
            }
            (0x00, 0x08, [5, flags @ ..]) if flags.len() == 5 => {
                self.boot_flags.copy_from_slice(flags);
                vec![0]
            }
            (0x00, 0x08, [0 | 3 | 4, ..]) => vec![0],
            (0x00, 0x08, _) => vec![0x80],
            (0x00, 0x09, [5, ..]) => [&[0, 1, 5], &self.boot_flags[..]].concat(),
            (0x0a, 0x22, []) => {
                self.reservation += 1;
                [&[0], &self.reservation.to_le_bytes()[..]].concat()
            }
            (0x0a, 0x23, [r0, r1, id0, id1, offset, count]) => self.sensor_record(
                u16::from_le_bytes([*r0, *r1]),
                u16::from_le_bytes([*id0, *id1]),
                *offset,
                *count,
            ),
            _ => vec![0xc1],
        }
    }

    /// Records are numbered from 1.
    fn sensor_record(&mut self, reservation: u16, id: u16, offset: u8, count: u8) -> Vec<u8> {
        self.sdr_reads += 1;
        if self.reservation_lost_every > 0
            && self.sdr_reads.is_multiple_of(self.reservation_lost_every)
        {
            self.reservation += 1;
        }
        if offset > 0 && reservation != self.reservation {
            return vec![0xc5];
        }
        if count > self.sdr_part_max {
            return vec![0xca];
        }
        let index = usize::from(id.max(1)) - 1;
        let Some(record) = self.sensor_records.get(index) else {
            return vec![0xcb];
        };
        let next = if index + 1 < self.sensor_records.len() {
            u16::try_from(index + 2).unwrap()
        } else {
            0xffff
        };
        let end = record.len().min(usize::from(offset) + usize::from(count));
        let part = record.get(usize::from(offset)..end).unwrap_or_default();
        [&[0], &next.to_le_bytes()[..], part].concat()
    }
}

/// The answer to a request: addresses swapped, odd network function.
fn response(request: &[u8], data: &[u8]) -> Vec<u8> {
    let mut answer = vec![request[3], request[1] | 0x04];
    answer.push(checksum(&answer));
    answer.extend([request[0], request[4], request[5]]);
    answer.extend(data);
    answer.push(checksum(&answer[3..]));
    answer
}
