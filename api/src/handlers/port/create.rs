//! `POST /v1/ports`

use schemas_model::{Class, Fault, Node, Object, Port, Portgroup, Uuid};
use schemas_rest::params::not_acceptable;
use schemas_rest::types::port::{PortResource, link_too_new};
use schemas_rest::validate::{self, Members};
use schemas_rest::{Feature, Selection, schema};
use schemas_rpc::Versioned;
use schemas_rpc::methods::CreatePort;
use serde_json::Value;

use super::beside;
use crate::handlers::portgroup::beside as portgroup;
use crate::handlers::{Answered, malformed_uri, mentioned};
use crate::notify::Action;
use crate::request::{Access, Call};

/// Creates a port: checks it here, has the conductor of its node create it.
pub async fn create(call: &Call) -> Answered {
    let members = validate::create::<PortResource>(call.document.clone())?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let ident = match (text("node_ident"), text("node_uuid")) {
        (Some(ident), None) | (None, Some(ident)) => ident,
        _ => {
            return Err(Fault::invalid_parameter(
                "Schema error for port: exactly one of node_uuid and node_ident is needed",
            ));
        }
    };
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    if text("node_ident").is_some() && !call.allows(Feature::PortNodename) {
        return Err(not_acceptable("Request not acceptable."));
    }
    let access = call
        .authorise_parent(call.operation.rule, ident, mentioned)
        .await?;
    validate::gate::<PortResource>(&members, call.version)?;
    let link = members.get("local_link_connection").unwrap_or(&Value::Null);
    if link_too_new(link, call.version) {
        return Err(not_acceptable("Request not acceptable."));
    }
    let (port, portgroup) = build(&access, &members).await?;
    check(&port, portgroup.as_ref(), &members)?;

    let node = &access.object;
    let mut given: Vec<&str> = members.keys().map(String::as_str).collect();
    given.extend(["uuid", "node_id"]);
    if port.portgroup_id.is_some() {
        given.push("portgroup_id");
    }
    let group_uuid = portgroup.as_ref().map(|group| group.uuid.as_str());
    let beside = [
        ("node_uuid", Some(node.uuid.as_str())),
        ("portgroup_uuid", group_uuid),
    ];
    let told = call.tell(Action::Create, &port, &beside);
    let object = Versioned::partial(port, given).with_node_uuid(Some(&node.uuid));
    let request = CreatePort {
        port_obj: Box::new(object),
    };
    let created = access.send_for(node, request).await?.object;
    told.end(&created, &beside);
    let answer = beside::answer(&access, &created, &Selection::all(call.version)).await?;
    Ok(answer.at(call.location(format_args!("ports/{}", created.uuid))))
}

async fn build(
    access: &Access<'_, Node>,
    members: &Members,
) -> Result<(Port, Option<Portgroup>), Fault> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let uuid = match text("uuid").filter(|uuid| !uuid.is_empty()) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut port = blank(uuid);
    validate::store::<PortResource>(members, &mut port);
    if members.get("pxe_enabled").is_some_and(Value::is_null) {
        return Err(Fault::invalid_parameter("pxe_enabled cannot be null"));
    }
    port.node_id = Some(access.object.id);
    let Some(wanted) = text("portgroup_uuid").filter(|uuid| !uuid.is_empty()) else {
        return Ok((port, None));
    };
    let portgroup = portgroup::find(access.call(), wanted)
        .await
        .map_err(mentioned)?;
    if portgroup.node_id != Some(access.object.id) {
        return Err(Fault::new(
            Class::BadRequest,
            "Port can not be added to a portgroup belonging to a different node.",
        ));
    }
    port.portgroup_id = Some(portgroup.id);
    Ok((port, Some(portgroup)))
}

/// A port that is about to be created.
fn blank(uuid: Uuid) -> Port {
    Port {
        id: schemas_model::ids::PortId(0),
        uuid,
        node_id: None,
        address: String::new(),
        portgroup_id: None,
        pxe_enabled: true,
        local_link_connection: Object::default(),
        extra: Object::default(),
        internal_info: Object::default(),
        physical_network: None,
        is_smartnic: Some(false),
        name: None,
        description: None,
        vendor: None,
        category: None,
        available_for_dynamic_portgroup: true,
        created_at: None,
        updated_at: None,
    }
}

fn check(port: &Port, portgroup: Option<&Portgroup>, members: &Members) -> Result<(), Fault> {
    let link = members.get("local_link_connection").unwrap_or(&Value::Null);
    if port.is_smartnic == Some(true) && !schema::is_smart_nic_link(link) && !link.is_null() {
        return Err(Fault::invalid(
            "Smart NIC port must have port_id and hostname in local_link_connection",
        ));
    }
    check_physical_network(port)?;
    let asked_pxe = members.get("pxe_enabled").is_some_and(validate::flag);
    match portgroup {
        Some(group) if asked_pxe && !group.standalone_ports_supported => {
            Err(Fault::conflict(format!(
                "Port group {} doesn't support standalone ports. This port cannot be created as a \
                 member of that portgroup as the port's 'pxe_enabled' field was set to True.",
                group.uuid
            )))
        }
        _ => Ok(()),
    }
}

/// A physical network has a name, or is null.
///
/// # Errors
/// 400.
pub fn check_physical_network(port: &Port) -> Result<(), Fault> {
    if port.physical_network.as_deref() == Some("") {
        return Err(Fault::invalid(
            "A non-empty value is required when setting physical_network",
        ));
    }
    Ok(())
}
