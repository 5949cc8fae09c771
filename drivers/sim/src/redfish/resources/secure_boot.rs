//! `SecureBoot` and its key databases.

use serde_json::json;

use super::{Hardware, Model, Tree, action};

/// Key databases and how many certificates are in each by default.
pub(in super::super) const DATABASES: [(&str, usize); 4] =
    [("PK", 1), ("KEK", 1), ("db", 2), ("dbx", 0)];

/// What `ResetKeys` takes.
pub(in super::super) const RESETS: [&str; 3] =
    ["ResetAllKeysToDefault", "DeleteAllKeys", "DeletePK"];

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    if !model.secure_boot {
        return;
    }
    let path = format!("{}/SecureBoot", model.system());
    let databases = format!("{path}/SecureBootDatabases");
    tree.put(
        model,
        &path,
        "SecureBoot.v1_1_0.SecureBoot",
        json!({
            "Id": "SecureBoot",
            "Name": "UEFI Secure Boot",
            "SecureBootEnable": false,
            "SecureBootCurrentBoot": "Disabled",
            "SecureBootMode": "UserMode",
            "SecureBootDatabases": model.link(&databases),
            "Actions": action(&path, "SecureBoot.ResetKeys", Some(("ResetKeysType", &RESETS)))
        }),
    );
    let members: Vec<String> = DATABASES
        .iter()
        .map(|(name, _)| format!("{databases}/{name}"))
        .collect();
    tree.put_collection(model, &databases, "SecureBootDatabaseCollection", &members);
    for ((name, _), path) in DATABASES.iter().zip(&members) {
        tree.put(
            model,
            path,
            "SecureBootDatabase.v1_0_0.SecureBootDatabase",
            json!({
                "Id": name,
                "Name": name,
                "DatabaseId": name,
                "Certificates": model.link(&format!("{path}/Certificates")),
                "Actions": action(path, "SecureBootDatabase.ResetKeys", Some(("ResetKeysType", &["ResetAllKeysToDefault", "DeleteAllKeys"])))
            }),
        );
    }
    restore(tree, model);
}

/// Puts the default certificates back.
pub(in super::super) fn restore(tree: &mut Tree, model: &Model) {
    for (name, count) in DATABASES {
        fill(tree, model, name, count);
    }
}

/// Makes a database hold so many certificates.
pub(in super::super) fn fill(tree: &mut Tree, model: &Model, name: &str, count: usize) {
    let path = format!(
        "{}/SecureBoot/SecureBootDatabases/{name}/Certificates",
        model.system()
    );
    tree.remove(&path);
    let members: Vec<String> = (1..=count).map(|n| format!("{path}/{n}")).collect();
    tree.put_collection(model, &path, "CertificateCollection", &members);
    for (number, member) in (1..).zip(&members) {
        tree.put(
            model,
            member,
            "Certificate.v1_2_0.Certificate",
            json!({"Id": number.to_string(), "Name": format!("{name} {number}"), "CertificateType": "PEM"}),
        );
    }
}
