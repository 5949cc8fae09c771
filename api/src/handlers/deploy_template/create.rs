//! `POST /v1/deploy_templates`

use schemas_model::{DeployTemplate, Object, Uuid};
use schemas_rest::types::deploy_template::{DeployTemplateResource, DeployTemplateView};
use schemas_rest::validate;
use serde_json::Value;

use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Creates a deploy template.
pub async fn create(call: &Call) -> Answered {
    let members = validate::create::<DeployTemplateResource>(call.document.clone())?;
    let access = call.authorise()?;
    let uuid = match members.get("uuid").and_then(Value::as_str) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut template = DeployTemplate {
        id: schemas_model::ids::DeployTemplateId(0),
        uuid,
        name: String::new(),
        steps: Vec::new(),
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    };
    validate::store::<DeployTemplateResource>(&members, &mut template);
    let told = call.tell(Action::Create, &template, &[]);
    let created = access.db().deploy_template_insert(&template).await?;
    told.end(&created, &[]);
    let view = DeployTemplateView {
        template: &created,
        given_steps: members
            .get("steps")
            .and_then(Value::as_array)
            .map(Vec::as_slice),
    };
    Ok(call.created::<DeployTemplateResource>(&view, created.uuid.as_str()))
}
