//! RMCP+ session set-up: capabilities, Open Session, RAKP 1–4 (IPMI 2.0 §13.14–13.24).
//!
//! BMCs make a new random number for each copy of RAKP message 1 they see, and only the last one
//! counts. So a repetition gets a new tag and older answers are dropped; and a second answer to the
//! same tag (the network doubled our datagram) replaces the first.

use std::sync::Arc;

use super::entropy::{self, Entropy};
use super::keys::Transcript;
use super::opening::{self, Progress};
use super::rakp::{self, OpenSessionResponse, Rakp2, Rakp4};
use super::status::{Reason, Status};
use super::{Established, Parameters, Sealed};
use crate::command::Command;
use crate::command::auth_capabilities::{AuthCapabilities, GetAuthCapabilities};
use crate::completion::CompletionCode;
use crate::crypto::{CipherSuite, Mac};
use crate::error::Failure;
use crate::wire::session15;
use crate::wire::session20::{self, PayloadType};

/// How often a set-up begins again because the BMC forgot it half-way.
const RESTARTS: u32 = 2;
/// "Invalid integrity check value".
const INVALID_CHECK_VALUE: Status = Status(0x0f);

/// The set-up so far.
#[derive(Debug)]
pub(super) struct Opening20 {
    parameters: Arc<Parameters>,
    /// Suites in the order of trial; `current` indexes it.
    suites: Vec<CipherSuite>,
    current: usize,
    sequence: u8,
    tag: u8,
    transcript: Transcript,
    stage: Stage,
    restarts: u32,
}

#[derive(Debug)]
enum Stage {
    Capabilities,
    OpenSession,
    Rakp1,
    Rakp3 { integrity_key: Mac, rakp1_tag: u8 },
}

impl Opening20 {
    pub(super) fn new(
        parameters: Arc<Parameters>,
        preferred: Option<CipherSuite>,
        sequence: u8,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let mut suites = parameters.suites.clone();
        if let Some(index) = suites.iter().position(|suite| Some(*suite) == preferred) {
            let suite = suites.remove(index);
            suites.insert(0, suite);
        }
        let transcript = Transcript {
            console_session: entropy::nonzero(entropy),
            bmc_session: 0,
            console_random: entropy::array(entropy),
            bmc_random: [0; 16],
            bmc_guid: [0; 16],
            role: parameters.privilege as u8 | rakp::NAME_ONLY_LOOKUP,
            username: parameters.credentials.username().to_vec(),
        };
        let [tag] = entropy::array(entropy);
        Opening20 {
            parameters,
            suites,
            current: 0,
            sequence,
            tag,
            transcript,
            stage: Stage::Capabilities,
            restarts: 0,
        }
    }

    pub(super) fn suite(&self) -> Option<CipherSuite> {
        self.suites.get(self.current).copied()
    }

    pub(super) const fn stage(&self) -> &'static str {
        match self.stage {
            Stage::Capabilities => GetAuthCapabilities::NAME,
            Stage::OpenSession => "Open Session Request",
            Stage::Rakp1 => "RAKP message 1",
            Stage::Rakp3 { .. } => "RAKP message 3",
        }
    }

    pub(super) fn transmit(&mut self) -> Vec<u8> {
        self.tag = self.tag.wrapping_add(1);
        let Some(suite) = self.suite() else {
            return Vec::new();
        };
        match &self.stage {
            Stage::Capabilities => opening::sessionless(
                &GetAuthCapabilities {
                    privilege: self.parameters.privilege,
                    rmcp_plus: true,
                }
                .request(),
                self.sequence,
            ),
            Stage::OpenSession => session20::encode_setup(
                PayloadType::OpenSessionRequest,
                &rakp::open_session_request(self.tag, self.transcript.console_session, suite),
            ),
            Stage::Rakp1 => session20::encode_setup(
                PayloadType::Rakp1,
                &rakp::rakp1(
                    self.tag,
                    self.transcript.bmc_session,
                    self.transcript.console_random,
                    self.transcript.role,
                    &self.transcript.username,
                ),
            ),
            Stage::Rakp3 { .. } => {
                let code = self
                    .transcript
                    .rakp3_code(suite.authentication, self.parameters.credentials.user_key());
                session20::encode_setup(
                    PayloadType::Rakp3,
                    &rakp::rakp3(
                        self.tag,
                        Status::OK,
                        self.transcript.bmc_session,
                        code.as_slice(),
                    ),
                )
            }
        }
    }

    /// A BMC that answered Open Session and then falls silent may have forgotten the half-open
    /// session; some do not say so. Tried once.
    pub(super) const fn may_begin_again(&self) -> bool {
        matches!(self.stage, Stage::Rakp1 | Stage::Rakp3 { .. }) && self.restarts == 0
    }

    /// Some BMCs do not refuse a suite that they lack, they ignore the request.
    pub(super) fn silent(&mut self, timeout: Failure, entropy: &mut dyn Entropy) -> Progress {
        if self.may_begin_again() {
            return self.with_open_session(entropy);
        }
        if matches!(self.stage, Stage::OpenSession) && self.current + 1 < self.suites.len() {
            self.current += 1;
            return Progress::Next;
        }
        Progress::Failed(timeout)
    }

    pub(super) fn receive(&mut self, packet: &[u8], entropy: &mut dyn Entropy) -> Progress {
        if matches!(self.stage, Stage::Capabilities) {
            return self.capabilities(packet);
        }
        let Ok(packet) = session20::decode(packet) else {
            return Progress::Ignored;
        };
        match (&self.stage, packet.header.payload_type) {
            (Stage::OpenSession, PayloadType::OpenSessionResponse) => {
                self.open_session(packet.payload)
            }
            (Stage::Rakp1, PayloadType::Rakp2) => self.rakp2(packet.payload, entropy),
            (Stage::Rakp3 { rakp1_tag, .. }, PayloadType::Rakp2) => {
                self.rakp2_again(packet.payload, *rakp1_tag)
            }
            (Stage::Rakp3 { .. }, PayloadType::Rakp4) => self.rakp4(packet.payload, entropy),
            _ => Progress::Ignored,
        }
    }

    fn capabilities(&mut self, packet: &[u8]) -> Progress {
        let Ok(packet) = session15::decode(packet) else {
            return Progress::Ignored;
        };
        let response =
            match opening::answer(packet.payload, GetAuthCapabilities::COMMAND, self.sequence) {
                Ok(Some(response)) => response,
                Ok(None) | Err(_) => return Progress::Ignored,
            };
        let code = CompletionCode(response.completion);
        if code.is_transient() {
            return Progress::Failed(Failure::completion(
                code,
                response.netfn.0,
                response.command,
            ));
        }
        // A BMC of IPMI 1.5 refuses the request for extended capabilities.
        if code != CompletionCode::OK {
            return Progress::Failed(Failure::NoIpmi20);
        }
        match AuthCapabilities::decode(&response.data) {
            Ok(capabilities) if capabilities.rmcp_plus => {
                self.stage = Stage::OpenSession;
                Progress::Next
            }
            Ok(_) => Progress::Failed(Failure::NoIpmi20),
            Err(malformed) => Progress::Failed(malformed.into()),
        }
    }

    fn open_session(&mut self, payload: &[u8]) -> Progress {
        let Ok(answer) = rakp::open_session_response(payload) else {
            return Progress::Ignored;
        };
        if answer.tag != self.tag || !self.is_ours(answer.console_session) {
            return Progress::Ignored;
        }
        let Some(suite) = self.suite() else {
            return Progress::Ignored;
        };
        match answer.body {
            OpenSessionResponse::Refused(status) => match status.reason_opening() {
                Reason::CipherSuite => self.next_suite(status),
                _ => self.refused(status, "Open Session Request"),
            },
            OpenSessionResponse::Accepted {
                bmc_session,
                algorithms,
            } => {
                let proposed = [
                    suite.authentication_algorithm(),
                    suite.integrity_algorithm(),
                    suite.confidentiality_algorithm(),
                ];
                // A BMC that answers with weaker algorithms than proposed is not followed.
                if algorithms != proposed {
                    return self.next_suite(Status(0x11));
                }
                self.transcript.bmc_session = bmc_session;
                self.stage = Stage::Rakp1;
                Progress::Next
            }
        }
    }

    fn next_suite(&mut self, status: Status) -> Progress {
        self.current += 1;
        if self.current < self.suites.len() {
            return Progress::Next;
        }
        Progress::Failed(Failure::CipherRefused {
            tried: self.suites.iter().map(|suite| suite.id).collect(),
            status,
        })
    }

    fn rakp2(&mut self, payload: &[u8], entropy: &mut dyn Entropy) -> Progress {
        let Ok(answer) = rakp::rakp2(payload) else {
            return Progress::Ignored;
        };
        if answer.tag != self.tag || !self.is_ours(answer.console_session) {
            return Progress::Ignored;
        }
        let Some(suite) = self.suite() else {
            return Progress::Ignored;
        };
        let (bmc_random, bmc_guid, code) = match answer.body {
            Rakp2::Refused(status) => return self.forgotten_or(status, "RAKP message 1", entropy),
            Rakp2::Accepted {
                bmc_random,
                bmc_guid,
                code,
            } => (bmc_random, bmc_guid, code),
        };
        if self.prove(suite, bmc_random, bmc_guid, code, self.tag) {
            return Progress::Next;
        }
        Progress::Failed(Failure::WrongCredentials {
            evidence: "the key exchange code of RAKP message 2 does not match our password",
        })
    }

    fn rakp2_again(&mut self, payload: &[u8], rakp1_tag: u8) -> Progress {
        let (Ok(answer), Some(suite)) = (rakp::rakp2(payload), self.suite()) else {
            return Progress::Ignored;
        };
        match answer.body {
            Rakp2::Accepted {
                bmc_random,
                bmc_guid,
                code,
            } if answer.tag == rakp1_tag
                && self.is_ours(answer.console_session)
                && bmc_random != self.transcript.bmc_random
                && self.prove(suite, bmc_random, bmc_guid, code, rakp1_tag) =>
            {
                Progress::Next
            }
            _ => Progress::Ignored,
        }
    }

    /// Verifies that the BMC knows the password; if so, goes on with its random number.
    fn prove(
        &mut self,
        suite: CipherSuite,
        bmc_random: [u8; 16],
        bmc_guid: [u8; 16],
        code: &[u8],
        rakp1_tag: u8,
    ) -> bool {
        let hash = suite.authentication;
        let credentials = &self.parameters.credentials;
        let transcript = Transcript {
            bmc_random,
            bmc_guid,
            ..self.transcript.clone()
        };
        let expected = transcript.rakp2_code(hash, credentials.user_key());
        if !expected.verifies(code, hash.code_len()) {
            return false;
        }
        self.stage = Stage::Rakp3 {
            integrity_key: transcript.integrity_key(hash, credentials.bmc_key()),
            rakp1_tag,
        };
        self.transcript = transcript;
        true
    }

    fn rakp4(&mut self, payload: &[u8], entropy: &mut dyn Entropy) -> Progress {
        let Ok(answer) = rakp::rakp4(payload) else {
            return Progress::Ignored;
        };
        if answer.tag != self.tag || !self.is_ours(answer.console_session) {
            return Progress::Ignored;
        }
        let (Some(suite), Stage::Rakp3 { integrity_key, .. }) = (self.suite(), &self.stage) else {
            return Progress::Ignored;
        };
        let check = match answer.body {
            // Our code was right for what the BMC told us, so it has made new numbers since.
            Rakp4::Refused(INVALID_CHECK_VALUE) => {
                return self.begin_again(INVALID_CHECK_VALUE, "RAKP message 3", entropy);
            }
            Rakp4::Refused(status) => return self.forgotten_or(status, "RAKP message 3", entropy),
            Rakp4::Accepted(check) => check,
        };
        let hash = suite.authentication;
        let expected = self.transcript.rakp4_check(hash, integrity_key);
        if !expected.verifies(check, hash.truncated_len()) {
            return Progress::Failed(Failure::WrongKg);
        }
        Progress::Active(Established::Sealed(Box::new(Sealed::new(
            suite,
            self.transcript.console_session,
            self.transcript.bmc_session,
            integrity_key,
        ))))
    }

    /// A refusal without a session id is ours if its tag is; tags are compared by the caller.
    fn is_ours(&self, console_session: Option<u32>) -> bool {
        console_session.is_none_or(|id| id == 0 || id == self.transcript.console_session)
    }

    /// A refusal because the BMC dropped the half-open session: begin again with Open Session.
    fn forgotten_or(
        &mut self,
        status: Status,
        stage: &'static str,
        entropy: &mut dyn Entropy,
    ) -> Progress {
        if status.reason() == Reason::Forgotten {
            self.begin_again(status, stage, entropy)
        } else {
            self.refused(status, stage)
        }
    }

    fn begin_again(
        &mut self,
        status: Status,
        stage: &'static str,
        entropy: &mut dyn Entropy,
    ) -> Progress {
        if self.restarts >= RESTARTS {
            return Progress::Failed(Failure::SessionRefused { stage, status });
        }
        self.with_open_session(entropy)
    }

    fn with_open_session(&mut self, entropy: &mut dyn Entropy) -> Progress {
        self.restarts += 1;
        self.transcript.console_session = entropy::nonzero(entropy);
        self.transcript.console_random = entropy::array(entropy);
        self.stage = Stage::OpenSession;
        Progress::Next
    }

    fn refused(&self, status: Status, stage: &'static str) -> Progress {
        Progress::Failed(match status.reason() {
            Reason::Resources => Failure::NoFreeSession,
            Reason::Credentials => Failure::WrongCredentials {
                evidence: status.meaning(),
            },
            Reason::Privilege => Failure::PrivilegeRefused {
                evidence: status.meaning(),
            },
            Reason::CipherSuite | Reason::Forgotten | Reason::Other => {
                Failure::SessionRefused { stage, status }
            }
        })
    }
}
