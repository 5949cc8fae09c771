//! `POST /v1/allocations`

use schemas_model::{Allocation, AllocationState, Class, Fault, Node, Object, Uuid};
use schemas_rest::types::allocation::{AllocationResource, check_created, gate_owner, texts};
use schemas_rest::validate::{self, Members};
use schemas_rest::{Selection, ident};
use schemas_rpc::Versioned;
use schemas_rpc::methods::CreateAllocation;
use serde_json::Value;

use super::beside;
use crate::handlers::{Answered, mentioned};
use crate::notify::Action;
use crate::request::{Access, Call};

const RESTRICTED: &str = "baremetal:allocation:create_restricted";

/// Creates an allocation: checks it here, has a conductor create it and look for a node.
pub async fn create(call: &Call) -> Answered {
    if let Some(body) = call.document.as_object() {
        check_created(body, call.version)?;
    }
    let mut members = validate::create::<AllocationResource>(call.document.clone())?;
    let access = authorise(call, &mut members)?;
    let text = |name: &str| {
        let text = members.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    if let Some(name) = text("name")
        && !ident::is_logical_name_at(name, call.version)
    {
        return Err(Fault::invalid(format!(
            "Cannot create allocation with invalid name '{name}'"
        )));
    }
    let owner = owner(&access, text("owner"))?;
    let node = match text("node") {
        None => None,
        Some(wanted) => {
            let rule = "baremetal:node:get";
            let found = call.authorise_node_for(rule, wanted).await;
            Some(found.map_err(mentioned)?.object)
        }
    };

    let mut allocation = blank(uuid(text("uuid"), node.as_ref()));
    validate::store::<AllocationResource>(&members, &mut allocation);
    allocation.owner = owner;
    allocation.node_id = node.as_ref().map(|node| node.id);
    if text("resource_class").is_none() {
        let node = node.as_ref().ok_or_else(|| {
            Fault::invalid("The resource_class field is mandatory when not backfilling")
        })?;
        allocation.resource_class.clone_from(&node.resource_class);
    }
    allocation.candidate_nodes = candidates(&access, &members).await?;

    let given = given_fields(&members, node.is_some());
    let told_beside = [("node_uuid", node.as_ref().map(|node| node.uuid.as_str()))];
    let told = call.tell(Action::Create, &allocation, &told_beside);
    let request = CreateAllocation {
        allocation: Box::new(Versioned::partial(allocation, given)),
    };
    let to = match &node {
        Some(node) => access.ring().destination(node).await?,
        None => access.ring().any_destination().await?,
    };
    let created = access.send(&to, request).await.map_err(refused)?.object;
    told.end(&created, &told_beside);
    let answer = beside::answer(&access, &created, &Selection::all(call.version)).await?;
    Ok(answer.at(call.location(format_args!("allocations/{}", created.uuid))))
}

/// Those who may create any allocation, and those who may create their own.
fn authorise<'c>(call: &'c Call, members: &mut Members) -> Result<Access<'c>, Fault> {
    let old_rules = !call.config().oslo_policy.enforce_new_defaults;
    let says_owner = members
        .get("owner")
        .and_then(Value::as_str)
        .is_some_and(|owner| !owner.is_empty());
    let pre_rbac = || call.authorise_rule("baremetal:allocation:create_pre_rbac");
    let anything = call.authorise().and_then(|access| {
        gate_owner(members, call.version)?;
        if old_rules && !says_owner {
            pre_rbac()?;
        }
        Ok(access)
    });
    let denied = match anything {
        Err(fault) if fault.class == Class::HTTPForbidden => fault,
        other => return other,
    };
    let project = call.context.project_id.clone();
    let asked = members.get("owner").and_then(Value::as_str);
    if project.is_some() && says_owner && asked != project.as_deref() {
        return Err(denied);
    }
    if says_owner && old_rules {
        pre_rbac()?;
    }
    let access = call.authorise_rule(RESTRICTED)?;
    gate_owner(members, call.version)?;
    members.insert("owner".to_owned(), project.into());
    Ok(access)
}

/// Whose the allocation will be: with the new policy defaults, the caller's unless the caller may
/// create for others.
fn owner(access: &Access<'_>, asked: Option<&str>) -> Result<Option<String>, Fault> {
    let everybody = access.context.system_scope.as_deref() == Some("all");
    if everybody || !access.config().oslo_policy.enforce_new_defaults {
        return Ok(asked.map(str::to_owned));
    }
    let project = access.context.project_id.clone();
    match asked {
        None => Ok(project),
        Some(asked) if access.also(RESTRICTED) || project.as_deref() == Some(asked) => {
            Ok(Some(asked.to_owned()))
        }
        Some(asked) => Err(Fault::new(
            Class::NotAuthorized,
            format!(
                "Cannot create allocation with an owner Project ID value {asked} not matching the \
                 requester's. Policy {RESTRICTED} is required for this capability."
            ),
        )),
    }
}

/// The instance on the node that is backfilled gives its UUID to the allocation.
fn uuid(asked: Option<&str>, node: Option<&Node>) -> Uuid {
    let instance = node.and_then(|node| node.instance_uuid.as_deref());
    match asked.or(instance) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    }
}

/// The UUIDs of the candidates, in the order they were named.
async fn candidates(access: &Access<'_>, members: &Members) -> Result<Vec<String>, Fault> {
    let idents = members
        .get("candidate_nodes")
        .map(texts)
        .unwrap_or_default();
    if idents.is_empty() {
        return Ok(idents);
    }
    let project = access.context.project_id.as_deref();
    let project = project.filter(|_| !access.also(RESTRICTED));
    let found = access
        .db()
        .node_uuids_by_ident(&idents, project)
        .await
        .map_err(Fault::from)
        .map_err(mentioned)?;
    Ok(idents
        .iter()
        .filter_map(|ident| found.get(ident))
        .map(|uuid| uuid.as_str().to_owned())
        .collect())
}

/// The object fields a create request carries.
fn given_fields(members: &Members, backfills: bool) -> Vec<&str> {
    let mut given: Vec<&str> = members
        .keys()
        .map(String::as_str)
        .filter(|name| *name != "node")
        .collect();
    given.extend(["uuid", "resource_class", "owner"]);
    if backfills {
        given.push("node_id");
    }
    given
}

/// A refused backfill is a failure of the server in Ironic; here it is a conflict.
fn refused(fault: Fault) -> Fault {
    if fault.is_a(Class::AllocationFailed) && fault.code() >= 500 {
        fault.with_code(409)
    } else {
        fault
    }
}

/// An allocation that is about to be created.
fn blank(uuid: Uuid) -> Allocation {
    Allocation {
        id: schemas_model::ids::AllocationId(0),
        uuid,
        name: None,
        node_id: None,
        state: AllocationState::Allocating,
        owner: None,
        last_error: None,
        resource_class: None,
        traits: Vec::new(),
        candidate_nodes: Vec::new(),
        extra: Object::default(),
        conductor_affinity: None,
        created_at: None,
        updated_at: None,
    }
}
