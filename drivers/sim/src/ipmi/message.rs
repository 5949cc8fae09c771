//! IPMI messages as a controller sees them: requests come in, answers go out.

use std::time::Instant;

use drivers_ipmi_client::wire::message::checksum;

use super::command::{Answer, Call};

/// A request taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parsed<'a> {
    /// Address of who shall execute it.
    pub(super) responder: u8,
    pub(super) netfn: u8,
    pub(super) sequence: u8,
    pub(super) command: u8,
    pub(super) data: &'a [u8],
}

impl<'a> Parsed<'a> {
    /// The command in it, from within a session, or from outside of any (0).
    pub(super) const fn call(&self, session: u32, now: Instant) -> Call<'a> {
        Call {
            netfn: self.netfn,
            command: self.command,
            data: self.data,
            session,
            now,
        }
    }
}

/// A request with right checksums; nothing otherwise.
pub(super) fn parse(request: &[u8]) -> Option<Parsed<'_>> {
    let (head, body) = request.split_at_checked(3)?;
    if checksum(head) != 0 || checksum(body) != 0 {
        return None;
    }
    let [_requester, sequence, command, data @ .., _checksum] = body else {
        return None;
    };
    Some(Parsed {
        responder: head[0],
        netfn: head[1] >> 2,
        sequence: sequence >> 2,
        command: *command,
        data,
    })
}

/// The answer to a request: addresses swapped, odd network function.
pub(super) fn respond(request: &[u8], answer: &Answer) -> Vec<u8> {
    let (code, data) = match answer {
        Ok(data) => (0, &data[..]),
        Err(code) => (*code, &[][..]),
    };
    let at = |index: usize| request.get(index).copied().unwrap_or_default();
    let mut message = vec![at(3), at(1) | 0x04];
    message.push(checksum(&message));
    message.extend([at(0), at(4), at(5), code]);
    message.extend_from_slice(data);
    message.push(checksum(&message[3..]));
    message
}

/// The same answer, for the remote console: its requester is the console.
pub(super) fn to_console(mut message: Vec<u8>) -> Vec<u8> {
    message[0] = 0x81;
    message[2] = checksum(&message[..2]);
    message
}

/// The same answer under another number.
pub(super) fn renumbered(mut message: Vec<u8>) -> Vec<u8> {
    message[4] = message[4].wrapping_add(0x04);
    message.pop();
    message.push(checksum(&message[3..]));
    message
}
