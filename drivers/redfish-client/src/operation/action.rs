//! Invoking actions whose parameter has a list of allowed values.

use crate::{
    Bmc, Document, Result,
    bmc::Answer,
    error::ErrorKind,
    schema::action::{Action, parameter},
};

impl Bmc {
    /// Invokes the action `name` of `document` with one parameter, if the BMC allows the value. A
    /// BMC that lists no values is asked to judge itself.
    pub async fn act(
        &self,
        document: &Document,
        name: &str,
        parameter_name: &'static str,
        value: &str,
    ) -> Result<Answer> {
        let action = Action::require(document, name)?;
        if let Some(allowed) = self.allowed_values(&action, parameter_name).await?
            && !allowed.iter().any(|known| known == value)
        {
            let kind = ErrorKind::NotAllowed {
                parameter: parameter_name,
                value: value.to_owned(),
                allowed,
            };
            return Err(self.fail(format!("POST {}", action.target), kind));
        }
        self.post(&action.target, Some(parameter(parameter_name, value)))
            .await
    }

    /// The values allowed for a parameter, from beside the action or from its `ActionInfo`.
    pub async fn allowed_values(
        &self,
        action: &Action,
        parameter: &str,
    ) -> Result<Option<Vec<String>>> {
        if let Some(allowed) = action.allowed(parameter) {
            return Ok(Some(allowed));
        }
        match &action.info {
            Some(info) => Action::allowed_by_info(&self.get(info).await?, parameter),
            None => Ok(None),
        }
    }
}
