//! An active session: packing our messages, and checking and unpacking the BMC's.

use schemas_model::secret::Secret;

use super::entropy::{self, Entropy};
use super::keys;
use super::window::{Counter, Window};
use crate::crypto::{CipherSuite, Mac, confidentiality, lan15};
use crate::wire::session15::{self, AuthType};
use crate::wire::session20::{self, Header, PayloadType};
use crate::wire::{Malformed, rmcp};

/// "Next header" of the integrity trailer: ASF class IPMI.
const NEXT_HEADER: u8 = 0x07;

/// An active session of either protocol version.
#[derive(Debug)]
pub enum Established {
    /// IPMI 1.5.
    Lan15(Lan15),
    /// RMCP+.
    Sealed(Box<Sealed>),
}

impl Established {
    /// Packs a serial-over-LAN payload; `None` for IPMI 1.5, which has none.
    pub fn seal_sol(&mut self, payload: &[u8], entropy: &mut dyn Entropy) -> Option<Vec<u8>> {
        match self {
            Established::Lan15(_) => None,
            Established::Sealed(session) => Some(session.seal(PayloadType::Sol, payload, entropy)),
        }
    }

    /// Whether payloads are encrypted, and whether they are authenticated.
    pub fn protection(&self) -> (bool, bool) {
        match self {
            Established::Lan15(_) => (false, false),
            Established::Sealed(session) => {
                (session.suite.confidentiality, session.suite.integrity)
            }
        }
    }

    /// Packs an IPMI message into a datagram with the next session sequence number.
    pub fn seal(&mut self, message: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        match self {
            Established::Lan15(session) => session.seal(message),
            Established::Sealed(session) => session.seal(PayloadType::Ipmi, message, entropy),
        }
    }

    /// Checks a received datagram and returns what is in it: an IPMI message or a serial-over-LAN
    /// payload.
    pub fn open(&mut self, datagram: &[u8]) -> Result<(PayloadType, Vec<u8>), Malformed> {
        let (class, packet) = rmcp::decode(datagram)?;
        if class != rmcp::Class::Ipmi {
            return Err(Malformed("not an IPMI datagram"));
        }
        match self {
            Established::Lan15(session) => session
                .open(packet)
                .map(|message| (PayloadType::Ipmi, message.to_vec())),
            Established::Sealed(session) => match session.open(packet)? {
                (kind @ (PayloadType::Ipmi | PayloadType::Sol), payload) => Ok((kind, payload)),
                _ => Err(Malformed("a payload of session set-up in an open session")),
            },
        }
    }

    /// The session id that the BMC chose; Close Session names it.
    pub fn bmc_session(&self) -> u32 {
        match self {
            Established::Lan15(session) => session.session,
            Established::Sealed(session) => session.bmc_session,
        }
    }
}

/// An RMCP+ session.
#[derive(Debug)]
pub struct Sealed {
    suite: CipherSuite,
    console_session: u32,
    bmc_session: u32,
    k1: Mac,
    k2: Secret<[u8; 16]>,
    outbound: Counter,
    inbound: Window,
}

impl Sealed {
    /// Derives the session's keys from its integrity key.
    pub fn new(
        suite: CipherSuite,
        console_session: u32,
        bmc_session: u32,
        integrity_key: &Mac,
    ) -> Self {
        let hash = suite.authentication;
        let mut k2 = [0; 16];
        for (to, from) in k2.iter_mut().zip(keys::k2(hash, integrity_key).as_slice()) {
            *to = *from;
        }
        Sealed {
            suite,
            console_session,
            bmc_session,
            k1: keys::k1(hash, integrity_key),
            k2: Secret::new(k2),
            outbound: Counter::starting_at(1),
            inbound: Window::expecting(1),
        }
    }

    /// Packs a payload: encrypted and with an integrity trailer where the suite says so.
    pub fn seal(
        &mut self,
        payload_type: PayloadType,
        payload: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Vec<u8> {
        let encrypted;
        let payload = if self.suite.confidentiality {
            encrypted =
                confidentiality::encrypt(self.k2.expose(), entropy::array(entropy), payload);
            &encrypted
        } else {
            payload
        };
        let header = Header {
            payload_type,
            encrypted: self.suite.confidentiality,
            authenticated: self.suite.integrity,
            session: self.bmc_session,
            sequence: self.outbound.take(),
        };
        let mut datagram = session20::encode(header, payload);
        if self.suite.integrity {
            self.append_trailer(&mut datagram);
        }
        datagram
    }

    fn append_trailer(&self, datagram: &mut Vec<u8>) {
        // The code covers everything after the 4-byte RMCP header, padded to whole 4-byte words.
        let covered = datagram.len() - 4 + 2;
        let pad = (4 - covered % 4) % 4;
        datagram.extend(std::iter::repeat_n(0xff, pad));
        // `pad` is below 4.
        datagram.extend_from_slice(&[u8::try_from(pad).unwrap_or_default(), NEXT_HEADER]);
        let hash = self.suite.authentication;
        let code = hash.mac(self.k1.as_slice(), &[datagram.get(4..).unwrap_or_default()]);
        datagram.extend_from_slice(code.truncated(hash.truncated_len()));
    }

    /// Verifies a packet (what follows the RMCP header), then takes its sequence number, then
    /// decrypts it.
    pub fn open(&mut self, packet: &[u8]) -> Result<(PayloadType, Vec<u8>), Malformed> {
        let decoded = session20::decode(packet)?;
        let header = decoded.header;
        if header.session != self.console_session {
            return Err(Malformed("another session's id"));
        }
        if header.authenticated != self.suite.integrity
            || header.encrypted != self.suite.confidentiality
        {
            return Err(Malformed("protection differs from the cipher suite"));
        }
        if self.suite.integrity {
            self.verify(packet, decoded.trailer)?;
        }
        if !self.inbound.accept(header.sequence) {
            return Err(Malformed("session sequence number seen or too old"));
        }
        let payload = if header.encrypted {
            confidentiality::decrypt(self.k2.expose(), decoded.payload)?
        } else {
            decoded.payload.to_vec()
        };
        Ok((header.payload_type, payload))
    }

    fn verify(&self, packet: &[u8], trailer: &[u8]) -> Result<(), Malformed> {
        let hash = self.suite.authentication;
        let len = hash.truncated_len();
        // At least pad length and next header stand before the code.
        if trailer.len() < len + 2 {
            return Err(Malformed("integrity trailer too short"));
        }
        let (covered, code) = packet
            .split_at_checked(packet.len() - len)
            .ok_or(Malformed("integrity trailer too short"))?;
        if !hash.mac(self.k1.as_slice(), &[covered]).verifies(code, len) {
            return Err(Malformed("integrity code"));
        }
        Ok(())
    }
}

/// An IPMI 1.5 session.
#[derive(Debug)]
pub struct Lan15 {
    /// Authentication type that the BMC settled on.
    pub(super) auth_type: AuthType,
    pub(super) password: Secret<[u8; 16]>,
    pub(super) session: u32,
    pub(super) outbound: Counter,
    pub(super) inbound: Window,
}

impl Lan15 {
    fn seal(&mut self, message: &[u8]) -> Vec<u8> {
        let sequence = self.outbound.take();
        session15::encode(&session15::Packet {
            auth_type: self.auth_type,
            sequence,
            session: self.session,
            code: lan15::code(
                self.auth_type,
                &self.password,
                self.session,
                sequence,
                message,
            ),
            payload: message,
        })
    }

    fn open<'a>(&mut self, packet: &'a [u8]) -> Result<&'a [u8], Malformed> {
        use subtle::ConstantTimeEq;
        let packet = session15::decode(packet)?;
        if packet.session != self.session {
            return Err(Malformed("another session's id"));
        }
        if packet.auth_type != self.auth_type {
            return Err(Malformed("authentication type differs from the session's"));
        }
        let expected = lan15::code(
            self.auth_type,
            &self.password,
            self.session,
            packet.sequence,
            packet.payload,
        );
        let verified = match (expected, packet.code) {
            (None, None) => true,
            (Some(expected), Some(code)) => expected.ct_eq(&code).into(),
            _ => false,
        };
        if !verified {
            return Err(Malformed("authentication code"));
        }
        if !self.inbound.accept(packet.sequence) {
            return Err(Malformed("session sequence number seen or too old"));
        }
        Ok(packet.payload)
    }
}
