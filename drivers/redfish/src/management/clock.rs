//! The BMC's clock: set by a clean step, verified by a verify step.

use chrono::{DateTime, FixedOffset, SecondsFormat, SubsecRound, Timelike, Utc};
use drivers_interface::parse_args;
use drivers_redfish_client::schema::manager::Manager;
use schemas_model::step::Step;
use schemas_model::{Class, Fault};

use crate::connection::NodeBmc;

/// Largest difference that counts as equal, milliseconds.
const TOLERANCE: i64 = 1000;

#[derive(serde::Deserialize)]
struct Arguments {
    #[serde(default)]
    target_datetime: Option<String>,
    #[serde(default)]
    datetime_local_offset: Option<String>,
}

async fn manager(bmc: &NodeBmc) -> Result<Manager, Fault> {
    let system = bmc.system().await?;
    bmc.bmc
        .manager(&system)
        .await
        .map_err(bmc.failed("read the BMC's clock"))
}

fn time_of(bmc: &NodeBmc, manager: &Manager) -> Result<DateTime<FixedOffset>, Fault> {
    let text = manager
        .date_time()
        .map_err(bmc.failed("read the BMC's clock"))?;
    let time = text.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    time.ok_or_else(|| {
        let shown = text.unwrap_or("nothing");
        fault(
            bmc,
            &format!("its clock shows {shown}, which is not a time"),
        )
    })
}

fn fault(bmc: &NodeBmc, why: &str) -> Fault {
    Fault::new(
        Class::RedfishError,
        format!(
            "Node {}: the clock of BMC {} cannot be used: {why}.",
            bmc.node,
            bmc.address()
        ),
    )
}

/// In the precision that the BMC has.
fn text(time: DateTime<FixedOffset>, shown: DateTime<FixedOffset>) -> String {
    match shown.nanosecond() {
        0 => time
            .trunc_subsecs(0)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        _ => time.to_rfc3339_opts(SecondsFormat::Micros, false),
    }
}

fn differs(a: DateTime<FixedOffset>, b: DateTime<FixedOffset>) -> bool {
    (a - b).num_milliseconds().abs() > TOLERANCE
}

/// The step `set_bmc_clock`.
pub(super) async fn set(bmc: &NodeBmc, step: &Step) -> Result<(), Fault> {
    let arguments: Arguments = parse_args(step)?;
    let wanted = match &arguments.target_datetime {
        None => Utc::now().fixed_offset(),
        Some(given) => DateTime::parse_from_rfc3339(given).map_err(|why| {
            Fault::invalid_parameter(format!(
                "Node {}: target_datetime '{given}' is not an ISO 8601 time with an offset: {why}.",
                bmc.node
            ))
        })?,
    };
    put(
        bmc,
        &manager(bmc).await?,
        wanted,
        arguments.datetime_local_offset.as_deref(),
    )
    .await
}

/// The step `verify_bmc_clock`: sets the clock if it is wrong.
pub(super) async fn verify(bmc: &NodeBmc) -> Result<(), Fault> {
    let checked = async {
        let manager = manager(bmc).await?;
        let now = Utc::now().fixed_offset();
        if !differs(time_of(bmc, &manager)?, now) {
            return Ok(());
        }
        tracing::info!(node.uuid = %bmc.node, "the BMC's clock is wrong and is set");
        let utc = "+00:00";
        let shown = manager
            .date_time_local_offset()
            .map_err(bmc.failed("read the BMC's clock"))?;
        let offset = Some(utc).filter(|utc| shown != Some(*utc));
        put(bmc, &manager, now, offset).await
    };
    checked.await.map_err(|fault: Fault| {
        Fault::new(
            Class::NodeVerifyFailure,
            format!("Failed to verify node {}: {}", bmc.node, fault.message),
        )
    })
}

async fn put(
    bmc: &NodeBmc,
    manager: &Manager,
    wanted: DateTime<FixedOffset>,
    offset: Option<&str>,
) -> Result<(), Fault> {
    let text = text(wanted, time_of(bmc, manager)?);
    let started = Utc::now();
    bmc.bmc
        .set_clock(manager, &text, offset)
        .await
        .map_err(bmc.failed("set the BMC's clock"))?;
    let document = bmc
        .bmc
        .refresh(manager.document())
        .await
        .map_err(bmc.failed("read the BMC's clock"))?;
    let shown = time_of(bmc, &Manager::new(document))?;
    // The clock has gone on while we asked.
    let expected = wanted + (Utc::now() - started);
    match differs(shown, expected) && differs(shown, wanted) {
        true => Err(fault(
            bmc,
            &format!("it was set to {text} but shows {}", shown.to_rfc3339()),
        )),
        false => Ok(()),
    }
}
