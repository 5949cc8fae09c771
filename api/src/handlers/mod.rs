//! THE map of handlers: a line per operation.

pub mod allocation;
pub mod chassis;
pub mod conductor;
pub mod deploy_template;
pub mod driver;
pub mod inspection_rule;
pub mod lists;
pub mod node;
pub mod port;
pub mod portgroup;
pub mod runbook;
pub mod shard;
pub mod volume;

use std::future::Future;
use std::pin::Pin;

use schemas_model::{Class, Fault};
use schemas_rest::OperationId as Id;

use crate::ramdisk;
use crate::request::{Answer, Call};

/// What a handler returns.
pub type Answered = Result<Answer, Fault>;

/// A handler, whatever its future is called.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answered>>>;

/// Turns an `async fn(&Call)` into a [`Handler`].
macro_rules! to {
    ($($path:ident)::+) => {
        |call: Call| Box::pin(async move { $($path)::+(&call).await })
    };
}

/// The handler of an operation.
pub fn find(id: Id) -> Handler {
    match id {
        Id::NodeList => to!(node::list::list),
        Id::NodeListDetail => to!(node::list::detail),
        Id::NodeCreate => to!(node::create::create),
        Id::NodeShow => to!(node::show::show),
        Id::NodeUpdate => to!(node::update::update),
        Id::NodeDelete => to!(node::delete::delete),
        Id::NodeValidate => to!(node::validate::validate),
        Id::NodeStates => to!(node::states::show),
        Id::NodePower => to!(node::power::set),
        Id::NodeProvision => to!(node::provision::set),
        Id::NodeRaid => to!(node::raid::set),
        Id::NodeBootMode => to!(node::boot_mode::set),
        Id::NodeSecureBoot => to!(node::secure_boot::set),
        Id::NodeConsoleShow => to!(node::console::show),
        Id::NodeConsoleSet => to!(node::console::set),
        Id::NodeMaintenanceSet => to!(node::maintenance::set),
        Id::NodeMaintenanceClear => to!(node::maintenance::clear),
        Id::NodeBootDeviceShow => to!(node::boot_device::show),
        Id::NodeBootDeviceSet => to!(node::boot_device::set),
        Id::NodeBootDeviceSupported => to!(node::boot_device::supported),
        Id::NodeInjectNmi => to!(node::inject_nmi::inject),
        Id::NodeIndicatorList => to!(node::indicator::list),
        Id::NodeIndicatorShow => to!(node::indicator::show),
        Id::NodeIndicatorSet => to!(node::indicator::set),
        Id::NodeVendorMethods => to!(node::vendor_passthru::methods),
        Id::NodeVendorPassthru => to!(node::vendor_passthru::call_method),
        Id::NodeTraitList => to!(node::traits::list),
        Id::NodeTraitReplace => to!(node::traits::replace),
        Id::NodeTraitAdd => to!(node::traits::add),
        Id::NodeTraitClear => to!(node::traits::clear),
        Id::NodeTraitRemove => to!(node::traits::remove),
        Id::NodeVifList => to!(node::vif::list),
        Id::NodeVifAttach => to!(node::vif::attach),
        Id::NodeVifDetach => to!(node::vif::detach),
        Id::NodeVmediaShow => to!(node::vmedia::show),
        Id::NodeVmediaAttach => to!(node::vmedia::attach),
        Id::NodeVmediaDetach => to!(node::vmedia::detach),
        Id::NodeChildren => to!(node::children::list),
        Id::NodeBiosList => to!(node::bios::list),
        Id::NodeBiosShow => to!(node::bios::show),
        Id::NodeFirmwareList => to!(node::firmware::list),
        Id::NodeHistoryList => to!(node::history::list),
        Id::NodeHistoryShow => to!(node::history::show),
        Id::NodeInventoryShow => to!(node::inventory::show),
        Id::NodeAllocationShow => to!(allocation::of_node::show),
        Id::NodeAllocationDelete => to!(allocation::of_node::remove),

        Id::PortList => to!(port::list::list),
        Id::PortListDetail => to!(port::list::detail),
        Id::PortCreate => to!(port::create::create),
        Id::PortShow => to!(port::show::show),
        Id::PortUpdate => to!(port::update::update),
        Id::PortDelete => to!(port::delete::delete),

        Id::PortgroupList => to!(portgroup::list::list),
        Id::PortgroupListDetail => to!(portgroup::list::detail),
        Id::PortgroupCreate => to!(portgroup::create::create),
        Id::PortgroupShow => to!(portgroup::show::show),
        Id::PortgroupUpdate => to!(portgroup::update::update),
        Id::PortgroupDelete => to!(portgroup::delete::delete),

        Id::VolumeRoot => to!(volume::root::show),
        Id::VolumeConnectorList => to!(volume::connector::list),
        Id::VolumeConnectorCreate => to!(volume::connector::create),
        Id::VolumeConnectorShow => to!(volume::connector::show),
        Id::VolumeConnectorUpdate => to!(volume::connector::update),
        Id::VolumeConnectorDelete => to!(volume::connector::delete),
        Id::VolumeTargetList => to!(volume::target::list),
        Id::VolumeTargetCreate => to!(volume::target::create),
        Id::VolumeTargetShow => to!(volume::target::show),
        Id::VolumeTargetUpdate => to!(volume::target::update),
        Id::VolumeTargetDelete => to!(volume::target::delete),

        Id::AllocationList => to!(allocation::list::list),
        Id::AllocationCreate => to!(allocation::create::create),
        Id::AllocationShow => to!(allocation::show::show),
        Id::AllocationUpdate => to!(allocation::update::update),
        Id::AllocationDelete => to!(allocation::delete::delete),

        Id::DeployTemplateList => to!(deploy_template::list::list),
        Id::DeployTemplateCreate => to!(deploy_template::create::create),
        Id::DeployTemplateShow => to!(deploy_template::show::show),
        Id::DeployTemplateUpdate => to!(deploy_template::update::update),
        Id::DeployTemplateDelete => to!(deploy_template::delete::delete),

        Id::RunbookList => to!(runbook::list::list),
        Id::RunbookCreate => to!(runbook::create::create),
        Id::RunbookShow => to!(runbook::show::show),
        Id::RunbookUpdate => to!(runbook::update::update),
        Id::RunbookDelete => to!(runbook::delete::delete),
        Id::RunbookTraitList => to!(runbook::traits::list),
        Id::RunbookTraitReplace => to!(runbook::traits::replace),
        Id::RunbookTraitAdd => to!(runbook::traits::add),
        Id::RunbookTraitClear => to!(runbook::traits::clear),
        Id::RunbookTraitRemove => to!(runbook::traits::remove),

        Id::InspectionRuleList => to!(inspection_rule::list::list),
        Id::InspectionRuleCreate => to!(inspection_rule::create::create),
        Id::InspectionRuleDeleteAll => to!(inspection_rule::delete::delete_all),
        Id::InspectionRuleShow => to!(inspection_rule::show::show),
        Id::InspectionRuleUpdate => to!(inspection_rule::update::update),
        Id::InspectionRuleDelete => to!(inspection_rule::delete::delete),

        Id::ChassisList => to!(chassis::list::list),
        Id::ChassisListDetail => to!(chassis::list::detail),
        Id::ChassisCreate => to!(chassis::create::create),
        Id::ChassisShow => to!(chassis::show::show),
        Id::ChassisUpdate => to!(chassis::update::update),
        Id::ChassisDelete => to!(chassis::delete::delete),

        Id::DriverList => to!(driver::list::list),
        Id::DriverShow => to!(driver::show::show),
        Id::DriverProperties => to!(driver::properties::show),
        Id::DriverRaidProperties => to!(driver::raid::show),
        Id::DriverVendorMethods => to!(driver::vendor_passthru::methods),
        Id::DriverVendorPassthru => to!(driver::vendor_passthru::call_method),

        Id::ConductorList => to!(conductor::list::list),
        Id::ConductorShow => to!(conductor::show::show),

        Id::ShardList => to!(shard::list),

        Id::Lookup => to!(ramdisk::lookup::lookup),
        Id::Heartbeat => to!(ramdisk::heartbeat::heartbeat),
        Id::ContinueInspection => to!(ramdisk::continue_inspection::post),
        Id::EventPost => to!(ramdisk::event::post),

        Id::Malformed => to!(malformed),
        Id::NoSuchMember => to!(no_such_member),
    }
}

/// 400: the path parses and makes no sense.
async fn malformed(call: &Call) -> Answered {
    call.authorise()?;
    Err(malformed_uri())
}

/// `MalformedRequestURI` (400).
pub fn malformed_uri() -> Fault {
    Fault::new(
        Class::MalformedRequestURI,
        "Malformed request URI: this method does not work below another resource.",
    )
}

/// 404: the collection has no members that can be asked for.
async fn no_such_member(call: &Call) -> Answered {
    call.authorise()?;
    Err(Fault::not_found("Resource could not be found."))
}

/// 400 where Ironic answers 404 about something a request merely mentions.
pub fn mentioned(fault: Fault) -> Fault {
    if fault.is_a(Class::NotFound) {
        fault.with_code(400)
    } else {
        fault
    }
}

/// 400 where nobody serves a node that a request is about to create or change.
pub fn no_host_is_400(fault: Fault) -> Fault {
    if fault.is_a(Class::NoValidHost) {
        fault.with_code(400)
    } else {
        fault
    }
}
