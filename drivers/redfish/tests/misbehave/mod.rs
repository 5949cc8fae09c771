//! Every misbehaviour of the simulator × every kind of operation, for hardware types that speak Redfish:
//! each ends in time, with few requests, and its failure is a typed fault that names the node and the
//! BMC and tells no credential.
#![allow(dead_code, reason = "each test file uses a part")]

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_interface::{HttpMethod, InterfaceSet, Outcome};
use drivers_sim::redfish::{Bug, RedfishBmc, Switch};
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::node::TestTask;

/// The password that no fault tells.
pub const PASSWORD: &str = "S3cret-of-this-BMC";
/// Everything that an operation does, its waiting for power states included, on a machine that tests
/// of other crates keep busy. Without deadlines it would be minutes a request.
const IN_TIME: Duration = Duration::from_secs(90);
/// A whole tree of a simulated machine has fewer resources.
const REQUESTS_MAX: usize = 400;
/// Stories told at once; more would make the machine itself slow.
const AT_ONCE: usize = 24;

/// Makes a machine with a well-behaved BMC, and a node for it: by kind of authentication and read
/// timeout in seconds.
pub type MakeMachine =
    fn(&'static str, u64) -> Pin<Box<dyn Future<Output = (RedfishBmc, TestTask)> + Send>>;

/// Misbehaviours that leave nothing to work with: every operation fails.
pub fn hopeless(elsewhere: &str) -> Vec<Bug> {
    vec![
        Bug::Silent,
        Bug::Drip(Duration::from_millis(200)),
        Bug::Reset,
        Bug::Truncated,
        Bug::Huge,
        Bug::Deep,
        Bug::Html,
        Bug::Redirect(format!("{elsewhere}/redfish/v1/")),
        Bug::Unauthorized,
        Bug::Busy,
        Bug::InternalError,
        Bug::Echo,
    ]
}

/// Misbehaviours that some operations do not meet, or survive.
pub fn partial() -> Vec<Switch> {
    vec![
        Bug::WrongTypes.into(),
        Bug::IdLoop.into(),
        Bug::EndlessPages.into(),
        Bug::ManyMembers(100_000).into(),
        Bug::Slow(Duration::from_millis(100)).into(),
        Bug::Unauthorized.times(1),
        Bug::Busy.times(1),
        Switch::from(Bug::Changed).on("PATCH"),
        Bug::NoEffect.into(),
        Switch::from(Bug::LostAnswer).on("POST"),
        Switch::from(Bug::LostAnswer).on("PATCH"),
        Switch::from(Bug::Echo).on("PATCH"),
        Switch::from(Bug::Echo).on("POST"),
        Bug::Truncated.at("/redfish/v1/Systems/1/Storage"),
        Bug::Html.at("/redfish/v1/Chassis"),
        Bug::Silent.at("/redfish/v1/Managers"),
        Bug::AlternatingPower.into(),
        Bug::RebootDuringUpdate.into(),
        Bug::StuckTasks.into(),
        Bug::FailingTasks.into(),
    ]
}

fn info(value: Value) -> Object {
    serde_json::from_value(value).unwrap()
}

async fn run_step(
    task: &mut TestTask,
    interface: &dyn drivers_interface::Interface,
    step: &str,
    args: Value,
) -> Result<(), Fault> {
    let step: Step = serde_json::from_value(json!({"step": step, "args": args})).unwrap();
    if interface.run_step(task, StepKind::Clean, &step).await? == Outcome::Done {
        return Ok(());
    }
    // A step that goes on is looked after: a few times, as nothing here ends later.
    for poll in interface.polls() {
        for _ in 0..3 {
            interface.poll(task, poll).await?;
        }
    }
    Ok(())
}

/// Does what the name says.
async fn operate(name: &str, task: &mut TestTask, set: &InterfaceSet) -> Result<(), Fault> {
    let management = &set.management;
    let patience = Some(Duration::from_secs(2));
    let file = "http://192.0.2.1/bmc-2.5.bin";
    match name {
        "power state" => set.power.power_state(task).await.map(drop),
        "power on" => {
            set.power
                .set_power_state(task, PowerState::On, patience)
                .await
        }
        "reboot" => set.power.reboot(task, patience).await,
        "boot device" => management.boot_device(task).await.map(drop),
        "set boot device" => {
            management
                .set_boot_device(task, BootDevice::Pxe, false)
                .await
        }
        "boot mode" => management.boot_mode(task).await.map(drop),
        "set boot mode" => management.set_boot_mode(task, BootMode::Bios).await,
        "secure boot" => management.secure_boot(task).await.map(drop),
        "set secure boot" => management.set_secure_boot(task, true).await,
        "reset secure boot keys" => {
            run_step(
                task,
                &**management,
                "reset_secure_boot_keys_to_default",
                json!({}),
            )
            .await
        }
        "sensors" => management.sensors_data(task).await.map(drop),
        "health" => management.health(task).await.map(drop),
        "vendor" => management.detect_vendor(task).await.map(drop),
        "addresses" => management.mac_addresses(task).await.map(drop),
        "NMI" => management.inject_nmi(task).await,
        "indicators" => management.supported_indicators(task, None).await.map(drop),
        "set indicator" => {
            management
                .set_indicator_state(task, "system", "s-uuid", "on")
                .await
        }
        "media" => management.virtual_media(task).await.map(drop),
        "attach media" => {
            management
                .attach_virtual_media(task, BootDevice::Cdrom, "http://192.0.2.1/a.iso")
                .await
        }
        "detach media" => management.detach_virtual_media(task, &[]).await,
        "clock" => run_step(task, &**management, "set_bmc_clock", json!({})).await,
        "time servers" => {
            let servers = json!({"servers": ["192.0.2.123"]});
            run_step(task, &**management, "set_bmc_ntp_servers", servers).await
        }
        "reset BMC" => run_step(task, &**management, "reset_bmc", json!({})).await,
        "cache BIOS" => set.bios.cache_bios_settings(task).await,
        "apply BIOS" => {
            let settings = json!({"settings": [{"name": "ProcTurboMode", "value": "Disabled"}]});
            run_step(task, &*set.bios, "apply_configuration", settings).await
        }
        "reset BIOS" => run_step(task, &*set.bios, "factory_reset", json!({})).await,
        "create volumes" => run_step(task, &*set.raid, "create_configuration", json!({})).await,
        "apply volumes" => {
            let config = json!({"raid_config": {"logical_disks": [{"raid_level": "1", "size_gb": 100, "is_root_volume": true}]}});
            run_step(task, &*set.raid, "apply_configuration", config).await
        }
        "delete volumes" => run_step(task, &*set.raid, "delete_configuration", json!({})).await,
        "cache firmware" => set.firmware.cache_firmware_components(task).await,
        "update firmware" => {
            let settings = json!({"settings": [{"component": "bmc", "url": file}]});
            run_step(task, &*set.firmware, "update", settings).await
        }
        "update firmware files" => {
            let images = json!({"firmware_images": [{"url": file, "checksum": "0".repeat(64)}]});
            run_step(task, &**management, "update_firmware", images).await
        }
        "inspect" => set.inspect.inspect_hardware(task).await.map(drop),
        "boot sequence" => {
            let none = info(json!({}));
            let call = set.vendor.call(task, "boot_up_seq", HttpMethod::Get, &none);
            call.await.map(drop)
        }
        "controllers" => {
            let none = info(json!({}));
            let call = set
                .vendor
                .call(task, "get_raid_controller_list", HttpMethod::Get, &none);
            call.await.map(drop)
        }
        "subscriptions" => {
            let none = info(json!({}));
            let call = set
                .vendor
                .call(task, "get_all_subscriptions", HttpMethod::Get, &none);
            call.await.map(drop)
        }
        "subscribe" => {
            let wanted =
                info(json!({"Destination": "https://192.0.2.1/", "EventTypes": ["Alert"]}));
            let call = set
                .vendor
                .call(task, "create_subscription", HttpMethod::Post, &wanted);
            call.await.map(drop)
        }
        "eject media" => {
            let device = info(json!({"boot_device": "cd"}));
            let call = set
                .vendor
                .call(task, "eject_vmedia", HttpMethod::Post, &device);
            call.await.map(drop)
        }
        other => panic!("no operation is called {other}"),
    }
}

/// What has to hold of an operation with a BMC of this misbehaviour; what it came to.
async fn meet(
    machine: MakeMachine,
    operation: &'static str,
    switch: Switch,
    auth: &'static str,
    read_timeout: u64,
) -> Result<(), Fault> {
    let (bmc, mut task) = machine(auth, read_timeout).await;
    let story = format!("{operation}, {auth}, {switch:?}");
    bmc.on(switch);
    let set = task.set();
    let before = Instant::now();
    let result = operate(operation, &mut task, &set).await;
    let (took, asked) = (before.elapsed(), bmc.seen().len());
    assert!(took < IN_TIME, "{story}: {took:?}");
    assert!(asked < REQUESTS_MAX, "{story}: {asked} requests");
    if let Err(fault) = &result {
        let typed = [
            Class::RedfishError,
            Class::FailedToGetSensorData,
            Class::HardwareInspectionFailure,
            Class::NodeVerifyFailure,
            Class::PowerStateFailure,
            Class::MissingParameterValue,
            Class::InvalidParameterValue,
            Class::UnsupportedDriverExtension,
        ];
        assert!(
            typed.iter().any(|class| fault.is_a(*class)),
            "{story}: {}: {fault}",
            fault.class
        );
        let names = fault.message.contains(task.node.uuid.as_str());
        assert!(names, "{story}: no node in: {fault}");
        // A light that this BMC has not got is no failure of the BMC's.
        let of_bmc =
            fault.is_a(Class::RedfishError) || fault.is_a(Class::HardwareInspectionFailure);
        assert!(
            !of_bmc || fault.message.contains(bmc.origin()),
            "{story}: no BMC in: {fault}"
        );
        assert!(!format!("{fault:?}").contains(PASSWORD), "{story}: {fault}");
    }
    assert!(
        bmc.refused() == 0,
        "{story}: the right password was refused"
    );
    result
}

/// Meets every misbehaviour with every operation; those that succeeded.
pub async fn meet_all(
    machine: MakeMachine,
    operations: &[&'static str],
    switches: Vec<(Switch, &'static str)>,
    read_timeout: u64,
) -> Vec<String> {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut stories = JoinSet::new();
    for operation in operations {
        let operation = *operation;
        for (switch, auth) in &switches {
            let (slots, switch, auth) = (Arc::clone(&slots), switch.clone(), *auth);
            stories.spawn(async move {
                let _slot = slots.acquire().await.unwrap();
                let told = format!("{operation}: {switch:?}");
                meet(machine, operation, switch, auth, read_timeout)
                    .await
                    .ok()
                    .map(|()| told)
            });
        }
    }
    stories.join_all().await.into_iter().flatten().collect()
}
