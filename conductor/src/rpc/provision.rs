//! The verbs that move a node through its life.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_config::section::conductor::LesseeSource;
use schemas_model::provision::{Event, State, Verb, table};
use schemas_model::step::StepKind;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rpc::methods::{
    ContinueNodeClean, ContinueNodeDeploy, ContinueNodeService, DoNodeClean, DoNodeDeploy,
    DoNodeRescue, DoNodeService, DoNodeTearDown, DoNodeUnrescue, DoProvisioningAction,
    InspectHardware,
};
use schemas_rpc::{NodeRef, RequestContext};

use super::node::{protected, validate_instance_traits};
use crate::agent;
use crate::core::Core;
use crate::flow::abort::{self, Abort};
use crate::flow::clean::CleanRequest;
use crate::flow::deploy::DeployRequest;
use crate::flow::rescue::forget_password;
use crate::flow::service::ServiceRequest;
use crate::flow::teardown::automated_cleaning;
use crate::flow::work::{Beginning, refused};
use crate::flow::{Work, inspect, switch_deploy_interface};
use crate::history::EventType;
use crate::image_type;
use crate::provision::Move;
use crate::rescue_password;
use crate::step::{
    CLEAN, DEPLOY, SERVICE, StepFlow, parse_steps, refuse_disallowed, validate_deploy_requests,
};
use crate::task::{NodeTask, Patience};

/// States that count against `[conductor]max_concurrent_deploy`.
const DEPLOYING: [State; 2] = [State::Deploying, State::DeployWait];
/// States that count against `[conductor]max_concurrent_clean`.
const CLEANING: [State; 3] = [State::Deleting, State::Cleaning, State::CleanWait];

async fn limit(core: &Core, states: &[State], most: u64, action: &str) -> Result<(), Fault> {
    let conductor = &core.config.conductor;
    let group = conductor
        .max_concurrent_per_conductor_group
        .then_some(conductor.conductor_group.as_str());
    if core.database.node_count_in_states(states, group).await? < most {
        return Ok(());
    }
    Err(Fault::new(
        Class::ConcurrentActionLimit,
        format!(
            "Unable to process requested action '{action}': {most} nodes are worked on already, which \
             is the most [conductor]max_concurrent_* allows."
        ),
    ))
}

fn in_maintenance(what: &str, node: &Node) -> Fault {
    Fault::new(
        Class::NodeInMaintenance,
        format!(
            "The {what} operation can't be performed on node {} because it's in maintenance mode.",
            node.uuid
        ),
    )
}

async fn exclusive(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: &NodeRef,
) -> Result<NodeTask, Fault> {
    core.exclusive(context, node, Patience::Usual).await
}

/// Begins when the checks passed, else ends the task with their failure.
async fn begin_if(task: NodeTask, checked: Result<Beginning, Fault>) -> Result<(), Fault> {
    match checked {
        Ok(beginning) => task.begin(beginning).await,
        Err(fault) => task.finish(Err(fault)).await,
    }
}

pub async fn do_node_deploy(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeDeploy,
) -> Result<(), Fault> {
    limit(
        core,
        &DEPLOYING,
        core.config.conductor.max_concurrent_deploy,
        "provisioning",
    )
    .await?;
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = check_deploy(&mut task, request).await;
    begin_if(task, checked).await
}

async fn check_deploy(task: &mut NodeTask, request: DoNodeDeploy) -> Result<Beginning, Fault> {
    let node = task.node();
    let event = if request.rebuild {
        Event::Rebuild
    } else {
        Event::Deploy
    };
    if node.maintenance {
        return Err(in_maintenance("provisioning", node));
    }
    if request.rebuild && node.protected {
        return Err(protected(node));
    }
    if table::next(node.provision_state, event).is_none() {
        return Err(refused(event.as_str(), task));
    }
    let boot_mode = node
        .properties
        .text_member("boot_mode")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let disallowed = &task.config().conductor.disallowed_deployment_boot_modes;
    if disallowed.iter().any(|mode| mode.as_str() == boot_mode) {
        return Err(Fault::new(
            Class::BootModeNotAllowed,
            format!("'{boot_mode}' boot mode is not allowed for provisioning operation."),
        ));
    }
    let steps = parse_steps(
        StepKind::Deploy,
        request.deploy_steps.as_deref().unwrap_or_default(),
    )?;
    refuse_disallowed(task.config(), StepKind::Deploy, &steps)?;
    if request.rebuild {
        if task.node().instance_info.member("image_source").is_none() {
            return Err(Fault::missing_parameter(format!(
                "Node {} has no image to be rebuilt with: its instance_info names no image_source.",
                task.node().uuid
            )));
        }
        forget_derived_images(task.node_mut());
    } else {
        apply_automatic_lessee(task);
    }
    image_type::check(&task.node().instance_info)?;
    image_type::update(task.node_mut());
    task.save().await?;
    validate_deploy(task, &steps).await.map_err(|fault| {
        if !fault.is_a(Class::InvalidParameterValue) {
            return fault;
        }
        let message = format!(
            "Failed to validate deploy or power info for node {}: {fault}",
            task.node().uuid
        );
        Fault::new(Class::InstanceDeployFailure, message).with_code(fault.code())
    })?;
    let request = DeployRequest {
        configdrive: request.configdrive,
        steps,
    };
    Ok(Beginning::of(event, Work::Deploy(request)))
}

async fn validate_deploy(
    task: &mut NodeTask,
    steps: &[schemas_model::step::Step],
) -> Result<(), Fault> {
    switch_deploy_interface(task).await?;
    let interfaces = task.interfaces().clone();
    interfaces.power.validate(task).await?;
    interfaces.deploy.validate(task).await?;
    validate_instance_traits(task.node())?;
    validate_deploy_requests(task, Some(steps), true).await
}

/// A rebuild asks the image service again for what belongs to the image.
fn forget_derived_images(node: &mut Node) {
    let is_glance = node
        .instance_info
        .text_member("image_source")
        .is_some_and(|source| source.starts_with("glance://") || Uuid::is_like(source));
    if is_glance {
        for key in ["kernel", "ramdisk", "boot_iso", "original_image_source"] {
            node.instance_info.unset(key);
        }
    }
}

/// The project that deploys a node becomes its lessee, where that is configured.
fn apply_automatic_lessee(task: &mut NodeTask) {
    let conductor = &task.config().conductor;
    if !conductor.automatic_lessee || task.node().lessee.is_some() {
        return;
    }
    let project = match conductor.automatic_lessee_source {
        LesseeSource::Request => task.context().auth_token_info.as_ref().and_then(|info| {
            let project = info.member("token")?.get("project")?.get("id")?;
            project.as_str().map(str::to_owned)
        }),
        LesseeSource::Instance => task
            .node()
            .instance_info
            .text_member("project_id")
            .map(str::to_owned),
        LesseeSource::None => None,
    };
    if let Some(project) = project.filter(|project| !project.is_empty()) {
        let node = task.node_mut();
        node.driver_internal_info.set("automatic_lessee", true);
        node.lessee = Some(project);
    }
}

pub async fn do_node_tear_down(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeTearDown,
) -> Result<(), Fault> {
    limit(
        core,
        &CLEANING,
        core.config.conductor.max_concurrent_clean,
        "unprovisioning",
    )
    .await?;
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = check_tear_down(&mut task).await;
    begin_if(task, checked).await
}

async fn check_tear_down(task: &mut NodeTask) -> Result<Beginning, Fault> {
    agent::forget_url(task.node_mut());
    if task.node().protected {
        return Err(protected(task.node()));
    }
    let power = task.interfaces().power.clone();
    power.validate(task).await.map_err(|fault| {
        if fault.is_a(Class::InvalidParameterValue) {
            let message = format!(
                "Failed to validate power driver interface. Can not delete instance. Error: {fault}"
            );
            Fault::new(Class::InstanceDeployFailure, message)
        } else {
            fault
        }
    })?;
    let initial = task.node().provision_state;
    Ok(Beginning::of(Event::Delete, Work::TearDown { initial }))
}

pub async fn do_node_clean(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeClean,
) -> Result<(), Fault> {
    limit(
        core,
        &CLEANING,
        core.config.conductor.max_concurrent_clean,
        "cleaning",
    )
    .await?;
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = async {
        validate_steps_flow(&mut task, "cleaning").await?;
        let steps = parse_steps(StepKind::Clean, &request.clean_steps)?;
        refuse_disallowed(task.config(), StepKind::Clean, &steps)?;
        let work = Work::Clean(CleanRequest {
            steps: Some(steps),
            disable_ramdisk: request.disable_ramdisk.unwrap_or_default(),
            automated_with_steps: false,
        });
        Ok(Beginning::of(Event::Clean, work)
            .towards(Some(State::Manageable))
            .called("manual clean"))
    }
    .await;
    begin_if(task, checked).await
}

pub async fn do_node_service(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeService,
) -> Result<(), Fault> {
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = async {
        validate_steps_flow(&mut task, "servicing").await?;
        let steps = parse_steps(StepKind::Service, &request.service_steps)?;
        refuse_disallowed(task.config(), StepKind::Service, &steps)?;
        let work = Work::Service(ServiceRequest {
            steps,
            disable_ramdisk: request.disable_ramdisk,
        });
        Ok(Beginning::of(Event::Service, work).towards(Some(State::Active)))
    }
    .await;
    begin_if(task, checked).await
}

async fn validate_steps_flow(task: &mut NodeTask, what: &str) -> Result<(), Fault> {
    if task.node().maintenance {
        return Err(in_maintenance(what, task.node()));
    }
    let interfaces = task.interfaces().clone();
    let validated = async {
        interfaces.power.validate(task).await?;
        interfaces.network.validate(task).await
    };
    validated.await.map_err(|fault| {
        if fault.is_a(Class::InvalidParameterValue) {
            Fault::invalid_parameter(format!(
                "Validation of node {} for {what} failed: {fault}",
                task.node().uuid
            ))
        } else {
            fault
        }
    })
}

pub async fn do_node_rescue(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeRescue,
) -> Result<(), Fault> {
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = check_rescue(&mut task, request.rescue_password.expose()).await;
    if checked.is_err()
        && task
            .node()
            .instance_info
            .member("rescue_password")
            .is_some()
    {
        forget_password(task.node_mut());
        let saved = task.save().await;
        let result = saved.and(checked.map(drop));
        return task.finish(result).await;
    }
    begin_if(task, checked).await
}

async fn check_rescue(task: &mut NodeTask, password: &str) -> Result<Beginning, Fault> {
    if task.node().maintenance {
        return Err(in_maintenance("rescuing", task.node()));
    }
    let hashed = rescue_password::hash(password, task.config())?;
    let node = task.node_mut();
    agent::forget_token_and_url(node);
    node.instance_info.set("rescue_password", password);
    node.instance_info.set("hashed_rescue_password", hashed);
    let interfaces = task.interfaces().clone();
    let validated = async {
        interfaces.power.validate(task).await?;
        interfaces.rescue.validate(task).await?;
        interfaces.network.validate(task).await
    };
    validated.await.map_err(|fault| {
        let expected = fault.is_a(Class::InvalidParameterValue)
            || fault.is_a(Class::UnsupportedDriverExtension);
        if expected {
            instance_failure(Class::InstanceRescueFailure, "rescue", task.node(), &fault)
        } else {
            fault
        }
    })?;
    if table::next(task.node().provision_state, Event::Rescue).is_none() {
        return Err(refused("rescue", task));
    }
    Ok(Beginning::of(Event::Rescue, Work::Rescue).filed(EventType::Rescue))
}

fn instance_failure(class: Class, what: &str, node: &Node, fault: &Fault) -> Fault {
    Fault::new(
        class,
        format!(
            "Failed to {what} instance {} on node {}: Validation failed: {fault}",
            node.instance_uuid.as_deref().unwrap_or("None"),
            node.uuid
        ),
    )
}

pub async fn do_node_unrescue(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoNodeUnrescue,
) -> Result<(), Fault> {
    let mut task = exclusive(core, context, &request.node_id).await?;
    let checked = async {
        agent::forget_url(task.node_mut());
        if task.node().maintenance {
            return Err(in_maintenance("unrescuing", task.node()));
        }
        let power = task.interfaces().power.clone();
        power.validate(&task).await.map_err(|fault| {
            if fault.is_a(Class::InvalidParameterValue) {
                instance_failure(
                    Class::InstanceUnrescueFailure,
                    "unrescue",
                    task.node(),
                    &fault,
                )
            } else {
                fault
            }
        })?;
        Ok(Beginning::of(Event::Unrescue, Work::Unrescue))
    }
    .await;
    begin_if(task, checked).await
}

pub async fn inspect_hardware(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: InspectHardware,
) -> Result<(), Fault> {
    let task = exclusive(core, context, &request.node_id).await?;
    let interfaces = task.interfaces().clone();
    let checked = async {
        interfaces.power.validate(&task).await?;
        interfaces.inspect.validate(&task).await?;
        Ok(Beginning::of(Event::Inspect, Work::Inspect).filed(EventType::Introspection))
    }
    .await;
    begin_if(task, checked).await
}

pub async fn do_provisioning_action(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DoProvisioningAction,
) -> Result<(), Fault> {
    let mut task = exclusive(core, context, &request.node_id).await?;
    let event = request.action.event();
    match (request.action, task.node().provision_state) {
        (Verb::Provide, State::Manageable) => {
            let checked = check_provide(core, &task).await;
            begin_if(task, checked).await
        }
        (Verb::Manage, State::Enroll) => task.begin(Beginning::of(event, Work::Verify)).await,
        (Verb::Adopt, State::Manageable | State::AdoptFailed) => {
            task.begin(Beginning::of(event, Work::Adopt)).await
        }
        (Verb::Abort, _) => do_abort(task).await,
        (Verb::Unhold, State::ServiceHold) => {
            task.begin(Beginning::of(event, Work::GoOn(&SERVICE))).await
        }
        (verb, _) => {
            let moved = match task.apply(Move::by(event)).await {
                Err(fault) if fault.class == Class::InvalidState => {
                    Err(refused(verb.event().as_str(), &task))
                }
                other => other,
            };
            task.finish(moved).await
        }
    }
}

async fn check_provide(core: &Core, task: &NodeTask) -> Result<Beginning, Fault> {
    let node = task.node();
    if node.maintenance && !core.config.conductor.allow_provisioning_in_maintenance {
        return Err(in_maintenance("providing", node));
    }
    if node.is_retired() {
        return Err(Fault::new(
            Class::NodeIsRetired,
            format!(
                "The providing operation can't be performed on node {} because it's retired.",
                node.uuid
            ),
        ));
    }
    let request = automated_cleaning(core, node).await?;
    Ok(Beginning::of(Event::Provide, Work::Clean(request)))
}

async fn do_abort(mut task: NodeTask) -> Result<(), Fault> {
    match abort::decide(task.node()) {
        Abort::AfterStep(flow) => {
            let noted = abort::note(&mut task, flow).await;
            task.finish(noted).await
        }
        Abort::Steps(flow) => abort_steps(task, flow).await,
        Abort::TearDown => {
            agent::forget_url(task.node_mut());
            let initial = task.node().provision_state;
            task.begin(Beginning::of(Event::Abort, Work::TearDown { initial }))
                .await
        }
        Abort::Rescue => {
            forget_password(task.node_mut());
            let beginning = Beginning::of(Event::Abort, Work::AbortRescue);
            task.begin(beginning.filed(EventType::Rescue)).await
        }
        Abort::Inspection => {
            let aborted = inspect::abort(&mut task).await;
            task.finish(aborted).await
        }
        Abort::FailedService if task.node().maintenance => {
            let fault = Fault::new(
                Class::InvalidState,
                format!(
                    "Can not abort service on node \"{}\" while it is in maintenance mode. Please \
                     remove the node from maintenance prior to issuing the request to abort the \
                     service operation.",
                    task.node().uuid
                ),
            );
            task.finish(Err(fault)).await
        }
        Abort::FailedService => {
            task.begin(Beginning::of(Event::Abort, Work::AbortSteps(&SERVICE)))
                .await
        }
        Abort::Plain => {
            let fault = refused("abort", &task);
            task.finish(Err(fault)).await
        }
    }
}

async fn abort_steps(mut task: NodeTask, flow: &'static StepFlow) -> Result<(), Fault> {
    let mut beginning = Beginning::of(Event::Abort, Work::AbortSteps(flow));
    match flow.kind {
        StepKind::Clean => {
            let back = task.node().target_provision_state == Some(State::Manageable);
            let reason = abort::reason(task.node(), &CLEAN);
            beginning = beginning
                .towards(back.then_some(State::Manageable))
                .with_error(reason);
        }
        StepKind::Service => {
            // A servicing is failed first; the abort then brings the node back to `active`.
            if let Err(fault) = task.apply(Move::by(Event::Fail)).await {
                return task.finish(Err(fault)).await;
            }
        }
        StepKind::Deploy | StepKind::Verify => agent::forget_url(task.node_mut()),
    }
    task.begin(beginning).await
}

pub async fn continue_node_clean(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ContinueNodeClean,
) -> Result<(), Fault> {
    go_on(core, context, &request.node_id, &CLEAN).await
}

pub async fn continue_node_deploy(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ContinueNodeDeploy,
) -> Result<(), Fault> {
    go_on(core, context, &request.node_id, &DEPLOY).await
}

pub async fn continue_node_service(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ContinueNodeService,
) -> Result<(), Fault> {
    go_on(core, context, &request.node_id, &SERVICE).await
}

/// Somebody (a poller, another conductor) says that the current step is over.
async fn go_on(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: &NodeRef,
    flow: &'static StepFlow,
) -> Result<(), Fault> {
    let task = core.exclusive(context, node, Patience::Endless).await?;
    let state = task.node().provision_state;
    if state != flow.waiting && !(flow.kind == StepKind::Deploy && state == flow.running) {
        let fault = Fault::invalid_state_requested(format!(
            "Cannot continue {} steps on {}. Node is in {state} state; should be in {}",
            flow.kind,
            task.node().uuid,
            flow.waiting
        ));
        return task.finish(Err(fault)).await;
    }
    task.hand_over(Work::GoOn(flow)).await
}
