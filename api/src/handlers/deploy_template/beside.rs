//! Finding the deploy template of the path.

use schemas_model::{Class, DeployTemplate, Fault};
use schemas_rest::ident;

use crate::request::{Access, Call};

/// Asks the rule of the operation, then finds the template.
///
/// # Errors
/// 400 for what is neither UUID nor name, 403, 404 when there is none.
pub async fn authorised(call: &Call) -> Result<Access<'_, DeployTemplate>, Fault> {
    let name = call.path("template");
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID or name for template_ident: {name}"
        )));
    }
    let access = call.authorise()?;
    let template = match access
        .db()
        .deploy_template_by_ident(name)
        .await
        .map_err(Fault::from)
    {
        Err(fault) if call.json_suffix && fault.is_a(Class::DeployTemplateNotFound) => {
            let name = format!("{name}.json");
            access.db().deploy_template_by_ident(&name).await?
        }
        other => other?,
    };
    Ok(access.with(template))
}
