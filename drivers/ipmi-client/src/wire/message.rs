//! The IPMI message inside a session: addresses, network function, command, data, two checksums
//! (IPMI 2.0 §13.8).

use super::{Cursor, Malformed};

/// The BMC's own address on its IPMB.
pub const BMC: u8 = 0x20;
/// The software id a remote console uses as its address.
pub const REMOTE_CONSOLE: u8 = 0x81;

/// A network function (request value, always even) and what it groups (IPMI 2.0 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetFn(pub u8);

impl NetFn {
    /// Chassis control and status.
    pub const CHASSIS: NetFn = NetFn(0x00);
    /// Sensors and events.
    pub const SENSOR: NetFn = NetFn(0x04);
    /// The BMC itself, sessions, channels.
    pub const APP: NetFn = NetFn(0x06);
    /// FRU, SDR, SEL.
    pub const STORAGE: NetFn = NetFn(0x0a);
    /// LAN configuration, serial over LAN.
    pub const TRANSPORT: NetFn = NetFn(0x0c);
}

/// A request, not yet addressed or numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Network function.
    pub netfn: NetFn,
    /// Logical unit of the responder, 0–3.
    pub lun: u8,
    /// Command number within the network function.
    pub command: u8,
    /// Command data.
    pub data: Vec<u8>,
}

/// Who sends to whom, and under which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressing {
    /// Address of the responder (`rsAddr`).
    pub responder: u8,
    /// Address of the requester (`rqAddr`).
    pub requester: u8,
    /// Number that the response repeats, 0–63 (`rqSeq`).
    pub sequence: u8,
}

/// A response with its completion code split off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Network function of the request that is answered (even).
    pub netfn: NetFn,
    /// Command that is answered.
    pub command: u8,
    /// Number of the request that is answered.
    pub sequence: u8,
    /// Completion code; 0 is success.
    pub completion: u8,
    /// What follows the completion code.
    pub data: Vec<u8>,
}

/// The two's complement checksum of IPMI: all bytes and it sum to zero.
pub fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0u8, |sum, byte| sum.wrapping_sub(*byte))
}

/// Encodes a request for the wire.
pub fn encode_request(request: &Request, addressing: Addressing) -> Vec<u8> {
    let mut message = Vec::with_capacity(7 + request.data.len());
    message.extend_from_slice(&[
        addressing.responder,
        request.netfn.0 << 2 | request.lun & 0x03,
    ]);
    message.push(checksum(&message));
    let second = message.len();
    message.extend_from_slice(&[
        addressing.requester,
        (addressing.sequence & 0x3f) << 2,
        request.command,
    ]);
    message.extend_from_slice(&request.data);
    message.push(checksum(message.get(second..).unwrap_or_default()));
    message
}

/// Decodes a response. Checksums are verified; a BMC that gets them wrong is not understood.
pub fn decode_response(message: &[u8]) -> Result<Response, Malformed> {
    if message.len() < 8 {
        return Err(Malformed("IPMI message too short"));
    }
    if checksum(message.get(..3).unwrap_or_default()) != 0 {
        return Err(Malformed("IPMI header checksum"));
    }
    if checksum(message.get(3..).unwrap_or_default()) != 0 {
        return Err(Malformed("IPMI data checksum"));
    }
    let mut cursor = Cursor::new(message);
    let [_requester, netfn_lun, _checksum] = cursor.array("IPMI header")?;
    let [_responder, sequence_lun, command, completion] = cursor.array("IPMI header")?;
    let netfn = netfn_lun >> 2;
    if netfn & 1 == 0 {
        return Err(Malformed("a request where a response was expected"));
    }
    let rest = cursor.rest();
    let data = rest
        .split_last()
        .map(|(_checksum, data)| data.to_vec())
        .unwrap_or_default();
    Ok(Response {
        netfn: NetFn(netfn & !1),
        command,
        sequence: sequence_lun >> 2,
        completion,
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addressing() -> Addressing {
        Addressing {
            responder: BMC,
            requester: REMOTE_CONSOLE,
            sequence: 1,
        }
    }

    /// Get Channel Authentication Capabilities as `ipmitool` 1.8.19 sends it.
    #[test]
    fn request_bytes_are_those_of_other_consoles() {
        let request = Request {
            netfn: NetFn::APP,
            lun: 0,
            command: 0x38,
            data: vec![0x8e, 0x04],
        };
        let mut first = addressing();
        first.sequence = 0;
        assert_eq!(
            encode_request(&request, first),
            [0x20, 0x18, 0xc8, 0x81, 0x00, 0x38, 0x8e, 0x04, 0xb5]
        );
    }

    #[test]
    fn response_is_split_into_its_fields() {
        // Get Chassis Status: power on, answered to request 1.
        let mut message = vec![0x81, 0x04, 0x7b, 0x20, 0x04, 0x01, 0x00, 0x21, 0x10, 0x40];
        message.push(checksum(&message[3..]));
        let response = decode_response(&message).unwrap();
        assert_eq!(response.netfn, NetFn::CHASSIS);
        assert_eq!((response.command, response.sequence), (1, 1));
        assert_eq!(response.completion, 0);
        assert_eq!(response.data, [0x21, 0x10, 0x40]);
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let mut message = vec![0x81, 0x04, 0x7b, 0x20, 0x04, 0x01, 0x00];
        message.push(checksum(&message[3..]));
        assert!(decode_response(&message).is_ok());
        for index in 0..message.len() {
            let mut damaged = message.clone();
            damaged[index] ^= 0x10;
            assert!(decode_response(&damaged).is_err(), "byte {index}");
        }
    }
}
