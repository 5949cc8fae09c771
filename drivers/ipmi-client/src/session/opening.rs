//! Session set-up: a chain of request and answer, in either protocol version.

use std::sync::Arc;

use super::entropy::Entropy;
use super::opening15::Opening15;
use super::opening20::Opening20;
use super::{Established, Parameters, Protocol};
use crate::crypto::CipherSuite;
use crate::error::Failure;
use crate::wire::message::{self, Addressing, BMC, NetFn, REMOTE_CONSOLE, Request, Response};
use crate::wire::session15::{self, AuthType};
use crate::wire::{Malformed, rmcp};

/// What a received datagram did to the set-up.
#[derive(Debug)]
pub(super) enum Progress {
    /// Nothing: not for us, not the expected message, or damaged.
    Ignored,
    /// The next message is to be sent.
    Next,
    /// The session is active.
    Active(Established),
    /// It cannot be opened.
    Failed(Failure),
}

/// Set-up of either version.
#[derive(Debug)]
pub(super) enum Opening {
    V15(Opening15),
    V20(Opening20),
}

impl Opening {
    /// Begins. `suite` is the one that worked last time, tried first.
    pub(super) fn new(
        parameters: Arc<Parameters>,
        suite: Option<CipherSuite>,
        sequence: u8,
        entropy: &mut dyn Entropy,
    ) -> Self {
        match parameters.protocol {
            Protocol::V15 => Opening::V15(Opening15::new(parameters, sequence, entropy)),
            Protocol::V20 => Opening::V20(Opening20::new(parameters, suite, sequence, entropy)),
        }
    }

    /// The current message, for the first time or again.
    pub(super) fn transmit(&mut self) -> Vec<u8> {
        match self {
            Opening::V15(opening) => opening.transmit(),
            Opening::V20(opening) => opening.transmit(),
        }
    }

    /// Takes a datagram.
    pub(super) fn receive(&mut self, datagram: &[u8], entropy: &mut dyn Entropy) -> Progress {
        let Ok((rmcp::Class::Ipmi, packet)) = rmcp::decode(datagram) else {
            return Progress::Ignored;
        };
        match self {
            Opening::V15(opening) => opening.receive(packet),
            Opening::V20(opening) => opening.receive(packet, entropy),
        }
    }

    /// Nobody answered the current message, however often it was sent.
    pub(super) fn silent(&mut self, timeout: Failure, entropy: &mut dyn Entropy) -> Progress {
        match self {
            Opening::V15(opening) => opening.silent(timeout),
            Opening::V20(opening) => opening.silent(timeout, entropy),
        }
    }

    /// Whether the current message may count as a failed login each time it is sent: one that the
    /// BMC does not answer if the password is wrong.
    pub(super) const fn may_lock_account(&self) -> bool {
        match self {
            Opening::V15(opening) => opening.is_activating(),
            Opening::V20(_) => false,
        }
    }

    /// Whether silence is answered by beginning again.
    pub(super) const fn may_begin_again(&self) -> bool {
        match self {
            Opening::V15(_) => false,
            Opening::V20(opening) => opening.may_begin_again(),
        }
    }

    /// The message that is being exchanged, in the specification's words.
    pub(super) const fn stage(&self) -> &'static str {
        match self {
            Opening::V15(opening) => opening.stage(),
            Opening::V20(opening) => opening.stage(),
        }
    }

    /// The cipher suite being tried.
    pub(super) fn suite(&self) -> Option<CipherSuite> {
        match self {
            Opening::V15(_) => None,
            Opening::V20(opening) => opening.suite(),
        }
    }
}

/// An IPMI message outside any session, with IPMI 1.5 framing.
pub(super) fn sessionless(request: &Request, sequence: u8) -> Vec<u8> {
    let payload = encode(request, sequence);
    session15::encode(&session15::Packet {
        auth_type: AuthType::None,
        sequence: 0,
        session: 0,
        code: None,
        payload: &payload,
    })
}

/// A request to the BMC itself.
pub(super) fn encode(request: &Request, sequence: u8) -> Vec<u8> {
    message::encode_request(
        request,
        Addressing {
            responder: BMC,
            requester: REMOTE_CONSOLE,
            sequence,
        },
    )
}

/// The response in `payload`, if it answers `command` of the application group and `sequence`.
pub(super) fn answer(
    payload: &[u8],
    command: u8,
    sequence: u8,
) -> Result<Option<Response>, Malformed> {
    let response = message::decode_response(payload)?;
    let ours = response.netfn == NetFn::APP
        && response.command == command
        && response.sequence == sequence;
    Ok(ours.then_some(response))
}
