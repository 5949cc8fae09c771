//! Boot devices, indicators, NMI, virtual media.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::boot::BootDevice;
use schemas_model::fault::FaultKind;
use schemas_model::{Fault, Node};
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{
    AttachVirtualMedia, BootDevice as BootDeviceReply, DetachVirtualMedia, GetBootDevice,
    GetIndicatorState, GetSupportedBootDevices, GetSupportedIndicators, GetVirtualMedia, InjectNmi,
    SetBootDevice, SetIndicatorState,
};
use serde_json::{Map, Value};

use super::power::managed;
use crate::core::Core;
use crate::flow::Work;
use crate::task::Patience;

fn boot_device(word: &str) -> Result<BootDevice, Fault> {
    word.parse()
        .map_err(|_| Fault::invalid_parameter(format!("Invalid boot device {word} specified.")))
}

pub async fn set_boot_device(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: SetBootDevice,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let management = task.interfaces().management.clone();
    let done = async {
        management.validate(&task).await?;
        let device = boot_device(&request.device)?;
        management
            .set_boot_device(&mut task, device, request.persistent)
            .await?;
        task.save().await
    }
    .await;
    task.finish(done).await
}

pub async fn get_boot_device(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetBootDevice,
) -> Result<BootDeviceReply, Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let management = task.interfaces().management.clone();
    let found = async {
        management.validate(&task).await?;
        let current = management.boot_device(&mut task).await?;
        Ok(BootDeviceReply {
            boot_device: current.device.map(|device| device.as_str().to_owned()),
            persistent: current.persistent,
        })
    }
    .await;
    task.finish(found).await
}

pub async fn get_supported_boot_devices(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetSupportedBootDevices,
) -> Result<Vec<String>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let management = task.interfaces().management.clone();
    let devices = management.supported_boot_devices(&mut task).await?;
    Ok(devices
        .iter()
        .map(|device| device.as_str().to_owned())
        .collect())
}

pub async fn inject_nmi(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: InjectNmi,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let management = task.interfaces().management.clone();
    let done = async {
        management.validate(&task).await?;
        management.inject_nmi(&mut task).await
    }
    .await;
    task.finish(done).await
}

pub async fn set_indicator_state(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: SetIndicatorState,
) -> Result<(), Fault> {
    let SetIndicatorState {
        node_id,
        component,
        indicator,
        state,
    } = request;
    let mut task = core.exclusive(context, &node_id, Patience::Usual).await?;
    let management = task.interfaces().management.clone();
    let done = async {
        management.validate(&task).await?;
        management
            .set_indicator_state(&mut task, &component, &indicator, &state)
            .await
    }
    .await;
    task.finish(done).await
}

pub async fn get_indicator_state(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetIndicatorState,
) -> Result<String, Fault> {
    let GetIndicatorState {
        node_id,
        component,
        indicator,
    } = request;
    let mut task = core.exclusive(context, &node_id, Patience::Usual).await?;
    let management = task.interfaces().management.clone();
    let state = async {
        management.validate(&task).await?;
        management
            .indicator_state(&mut task, &component, &indicator)
            .await
    }
    .await;
    task.finish(state).await
}

pub async fn get_supported_indicators(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetSupportedIndicators,
) -> Result<Map<String, Value>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let management = task.interfaces().management.clone();
    let indicators = management
        .supported_indicators(&mut task, request.component.as_deref())
        .await?;
    match serde_json::to_value(indicators) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Fault::internal("indicators cannot be shown")),
    }
}

/// A machine whose BMC is silent is not given work that must fail.
fn check_reachable(node: &Node, what: &str) -> Result<(), Fault> {
    if node.maintenance && node.fault.as_deref() == Some(FaultKind::PowerFailure.as_str()) {
        return Err(Fault::temporary(format!(
            "Unable to {what} virtual media for node {} due to power failure state",
            node.uuid
        )));
    }
    Ok(())
}

pub async fn attach_virtual_media(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: AttachVirtualMedia,
) -> Result<(), Fault> {
    let task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let management = task.interfaces().management.clone();
    let checked = async {
        management.validate(&task).await?;
        check_reachable(task.node(), "attach")?;
        boot_device(&request.device_type)
    }
    .await;
    match checked {
        Ok(device) => {
            let image_url = request.image_url;
            managed(task, Work::AttachMedia { device, image_url }).await
        }
        Err(fault) => task.finish(Err(fault)).await,
    }
}

pub async fn detach_virtual_media(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DetachVirtualMedia,
) -> Result<(), Fault> {
    let task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let management = task.interfaces().management.clone();
    let checked = async {
        management.validate(&task).await?;
        check_reachable(task.node(), "detach")?;
        request
            .device_types
            .iter()
            .flatten()
            .map(|word| boot_device(word))
            .collect::<Result<Vec<_>, _>>()
    }
    .await;
    match checked {
        Ok(devices) => managed(task, Work::DetachMedia(devices)).await,
        Err(fault) => task.finish(Err(fault)).await,
    }
}

pub async fn get_virtual_media(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetVirtualMedia,
) -> Result<Value, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let management = task.interfaces().management.clone();
    management.validate(&task).await?;
    management.virtual_media(&mut task).await
}
