//! The defaults that depend on the machine, as Ironic 39.0.0 resolves them.

use std::net::UdpSocket;

/// A fact that an option's default is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The fully qualified name of this host, or its name.
    HostName,
    /// The IPv4 address that packets to the outside leave from.
    Ipv4,
    /// The directory for temporary files.
    TempDir,
}

/// The facts of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// See [`Fact::HostName`].
    pub host_name: String,
    /// See [`Fact::Ipv4`].
    pub ipv4: String,
    /// See [`Fact::TempDir`].
    pub temp_dir: String,
}

impl Machine {
    /// Asks the operating system. Sends nothing: the address comes from the routing table.
    pub fn detect() -> Self {
        Machine {
            host_name: host_name(),
            ipv4: outgoing_ipv4().unwrap_or_else(|| "127.0.0.1".to_owned()),
            temp_dir: std::env::temp_dir().to_string_lossy().into_owned(),
        }
    }

    /// The text of a fact.
    pub(crate) fn text(&self, fact: Fact) -> &str {
        match fact {
            Fact::HostName => &self.host_name,
            Fact::Ipv4 => &self.ipv4,
            Fact::TempDir => &self.temp_dir,
        }
    }
}

/// The name of this host as `/etc/hosts` qualifies it; else the plain name. (A name that only DNS
/// would qualify is not asked for: set `[DEFAULT]host` then.)
fn host_name() -> String {
    let name = gethostname::gethostname().to_string_lossy().into_owned();
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    qualified(&name, &hosts).unwrap_or(name)
}

/// What Python's `getfqdn` makes of a hosts file: the address of `name`, then of the names of that
/// address the first with a dot, or the first of all.
fn qualified(name: &str, hosts: &str) -> Option<String> {
    let lines = || {
        hosts.lines().filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            Some((words.next()?, words.collect::<Vec<_>>()))
        })
    };
    let (address, _) = lines().find(|(_, names)| names.contains(&name))?;
    let (_, names) = lines().find(|(other, _)| *other == address)?;
    let dotted = names.iter().find(|name| name.contains('.'));
    dotted.or(names.first()).map(|name| (*name).to_owned())
}

/// The source address of a socket "connected" to a documentation address (RFC 5737).
fn outgoing_ipv4() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.0:80").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_qualified_name_comes_from_the_hosts_file() {
        let hosts = "127.0.0.1 localhost # node.wrong\n::1 localhost\n\
                     10.0.0.1\tnode node.example.org n\n127.0.0.1 vm\n";
        assert_eq!(
            qualified("node", hosts).as_deref(),
            Some("node.example.org")
        );
        assert_eq!(qualified("localhost", hosts).as_deref(), Some("localhost"));
        assert_eq!(qualified("vm", hosts).as_deref(), Some("localhost"));
        assert_eq!(qualified("other", hosts), None);
    }
}
