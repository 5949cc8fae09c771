//! BIOSSetting on the wire (1.2). The node number is text there.

use schemas_model::BiosSetting;
use schemas_model::ids::NodeId;

use super::row::row;
use super::{Object, Row, traits};
use crate::version::Version;

impl Object for BiosSetting {
    const NAME: &'static str = "BIOSSetting";
    const VERSION: Version = Version::one(2);
    const ROWS: &'static [Row<Self>] = &[
        Row {
            name: "node_id",
            since: 0,
            get: |setting| setting.object.node_id.to_string().into(),
            set: |setting, value| {
                setting.object.node_id = traits::node_number(value)?;
                Ok(())
            },
        },
        row!("name", name),
        row!("value", value),
        row!("attribute_type", attribute_type, since 1),
        row!("allowable_values", allowable_values, since 1),
        row!("lower_bound", lower_bound, since 1),
        row!("max_length", max_length, since 1),
        row!("min_length", min_length, since 1),
        row!("read_only", read_only, since 1),
        row!("reset_required", reset_required, since 1),
        row!("unique", unique, since 1),
        row!("upper_bound", upper_bound, since 1),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        BiosSetting {
            node_id: NodeId(0),
            name: String::new(),
            value: None,
            attribute_type: None,
            allowable_values: Vec::new(),
            lower_bound: None,
            upper_bound: None,
            min_length: None,
            max_length: None,
            read_only: None,
            reset_required: None,
            unique: None,
            created_at: None,
            updated_at: None,
        }
    }
}
