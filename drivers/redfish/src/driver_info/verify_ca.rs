//! Which certificates are trusted: a boolean in many spellings, or a path that exists.

use std::path::Path;

use drivers_redfish_client::Verify;
use schemas_config::section::redfish::Redfish;
use schemas_model::Fault;
use serde_json::Value;

use super::DriverInfo;

const EXPECTED: &str = "a Boolean or the path to a file/directory";

/// Words for true and false, in any case (oslo's strict boolean).
const TRUE: &[&str] = &["1", "t", "true", "on", "y", "yes"];
const FALSE: &[&str] = &["0", "f", "false", "off", "n", "no"];

/// Parses `redfish_verify_ca`. Missing and `true` mean `[redfish]verify_ca` where that is set.
pub(super) fn redfish(info: &DriverInfo<'_>, config: &Redfish) -> Result<Verify, Fault> {
    const NAME: &str = "redfish_verify_ca";
    let configured = config
        .verify_ca
        .as_deref()
        .filter(|path| !path.is_empty() && has_own_section(&info.node.driver));
    let given = match (info.given(NAME), configured) {
        (None | Some(Value::Null | Value::Bool(true)), Some(path)) => Value::from(path),
        (None, None) => Value::Bool(true),
        (Some(value), _) => value.clone(),
    };
    read(info, NAME, &given)
}

/// Parses any such property.
pub(super) fn parse(info: &DriverInfo<'_>, name: &str, default: Value) -> Result<Verify, Fault> {
    let given = info.given(name).cloned().unwrap_or(default);
    read(info, name, &given)
}

fn read(info: &DriverInfo<'_>, name: &str, given: &Value) -> Result<Verify, Fault> {
    let refuse = || info.invalid(name, given, EXPECTED);
    let text = match given {
        Value::Bool(true) => return Ok(Verify::System),
        Value::Bool(false) => return Ok(Verify::Off),
        Value::String(text) => text,
        _ => return Err(refuse()),
    };
    let path = Path::new(text);
    let word = text.trim().to_lowercase();
    if path.is_file() || path.is_dir() {
        Ok(Verify::Bundle(path.to_owned()))
    } else if TRUE.contains(&word.as_str()) {
        Ok(Verify::System)
    } else if FALSE.contains(&word.as_str()) {
        Ok(Verify::Off)
    } else {
        Err(refuse())
    }
}

/// Ironic looks for `verify_ca` in the section named like the hardware type, and for `idrac` in `[redfish]`.
fn has_own_section(driver: &str) -> bool {
    matches!(driver, "redfish" | "idrac")
}
