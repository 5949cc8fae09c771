//! THE table of conductor methods (Ironic 39.0.0, RPC 1.62; `ping` is not exposed by default there).
//!
//! One row a method:
//!
//! ```ignore
//! methods! {
//!     /// Starts a deployment.
//!     call do_node_deploy DoNodeDeploy 22 -> () {
//!         node_id: NodeRef,
//!         rebuild: bool,
//!         configdrive: Value,
//!         [given 52] deploy_steps: Option<Value>,
//!     }
//! }
//! ```
//!
//! reads: a call named `do_node_deploy`, sent as version 1.22, answered with nothing. Its request is
//! `struct DoNodeDeploy { node_id, rebuild, configdrive, deploy_steps }`, the variant
//! `Request::DoNodeDeploy`. `deploy_steps` is sent only when it is not null, and then as version
//! 1.52. `[since 42]` marks an argument that is always sent to a conductor of at least 1.42. Both kinds
//! may be absent on arrival and then read as null.

use schemas_model::boot::BootMode;
use schemas_model::power::PowerState;
use schemas_model::provision::Verb;
use schemas_model::secret::Secret;
use schemas_model::{Allocation, Node, Port, Portgroup, VolumeConnector, VolumeTarget};
use serde_json::{Map, Value};

use super::args::{Args, Presence, Refused, no_more, take};
use super::reply::{Answer, BootDevice, Reply, VendorResponse};
use super::{Kind, Method, NodeRef};
use crate::objects::Versioned;
use crate::version::Version;
use crate::wire::Mismatch;

type JsonMap = Map<String, Value>;

macro_rules! methods {
    (@kind call) => { Kind::Call };
    (@kind cast) => { Kind::Cast };
    (@when) => { Presence::Always };
    (@when since $minor:literal) => { Presence::Since($minor) };
    (@when given $minor:literal) => { Presence::Given($minor) };
    ($(
        $(#[$meta:meta])*
        $kind:ident $name:ident $type:ident $minor:literal -> $reply:ty {
            $($([$when:ident $since:literal])? $arg:ident: $argtype:ty,)*
        }
    )+) => {
        /// A request for any method.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "each variant holds the documented request of its name")]
        pub enum Request { $($type($type),)+ }

        impl Request {
            /// The names of all methods, in table order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// The method's name on the wire.
            pub const fn name(&self) -> &'static str {
                match self { $(Request::$type(_) => stringify!($name),)+ }
            }

            /// Whether the caller waits.
            pub const fn kind(&self) -> Kind {
                match self { $(Request::$type(_) => methods!(@kind $kind),)+ }
            }

            /// The arguments as sent to a conductor that understands `cap`.
            ///
            /// # Errors
            /// [`Refused::VersionCap`] when `cap` is too low for what is asked.
            pub fn args(&self, cap: Version) -> Result<Args, Refused> {
                match self { $(Request::$type(request) => request.args(cap),)+ }
            }

            /// Reads a request.
            ///
            /// # Errors
            /// [`Refused`] for an unknown method and for arguments that do not fit it.
            pub fn decode(name: &str, args: JsonMap) -> Result<Self, Refused> {
                match name {
                    $(stringify!($name) => $type::from_args(args).map(Request::$type),)+
                    other => Err(Refused::Method(other.to_owned())),
                }
            }

            /// Reads the result of a method.
            ///
            /// # Errors
            /// [`Mismatch`] when the value does not fit the method.
            pub fn decode_result(&self, value: Value) -> Result<Reply, Mismatch> {
                match self {
                    $(Request::$type(_) => {
                        <$reply as Answer>::from_wire(value).map(Answer::into_reply)
                    })+
                }
            }
        }

        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq)]
            #[allow(missing_docs, reason = "the arguments are Ironic's")]
            pub struct $type { $(pub $arg: $argtype,)* }

            impl From<$type> for Request {
                fn from(request: $type) -> Self {
                    Request::$type(request)
                }
            }

            impl Method for $type {
                type Reply = $reply;
                const NAME: &'static str = stringify!($name);
                const KIND: Kind = methods!(@kind $kind);

                fn args(&self, cap: Version) -> Result<Args, Refused> {
                    let mut args = Args::new($minor);
                    $(args.put(stringify!($arg), methods!(@when $($when $since)?), cap, &self.$arg);)*
                    args.within(Self::NAME, cap)
                }

                fn from_args(mut args: JsonMap) -> Result<Self, Refused> {
                    let request = $type {
                        $($arg: take(Self::NAME, &mut args, stringify!($arg), methods!(@when $($when $since)?))?,)*
                    };
                    no_more(Self::NAME, &args)?;
                    Ok(request)
                }
            }
        )+
    };
}

methods! {
    // -- nodes -----------------------------------------------------------------
    /// Creates a node; the object holds only the fields that were given.
    call create_node CreateNode 36 -> Box<Versioned<Node>> { node_obj: Box<Versioned<Node>>, }
    /// Changes a node: the whole object, and in `changes` the fields that are new.
    call update_node UpdateNode 1 -> Box<Versioned<Node>> {
        node_obj: Box<Versioned<Node>>,
        [since 1] reset_interfaces: Option<bool>,
    }
    /// Deletes a node.
    call destroy_node DestroyNode 9 -> () { node_id: NodeRef, }
    /// A node with its agent token, which is made by the first lookup.
    call get_node_with_token GetNodeWithToken 49 -> Box<Versioned<Node>> { node_id: NodeRef, }
    /// Adds traits, or replaces all.
    call add_node_traits AddNodeTraits 44 -> () {
        node_id: NodeRef,
        traits: Vec<String>,
        [since 44] replace: bool,
    }
    /// Removes the named traits, or all.
    call remove_node_traits RemoveNodeTraits 44 -> () {
        node_id: NodeRef,
        traits: Option<Vec<String>>,
    }
    /// Whether each interface of a node is configured well enough.
    call validate_driver_interfaces ValidateDriverInterfaces 5 -> JsonMap { node_id: NodeRef, }

    // -- provisioning ----------------------------------------------------------
    /// Deploys an instance, or rebuilds it. `configdrive` is text or an object.
    call do_node_deploy DoNodeDeploy 22 -> () {
        node_id: NodeRef,
        rebuild: bool,
        configdrive: Value,
        [given 52] deploy_steps: Option<Vec<Value>>,
    }
    /// Removes an instance.
    call do_node_tear_down DoNodeTearDown 6 -> () { node_id: NodeRef, }
    /// The verbs without a method of their own: manage, provide, abort, adopt, unhold.
    call do_provisioning_action DoProvisioningAction 23 -> () { node_id: NodeRef, action: Verb, }
    /// Cleans with the given steps.
    call do_node_clean DoNodeClean 32 -> () {
        node_id: NodeRef,
        clean_steps: Vec<Value>,
        [given 53] disable_ramdisk: Option<bool>,
    }
    /// Services an active node with the given steps.
    call do_node_service DoNodeService 57 -> () {
        node_id: NodeRef,
        service_steps: Vec<Value>,
        [since 57] disable_ramdisk: Option<bool>,
    }
    /// Boots the rescue ramdisk.
    call do_node_rescue DoNodeRescue 43 -> () { node_id: NodeRef, rescue_password: Secret, }
    /// Leaves the rescue ramdisk.
    call do_node_unrescue DoNodeUnrescue 43 -> () { node_id: NodeRef, }
    /// Starts an inspection.
    call inspect_hardware InspectHardware 24 -> () { node_id: NodeRef, }
    /// A conductor telling another (or itself) to run the next clean step.
    cast continue_node_clean ContinueNodeClean 27 -> () { node_id: NodeRef, }
    /// The same for deploy steps.
    cast continue_node_deploy ContinueNodeDeploy 45 -> () { node_id: NodeRef, }
    /// The same for service steps.
    cast continue_node_service ContinueNodeService 60 -> () { node_id: NodeRef, }

    // -- ramdisk ---------------------------------------------------------------
    /// The agent of a node reports in.
    call heartbeat Heartbeat 34 -> () {
        node_id: NodeRef,
        callback_url: String,
        [since 42] agent_version: Option<String>,
        [since 49] agent_token: Option<Secret>,
        [since 51] agent_verify_ca: Option<String>,
        [since 54] agent_status: Option<String>,
        [since 54] agent_status_message: Option<String>,
    }
    /// What the ramdisk found.
    call continue_inspection ContinueInspection 56 -> () {
        node_id: NodeRef,
        inventory: Value,
        plugin_data: Value,
    }

    // -- power, boot, console --------------------------------------------------
    /// Changes the power state; `timeout` in seconds, for soft requests.
    call change_node_power_state ChangeNodePowerState 39 -> () {
        node_id: NodeRef,
        new_state: PowerState,
        [since 39] timeout: Option<i64>,
    }
    /// Changes between BIOS and UEFI.
    call change_node_boot_mode ChangeNodeBootMode 55 -> () { node_id: NodeRef, new_state: BootMode, }
    /// Switches secure boot.
    call change_node_secure_boot ChangeNodeSecureBoot 55 -> () { node_id: NodeRef, new_state: bool, }
    /// Sets the boot device; the word is checked by the driver.
    call set_boot_device SetBootDevice 17 -> () {
        node_id: NodeRef,
        device: String,
        [since 17] persistent: bool,
    }
    /// Reads the boot device.
    call get_boot_device GetBootDevice 17 -> BootDevice { node_id: NodeRef, }
    /// The boot devices a node can be set to.
    call get_supported_boot_devices GetSupportedBootDevices 17 -> Vec<String> { node_id: NodeRef, }
    /// Sends a non-maskable interrupt.
    call inject_nmi InjectNmi 40 -> () { node_id: NodeRef, }
    /// Type and address of the console.
    call get_console_information GetConsoleInformation 11 -> JsonMap { node_id: NodeRef, }
    /// Switches the console on or off.
    call set_console_mode SetConsoleMode 11 -> () { node_id: NodeRef, enabled: bool, }
    /// A link to the console in the browser, for one use. Not a method of Ironic, whose conductors
    /// answer that they do not know it.
    call create_console_session CreateConsoleSession 11 -> JsonMap { node_id: NodeRef, }
    /// Sets an indicator (a LED).
    call set_indicator_state SetIndicatorState 50 -> () {
        node_id: NodeRef,
        component: String,
        indicator: String,
        state: String,
    }
    /// Reads an indicator.
    call get_indicator_state GetIndicatorState 50 -> String {
        node_id: NodeRef,
        component: String,
        indicator: String,
    }
    /// The indicators of a component, or of all.
    call get_supported_indicators GetSupportedIndicators 50 -> JsonMap {
        node_id: NodeRef,
        [since 50] component: Option<String>,
    }
    /// Attaches an image as a virtual device.
    call attach_virtual_media AttachVirtualMedia 59 -> () {
        node_id: NodeRef,
        device_type: String,
        image_url: String,
        [given 59] image_download_source: Option<String>,
    }
    /// Detaches virtual devices, the named ones or all.
    call detach_virtual_media DetachVirtualMedia 59 -> () {
        node_id: NodeRef,
        [since 59] device_types: Option<Vec<String>>,
    }
    /// The virtual devices of a node.
    call get_virtual_media GetVirtualMedia 61 -> Value { node_id: NodeRef, }

    // -- RAID ------------------------------------------------------------------
    /// Stores the wanted RAID configuration.
    call set_target_raid_config SetTargetRaidConfig 30 -> () {
        node_id: NodeRef,
        target_raid_config: JsonMap,
    }
    /// The properties of logical disks a hardware type knows, with descriptions.
    call get_raid_logical_disk_properties GetRaidLogicalDiskProperties 30 -> JsonMap {
        driver_name: String,
    }

    // -- drivers and vendor methods ---------------------------------------------
    /// The properties of a hardware type, with descriptions.
    call get_driver_properties GetDriverProperties 16 -> JsonMap { driver_name: String, }
    /// Calls a vendor method of a node.
    call vendor_passthru VendorPassthru 20 -> VendorResponse {
        node_id: NodeRef,
        driver_method: String,
        http_method: String,
        info: Value,
    }
    /// Calls a vendor method of a hardware type.
    call driver_vendor_passthru DriverVendorPassthru 20 -> VendorResponse {
        driver_name: String,
        driver_method: String,
        http_method: String,
        info: Value,
    }
    /// The vendor methods of a node.
    call get_node_vendor_passthru_methods GetNodeVendorPassthruMethods 21 -> JsonMap {
        node_id: NodeRef,
    }
    /// The vendor methods of a hardware type.
    call get_driver_vendor_passthru_methods GetDriverVendorPassthruMethods 21 -> JsonMap {
        driver_name: String,
    }

    // -- ports and port groups ---------------------------------------------------
    /// Creates a port.
    call create_port CreatePort 41 -> Box<Versioned<Port>> { port_obj: Box<Versioned<Port>>, }
    /// Changes a port.
    call update_port UpdatePort 13 -> Box<Versioned<Port>> { port_obj: Box<Versioned<Port>>, }
    /// Deletes a port.
    call destroy_port DestroyPort 25 -> () { port: Box<Versioned<Port>>, }
    /// Changes a port group.
    call update_portgroup UpdatePortgroup 33 -> Box<Versioned<Portgroup>> {
        portgroup_obj: Box<Versioned<Portgroup>>,
    }
    /// Changes the physical network of a port group and its ports.
    call update_portgroup_physical_network UpdatePortgroupPhysicalNetwork 62 -> () {
        portgroup: Box<Versioned<Portgroup>>,
        new_physical_network: Option<String>,
    }
    /// Deletes a port group.
    call destroy_portgroup DestroyPortgroup 33 -> () { portgroup: Box<Versioned<Portgroup>>, }

    // -- volumes and VIFs --------------------------------------------------------
    /// Changes a volume connector.
    call update_volume_connector UpdateVolumeConnector 35 -> Box<Versioned<VolumeConnector>> {
        connector: Box<Versioned<VolumeConnector>>,
    }
    /// Deletes a volume connector.
    call destroy_volume_connector DestroyVolumeConnector 35 -> () {
        connector: Box<Versioned<VolumeConnector>>,
    }
    /// Changes a volume target.
    call update_volume_target UpdateVolumeTarget 37 -> Box<Versioned<VolumeTarget>> {
        target: Box<Versioned<VolumeTarget>>,
    }
    /// Deletes a volume target.
    call destroy_volume_target DestroyVolumeTarget 37 -> () { target: Box<Versioned<VolumeTarget>>, }
    /// Attaches a virtual interface.
    call vif_attach VifAttach 38 -> () { node_id: NodeRef, vif_info: JsonMap, }
    /// Detaches a virtual interface.
    call vif_detach VifDetach 38 -> () { node_id: NodeRef, vif_id: String, }
    /// The virtual interfaces of a node.
    call vif_list VifList 38 -> Vec<Value> { node_id: NodeRef, }

    // -- allocations --------------------------------------------------------------
    /// Creates an allocation and begins to look for a node.
    call create_allocation CreateAllocation 48 -> Box<Versioned<Allocation>> {
        allocation: Box<Versioned<Allocation>>,
    }
    /// Deletes an allocation.
    call destroy_allocation DestroyAllocation 48 -> () { allocation: Box<Versioned<Allocation>>, }

    // -- objects by remote control --------------------------------------------------
    /// A class method of an object, by name. Not sent by the REST API.
    call object_class_action_versions ObjectClassActionVersions 31 -> Value {
        objname: String,
        objmethod: String,
        object_versions: JsonMap,
        args: Vec<Value>,
        kwargs: JsonMap,
    }
    /// A method of an object, by name. Not sent by the REST API.
    call object_action ObjectAction 31 -> Value {
        objinst: Value,
        objmethod: String,
        args: Vec<Value>,
        kwargs: JsonMap,
    }
    /// An object in older versions. Not sent by the REST API.
    call object_backport_versions ObjectBackportVersions 31 -> Value {
        objinst: Value,
        object_versions: JsonMap,
    }
}
