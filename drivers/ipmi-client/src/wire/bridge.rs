//! Reaching a management controller behind the BMC: Send Message (IPMI 2.0 §22.7, §6.13).
//!
//! With tracking, the BMC first acknowledges Send Message and later relays the response under the
//! number of our request. Some firmware puts the response in the acknowledgement's data instead;
//! both are understood.

use super::message::{self, Addressing, BMC, NetFn, REMOTE_CONSOLE, Request, Response};
use super::{Cursor, Malformed};

/// Send Message in the application network function.
pub const SEND_MESSAGE: u8 = 0x34;
/// Ask the BMC to relay the response to us.
const TRACK: u8 = 0x40;

/// One hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hop {
    /// Channel on which the next controller sits, 0–15.
    pub channel: u8,
    /// Its address on that channel.
    pub address: u8,
}

/// The way from the BMC to the controller that executes a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route {
    /// The controller in between, with dual bridging.
    pub transit: Option<Hop>,
    /// The controller that executes the command.
    pub target: Hop,
    /// Our requester's address on the BMC's IPMB; 0x20 unless configured.
    pub local_address: u8,
}

impl Route {
    /// Wraps `request` for this way; the result is sent to the BMC.
    pub fn wrap(&self, request: &Request, sequence: u8) -> Request {
        match self.transit {
            None => hop(request, self.target, self.local_address, sequence),
            Some(transit) => {
                let inner = hop(request, self.target, transit.address, sequence);
                hop(&inner, transit, self.local_address, sequence)
            }
        }
    }
}

fn hop(request: &Request, to: Hop, requester: u8, sequence: u8) -> Request {
    let mut data = vec![TRACK | to.channel & 0x0f];
    data.extend_from_slice(&message::encode_request(
        request,
        Addressing {
            responder: to.address,
            requester,
            sequence,
        },
    ));
    Request {
        netfn: NetFn::APP,
        lun: 0,
        command: SEND_MESSAGE,
        data,
    }
}

/// What a response means while a bridged request is outstanding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relayed {
    /// The BMC took the message; the controller's answer comes later.
    Accepted,
    /// The answer, or the refusal of a hop.
    Answer(Response),
}

/// Unwraps what a BMC sends back for a bridged request.
pub fn unwrap(response: Response) -> Result<Relayed, Malformed> {
    let mut response = response;
    // One layer for each possible hop.
    for _ in 0..2 {
        if response.netfn != NetFn::APP || response.command != SEND_MESSAGE {
            return Ok(Relayed::Answer(response));
        }
        if response.completion != 0 {
            return Ok(Relayed::Answer(response));
        }
        if response.data.is_empty() {
            return Ok(Relayed::Accepted);
        }
        response = embedded(&response.data)?;
    }
    Ok(Relayed::Answer(response))
}

/// A response carried as data. Its first address may have been left out by the BMC, which then
/// counts the checksum as if it were there.
fn embedded(data: &[u8]) -> Result<Response, Malformed> {
    message::decode_response(data).or_else(|error| {
        let netfn = Cursor::new(data).u8("relayed message")?;
        for requester in [BMC, REMOTE_CONSOLE] {
            let mut whole = vec![requester, netfn];
            whole.extend_from_slice(data.get(1..).unwrap_or_default());
            if let Ok(response) = message::decode_response(&whole) {
                return Ok(response);
            }
        }
        Err(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device_id() -> Request {
        Request {
            netfn: NetFn::APP,
            lun: 0,
            command: 1,
            data: vec![],
        }
    }

    #[test]
    fn single_bridging_wraps_once() {
        let route = Route {
            transit: None,
            target: Hop {
                channel: 0,
                address: 0x30,
            },
            local_address: 0x20,
        };
        let wrapped = route.wrap(&device_id(), 5);
        assert_eq!((wrapped.netfn, wrapped.command), (NetFn::APP, 0x34));
        assert_eq!(
            wrapped.data,
            [0x40, 0x30, 0x18, 0xb8, 0x20, 0x14, 0x01, 0xcb]
        );
    }

    #[test]
    fn dual_bridging_wraps_twice_from_the_transit_address() {
        let route = Route {
            transit: Some(Hop {
                channel: 0,
                address: 0x82,
            }),
            target: Hop {
                channel: 7,
                address: 0x72,
            },
            local_address: 0x20,
        };
        let wrapped = route.wrap(&device_id(), 1);
        // Outer: channel 0 to 0x82; then a Send Message to channel 7, address 0x72.
        assert_eq!(wrapped.data[..3], [0x40, 0x82, 0x18]);
        assert_eq!(wrapped.data[4], 0x20);
        assert_eq!(wrapped.data[6], SEND_MESSAGE);
        assert_eq!(wrapped.data[7..10], [0x47, 0x72, 0x18]);
        assert_eq!(wrapped.data[11], 0x82);
    }

    #[test]
    fn an_acknowledgement_is_not_the_answer() {
        let accepted = Response {
            netfn: NetFn::APP,
            command: SEND_MESSAGE,
            sequence: 1,
            completion: 0,
            data: vec![],
        };
        assert_eq!(unwrap(accepted).unwrap(), Relayed::Accepted);
    }

    /// What a controller answers, as the data of the BMC's own answer.
    fn relayed(embedded: Vec<u8>) -> Response {
        Response {
            netfn: NetFn::APP,
            command: SEND_MESSAGE,
            sequence: 1,
            completion: 0,
            data: embedded,
        }
    }

    /// Get Device ID answered by 0x72, with two bytes of data.
    fn embedded_answer() -> Vec<u8> {
        let mut answer = vec![0x20, 0x1c];
        answer.push(message::checksum(&answer));
        answer.extend([0x72, 0x04, 0x01, 0x00, 0x24, 0x83]);
        answer.push(message::checksum(&answer[3..]));
        answer
    }

    #[test]
    fn an_answer_inside_the_acknowledgement_is_taken_out() {
        let whole = embedded_answer();
        let without_address = whole[1..].to_vec();
        let twice = {
            let mut outer = vec![0x20, 0x1c];
            outer.push(message::checksum(&outer));
            outer.extend([0x82, 0x04, SEND_MESSAGE, 0x00]);
            outer.extend(&whole);
            outer.push(message::checksum(&outer[3..]));
            outer
        };
        for data in [whole, without_address, twice] {
            let Relayed::Answer(answer) = unwrap(relayed(data)).unwrap() else {
                panic!("an answer");
            };
            assert_eq!((answer.netfn, answer.command), (NetFn::APP, 1));
            assert_eq!(answer.data, [0x24, 0x83]);
        }
    }

    #[test]
    fn a_refused_hop_is_the_answer() {
        let refused = Response {
            netfn: NetFn::APP,
            command: SEND_MESSAGE,
            sequence: 1,
            completion: 0x83,
            data: vec![],
        };
        assert_eq!(unwrap(refused.clone()).unwrap(), Relayed::Answer(refused));
    }
}
