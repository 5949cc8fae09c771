//! Virtual drives.

use serde_json::json;

use super::super::model::MediaBy;
use super::super::tree::merge;
use super::{Hardware, Model, Tree, action};

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let collection = model.virtual_media();
    let members: Vec<String> = model
        .media
        .iter()
        .map(|drive| format!("{collection}/{}", drive.id))
        .collect();
    tree.put_collection(model, &collection, "VirtualMediaCollection", &members);
    for (drive, path) in model.media.iter().zip(&members) {
        let mut body = json!({
            "Id": drive.id,
            "Name": "Virtual Removable Media",
            "MediaTypes": drive.types,
            "ConnectedVia": "NotConnected",
            "Inserted": false,
            "Image": null,
            "ImageName": null,
            "WriteProtected": true
        });
        if model.media_by == MediaBy::Action {
            let mut actions = action(path, "VirtualMedia.InsertMedia", None);
            merge(&mut actions, &action(path, "VirtualMedia.EjectMedia", None));
            body["Actions"] = actions;
        }
        tree.put(model, path, "VirtualMedia.v1_3_0.VirtualMedia", body);
    }
}
