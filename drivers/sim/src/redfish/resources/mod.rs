//! Every resource of a BMC, one concept a file: written once, reading the model's row.

pub(super) mod bios;
mod chassis;
mod components;
pub(super) mod events;
pub(super) mod log;
mod manager;
mod registries;
pub(super) mod secure_boot;
mod sensors;
mod service_root;
pub(super) mod storage;
mod system;
pub(super) mod tasks;
pub(super) mod update;
mod virtual_media;

use serde_json::{Value, json};

use super::hardware::Hardware;
use super::model::Model;
use super::tree::Tree;

type Add = fn(&mut Tree, &Model, &Hardware);

/// What adds resources, in no particular order.
const RESOURCES: [Add; 15] = [
    service_root::add,
    system::add,
    components::add,
    chassis::add,
    manager::add,
    bios::add,
    secure_boot::add,
    registries::add,
    virtual_media::add,
    storage::add,
    sensors::add,
    update::add,
    tasks::add,
    events::add,
    log::add,
];

/// What tells one machine from another of its model.
const PERSONAL: [Add; 2] = [system::add, components::add_ethernet];

/// Every resource of a machine.
pub(super) fn all(model: &Model, hardware: &Hardware) -> Tree {
    let mut tree = Tree::default();
    for add in RESOURCES {
        add(&mut tree, model, hardware);
    }
    tree
}

/// Makes a machine of another number out of a clone.
pub(super) fn personalise(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    for add in PERSONAL {
        add(tree, model, hardware);
    }
}

/// `Status` of something that works.
fn healthy() -> Value {
    json!({"State": "Enabled", "Health": "OK"})
}

/// An action by name, with the values of one parameter.
fn action(resource: &str, name: &str, parameter: Option<(&str, &[&str])>) -> Value {
    let mut action = json!({ "target": format!("{resource}/Actions/{name}") });
    if let Some((parameter, values)) = parameter {
        action[format!("{parameter}@Redfish.AllowableValues")] = json!(values);
    }
    json!({ format!("#{name}"): action })
}
