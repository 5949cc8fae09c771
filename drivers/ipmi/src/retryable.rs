//! Which failures are worth another attempt: those that pass by themselves, and those that
//! `[ipmi]additional_retryable_ipmi_errors` names.
//!
//! Operators name errors in the words of `ipmitool`, which Ironic 39.0.0 looks for in its output. So
//! a failure is compared in those words as well as in ours.

use drivers_ipmi_client::completion::CompletionCode;
use drivers_ipmi_client::session::Protocol;
use drivers_ipmi_client::{Error, Failure};
use schemas_config::Config;

/// THE words of `ipmitool` 1.8.19 for completion codes.
const COMPLETION: [(u8, &str); 25] = [
    (0xc0, "Node busy"),
    (0xc1, "Invalid command"),
    (0xc2, "Invalid command on LUN"),
    (0xc3, "Timeout"),
    (0xc4, "Out of space"),
    (0xc5, "Reservation cancelled or invalid"),
    (0xc6, "Request data truncated"),
    (0xc7, "Request data length invalid"),
    (0xc8, "Request data field length limit exceeded"),
    (0xc9, "Parameter out of range"),
    (0xca, "Cannot return number of requested data bytes"),
    (0xcb, "Requested sensor, data, or record not found"),
    (0xcc, "Invalid data field in request"),
    (0xcd, "Command illegal for specified sensor or record type"),
    (0xce, "Command response could not be provided"),
    (0xcf, "Cannot execute duplicated request"),
    (0xd0, "SDR Repository in update mode"),
    (0xd1, "Device firmeware in update mode"),
    (0xd2, "BMC initialization in progress"),
    (0xd3, "Destination unavailable"),
    (0xd4, "Insufficient privilege level"),
    (0xd5, "Command not supported in present state"),
    (0xd6, "Cannot execute command, command disabled"),
    (0xfe, "Unknown (0xFE)"),
    (0xff, "Unspecified error"),
];

/// Whether another attempt may help.
pub(crate) fn is_retryable(error: &Error, config: &Config) -> bool {
    // Whatever is configured: repetition may lock the account.
    if error.failure.is_about_credentials() {
        return false;
    }
    error.failure.is_transient() || is_configured(error, config)
}

fn is_configured(error: &Error, config: &Config) -> bool {
    let named = &config.ipmi.additional_retryable_ipmi_errors;
    let mut named = named.iter().filter(|more| !more.is_empty()).peekable();
    if named.peek().is_none() {
        return false;
    }
    let (ours, theirs) = (error.to_string(), words(error));
    named.any(|more| {
        ours.contains(more.as_str()) || theirs.iter().any(|text| text.contains(more.as_str()))
    })
}

/// What `ipmitool` prints of such a failure.
fn words(error: &Error) -> Vec<&'static str> {
    let no_session = match error.how.protocol {
        Protocol::V15 => "Error: Unable to establish LAN session",
        Protocol::V20 => "Error: Unable to establish IPMI v2 / RMCP+ session",
    };
    match &error.failure {
        Failure::Completion { code, .. } => completion(*code).into_iter().collect(),
        Failure::CipherRefused { .. } => vec![
            "Error in open session response message : no matching cipher suite",
            no_session,
        ],
        Failure::NoFreeSession => vec!["insufficient resources for session", no_session],
        Failure::PrivilegeRefused { .. } => vec![
            "Set Session Privilege Level to",
            "unauthorized role requested",
            no_session,
        ],
        Failure::Timeout { .. }
        | Failure::NoIpmi20
        | Failure::NoAuthType
        | Failure::SessionRefused { .. }
        | Failure::Socket(_) => vec![no_session],
        Failure::Unresolved(_) => vec!["Address lookup for", no_session],
        _ => vec![],
    }
}

fn completion(code: CompletionCode) -> Option<&'static str> {
    COMPLETION
        .iter()
        .find(|row| row.0 == code.0)
        .map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use drivers_ipmi_client::error::How;
    use drivers_ipmi_client::session::Privilege;
    use schemas_config::Machine;

    use super::*;

    fn error(failure: Failure) -> Error {
        Error {
            bmc: "192.0.2.1:623".to_owned(),
            attempted: "Get Chassis Status".to_owned(),
            how: How {
                protocol: Protocol::V20,
                cipher_suite: Some(17),
                privilege: Privilege::Administrator,
            },
            failure,
        }
    }

    fn refused(code: u8) -> Error {
        error(Failure::completion(CompletionCode(code), 0, 1))
    }

    fn naming(more: &[&str]) -> Config {
        let mut config = Config::defaults(Machine::detect()).unwrap();
        let named = &mut config.ipmi.additional_retryable_ipmi_errors.0;
        named.extend(more.iter().map(|text| (*text).to_owned()));
        config
    }

    #[test]
    fn what_passes_by_itself_is_tried_again() {
        let usual = naming(&[]);
        for code in [0xc0, 0xc3, 0xc4, 0xd2] {
            assert!(is_retryable(&refused(code), &usual), "{code:#x}");
        }
        assert!(!is_retryable(&refused(0xd4), &usual));
        assert!(is_retryable(&error(Failure::NoFreeSession), &usual));
    }

    #[test]
    fn errors_are_named_in_the_words_of_ipmitool_or_in_ours() {
        for words in ["Insufficient privilege level", "insufficient privilege"] {
            assert!(is_retryable(&refused(0xd4), &naming(&[words])), "{words}");
        }
        assert!(!is_retryable(&refused(0xd4), &naming(&["", "Node busy"])));
        let tried = vec![17];
        let status = drivers_ipmi_client::session::status::Status(0x11);
        let cipher = error(Failure::CipherRefused { tried, status });
        assert!(is_retryable(&cipher, &naming(&["RMCP+ session"])));
        assert!(!is_retryable(&cipher, &naming(&["LAN session"])));
    }

    #[test]
    fn a_wrong_password_is_not_tried_again_whatever_is_named() {
        let all = naming(&["wrong", "RMCP+ session", "a"]);
        let wrong = Failure::WrongCredentials { evidence: "a test" };
        assert!(!is_retryable(&error(wrong), &all));
        assert!(!is_retryable(&error(Failure::WrongKg), &all));
        let paused = Failure::LoginPaused {
            why: "wrong Kg key",
            refusals: 1,
            wait: Duration::from_secs(1),
        };
        assert!(!is_retryable(&error(paused), &all));
    }
}
