//! The arguments of the step `update`.

use drivers_interface::parse_args;
use schemas_model::Fault;
use schemas_model::step::Step;

use super::component::Component;
use super::update::Update;

/// Most updates of one step.
const MAX_UPDATES: usize = 64;

#[derive(serde::Deserialize)]
struct Arguments {
    settings: Vec<Setting>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    component: String,
    url: String,
    wait: Option<u64>,
}

/// The updates a step asks for.
///
/// # Errors
/// `InvalidParameterValue` naming what does not fit.
pub(super) fn updates(step: &Step) -> Result<Vec<Update>, Fault> {
    let Arguments { settings } = parse_args(step)?;
    let invalid = |why: &str| {
        Err(Fault::invalid_parameter(format!(
            "Invalid firmware update: {why}."
        )))
    };
    if settings.is_empty() {
        return invalid("settings is empty");
    }
    if settings.len() > MAX_UPDATES {
        return invalid("settings has more than 64 components");
    }
    let mut updates = Vec::new();
    for Setting {
        component,
        url,
        wait,
    } in settings
    {
        if Component::named(&component).is_none() {
            return invalid(&format!(
                "'{component}' is not a component; use bios, bmc or nic:<id>"
            ));
        }
        if url.is_empty() {
            return invalid(&format!("the url of '{component}' is empty"));
        }
        if wait == Some(0) {
            return invalid(&format!("wait of '{component}' must be at least 1 second"));
        }
        updates.push(Update {
            component,
            url,
            wait,
            ..Update::default()
        });
    }
    Ok(updates)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parsed(settings: Value) -> Result<Vec<Update>, Fault> {
        let step =
            json!({"interface": "firmware", "step": "update", "args": {"settings": settings}});
        updates(&serde_json::from_value(step).unwrap())
    }

    #[test]
    fn good_and_bad_settings() {
        let good = json!([{"component": "bmc", "url": "http://x/a", "wait": 5}, {"component": "nic:1", "url": "file:///b"}]);
        assert_eq!(parsed(good).unwrap().len(), 2);
        for bad in [
            json!([]),
            json!("x"),
            json!([{"component": "fan", "url": "http://x"}]),
            json!([{"component": "bios"}]),
            json!([{"component": "bios", "url": ""}]),
            json!([{"component": "bios", "url": "http://x", "wait": 0}]),
            json!([{"component": "bios", "url": "http://x", "more": 1}]),
        ] {
            assert!(parsed(bad.clone()).is_err(), "{bad}");
        }
    }
}
