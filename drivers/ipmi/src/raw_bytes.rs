//! Raw commands as users write them: `0x00 0x08 0x03 0x08`.

use drivers_ipmi_client::wire::message::{NetFn, Request};

/// Why the bytes cannot be sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidRawBytes {
    /// Fewer than two bytes.
    #[error("a raw command needs at least a network function and a command")]
    TooShort,
    /// Not a byte.
    #[error("'{0}' is not a byte (0x00 to 0xff)")]
    NotAByte(String),
    /// A network function that does not fit in six bits, or of a response.
    #[error("{0:#04x} is not the network function of a request")]
    NetFn(u8),
}

/// Network function, command, data; each byte in decimal, octal or `0x` notation, as `ipmitool raw`
/// takes them.
pub(crate) fn parse(text: &str) -> Result<Request, InvalidRawBytes> {
    let bytes = text
        .split_whitespace()
        .map(byte)
        .collect::<Result<Vec<u8>, _>>()?;
    let [netfn, command, data @ ..] = bytes.as_slice() else {
        return Err(InvalidRawBytes::TooShort);
    };
    if *netfn > 0x3f || netfn % 2 == 1 {
        return Err(InvalidRawBytes::NetFn(*netfn));
    }
    Ok(Request {
        netfn: NetFn(*netfn),
        lun: 0,
        command: *command,
        data: data.to_vec(),
    })
}

fn byte(word: &str) -> Result<u8, InvalidRawBytes> {
    crate::number::parse(&word.into())
        .and_then(|number| u8::try_from(number).ok())
        .ok_or_else(|| InvalidRawBytes::NotAByte(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_any_notation() {
        let request = parse("0x00 8 0x03  010").unwrap();
        assert_eq!(request.netfn, NetFn(0));
        assert_eq!(request.command, 8);
        assert_eq!(request.data, [3, 8]);
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(parse("0x00").unwrap_err(), InvalidRawBytes::TooShort);
        assert_eq!(
            parse("0x00 0x100").unwrap_err(),
            InvalidRawBytes::NotAByte("0x100".into())
        );
        assert_eq!(parse("0x07 0x01").unwrap_err(), InvalidRawBytes::NetFn(7));
    }
}
