//! Reading the sensors of a chassis, in the older or the newer resources.
//!
//! A BMC that has `Thermal` and `Power` is asked for these: one request each. One that has not, whose
//! links to them are dead, or that has nothing in them, is asked for `ThermalSubsystem` and `PowerSubsystem`, whose fans,
//! supplies and temperatures are resources of their own. Readings that can't be decoded, and resources
//! that can't be read, are left out, so that one odd sensor does not hide the others; a BMC that can't
//! be reached any more, or takes longer than the caller's deadline, ends it.

use crate::{
    Bmc, Document, Result,
    document::Field,
    error::{Error, ErrorKind},
    schema::{
        chassis::Chassis,
        reading::{Excerpt, Sensor},
        sensor::{Fan, PowerSupply, Temperature},
    },
};

/// The fans and temperatures of a chassis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thermal {
    /// `Fans`.
    pub fans: Vec<Fan>,
    /// `Temperatures`.
    pub temperatures: Vec<Temperature>,
}

/// The power supplies of a chassis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PowerSensors {
    /// `Id` of the resource that lists them, `Power` or `PowerSubsystem`.
    pub id: String,
    /// `PowerSupplies`.
    pub supplies: Vec<PowerSupply>,
}

impl Bmc {
    /// Fans and temperatures of a chassis; nothing if it has no resource that tells them.
    ///
    /// # Errors
    /// The BMC does not answer, or what lists the readings can't be read.
    pub async fn thermal(&self, chassis: &Chassis) -> Result<Thermal> {
        if let Some(document) = self.linked(chassis.document(), "Thermal").await? {
            let thermal = Thermal {
                fans: readable(&document.field("Fans"), Fan::of)?,
                temperatures: readable(&document.field("Temperatures"), Temperature::of)?,
            };
            if thermal != Thermal::default() {
                return Ok(thermal);
            }
        }
        self.thermal_subsystem(chassis).await
    }

    /// Power supplies of a chassis; nothing if it has no resource that tells them.
    ///
    /// # Errors
    /// As [`Bmc::thermal`].
    pub async fn power_sensors(&self, chassis: &Chassis) -> Result<PowerSensors> {
        if let Some(power) = self.linked(chassis.document(), "Power").await? {
            let supplies = readable(&power.field("PowerSupplies"), PowerSupply::of)?;
            if !supplies.is_empty() {
                let id = power.id()?.to_owned();
                return Ok(PowerSensors { id, supplies });
            }
        }
        let Some(power) = self.linked(chassis.document(), "PowerSubsystem").await? else {
            return Ok(PowerSensors::default());
        };
        let mut supplies = Vec::new();
        for supply in self.listed(&power, "PowerSupplies").await? {
            let metrics = odd_is_none(self.linked(&supply, "Metrics").await)?.flatten();
            supplies.extend(odd_is_none(PowerSupply::of_subsystem(
                &supply,
                metrics.as_ref(),
            ))?);
        }
        Ok(PowerSensors {
            id: power.id()?.to_owned(),
            supplies,
        })
    }

    async fn thermal_subsystem(&self, chassis: &Chassis) -> Result<Thermal> {
        let subsystem = self.linked(chassis.document(), "ThermalSubsystem").await?;
        let mut thermal = Thermal::default();
        if let Some(subsystem) = &subsystem {
            for fan in self.listed(subsystem, "Fans").await? {
                let speed = odd_is_none(Excerpt::of(&fan.field("SpeedPercent")))?;
                let sensor = self.sensor_of(speed.as_ref()).await?;
                thermal
                    .fans
                    .extend(odd_is_none(Fan::of_subsystem(&fan, sensor.as_ref()))?);
            }
            let metrics = odd_is_none(self.linked(subsystem, "ThermalMetrics").await)?.flatten();
            let readings = metrics
                .as_ref()
                .map(|it| it.field("TemperatureReadingsCelsius"));
            for reading in self.excerpts(readings).await? {
                let (excerpt, sensor) = &reading;
                let temperature = Temperature::of_excerpt(excerpt, sensor.as_ref());
                thermal.temperatures.push(temperature);
            }
        }
        if thermal.temperatures.is_empty() {
            thermal.temperatures = self.temperature_sensors(chassis).await?;
        }
        if thermal.fans.is_empty() || thermal.temperatures.is_empty() {
            self.environment(chassis, &mut thermal).await?;
        }
        Ok(thermal)
    }

    /// The temperatures among all `Sensors` of a chassis.
    async fn temperature_sensors(&self, chassis: &Chassis) -> Result<Vec<Temperature>> {
        let mut temperatures = Vec::new();
        for document in self.listed(chassis.document(), "Sensors").await? {
            let sensor = odd_is_none(Sensor::of(&document))?;
            temperatures.extend(sensor.as_ref().and_then(Temperature::of_sensor));
        }
        Ok(temperatures)
    }

    /// What is still missing, from `EnvironmentMetrics`, where some BMCs have their only readings.
    async fn environment(&self, chassis: &Chassis, thermal: &mut Thermal) -> Result<()> {
        let metrics = self.linked(chassis.document(), "EnvironmentMetrics").await;
        let Some(metrics) = odd_is_none(metrics)?.flatten() else {
            return Ok(());
        };
        if thermal.fans.is_empty() {
            let speeds = self
                .excerpts(Some(metrics.field("FanSpeedsPercent")))
                .await?;
            let fan = |(speed, sensor): &(Excerpt, Option<Sensor>)| {
                Fan::of_excerpt(speed, sensor.as_ref())
            };
            thermal.fans = speeds.iter().map(fan).collect();
        }
        let temperature = metrics.field("TemperatureCelsius");
        if thermal.temperatures.is_empty()
            && temperature.is_present()
            && let Some(excerpt) = odd_is_none(Excerpt::of(&temperature))?
        {
            let sensor = self.sensor_of(Some(&excerpt)).await?;
            let read = Temperature::of_excerpt(&excerpt, sensor.as_ref());
            thermal.temperatures.push(read);
        }
        Ok(())
    }

    /// A list of excerpts, each with the sensor it is of.
    async fn excerpts(&self, list: Option<Field<'_>>) -> Result<Vec<(Excerpt, Option<Sensor>)>> {
        let Some(list) = list else {
            return Ok(Vec::new());
        };
        let mut read = Vec::new();
        for excerpt in readable(&list, Excerpt::of)?
            .into_iter()
            .take(self.settings().limits.members)
        {
            let sensor = self.sensor_of(Some(&excerpt)).await?;
            read.push((excerpt, sensor));
        }
        Ok(read)
    }

    /// The sensor that an excerpt is of: it has the state, health and range that the excerpt lacks.
    async fn sensor_of(&self, excerpt: Option<&Excerpt>) -> Result<Option<Sensor>> {
        let Some(source) = excerpt.and_then(|excerpt| excerpt.source.as_ref()) else {
            return Ok(None);
        };
        odd_is_none(
            self.get(source)
                .await
                .and_then(|sensor| Sensor::of(&sensor)),
        )
    }

    /// The resource that a member leads to; `None` if there is no such member or the link is dead.
    async fn linked(&self, document: &Document, member: &str) -> Result<Option<Document>> {
        let Some(path) = document.field(member).link()? else {
            return Ok(None);
        };
        match self.get(&path).await {
            Err(error) if error.is_missing() => Ok(None),
            read => read.map(Some),
        }
    }

    /// The readable members of a collection; none if it is not there.
    async fn listed(&self, document: &Document, member: &str) -> Result<Vec<Document>> {
        let Some(collection) = document.field(member).link()? else {
            return Ok(Vec::new());
        };
        let members = match self.members(&collection).await {
            Err(error) if error.is_missing() => Vec::new(),
            members => members?,
        };
        let mut documents = Vec::new();
        for path in members {
            documents.extend(odd_is_none(self.get(&path).await)?);
        }
        Ok(documents)
    }
}

fn readable<T>(list: &Field<'_>, decode: fn(&Field<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut decoded = Vec::new();
    for item in list.items()? {
        decoded.extend(odd_is_none(decode(&item))?);
    }
    Ok(decoded)
}

/// What can't be made sense of is left out; a BMC that does not answer is an error.
fn odd_is_none<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if ends_reading(&error) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "a sensor is left out");
            Ok(None)
        }
    }
}

/// Whether the next resource would fail alike.
fn ends_reading(error: &Error) -> bool {
    error.is_connection() || error.is_access() || matches!(error.kind(), ErrorKind::Settings(_))
}
