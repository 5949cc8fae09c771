//! Actions of a resource: where to post and which values are allowed.

use serde_json::{Map, Value, json};

use crate::{Result, document::Document, resource_path::ResourcePath};

/// An action as a document offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Where to post.
    pub target: ResourcePath,
    /// Where the BMC describes the parameters, if it does so in a document of its own.
    pub info: Option<ResourcePath>,
    /// `Parameter@Redfish.AllowableValues` beside the action.
    annotations: Map<String, Value>,
}

impl Action {
    /// The action `name`, for example `#ComputerSystem.Reset`; `None` if it is not offered.
    pub fn find(document: &Document, name: &str) -> Result<Option<Self>> {
        let action = document.field("Actions").field(name);
        let Some(target) = action.field("target").path()? else {
            return Ok(None);
        };
        let annotations = action.object()?.cloned().unwrap_or_default();
        Ok(Some(Action {
            target,
            info: action.field("@Redfish.ActionInfo").path()?,
            annotations,
        }))
    }

    /// The action `name`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if it is not offered.
    pub fn require(document: &Document, name: &str) -> Result<Self> {
        Self::find(document, name)?.ok_or_else(|| document.missing(&format!("the action {name}")))
    }

    /// The values that the document lists for a parameter; `None` if it lists none.
    pub fn allowed(&self, parameter: &str) -> Option<Vec<String>> {
        let values = self
            .annotations
            .get(&format!("{parameter}@Redfish.AllowableValues"))?
            .as_array()?;
        let values: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        Some(values).filter(|values| !values.is_empty())
    }

    /// The values that an `ActionInfo` document lists for a parameter.
    pub fn allowed_by_info(info: &Document, parameter: &str) -> Result<Option<Vec<String>>> {
        for described in info.field("Parameters").items()? {
            if described.field("Name").text()? == Some(parameter) {
                let values: Vec<String> = described
                    .field("AllowableValues")
                    .texts()?
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                return Ok(Some(values).filter(|values| !values.is_empty()));
            }
        }
        Ok(None)
    }
}

/// A body with one parameter.
pub fn parameter(name: &str, value: &str) -> Value {
    json!({ name: value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    #[test]
    fn values_beside_the_action_or_in_its_info() {
        let system = document(
            "/s",
            json!({"Actions": {"#ComputerSystem.Reset": {
            "target": "/s/Actions/Reset", "@Redfish.ActionInfo": "/s/ResetInfo",
            "ResetType@Redfish.AllowableValues": ["On", "ForceOff"]}}}),
        );
        let reset = Action::require(&system, "#ComputerSystem.Reset").unwrap();
        assert_eq!(reset.allowed("ResetType").unwrap(), ["On", "ForceOff"]);
        assert_eq!(reset.info.unwrap().as_str(), "/s/ResetInfo");
        let info = document(
            "/s/ResetInfo",
            json!({"Parameters": [
            {"Name": "ResetType", "AllowableValues": ["On", "Nmi"]}]}),
        );
        assert_eq!(
            Action::allowed_by_info(&info, "ResetType")
                .unwrap()
                .unwrap(),
            ["On", "Nmi"]
        );
        let error = Action::require(&system, "#ComputerSystem.SetDefaultBootOrder").unwrap_err();
        assert!(error.is_missing());
    }
}
