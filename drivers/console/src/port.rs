//! Which TCP port a console listens on: the node's own, or a free one of `[console]port_range`.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use schemas_config::value::PortRange;
use schemas_model::{Class, Fault};
use tokio::net::TcpListener;

/// Which port is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortWish {
    /// This one and no other: the operator named it.
    Fixed(u16),
    /// A free one; the one given last if it is free, so that addresses outlive a restart.
    Any(Option<u16>),
}

/// Ports that consoles of this process have.
#[derive(Debug, Default, Clone)]
pub(crate) struct Ports {
    taken: Arc<Mutex<HashSet<u16>>>,
}

/// A port as long as it is used.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    ports: Ports,
}

impl Port {
    /// Its number.
    pub(crate) const fn number(&self) -> u16 {
        self.number
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.ports.lock().remove(&self.number);
    }
}

impl Ports {
    /// Listens on a port.
    ///
    /// # Errors
    /// `ConsoleError` when the wanted port cannot be had, `NoFreeIPMITerminalPorts` when none is free.
    pub(crate) async fn listen(
        &self,
        address: IpAddr,
        wish: PortWish,
        ranges: &[PortRange],
    ) -> Result<(TcpListener, Port), Fault> {
        match wish {
            PortWish::Fixed(number) => self.try_listen(address, number).await.map_err(|error| {
                Fault::new(
                    Class::ConsoleError,
                    format!("The console cannot listen on {address} port {number}: {error}."),
                )
            }),
            PortWish::Any(before) => {
                let within = |number: &u16| ranges.iter().any(|range| range.0.contains(number));
                let all = ranges.iter().flat_map(|range| range.0.clone());
                for number in before.into_iter().filter(within).chain(all) {
                    if let Ok(found) = self.try_listen(address, number).await {
                        return Ok(found);
                    }
                }
                Err(Fault::new(
                    Class::NoFreeIPMITerminalPorts,
                    format!(
                        "No TCP port on {address} is free within [console]port_range, which consoles \
                         without a port of their own need."
                    ),
                ))
            }
        }
    }

    async fn try_listen(&self, address: IpAddr, number: u16) -> io::Result<(TcpListener, Port)> {
        if !self.lock().insert(number) {
            return Err(io::Error::new(
                io::ErrorKind::AddrInUse,
                "another console has it",
            ));
        }
        let port = Port {
            number,
            ports: self.clone(),
        };
        let listener = TcpListener::bind(SocketAddr::new(address, number)).await?;
        Ok((listener, port))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<u16>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// A range of `count` ports of which at least the first is free now.
    async fn range(count: u16) -> PortRange {
        loop {
            let probe = TcpListener::bind((HERE, 0)).await.unwrap();
            let first = probe.local_addr().unwrap().port();
            if let Some(end) = first.checked_add(count) {
                return PortRange(first..end);
            }
        }
    }

    #[tokio::test]
    async fn ports_are_given_once_and_come_back() {
        let ports = Ports::default();
        let range = [range(1).await];
        let (listener, port) = ports
            .listen(HERE, PortWish::Any(None), &range)
            .await
            .unwrap();
        let number = port.number();
        let none = ports.listen(HERE, PortWish::Any(None), &range).await;
        assert_eq!(none.unwrap_err().class, Class::NoFreeIPMITerminalPorts);
        drop((listener, port));
        let again = ports
            .listen(HERE, PortWish::Any(Some(number)), &range)
            .await;
        assert_eq!(again.unwrap().1.number(), number);
    }

    #[tokio::test]
    async fn the_port_of_before_is_preferred_within_the_range() {
        let ports = Ports::default();
        let range = [range(3).await];
        let wanted = range[0].0.end - 1;
        let (_listener, port) = ports
            .listen(HERE, PortWish::Any(Some(wanted)), &range)
            .await
            .unwrap();
        assert_eq!(port.number(), wanted);
        let (_other, elsewhere) = ports
            .listen(HERE, PortWish::Any(Some(1)), &range)
            .await
            .unwrap();
        assert!(range[0].0.contains(&elsewhere.number()));
    }

    #[tokio::test]
    async fn a_named_port_that_is_taken_is_an_error_that_says_so() {
        let somebody = TcpListener::bind((HERE, 0)).await.unwrap();
        let number = somebody.local_addr().unwrap().port();
        let fault = Ports::default()
            .listen(HERE, PortWish::Fixed(number), &[])
            .await
            .unwrap_err();
        assert_eq!(fault.class, Class::ConsoleError);
        assert!(fault.to_string().contains(&number.to_string()), "{fault}");
    }
}
