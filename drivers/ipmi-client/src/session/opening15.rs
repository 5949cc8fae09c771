//! IPMI 1.5 session set-up: capabilities, challenge, activation (IPMI 2.0 §6.12.6, §22.16–22.17).

use std::sync::Arc;

use schemas_model::secret::Secret;

use super::entropy::{self, Entropy};
use super::opening::{self, Progress};
use super::window::{Counter, Window};
use super::{Established, Lan15, Parameters};
use crate::command::Command;
use crate::command::auth_capabilities::{AuthCapabilities, GetAuthCapabilities};
use crate::command::session15::{ActivateSession, GetSessionChallenge};
use crate::completion::CompletionCode;
use crate::crypto::lan15;
use crate::error::Failure;
use crate::wire::message::Response;
use crate::wire::session15::{self, AuthType};

/// The set-up so far.
#[derive(Debug)]
pub(super) struct Opening15 {
    parameters: Arc<Parameters>,
    password: Secret<[u8; 16]>,
    sequence: u8,
    /// Where the BMC's numbers shall begin.
    inbound: u32,
    stage: Stage,
    /// Activations that were not answered.
    ignored: u32,
}

/// Activations that each may count as a failed login: once more than once, as networks lose some,
/// and fewer than any BMC locks an account after.
const ACTIVATIONS: u32 = 2;

#[derive(Debug, Clone, Copy)]
enum Stage {
    Capabilities,
    Challenge {
        auth_type: AuthType,
    },
    Activate {
        auth_type: AuthType,
        temporary_session: u32,
        challenge: [u8; 16],
    },
}

impl Opening15 {
    pub(super) fn new(
        parameters: Arc<Parameters>,
        sequence: u8,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let password = parameters.credentials.password15();
        Opening15 {
            parameters,
            password,
            sequence,
            inbound: entropy::nonzero(entropy),
            stage: Stage::Capabilities,
            ignored: 0,
        }
    }

    pub(super) const fn stage(&self) -> &'static str {
        match self.stage {
            Stage::Capabilities => GetAuthCapabilities::NAME,
            Stage::Challenge { .. } => GetSessionChallenge::NAME,
            Stage::Activate { .. } => ActivateSession::NAME,
        }
    }

    /// Whether the password is being proven.
    pub(super) const fn is_activating(&self) -> bool {
        matches!(self.stage, Stage::Activate { .. })
    }

    /// A BMC drops an activation with a wrong code without a word (IPMI 2.0 §22.17.1), and so it does
    /// with a second copy of one that it took and whose answer was lost. So another one begins with
    /// another challenge.
    pub(super) fn silent(&mut self, timeout: Failure) -> Progress {
        let Stage::Activate { auth_type, .. } = self.stage else {
            return Progress::Failed(timeout);
        };
        self.ignored += 1;
        if self.ignored < ACTIVATIONS {
            self.sequence = (self.sequence + 1) & 0x3f;
            self.stage = Stage::Challenge { auth_type };
            return Progress::Next;
        }
        Progress::Failed(Failure::WrongCredentials {
            evidence: "the BMC answered Get Session Challenge but ignored Activate Session",
        })
    }

    pub(super) fn transmit(&mut self) -> Vec<u8> {
        match self.stage {
            Stage::Capabilities => opening::sessionless(
                &GetAuthCapabilities {
                    privilege: self.parameters.privilege,
                    rmcp_plus: false,
                }
                .request(),
                self.sequence,
            ),
            Stage::Challenge { auth_type } => opening::sessionless(
                &GetSessionChallenge {
                    auth_type,
                    username: self.parameters.credentials.username_padded(),
                }
                .request(),
                self.sequence,
            ),
            Stage::Activate {
                auth_type,
                temporary_session,
                challenge,
            } => {
                let request = ActivateSession {
                    auth_type,
                    privilege: self.parameters.privilege,
                    challenge,
                    inbound: self.inbound,
                }
                .request();
                let payload = opening::encode(&request, self.sequence);
                session15::encode(&session15::Packet {
                    auth_type,
                    sequence: 0,
                    session: temporary_session,
                    code: lan15::code(auth_type, &self.password, temporary_session, 0, &payload),
                    payload: &payload,
                })
            }
        }
    }

    pub(super) fn receive(&mut self, packet: &[u8]) -> Progress {
        let Ok(packet) = session15::decode(packet) else {
            return Progress::Ignored;
        };
        let command = match self.stage {
            Stage::Capabilities => GetAuthCapabilities::COMMAND,
            Stage::Challenge { .. } => GetSessionChallenge::COMMAND,
            Stage::Activate { .. } => ActivateSession::COMMAND,
        };
        let Ok(Some(response)) = opening::answer(packet.payload, command, self.sequence) else {
            return Progress::Ignored;
        };
        if response.completion != 0 {
            return Progress::Failed(refusal(&response));
        }
        // Each step has its own request number, or a late copy would answer the next one.
        self.sequence = (self.sequence + 1) & 0x3f;
        match self.stage {
            Stage::Capabilities => self.capabilities(&response),
            Stage::Challenge { auth_type } => match GetSessionChallenge::decode(&response.data) {
                Ok(challenge) => {
                    self.stage = Stage::Activate {
                        auth_type,
                        temporary_session: challenge.temporary_session,
                        challenge: challenge.challenge,
                    };
                    Progress::Next
                }
                Err(malformed) => Progress::Failed(malformed.into()),
            },
            Stage::Activate { .. } => self.activated(&response),
        }
    }

    fn capabilities(&mut self, response: &Response) -> Progress {
        let capabilities = match AuthCapabilities::decode(&response.data) {
            Ok(capabilities) => capabilities,
            Err(malformed) => return Progress::Failed(malformed.into()),
        };
        let auth_type = if capabilities.md5 {
            AuthType::Md5
        } else if capabilities.password {
            AuthType::Password
        } else if capabilities.none && self.parameters.credentials.is_anonymous() {
            AuthType::None
        } else {
            return Progress::Failed(Failure::NoAuthType);
        };
        self.stage = Stage::Challenge { auth_type };
        Progress::Next
    }

    fn activated(&mut self, response: &Response) -> Progress {
        let Stage::Activate { auth_type, .. } = self.stage else {
            return Progress::Ignored;
        };
        match ActivateSession::decode(&response.data) {
            Ok(activated) => {
                // The BMC may drop per-message authentication, nothing else.
                if activated.auth_type != auth_type && activated.auth_type != AuthType::None {
                    return Progress::Failed(Failure::NoAuthType);
                }
                Progress::Active(Established::Lan15(Lan15 {
                    auth_type: activated.auth_type,
                    password: self.password.clone(),
                    session: activated.session,
                    outbound: Counter::starting_at(activated.outbound),
                    inbound: Window::expecting(self.inbound),
                }))
            }
            Err(malformed) => Progress::Failed(malformed.into()),
        }
    }
}

fn refusal(response: &Response) -> Failure {
    let code = CompletionCode(response.completion);
    let meaning = code.meaning(response.netfn.0, response.command);
    match (response.command, response.completion) {
        (GetSessionChallenge::COMMAND, 0x81 | 0x82) => {
            Failure::WrongCredentials { evidence: meaning }
        }
        (ActivateSession::COMMAND, 0x81..=0x83) => Failure::NoFreeSession,
        (ActivateSession::COMMAND, 0x86) => Failure::PrivilegeRefused { evidence: meaning },
        _ => Failure::Completion { code, meaning },
    }
}
