//! The steps of a runbook, for a provisioning request that names one.

use schemas_model::provision::Verb;
use schemas_model::{Class, Fault, Node, Runbook, RunbookStep};
use schemas_rest::mask::is_truthy;
use schemas_rest::params::not_acceptable;
use schemas_rest::validate::client_error;
use schemas_rest::{Feature, ident};

use super::provision::Wish;
use crate::auth::Target;
use crate::request::Access;

/// Puts the steps of a runbook into a wish.
///
/// # Errors
/// 406 before runbooks existed, 404 for one that does not, 403 when it may not be used, 400 when
/// the node has none of its traits or steps are given besides.
pub async fn expand(
    access: &Access<'_, Node>,
    verb: Verb,
    name: &str,
    wish: &mut Wish,
) -> Result<(), Fault> {
    if !access.allows(Feature::Runbooks) {
        return Err(not_acceptable("Request not acceptable."));
    }
    let runbook = find(access, name).await?;
    check_approved(access, &runbook)?;
    wish.disable_ramdisk = Some(runbook.disable_ramdisk);
    let (steps, what) = match verb {
        Verb::Clean => (&mut wish.clean_steps, "clean_steps"),
        Verb::Service => (&mut wish.service_steps, "service_steps"),
        _ => return Ok(()),
    };
    if is_truthy(steps) {
        return Err(client_error(format!(
            "Please provide either \"{what}\" or a runbook, but not both."
        )));
    }
    *steps = runbook.steps.iter().map(RunbookStep::to_value).collect();
    Ok(())
}

async fn find(access: &Access<'_, Node>, name: &str) -> Result<Runbook, Fault> {
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::new(
            Class::InvalidUuidOrName,
            format!("Expected a logical name or UUID but received {name}."),
        ));
    }
    let runbook = access.db().runbook_by_ident(name).await?;
    let target = Target::of(runbook.owner.clone(), None);
    access.require_about("baremetal:runbook:use", &target)?;
    Ok(runbook)
}

/// Whether the node has a trait that the runbook is for.
fn check_approved(access: &Access<'_, Node>, runbook: &Runbook) -> Result<(), Fault> {
    let node = &access.object;
    if !access.allows(Feature::RunbookTraits) {
        return if node.traits.contains(&runbook.name) {
            Ok(())
        } else {
            Err(not_approved(node))
        };
    }
    if runbook.traits.is_empty() {
        return Err(client_error(format!(
            "Runbook {} has no traits configured. Please ask an administrator to add traits to \
             the runbook.",
            runbook.uuid
        )));
    }
    if runbook.traits.iter().any(|name| node.traits.contains(name)) {
        Ok(())
    } else {
        Err(not_approved(node))
    }
}

fn not_approved(node: &Node) -> Fault {
    client_error(format!(
        "This runbook has not been approved for use on this node {}. Please ask an administrator \
         to add a matching trait to your node.",
        node.uuid
    ))
}
