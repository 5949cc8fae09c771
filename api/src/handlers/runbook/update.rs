//! `PATCH /v1/runbooks/{runbook}`

use schemas_model::{Class, Fault, Runbook};
use schemas_rest::mask::is_truthy;
use schemas_rest::patch::Patch;
use schemas_rest::types::document;
use schemas_rest::types::runbook::{RunbookResource, check_patch, check_patched, forget_unknown};
use schemas_rest::{Selection, ident, validate};
use serde_json::Value;

use super::beside;
use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::{Access, Call};

/// Changes a runbook.
pub async fn update(call: &Call) -> Answered {
    let name = call.path("runbook");
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID or name for runbook_ident: {name}"
        )));
    }
    let patch = Patch::parse(&call.document)?;
    check_patch(&patch, call.version)?;
    patch.check_fields::<RunbookResource>()?;
    let access = authorise(call, &patch).await?;
    let before = &access.object;
    let original = document::<RunbookResource>(&before);
    let mut changeable = original.clone();
    if sets_public(before, &patch)? {
        changeable.insert("owner".to_owned(), Value::Null);
    }
    let mut patched = patch.apply(changeable)?;
    forget_unknown(&mut patched);
    let patched = validate::patched::<RunbookResource>(patched)?;
    check_patched(&original, &patched)?;
    if patch.0.iter().any(|change| change.field() == "steps") {
        beside::check_steps(&access, patched.get("steps").unwrap_or(&Value::Null))?;
    }
    let mut after = before.clone();
    validate::store_changes::<RunbookResource>(&original, &patched, &mut after);
    let told = call.tell(Action::Update, &after, &[]);
    access.db().runbook_save(before, &mut after).await?;
    told.end(&after, &[]);
    let selection = Selection::<RunbookResource>::all(call.version);
    Ok(call.one(&selection, &&after))
}

/// Whether the patch says something about `public`, which takes the owner away first.
fn sets_public(before: &Runbook, patch: &Patch) -> Result<bool, Fault> {
    let public = patch.values("public").next();
    let stays_public = before.public && public.is_none();
    if patch.values("owner").next().is_some() && (stays_public || public.is_some_and(is_truthy)) {
        return Err(Fault::new(
            Class::PatchError,
            "Couldn't apply patch. Reason: There cannot be an owner for a public runbook",
        ));
    }
    Ok(public.is_some())
}

/// Owner and publicity stand under rules of their own.
async fn authorise<'c>(call: &'c Call, patch: &Patch) -> Result<Access<'c, Runbook>, Fault> {
    const RULES: &[(&str, &str)] = &[
        ("/owner", "baremetal:runbook:update:owner"),
        ("/public", "baremetal:runbook:update:public"),
    ];
    let rule_of = |path: &str| {
        RULES
            .iter()
            .find(|(start, _)| path.starts_with(start))
            .map(|(_, rule)| *rule)
    };
    let mut rules: Vec<&str> = patch
        .0
        .iter()
        .filter_map(|change| rule_of(&change.path))
        .collect();
    if rules.len() < patch.0.len() || rules.is_empty() {
        rules.push(call.operation.rule);
    }
    let runbook = beside::find(call).await?;
    let mut access = call.authorise_owned(rules[0], runbook.owner.as_deref())?;
    for rule in &rules[1..] {
        access = call.authorise_owned(rule, runbook.owner.as_deref())?;
    }
    Ok(access.with(runbook))
}
