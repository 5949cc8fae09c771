//! Registries: BIOS attributes and messages.

use serde_json::{Value, json};

use super::bios;
use super::service_root::ROOT;
use super::{Hardware, Model, Tree};

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let collection = format!("{ROOT}/Registries");
    let name = bios::registry(model);
    let members = [
        format!("{collection}/Base.1.8.0"),
        format!("{collection}/{name}"),
    ];
    tree.put_collection(
        model,
        &collection,
        "MessageRegistryFileCollection",
        &members,
    );
    let files = [
        (
            "Base.1.8.0".to_owned(),
            "Base.1.8".to_owned(),
            message_registry(),
        ),
        (
            name.clone(),
            name.clone(),
            json!({
                "Id": name,
                "Name": "BIOS Attribute Registry",
                "Language": "en",
                "RegistryVersion": "1.0.0",
                "OwningEntity": model.manufacturer,
                "RegistryEntries": {"Attributes": model.attributes.iter().map(bios::entry).collect::<Vec<Value>>()}
            }),
        ),
    ];
    for ((id, registry, body), path) in files.into_iter().zip(&members) {
        let content = format!("{path}/{id}.json");
        tree.put(
            model,
            path,
            "MessageRegistryFile.v1_1_0.MessageRegistryFile",
            json!({
                "Id": id,
                "Name": format!("{id} registry file"),
                "Languages": ["en"],
                "Registry": registry,
                "Location": [{"Language": "en", "Uri": content}]
            }),
        );
        let kind = match id.starts_with("Base") {
            true => "MessageRegistry.v1_4_0.MessageRegistry",
            false => "AttributeRegistry.v1_3_0.AttributeRegistry",
        };
        tree.put(model, &content, kind, body);
    }
}

fn message_registry() -> Value {
    json!({
        "Id": "Base.1.8.0",
        "Name": "Base Message Registry",
        "Language": "en",
        "RegistryPrefix": "Base",
        "RegistryVersion": "1.8.0",
        "Messages": {
            "Success": {"Message": "The request completed successfully.", "Severity": "OK", "NumberOfArgs": 0},
            "GeneralError": {"Message": "A general error has occurred.", "Severity": "Critical", "NumberOfArgs": 0}
        }
    })
}
