//! The fields of a volume connector.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.volume_connector`.

use schemas_model::VolumeConnector;

use crate::field::{Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, UUID};
use crate::validate::{doc, text};

/// A volume connector in the API.
pub struct VolumeConnectorResource;

type Row = Field<VolumeConnectorResource>;

/// A volume connector and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct VolumeConnectorView<'a> {
    /// The connector.
    pub connector: &'a VolumeConnector,
    /// The UUID of its node.
    pub node_uuid: Option<&'a str>,
}

const fn words(name: &'static str, show: crate::field::Show<VolumeConnectorResource>) -> Row {
    Row::shown(name, Json::String, show)
}

impl Resource for VolumeConnectorResource {
    type View<'a> = VolumeConnectorView<'a>;
    type Model = VolumeConnector;
    const NAME: &'static str = "connector";
    const COLLECTION: &'static str = "connectors";
    const SHORT: &'static [&'static str] = &["uuid", "node_uuid", "type", "connector_id"];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.connector.uuid.as_str())).resolved(Set::Create, UUID),
        words("created_at", |v, out| out.time(v.connector.created_at)),
        words("updated_at", |v, out| out.time(v.connector.updated_at)),
        words("node_uuid", |v, out| out.maybe_text(v.node_uuid))
            .resolved(Set::Both, NEEDED_TEXT.check(crate::validate::uuid))
            .required()
            .unsortable(),
        words("type", |v, out| out.text(&v.connector.r#type))
            .accept(Set::Both, NEEDED_TEXT, |c, v| {
                c.r#type = text(v).unwrap_or_default();
            })
            .required(),
        words("connector_id", |v, out| out.text(&v.connector.connector_id))
            .accept(Set::Both, NEEDED_TEXT, |c, v| {
                c.connector_id = text(v).unwrap_or_default();
            })
            .required(),
        Row::shown("extra", Json::Object, |v, out| out.doc(&v.connector.extra)).accept(
            Set::Both,
            OBJECT,
            |c, v| c.extra = doc(v),
        ),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("volume/connectors/{}", v.connector.uuid));
        })
        .always(),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;
    use serde_json::{Value, json};

    fn created(name: &str, value: Value) -> bool {
        let mut body = json!({
            "node_uuid": "c0de0000-0000-4000-8000-000000000155",
            "type": "iqn",
            "connector_id": "iqn.c",
        });
        body[name] = value;
        validate::create::<VolumeConnectorResource>(body).is_ok()
    }

    #[test]
    fn any_type_and_id_of_text_pass() {
        assert!(created("type", json!("")));
        assert!(created("connector_id", json!("x".repeat(300))));
        assert!(created("extra", json!(null)));
        for (name, value) in [
            ("type", json!(null)),
            ("connector_id", json!(5)),
            ("uuid", json!("x")),
            ("boot_index", json!(1)),
        ] {
            assert!(!created(name, value), "{name}");
        }
    }
}
