//! Kernel command lines.

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// Kernel parameters as written. They are checked ([`KernelParameters::check`]) once the whole
/// configuration is known, because `[conductor]disable_kernel_parameter_parsing` turns that off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelParameters(String);

impl std::ops::Deref for KernelParameters {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl KernelParameters {
    /// Whether the text follows the grammar of Ironic 39.0.0: `key`, `key=value` and
    /// `key="quoted value"`, separated by blanks, then optionally `--` and arguments for init.
    pub fn check(&self) -> Result<(), ValueProblem> {
        let mut rest = self.0.trim();
        while !rest.is_empty() {
            if let Some(arguments) = rest.strip_prefix("-- ") {
                let arguments = arguments.trim_start_matches(' ');
                return if !arguments.is_empty() && arguments.bytes().all(printable) {
                    Ok(())
                } else {
                    Err(ValueProblem::NotKernelParameters)
                };
            }
            let after = parameter(rest).ok_or(ValueProblem::NotKernelParameters)?;
            if !after.is_empty() && !after.starts_with(' ') {
                return Err(ValueProblem::NotKernelParameters);
            }
            rest = after.trim_start_matches(' ');
        }
        Ok(())
    }
}

/// What follows the parameter at the start of `text`.
fn parameter(text: &str) -> Option<&str> {
    let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let after_key = text.trim_start_matches(key);
    if after_key.len() == text.len() {
        return None;
    }
    let Some(value) = after_key.strip_prefix('=') else {
        return Some(after_key);
    };
    if let Some(quoted) = value.strip_prefix('"') {
        let (inner, after) = quoted.split_once('"')?;
        return (!inner.is_empty() && inner.bytes().all(printable)).then_some(after);
    }
    let after = value.trim_start_matches(|c: char| c.is_ascii_graphic() && c != '"');
    (after.len() < value.len()).then_some(after)
}

/// Printable ASCII, blanks included, without the double quote.
fn printable(byte: u8) -> bool {
    (byte.is_ascii_graphic() || byte == b' ') && byte != b'"'
}

impl OptionValue for KernelParameters {
    const KIND: Kind = Kind::KernelParameterString;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        Ok(KernelParameters(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar() {
        let check = |text: &str| KernelParameters(text.to_owned()).check();
        for good in [
            "",
            "nofb vga=normal",
            "console=ttyS0,115200n8  nomodeset",
            "a=\"b c\" d",
            "ipa-debug=1 root=UUID=12-34 x.y_z",
            "quiet -- single user",
        ] {
            assert_eq!(check(good), Ok(()), "{good:?}");
        }
        for bad in ["a=b\nc", "a=", "=b", "a=\"b", "a=\"\"", "a=\"b\"c", "é"] {
            assert_eq!(
                check(bad),
                Err(ValueProblem::NotKernelParameters),
                "{bad:?}"
            );
        }
    }
}
