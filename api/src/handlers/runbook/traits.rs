//! `/v1/runbooks/{runbook}/traits`

use schemas_model::{Class, Fault};
use schemas_rest::{mask, traits as grammar};
use serde_json::json;

use super::beside;
use crate::handlers::Answered;
use crate::request::Call;

/// The traits of a runbook.
pub async fn list(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    Ok(call.json(&json!({ "traits": access.object.traits })))
}

/// Replaces all traits.
pub async fn replace(call: &Call) -> Answered {
    let traits = grammar::document(&call.document)?;
    let access = beside::authorised(call).await?;
    let traits = traits.ok_or_else(either)?;
    let id = access.object.id;
    access.db().runbook_traits_set(id, &traits).await?;
    Ok(call.done())
}

/// Adds one trait.
pub async fn add(call: &Call) -> Answered {
    let name = call.path("trait");
    grammar::check(name)?;
    let given = grammar::document(&call.document)?;
    let access = beside::authorised(call).await?;
    if given.is_some() {
        return Err(either());
    }
    if call.has_body && mask::is_truthy(&call.document) {
        return Err(Fault::invalid(
            "No body should be provided when adding a trait",
        ));
    }
    access
        .db()
        .runbook_trait_add(access.object.id, name)
        .await?;
    let runbook = call.path("runbook");
    Ok(call
        .done()
        .at(call.location(format_args!("runbooks/{runbook}/traits/{name}"))))
}

/// Removes all traits.
pub async fn clear(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    access
        .db()
        .runbook_traits_set(access.object.id, &[])
        .await?;
    Ok(call.done())
}

/// Removes one trait; one that is not there is no failure.
pub async fn remove(call: &Call) -> Answered {
    let access = beside::authorised(call).await?;
    let id = access.object.id;
    let removed = access
        .db()
        .runbook_trait_remove(id, call.path("trait"))
        .await;
    match removed.map_err(Fault::from) {
        Err(fault) if !fault.is_a(Class::RunbookTraitNotFound) => Err(fault),
        _ => Ok(call.done()),
    }
}

fn either() -> Fault {
    Fault::invalid(
        "A single runbook trait may be added via PUT /v1/runbooks/<runbook>/traits/<trait> with \
         no body, or all runbook traits may be replaced via PUT /v1/runbooks/<runbook>/traits \
         with the list of traits in the request body.",
    )
}
