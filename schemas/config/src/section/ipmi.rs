//! `[ipmi]`.

use crate::section::section;
use crate::value::Multi;

section! {
    /// `[ipmi]`: IPMI BMCs.
    Ipmi;

    /// Further BMC errors after which a command is tried again.
    additional_retryable_ipmi_errors: Multi<String>, mutable;
    /// Cipher suites to try when a node names none, the last first.
    cipher_suite_versions: Vec<String> = "";
    /// Seconds for which a command is tried again.
    command_retry_timeout: i64 = 60, mutable;
    /// Log IPMI commands in detail.
    debug: bool = false, mutable;
    /// Turn off the BMC's 60 second limit on boot device changes.
    disable_boot_timeout: bool = true, mutable;
    /// End a power read that exceeds `command_retry_timeout`.
    kill_on_timeout: bool = true, mutable;
    /// Least seconds between two commands to a BMC.
    min_command_interval: i64 = 5, mutable;
    /// Pass passwords to `ipmitool` in its environment.
    store_cred_in_env: bool = false;
    /// Leave retries to `ipmitool`.
    use_ipmitool_retries: bool = false;
}
