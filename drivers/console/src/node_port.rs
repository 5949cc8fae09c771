//! Which TCP port a node's console has, as the node says: named by the operator in `driver_info`, or
//! given by us and kept in `driver_internal_info`, so that addresses outlive a restart.

use schemas_config::Config;
use schemas_model::{Fault, Node};

use crate::port::PortWish;

/// Where the nodes of one console interface keep their port.
#[derive(Clone, Copy, Debug)]
pub struct NodePort {
    /// The field of `driver_info`. Its grammar is the interface's, which reads it.
    pub named: &'static str,
    /// The field of `driver_internal_info`.
    pub allocated: &'static str,
}

impl NodePort {
    /// The port that was given to the node.
    pub fn allocated(&self, node: &Node) -> Option<u16> {
        let port = node.driver_internal_info.member(self.allocated)?.as_u64()?;
        u16::try_from(port).ok()
    }

    /// Checks that there is a port to be had, with the one that is known or without.
    ///
    /// # Errors
    /// `MissingParameterValue`.
    pub fn check(&self, known: Option<u16>, config: &Config) -> Result<(), Fault> {
        if known.is_some() || config.console.port_range.is_some() {
            return Ok(());
        }
        Err(Fault::missing_parameter(format!(
            "Either missing '{}' parameter in node's driver_info or [console]port_range is not \
             configured",
            self.named
        )))
    }

    /// The port to start with: the named one, else any, best the one of before.
    pub fn wish(&self, node: &Node, named: Option<u16>) -> PortWish {
        named.map_or_else(|| PortWish::Any(self.allocated(node)), PortWish::Fixed)
    }

    /// Keeps the port a console got, unless the node names it anyway.
    pub fn keep(&self, node: &mut Node, named: Option<u16>, port: u16) {
        match named {
            None => node.driver_internal_info.set(self.allocated, port),
            Some(_) => self.forget(node),
        }
    }

    /// Forgets the port that was given to the node.
    pub fn forget(&self, node: &mut Node) {
        node.driver_internal_info.unset(self.allocated);
    }
}

#[cfg(test)]
mod tests {
    use schemas_model::Uuid;

    use super::*;

    const PORT: NodePort = NodePort {
        named: "sim_terminal_port",
        allocated: "allocated_sim_terminal_port",
    };

    #[test]
    fn a_given_port_is_wished_for_again_until_the_node_names_one() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        assert_eq!(PORT.wish(&node, None), PortWish::Any(None));
        PORT.keep(&mut node, None, 10_007);
        assert_eq!(PORT.allocated(&node), Some(10_007));
        assert_eq!(PORT.wish(&node, None), PortWish::Any(Some(10_007)));
        assert_eq!(PORT.wish(&node, Some(4000)), PortWish::Fixed(4000));
        PORT.keep(&mut node, Some(4000), 4000);
        assert_eq!(PORT.allocated(&node), None);
    }
}
