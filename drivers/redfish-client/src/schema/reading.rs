//! `Sensor` resources, and the excerpts of them that other resources show (DSP0268 2020.4 and later).

use super::status::Status;
use crate::{Document, Result, document::Field, resource_path::ResourcePath};

/// An excerpt of a sensor, such as an item of `ThermalMetrics.TemperatureReadingsCelsius`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Excerpt {
    /// `DataSourceUri`: the sensor it is an excerpt of.
    pub source: Option<ResourcePath>,
    /// `DeviceName`.
    pub device: Option<String>,
    /// `PhysicalContext`.
    pub physical_context: Option<String>,
    /// `Reading`, in the unit that the excerpt's name tells.
    pub reading: Option<f64>,
    /// `SpeedRPM` of fans, revolutions a minute.
    pub rpm: Option<f64>,
}

impl Excerpt {
    /// Reads the excerpt at `field`; nothing of it need be there.
    pub fn of(field: &Field<'_>) -> Result<Self> {
        Ok(Excerpt {
            source: field.field("DataSourceUri").path()?,
            device: field.field("DeviceName").scalar_text()?,
            physical_context: field.field("PhysicalContext").scalar_text()?,
            reading: field.field("Reading").number()?,
            rpm: field.field("SpeedRPM").number()?,
        })
    }
}

/// A `Sensor`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    /// `Id`.
    pub id: String,
    /// `Name`.
    pub name: Option<String>,
    /// `ReadingType`, for example `Temperature`.
    pub kind: Option<String>,
    /// `Reading`, in [`Sensor::units`].
    pub reading: Option<f64>,
    /// `ReadingUnits`, UCUM: `Cel`, `{rev}/min`, `%`.
    pub units: Option<String>,
    /// `ReadingRangeMin`.
    pub min: Option<f64>,
    /// `ReadingRangeMax`.
    pub max: Option<f64>,
    /// `PhysicalContext`.
    pub physical_context: Option<String>,
    /// `Status`.
    pub status: Status,
}

impl Sensor {
    /// Reads a sensor's document.
    pub fn of(document: &Document) -> Result<Self> {
        let text = |name: &str| document.field(name).scalar_text();
        Ok(Sensor {
            id: document.id()?.to_owned(),
            name: text("Name")?,
            kind: text("ReadingType")?,
            reading: document.field("Reading").number()?,
            units: text("ReadingUnits")?,
            min: document.field("ReadingRangeMin").number()?,
            max: document.field("ReadingRangeMax").number()?,
            physical_context: text("PhysicalContext")?,
            status: Status::of(&document.root())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::tests::document;

    #[test]
    fn an_excerpt_may_be_a_bare_reading_and_leads_to_no_other_host() {
        let shown = document(
            "/m",
            json!({"InputVoltage": {"Reading": "230.5"}, "Away": {"DataSourceUri": "https://evil.example/s"}}),
        );
        let voltage = Excerpt::of(&shown.field("InputVoltage")).unwrap();
        assert_eq!(voltage.reading, Some(230.5));
        assert_eq!(
            Excerpt::of(&shown.field("None")).unwrap(),
            Excerpt::default()
        );
        assert!(Excerpt::of(&shown.field("Away")).is_err());
    }
}
