//! The configdrive of a provisioning request: a URL, base64 text, or an object to build one from.
//!
//! Source: Ironic 39.0.0, `check_allow_configdrive`.

use schemas_model::Fault;
use schemas_model::provision::Verb;
use serde_json::Value;

use crate::mask::is_truthy;
use crate::validate::client_error;
use crate::versions::{Feature, Version};

/// Members of a configdrive object, and whether each may be other than an object.
const MEMBERS: &[(&str, bool)] = &[
    ("meta_data", false),
    ("network_data", false),
    ("user_data", true),
    ("vendor_data", false),
];

/// Checks the type: text, an object or nothing.
///
/// # Errors
/// 400.
pub fn check_type(configdrive: &Value) -> Result<(), Fault> {
    match configdrive {
        Value::Null | Value::String(_) | Value::Object(_) => Ok(()),
        other => Err(Fault::invalid_parameter(format!(
            "Expected an object or text for configdrive: {other}"
        ))),
    }
}

/// Checks a configdrive that was given for a verb.
///
/// # Errors
/// 400.
pub fn check(verb: Verb, configdrive: &Value, version: Version) -> Result<(), Fault> {
    if !is_truthy(configdrive) {
        return Ok(());
    }
    let allowed = match verb {
        Verb::Active => true,
        Verb::Rebuild => version.allows(Feature::RebuildConfigDrive),
        _ => false,
    };
    if !allowed {
        return Err(client_error(
            "Adding a config drive is only supported when setting provision state to active or \
             rebuild",
        ));
    }
    match configdrive {
        Value::Object(members) => {
            for (name, value) in members {
                let fits = MEMBERS.iter().any(|(known, any)| {
                    known == name
                        && (value.is_object()
                            || (*any && (value.is_array() || value.is_string() || value.is_null())))
                });
                if !fits {
                    return Err(client_error(format!(
                        "Invalid configdrive format: member '{name}' is unknown or of a wrong type"
                    )));
                }
            }
            if !version.allows(Feature::BuildConfigdrive) {
                return Err(needs(
                    "a JSON object for configdrive",
                    Feature::BuildConfigdrive,
                ));
            }
            if members.contains_key("vendor_data")
                && !version.allows(Feature::ConfigdriveVendorData)
            {
                return Err(needs(
                    "vendor_data in configdrive",
                    Feature::ConfigdriveVendorData,
                ));
            }
            Ok(())
        }
        Value::String(text) if text.contains("://") || text.bytes().all(is_base64) => Ok(()),
        _ => Err(client_error(
            "Invalid configdrive format: it is neither a JSON, nor a URL, nor a base64 string",
        )),
    }
}

/// The alphabet of base64, and the white space people put into it.
fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=\n\r\t ".contains(&byte)
}

fn needs(what: &str, since: Feature) -> Fault {
    client_error(format!(
        "Providing {what} is only supported starting with API version {since}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms() {
        let ok = |value: Value| check(Verb::Active, &value, Version::MAX).is_ok();
        assert!(ok(json!("http://host/drive")));
        assert!(ok(json!("H4sIAAAA==\n")));
        assert!(ok(json!({"meta_data": {}, "user_data": "#cloud-config"})));
        assert!(!ok(json!("{not json")));
        assert!(!ok(json!({"colour": {}})));
        assert!(!ok(json!({"meta_data": "x"})));
    }

    #[test]
    fn only_where_something_is_deployed() {
        let drive = json!("abcd");
        assert!(check(Verb::Clean, &drive, Version::MAX).is_err());
        assert!(check(Verb::Rebuild, &drive, Version::MIN).is_err());
        assert!(check(Verb::Clean, &Value::Null, Version::MAX).is_ok());
    }
}
