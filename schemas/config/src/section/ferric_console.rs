//! `[ferric_console]`: what serial consoles can do here beyond those of Ironic. Ironic ignores it.

use std::net::IpAddr;

use crate::section::section;

section! {
    /// `[ferric_console]`: consoles in the browser, TLS, recordings. Not an Ironic section.
    FerricConsole;

    /// Serve consoles to browsers, on the conductor's host.
    enabled: bool = false;
    /// Address that the listener for browsers is bound to.
    host_ip: IpAddr = "127.0.0.1";
    /// Most people on one console at once.
    max_clients: u64 = 16, min(1.0), max(256.0);
    /// Port that the listener for browsers is bound to.
    port: u16 = 6386;
    /// How browsers reach the listener, where that is not its own address: a proxy in front of it.
    public_url: Option<String>;
    /// Directory for recordings of consoles, one file for each time somebody uses one; nothing is
    /// recorded when unset.
    recording_dir: Option<String>;
    /// Recordings kept of a node; older ones are removed.
    recording_keep: u64 = 10, min(1.0), max(10000.0);
    /// Size in bytes at which a recording goes on in another file.
    recording_max_size: u64 = 16777216, min(4096.0);
    /// Directory with `certificate.pem` (a chain, the leaf first) and `key.pem`; consoles speak TLS
    /// when it is set, both on their TCP ports and to browsers.
    terminal_cert_dir: Option<String>;
    /// Seconds for which a link to a console in the browser can be used, once.
    token_lifetime: u64 = 120, min(5.0), max(86400.0);
}
