//! How fast each BMC answers: a histogram a BMC address.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec};
use schemas_model::Node;

/// Addresses with a histogram of their own; the others share one.
const MAX_ADDRESSES: usize = 2048;
/// The address of the others.
const OTHERS: &str = "other";
/// Upper bounds of the buckets, in seconds: from a LAN's round trip to a BMC's usual time-out.
const BUCKETS: &[f64] = &[0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0];
/// `driver_info` members that hold the address of a BMC.
const ADDRESSES: &[&str] = &[
    "ipmi_address",
    "redfish_address",
    "ibmc_address",
    "drac_address",
];

/// The histograms.
pub struct BmcLatency {
    seconds: Option<HistogramVec>,
    known: Mutex<HashSet<String>>,
}

impl BmcLatency {
    pub(super) fn new() -> Self {
        let options = HistogramOpts::new(
            "baremetal_bmc_request_duration_seconds",
            "How long a BMC took for something the conductor asked of it",
        )
        .buckets(BUCKETS.to_vec());
        BmcLatency {
            seconds: HistogramVec::new(options, &["bmc", "operation"])
                .map_err(|error| tracing::error!(%error, "BMCs are not timed"))
                .ok(),
            known: Mutex::default(),
        }
    }

    pub(super) fn collector(&self) -> Option<HistogramVec> {
        self.seconds.clone()
    }

    /// Counts one piece of work; nodes without a BMC are not counted.
    pub fn observe(&self, node: &Node, operation: &'static str, took: Duration) {
        let (Some(seconds), Some(address)) = (&self.seconds, address(node)) else {
            return;
        };
        let label = self.label(&address);
        seconds
            .with_label_values(&[label.as_str(), operation])
            .observe(took.as_secs_f64());
    }

    fn label(&self, address: &str) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(address) {
            return address.to_owned();
        }
        if known.len() >= MAX_ADDRESSES {
            return OTHERS.to_owned();
        }
        known.insert(address.to_owned());
        address.to_owned()
    }
}

/// The host of a BMC's address; credentials in a URL are not part of it.
pub(crate) fn address(node: &Node) -> Option<String> {
    let text = ADDRESSES
        .iter()
        .find_map(|key| node.driver_info.text_member(key))
        .filter(|text| !text.is_empty())?;
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    Some(host.chars().take(255).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus::core::Collector;
    use schemas_model::Uuid;

    fn node(address: &str) -> Node {
        let mut node = Node::new(Uuid::random(), "redfish");
        node.driver_info.set("redfish_address", address);
        node
    }

    #[test]
    fn an_address_has_no_credentials() {
        let host = |text| super::address(&node(text));
        assert_eq!(
            host("https://u:p@bmc-1:8443/x").as_deref(),
            Some("bmc-1:8443")
        );
        assert_eq!(host("192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(host(""), None);
    }

    #[test]
    fn labels_are_bounded() {
        let latency = BmcLatency::new();
        for number in 0..MAX_ADDRESSES + 50 {
            let node = node(&format!("bmc-{number}"));
            latency.observe(&node, "power_state", Duration::from_millis(30));
        }
        let families = latency.collector().unwrap().collect();
        assert_eq!(families[0].get_metric().len(), MAX_ADDRESSES + 1);
    }
}
