//! Reading sensors with few requests.

use crate::{
    Bmc, Result,
    document::Field,
    schema::{
        chassis::Chassis,
        sensor::{Fan, PowerSupply, Temperature},
    },
};

/// What `Thermal` says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thermal {
    /// `Fans`.
    pub fans: Vec<Fan>,
    /// `Temperatures`.
    pub temperatures: Vec<Temperature>,
}

/// What `Power` says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PowerSensors {
    /// `Id` of the `Power` resource.
    pub id: String,
    /// `PowerSupplies`.
    pub supplies: Vec<PowerSupply>,
}

impl Bmc {
    /// Fans and temperatures of a chassis; nothing if it has no `Thermal`. Readings that can't be
    /// decoded are left out, so that one odd sensor does not hide the others.
    pub async fn thermal(&self, chassis: &Chassis) -> Result<Thermal> {
        let Some(path) = chassis.link("Thermal")? else {
            return Ok(Thermal::default());
        };
        let thermal = self.get(&path).await?;
        Ok(Thermal {
            fans: readable(&thermal.field("Fans"), Fan::of)?,
            temperatures: readable(&thermal.field("Temperatures"), Temperature::of)?,
        })
    }

    /// Power supplies of a chassis; nothing if it has no `Power`.
    pub async fn power_sensors(&self, chassis: &Chassis) -> Result<PowerSensors> {
        let Some(path) = chassis.link("Power")? else {
            return Ok(PowerSensors::default());
        };
        let power = self.get(&path).await?;
        Ok(PowerSensors {
            id: power.id()?.to_owned(),
            supplies: readable(&power.field("PowerSupplies"), PowerSupply::of)?,
        })
    }
}

fn readable<T>(list: &Field<'_>, decode: fn(&Field<'_>) -> Result<T>) -> Result<Vec<T>> {
    let decoded = list
        .items()?
        .into_iter()
        .filter_map(|item| match decode(&item) {
            Ok(sensor) => Some(sensor),
            Err(error) => {
                tracing::debug!(%error, "a sensor is left out");
                None
            }
        });
    Ok(decoded.collect())
}
