//! Status codes of Open Session Response and the RAKP messages (IPMI 2.0 table 13-15).

/// Why a BMC does not go on with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub u8);

const MEANINGS: [(u8, &str); 19] = [
    (0x00, "no errors"),
    (0x01, "insufficient resources to create a session"),
    (0x02, "invalid session id"),
    (0x03, "invalid payload type"),
    (0x04, "invalid authentication algorithm"),
    (0x05, "invalid integrity algorithm"),
    (0x06, "no matching authentication payload"),
    (0x07, "no matching integrity payload"),
    (0x08, "inactive session id"),
    (0x09, "invalid role"),
    (0x0a, "unauthorized role or privilege level requested"),
    (
        0x0b,
        "insufficient resources to create a session at the requested role",
    ),
    (0x0c, "invalid name length"),
    (0x0d, "unauthorized name"),
    (0x0e, "unauthorized GUID"),
    (0x0f, "invalid integrity check value"),
    (0x10, "invalid confidentiality algorithm"),
    (
        0x11,
        "no cipher suite match with proposed security algorithms",
    ),
    (0x12, "illegal or unrecognized parameter"),
];

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The proposed algorithms.
    CipherSuite,
    /// User name or password.
    Credentials,
    /// The privilege level.
    Privilege,
    /// No free session.
    Resources,
    /// The BMC does not know the session (any more): begin again.
    Forgotten,
    /// Something else.
    Other,
}

impl Status {
    /// No error.
    pub const OK: Status = Status(0);

    /// The meaning in words.
    pub fn meaning(self) -> &'static str {
        MEANINGS
            .iter()
            .find(|row| row.0 == self.0)
            .map_or("reserved status code", |row| row.1)
    }

    /// What the refusal is about when it comes in an Open Session Response.
    pub const fn reason_opening(self) -> Reason {
        match self.0 {
            // "Invalid role" here is how several BMCs refuse a suite; Ironic 39 takes it so too.
            0x04..=0x07 | 0x09 | 0x10 | 0x11 => Reason::CipherSuite,
            _ => self.reason(),
        }
    }

    /// What the refusal is about when it comes in a RAKP message.
    pub const fn reason(self) -> Reason {
        match self.0 {
            0x01 | 0x0b => Reason::Resources,
            0x02 | 0x08 => Reason::Forgotten,
            0x09 | 0x0a => Reason::Privilege,
            0x0c..=0x0f => Reason::Credentials,
            _ => Reason::Other,
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (status {:#04x})", self.meaning(), self.0)
    }
}
