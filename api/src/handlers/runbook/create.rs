//! `POST /v1/runbooks`

use schemas_model::{Fault, Object, Runbook, Uuid};
use schemas_rest::types::runbook::{RunbookResource, check_created};
use schemas_rest::validate;
use serde_json::Value;

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::{Access, Call};

/// Creates a runbook. Who has no system scope creates it for the own project, never for all.
pub async fn create(call: &Call) -> Answered {
    let access = call.authorise()?;
    if let Some(body) = call.document.as_object() {
        check_created(body, call.version)?;
    }
    let members = validate::create::<RunbookResource>(call.document.clone())?;
    beside::check_steps(&access, members.get("steps").unwrap_or(&Value::Null))?;
    let uuid = match members.get("uuid").and_then(Value::as_str) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut runbook = blank(uuid);
    validate::store::<RunbookResource>(&members, &mut runbook);
    take_over(&access, &mut runbook)?;
    let told = call.tell(Action::Create, &runbook, &[]);
    let created = access.db().runbook_insert(&runbook).await?;
    told.end(&created, &[]);
    Ok(call.created::<RunbookResource>(&&created, created.uuid.as_str()))
}

fn take_over(access: &Access<'_>, runbook: &mut Runbook) -> Result<(), Fault> {
    if access.context.system_scope.as_deref() == Some("all") {
        return Ok(());
    }
    let project = access.context.project_id.clone();
    let asked = runbook.owner.as_ref().filter(|owner| !owner.is_empty());
    if asked.is_some() && asked != project.as_ref() {
        return Err(Fault::invalid(
            "Cannot create a runbook as a project scoped admin with an owner other than your own \
             project.",
        ));
    }
    if project.is_some() && runbook.public {
        return Err(Fault::invalid(
            "Cannot create a public runbook as a project scoped admin.",
        ));
    }
    runbook.owner = project;
    Ok(())
}

/// A runbook that is about to be created.
fn blank(uuid: Uuid) -> Runbook {
    Runbook {
        id: schemas_model::ids::RunbookId(0),
        uuid,
        name: String::new(),
        description: None,
        steps: Vec::new(),
        traits: Vec::new(),
        disable_ramdisk: false,
        public: false,
        owner: None,
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}
