//! Completion codes and what they mean (IPMI 2.0 table 5-2 and the tables of single commands).

/// What a BMC answered instead of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompletionCode(pub u8);

/// Generic codes: value and meaning.
const GENERIC: [(u8, &str); 26] = [
    (0x00, "command completed normally"),
    (0xc0, "node busy"),
    (0xc1, "invalid command"),
    (0xc2, "command invalid for the given LUN"),
    (0xc3, "timeout while processing the command"),
    (0xc4, "out of space"),
    (0xc5, "reservation cancelled or invalid reservation id"),
    (0xc6, "request data truncated"),
    (0xc7, "request data length invalid"),
    (0xc8, "request data field length limit exceeded"),
    (0xc9, "parameter out of range"),
    (0xca, "cannot return the number of requested data bytes"),
    (0xcb, "requested sensor, data or record not present"),
    (0xcc, "invalid data field in request"),
    (0xcd, "command illegal for the sensor or record type"),
    (0xce, "command response could not be provided"),
    (0xcf, "cannot execute a duplicated request"),
    (0xd0, "SDR repository in update mode"),
    (0xd1, "device in firmware update mode"),
    (0xd2, "BMC initialization in progress"),
    (0xd3, "destination unavailable"),
    (0xd4, "insufficient privilege level or firmware firewall"),
    (
        0xd5,
        "command or parameter not supported in the present state",
    ),
    (0xd6, "sub-function disabled or unavailable"),
    (0xfe, "reserved completion code"),
    (0xff, "unspecified error"),
];

/// Codes that only one command gives: network function, command, value, meaning.
const SPECIFIC: [(u8, u8, u8, &str); 28] = [
    (0x06, 0x39, 0x81, "invalid user name"),
    (0x06, 0x39, 0x82, "null user name not enabled"),
    (0x06, 0x3a, 0x81, "no session slot available"),
    (0x06, 0x3a, 0x82, "no session slot available for this user"),
    (
        0x06,
        0x3a,
        0x83,
        "no session slot for this user at the requested privilege",
    ),
    (0x06, 0x3a, 0x84, "session sequence number out of range"),
    (0x06, 0x3a, 0x85, "invalid session id in request"),
    (
        0x06,
        0x3a,
        0x86,
        "requested maximum privilege level exceeds user or channel limit",
    ),
    (
        0x06,
        0x3b,
        0x80,
        "requested privilege level not available for this user",
    ),
    (
        0x06,
        0x3b,
        0x81,
        "requested privilege level exceeds channel or user limit",
    ),
    (0x06, 0x3b, 0x82, "cannot disable user level authentication"),
    (0x06, 0x3c, 0x87, "invalid session id in request"),
    (0x06, 0x34, 0x80, "invalid session handle"),
    (0x06, 0x34, 0x81, "lost arbitration on the bus"),
    (0x06, 0x34, 0x82, "bus error"),
    (
        0x06,
        0x34,
        0x83,
        "no acknowledgement from the bridged controller",
    ),
    (0x06, 0x48, 0x80, "the payload is active on another session"),
    (0x06, 0x48, 0x81, "the payload type is disabled"),
    (
        0x06,
        0x48,
        0x82,
        "too many payloads of this type are active",
    ),
    (0x06, 0x48, 0x83, "the payload cannot be encrypted"),
    (0x06, 0x48, 0x84, "the payload must be encrypted"),
    (0x06, 0x49, 0x80, "the payload is not active"),
    (0x06, 0x49, 0x81, "the payload type is disabled"),
    (0x0c, 0x22, 0x80, "serial-over-LAN parameter not supported"),
    (0x00, 0x08, 0x80, "boot option parameter not supported"),
    (
        0x00,
        0x08,
        0x81,
        "boot options are being set by another party",
    ),
    (0x00, 0x08, 0x82, "boot option parameter is read-only"),
    (0x00, 0x09, 0x80, "boot option parameter not supported"),
];

impl CompletionCode {
    /// Success.
    pub const OK: CompletionCode = CompletionCode(0x00);
    /// The BMC is busy; the same command may work later.
    pub const NODE_BUSY: CompletionCode = CompletionCode(0xc0);
    /// The command does not exist here.
    pub const INVALID_COMMAND: CompletionCode = CompletionCode(0xc1);
    /// A reservation (SDR, SEL) was taken by someone else.
    pub const RESERVATION_CANCELLED: CompletionCode = CompletionCode(0xc5);
    /// Request length is wrong.
    pub const LENGTH_INVALID: CompletionCode = CompletionCode(0xc7);
    /// Request or response is longer than allowed.
    pub const LENGTH_EXCEEDED: CompletionCode = CompletionCode(0xc8);
    /// Fewer bytes must be asked for at once.
    pub const CANNOT_RETURN_BYTES: CompletionCode = CompletionCode(0xca);
    /// There is no such record or sensor.
    pub const NOT_PRESENT: CompletionCode = CompletionCode(0xcb);
    /// The response is not available now.
    pub const RESPONSE_UNAVAILABLE: CompletionCode = CompletionCode(0xce);
    /// Privilege too low.
    pub const INSUFFICIENT_PRIVILEGE: CompletionCode = CompletionCode(0xd4);
    /// Not possible in the present state.
    pub const NOT_IN_PRESENT_STATE: CompletionCode = CompletionCode(0xd5);

    /// What the code means when a command of `netfn` (request value) answers it.
    pub fn meaning(self, netfn: u8, command: u8) -> &'static str {
        SPECIFIC
            .iter()
            .find(|row| (row.0, row.1, row.2) == (netfn, command, self.0))
            .map(|row| row.3)
            .or_else(|| GENERIC.iter().find(|row| row.0 == self.0).map(|row| row.1))
            .unwrap_or(match self.0 {
                0x01..=0x7e => "code defined by the manufacturer",
                0x80..=0xbe => "code specific to this command",
                _ => "reserved completion code",
            })
    }

    /// Whether the same command may succeed when it is sent again later: busy, time-out, out of
    /// space, BMC still starting. These are the ones Ironic 39 retries.
    pub const fn is_transient(self) -> bool {
        matches!(self.0, 0xc0 | 0xc3 | 0xc4 | 0xd2)
    }
}

#[cfg(test)]
mod tests {
    use super::CompletionCode;

    #[test]
    fn a_command_may_give_a_code_its_own_meaning() {
        let code = CompletionCode(0x81);
        assert_eq!(code.meaning(0x06, 0x39), "invalid user name");
        assert_eq!(
            code.meaning(0x00, 0x08),
            "boot options are being set by another party"
        );
        assert_eq!(code.meaning(0x04, 0x2d), "code specific to this command");
    }

    #[test]
    fn busy_is_transient_and_refusal_is_not() {
        assert!(CompletionCode::NODE_BUSY.is_transient());
        assert!(!CompletionCode::INVALID_COMMAND.is_transient());
        assert!(!CompletionCode::INSUFFICIENT_PRIVILEGE.is_transient());
    }
}
