//! `Port` of a network adapter: the switch at the other end of the cable.

use super::view;
use crate::Result;

view! {
    /// View of a `Port`.
    Port
}

/// `Ethernet.LLDPReceive`: what the switch says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbour {
    /// `ChassisId`.
    pub chassis_id: Option<String>,
    /// `PortId`.
    pub port_id: Option<String>,
    /// `SystemName`.
    pub system_name: Option<String>,
    /// `SystemDescription`.
    pub system_description: Option<String>,
    /// `ManagementVlanId`; 0 is none.
    pub management_vlan: Option<i64>,
}

impl Port {
    /// The neighbour; nothing of it is there where no switch was heard.
    pub fn neighbour(&self) -> Result<Neighbour> {
        let heard = self.document().field("Ethernet").field("LLDPReceive");
        let text = |name: &str| {
            let text = heard.field(name).scalar_text()?;
            Ok::<_, crate::Error>(text.filter(|text| !text.is_empty()))
        };
        Ok(Neighbour {
            chassis_id: text("ChassisId")?,
            port_id: text("PortId")?,
            system_name: text("SystemName")?,
            system_description: text("SystemDescription")?,
            management_vlan: heard
                .field("ManagementVlanId")
                .integer()?
                .filter(|vlan| *vlan != 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::tests::document;

    #[test]
    fn a_port_without_a_switch_has_no_neighbour() {
        let unplugged =
            json!({"Ethernet": {"LLDPReceive": {"ChassisId": "", "ManagementVlanId": 0}}});
        for body in [json!({}), json!({"Ethernet": null}), unplugged] {
            let port = Port::new(document("/p", body));
            assert_eq!(port.neighbour().unwrap(), Neighbour::default());
        }
        let odd = Port::new(document("/p", json!({"Ethernet": [1]})));
        assert_eq!(odd.neighbour().unwrap(), Neighbour::default());
    }
}
