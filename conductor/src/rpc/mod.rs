//! What can be asked of a conductor: each request of `schemas_rpc::methods::table` to its function.
//!
//! The functions are thin: they hold the node, check in Ironic's order, and either answer or give the
//! node to a worker.

mod allocation;
mod changes;
mod console;
mod driver;
mod management;
mod node;
mod port;
mod portgroup;
mod power;
mod provision;
mod raid;
mod ramdisk;
mod traits;
mod vendor;
mod vif;
mod volume;

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use schemas_model::Fault;
use schemas_rpc::methods::Answer;
use schemas_rpc::server::Handler;
use schemas_rpc::{Reply, Request, RequestContext};
use tokio::time::Instant;

use crate::core::Core;

/// The conductor's side of the RPC.
pub struct Desk {
    core: Arc<Core>,
}

impl Desk {
    /// A desk in front of a conductor.
    pub const fn new(core: Arc<Core>) -> Self {
        Desk { core }
    }
}

/// Makes a future on the heap. Out of line, so that the futures of all requests do not lie side by
/// side in the frame of whoever dispatches them.
#[inline(never)]
fn boxed<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}

/// Request variant → function, a line each.
macro_rules! dispatch {
    ($core:expr, $context:expr, $request:expr; $($variant:ident => $module:ident::$function:ident,)+) => {
        match $request {
            $(Request::$variant(request) => {
                boxed(|| $module::$function($core, $context, request)).await.map(Answer::into_reply)
            })+
            other => Err(Fault::internal(format!(
                "{} is not answered by this conductor: objects are read from the database directly.",
                other.name()
            ))),
        }
    };
}

#[async_trait]
impl Handler for Desk {
    async fn handle(&self, context: RequestContext, request: Request) -> Result<Reply, Fault> {
        let (method, began) = (request.name(), Instant::now());
        if self.core.closed.is_cancelled() {
            return Err(Fault::temporary("This conductor is stopping; try again."));
        }
        let (core, context) = (&self.core, &Arc::new(context));
        tracing::debug!(
            rpc.method = request.name(),
            request.id = context.request_id,
            "request"
        );
        let outcome = dispatch! { core, context, request;
            CreateNode => node::create_node,
            UpdateNode => node::update_node,
            DestroyNode => node::destroy_node,
            ValidateDriverInterfaces => node::validate_driver_interfaces,
            GetNodeWithToken => ramdisk::get_node_with_token,
            Heartbeat => ramdisk::heartbeat,
            ContinueInspection => ramdisk::continue_inspection,
            AddNodeTraits => traits::add_node_traits,
            RemoveNodeTraits => traits::remove_node_traits,
            DoNodeDeploy => provision::do_node_deploy,
            DoNodeTearDown => provision::do_node_tear_down,
            DoProvisioningAction => provision::do_provisioning_action,
            DoNodeClean => provision::do_node_clean,
            DoNodeService => provision::do_node_service,
            DoNodeRescue => provision::do_node_rescue,
            DoNodeUnrescue => provision::do_node_unrescue,
            InspectHardware => provision::inspect_hardware,
            ContinueNodeClean => provision::continue_node_clean,
            ContinueNodeDeploy => provision::continue_node_deploy,
            ContinueNodeService => provision::continue_node_service,
            ChangeNodePowerState => power::change_node_power_state,
            ChangeNodeBootMode => power::change_node_boot_mode,
            ChangeNodeSecureBoot => power::change_node_secure_boot,
            SetBootDevice => management::set_boot_device,
            GetBootDevice => management::get_boot_device,
            GetSupportedBootDevices => management::get_supported_boot_devices,
            InjectNmi => management::inject_nmi,
            SetIndicatorState => management::set_indicator_state,
            GetIndicatorState => management::get_indicator_state,
            GetSupportedIndicators => management::get_supported_indicators,
            AttachVirtualMedia => management::attach_virtual_media,
            DetachVirtualMedia => management::detach_virtual_media,
            GetVirtualMedia => management::get_virtual_media,
            GetConsoleInformation => console::get_console_information,
            SetConsoleMode => console::set_console_mode,
            CreateConsoleSession => console::create_console_session,
            SetTargetRaidConfig => raid::set_target_raid_config,
            GetRaidLogicalDiskProperties => raid::get_raid_logical_disk_properties,
            GetDriverProperties => driver::get_driver_properties,
            VendorPassthru => vendor::vendor_passthru,
            DriverVendorPassthru => vendor::driver_vendor_passthru,
            GetNodeVendorPassthruMethods => vendor::get_node_vendor_passthru_methods,
            GetDriverVendorPassthruMethods => vendor::get_driver_vendor_passthru_methods,
            CreatePort => port::create_port,
            UpdatePort => port::update_port,
            DestroyPort => port::destroy_port,
            UpdatePortgroup => portgroup::update_portgroup,
            UpdatePortgroupPhysicalNetwork => portgroup::update_portgroup_physical_network,
            DestroyPortgroup => portgroup::destroy_portgroup,
            UpdateVolumeConnector => volume::update_volume_connector,
            DestroyVolumeConnector => volume::destroy_volume_connector,
            UpdateVolumeTarget => volume::update_volume_target,
            DestroyVolumeTarget => volume::destroy_volume_target,
            VifAttach => vif::vif_attach,
            VifDetach => vif::vif_detach,
            VifList => vif::vif_list,
            CreateAllocation => allocation::create_allocation,
            DestroyAllocation => allocation::destroy_allocation,
        };
        core.metrics.timers.observe(method, began.elapsed());
        outcome
    }
}
