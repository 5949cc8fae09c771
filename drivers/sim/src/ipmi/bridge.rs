//! Controllers behind the BMC, reached with Send Message (IPMI 2.0 §22.7).

use std::time::Instant;

use super::command::{Answer, execute_behind};
use super::controller::Controller;
use super::message;

/// A controller on a channel of another.
#[derive(Debug, Clone)]
pub struct Satellite {
    /// Channel on which it sits.
    pub channel: u8,
    /// Its address there.
    pub address: u8,
    /// What it has.
    pub controller: Controller,
    /// Those behind it.
    pub behind: Vec<Satellite>,
}

/// How answers come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relay {
    /// First the acknowledgement of Send Message, then the answer as a message of its own.
    #[default]
    Later,
    /// The answer is the data of the acknowledgement.
    Embedded,
}

/// No such controller: nobody acknowledges its address.
const NAK: u8 = 0x83;

/// Hands a message on; the answer of Send Message, and messages that follow it.
pub(super) fn send(
    satellites: &mut [Satellite],
    relay: Relay,
    data: &[u8],
    now: Instant,
) -> (Answer, Vec<Vec<u8>>) {
    let [channel, request @ ..] = data else {
        return (Err(0xc7), vec![]);
    };
    let Some(parsed) = message::parse(request) else {
        return (Err(0xcc), vec![]);
    };
    let reached = satellites.iter_mut().find(|satellite| {
        (satellite.channel, satellite.address) == (channel & 0x0f, parsed.responder)
    });
    let Some(satellite) = reached else {
        return (Err(NAK), vec![]);
    };
    let (answer, later) = if (parsed.netfn, parsed.command) == (0x06, 0x34) {
        send(&mut satellite.behind, relay, parsed.data, now)
    } else {
        let call = parsed.call(0, now);
        (execute_behind(&mut satellite.controller, &call), vec![])
    };
    let own = message::respond(request, &answer);
    match relay {
        Relay::Embedded => (Ok(own), vec![]),
        Relay::Later => {
            let messages = [vec![message::to_console(own)], later].concat();
            (Ok(vec![]), messages)
        }
    }
}
