//! Steps the operator of the service forbids (`[api]disallow_*_steps`).

use schemas_config::Config;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};

use super::validate::step_id;

fn disallowed(config: &Config, kind: StepKind) -> &[String] {
    match kind {
        StepKind::Clean => &config.api.disallow_clean_steps,
        StepKind::Deploy => &config.api.disallow_deploy_steps,
        StepKind::Service => &config.api.disallow_service_steps,
        StepKind::Verify => &[],
    }
}

/// Refuses a request for a forbidden step.
///
/// # Errors
/// `StepNotAllowed` naming the first one.
pub fn refuse_disallowed(config: &Config, kind: StepKind, steps: &[Step]) -> Result<(), Fault> {
    match steps
        .iter()
        .map(step_id)
        .find(|id| disallowed(config, kind).contains(id))
    {
        None => Ok(()),
        Some(id) => Err(Fault::new(
            Class::StepNotAllowed,
            format!("The {kind} step {id} is not allowed: [api]disallow_{kind}_steps lists it."),
        )),
    }
}

/// The steps without forbidden ones.
pub fn without_disallowed(config: &Config, kind: StepKind, mut steps: Vec<Step>) -> Vec<Step> {
    let disallowed = disallowed(config, kind);
    if !disallowed.is_empty() {
        steps.retain(|step| !disallowed.contains(&step_id(step)));
    }
    steps
}
