//! `[console]`.

use std::net::IpAddr;

use crate::section::section;
use crate::value::PortRange;

section! {
    /// `[console]`: serial consoles.
    Console;

    /// Seconds that a console process has to end by itself.
    kill_timeout: i64 = 1;
    /// Ports that consoles listen on.
    port_range: Option<Vec<PortRange>>;
    /// Address that consoles listen on.
    socat_address: IpAddr = "$my_ip";
    /// Seconds between two looks at a console process.
    subprocess_checking_interval: i64 = 1;
    /// Seconds that a console process has to start.
    subprocess_timeout: i64 = 10;
    /// Directory for process ids of consoles; that for temporary files when unset.
    terminal_pid_dir: Option<String>;
    /// Seconds without input after which a console is closed; 0 never closes it.
    terminal_timeout: u64 = 600, min(0.0);
}
