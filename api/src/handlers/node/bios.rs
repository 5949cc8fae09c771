//! `/v1/nodes/{node}/bios`

use schemas_model::{Class, Fault};
use schemas_rest::types::bios_setting::{BiosSettingResource, BiosSettingView};
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::request::{Call, shown};

/// The firmware settings of a node as they were read last.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let selection = call.list_selection::<BiosSettingResource>()?;
    let settings = access
        .db()
        .bios_setting_list(access.object.id, shown(&selection))
        .await?;
    let mut out = call.out();
    out.object(|out| {
        let node = call.path("node");
        let views = settings
            .iter()
            .map(|setting| BiosSettingView { setting, node });
        out.key(BiosSettingResource::COLLECTION)
            .array(|out| selection.write_all(views, out));
    });
    Ok(call.answer(out.finish()))
}

/// One setting, under its name.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let name = call.path("setting");
    let setting = access.db().bios_setting(node.id, name).await;
    let setting = setting.map_err(Fault::from).map_err(|fault| {
        if fault.is_a(Class::BIOSSettingNotFound) {
            let message = format!("Node {} doesn't have a BIOS setting '{name}'", node.uuid);
            Fault::new(Class::BIOSSettingNotFound, message)
        } else {
            fault
        }
    })?;
    let view = BiosSettingView {
        setting: &setting,
        node: node.uuid.as_str(),
    };
    let mut out = call.out();
    out.object(|out| {
        Selection::<BiosSettingResource>::all(call.version).write(&view, out.key(name))
    });
    Ok(call.answer(out.finish()))
}
