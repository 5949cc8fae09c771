//! RAID controllers as iBMC shows them below `/Storages`, with their disks and volumes.

use drivers_redfish::NodeBmc;
use drivers_redfish_client::schema::storage::Storage;
use drivers_redfish_client::{Document, Error, ResourcePath};
use serde_json::{Value, json};

use crate::oem;

/// `FirmwareStatus` of a disk that can become part of a volume.
const UNUSED: &str = "UnconfiguredGood";
/// `FirmwareStatus` of a hot spare.
const HOT_SPARE: &str = "HotSpareDrive";

/// A controller.
#[derive(Debug, Clone)]
pub struct Controller {
    pub(super) document: Document,
    /// `Id`.
    pub id: String,
    pub(super) name: Option<String>,
    pub(super) controller_name: Option<String>,
    pub(super) model: Option<String>,
    /// `SupportedRAIDLevels`, iBMC's names.
    pub levels: Vec<String>,
    /// `OOBSupport`: whether iBMC can manage it.
    pub manageable: bool,
    /// `JBODState`.
    pub jbod: bool,
    /// Its disks.
    pub disks: Vec<Disk>,
    /// Its volumes.
    pub volumes: Vec<Volume>,
    pub(super) volumes_path: ResourcePath,
}

/// A disk.
#[derive(Debug, Clone)]
pub struct Disk {
    pub(super) document: Document,
    /// `Id`.
    pub id: String,
    /// `Name`.
    pub name: Option<String>,
    /// `DriveID`: the number iBMC knows it by.
    pub number: Option<i64>,
    /// `SerialNumber`.
    pub serial: Option<String>,
    /// `MediaType`.
    pub media: Option<String>,
    /// `Protocol`.
    pub protocol: Option<String>,
    /// `CapacityBytes`.
    pub capacity: i64,
    /// `FirmwareStatus`.
    pub status: Option<String>,
}

impl Disk {
    /// Whether it can become part of a volume.
    pub fn is_unused(&self) -> bool {
        self.status.as_deref() == Some(UNUSED)
    }

    pub(super) fn is_hot_spare(&self) -> bool {
        self.status.as_deref() == Some(HOT_SPARE)
    }

    /// Whether people mean it by this id, name, serial number or number.
    pub fn is_called(&self, hint: &str) -> bool {
        let number = self.number.map(|number| number.to_string());
        let names = [
            Some(self.id.as_str()),
            self.name.as_deref(),
            self.serial.as_deref(),
            number.as_deref(),
        ];
        !hint.is_empty() && names.contains(&Some(hint))
    }

    /// Whether it is of the wanted kind.
    pub fn is_of(&self, media: Option<&str>, protocol: Option<&str>) -> bool {
        let fits = |wanted: Option<&str>, is: &Option<String>| match (wanted, is) {
            (None, _) => true,
            (Some(wanted), Some(is)) => wanted.eq_ignore_ascii_case(is),
            (Some(_), None) => false,
        };
        fits(media, &self.media) && fits(protocol, &self.protocol)
    }

    pub(super) fn of(document: Document) -> Result<Self, Error> {
        let text = |name: &str| document.field(name).scalar_text();
        let own = oem::of(&document);
        Ok(Disk {
            id: document.id()?.to_owned(),
            name: text("Name")?,
            number: own.field("DriveID").integer()?,
            serial: text("SerialNumber")?,
            media: text("MediaType")?,
            protocol: text("Protocol")?,
            capacity: document.field("CapacityBytes").integer()?.unwrap_or(0),
            status: own.field("FirmwareStatus").text()?.map(str::to_owned),
            document,
        })
    }
}

/// A volume.
#[derive(Debug, Clone)]
pub struct Volume {
    pub(super) document: Document,
    /// `Id`.
    pub id: String,
    name: Option<String>,
    /// `VolumeName`.
    pub volume_name: Option<String>,
    /// `VolumeRaidLevel`, iBMC's name.
    pub level: Option<String>,
    /// `SpanNumber`.
    pub span: Option<i64>,
    bootable: Option<bool>,
    /// `CapacityBytes`.
    pub capacity: i64,
    /// Its disks.
    pub disks: Vec<ResourcePath>,
}

impl Volume {
    fn of(document: Document) -> Result<Self, Error> {
        let own = oem::of(&document);
        let text = |name: &str| Ok::<_, Error>(own.field(name).text()?.map(str::to_owned));
        Ok(Volume {
            id: document.id()?.to_owned(),
            name: document.field("Name").text()?.map(str::to_owned),
            volume_name: text("VolumeName")?,
            level: text("VolumeRaidLevel")?,
            span: own.field("SpanNumber").integer()?,
            bootable: own.field("BootEnable").boolean()?,
            capacity: document.field("CapacityBytes").integer()?.unwrap_or(0),
            disks: document.field("Links").field("Drives").links()?,
            document,
        })
    }
}

impl Controller {
    /// Whether people mean it by this id or name.
    pub fn is_called(&self, hint: &str) -> bool {
        let names = [
            Some(self.id.as_str()),
            self.name.as_deref(),
            self.controller_name.as_deref(),
        ];
        names.contains(&Some(hint))
    }

    /// What it is called in messages.
    pub fn shown(&self) -> &str {
        self.controller_name.as_deref().unwrap_or(&self.id)
    }

    async fn of(bmc: &NodeBmc, storage: &Storage) -> Result<Self, Error> {
        let document = storage.document();
        let parts = document.field("StorageControllers").items()?;
        let part = parts
            .first()
            .ok_or_else(|| document.missing("StorageControllers"))?;
        let own = oem::within(part);
        let text = |name: &str| Ok::<_, Error>(part.field(name).text()?.map(str::to_owned));
        let levels = own.field("SupportedRAIDLevels").texts()?;
        let volumes_path = match storage.volumes()? {
            Some(path) => path,
            None => document
                .path()
                .child("Volumes")
                .map_err(|_| document.missing("Volumes"))?,
        };
        let mut disks = Vec::new();
        for drive in bmc.bmc.drives(storage).await? {
            disks.push(Disk::of(drive.document().clone())?);
        }
        let volumes = bmc.bmc.collect(&volumes_path).await?;
        Ok(Controller {
            id: storage.id()?.to_owned(),
            name: storage.name()?.map(str::to_owned),
            controller_name: text("Name")?,
            model: text("Model")?,
            levels: levels.into_iter().map(str::to_owned).collect(),
            manageable: own.field("OOBSupport").boolean()?.unwrap_or(false),
            jbod: own.field("JBODState").boolean()?.unwrap_or(false),
            disks,
            volumes: volumes
                .into_iter()
                .map(Volume::of)
                .collect::<Result<_, _>>()?,
            volumes_path,
            document: document.clone(),
        })
    }

    fn summary(&self) -> Value {
        let disk = |disk: &Disk| {
            json!({
                "Id": disk.id, "Name": disk.name, "DriveId": disk.number,
                "SerialNumber": disk.serial, "FirmwareStatus": disk.status,
                "CapacityBytes": readable(disk.capacity),
            })
        };
        let volume = |volume: &Volume| {
            let disks: Vec<&str> = volume
                .disks
                .iter()
                .map(ResourcePath::last_segment)
                .collect();
            json!({
                "Id": volume.id, "Name": volume.name, "VolumeName": volume.volume_name,
                "RaidLevel": volume.level, "SpanNumber": volume.span, "Bootable": volume.bootable,
                "CapacityBytes": readable(volume.capacity), "PhysicalDisks": disks,
            })
        };
        json!({
            "Id": self.id,
            "Name": self.name,
            "ControllerName": self.controller_name,
            "Model": self.model,
            "SupportedRAIDLevels": self.levels,
            "OOBSupport": self.manageable,
            "JBOD": self.jbod,
            "PhysicalDisks": self.disks.iter().map(disk).collect::<Vec<_>>(),
            "LogicalDisks": self.volumes.iter().map(volume).collect::<Vec<_>>(),
        })
    }
}

/// Bytes with a unit, as the old driver wrote them: `3.6TB`.
fn readable(bytes: i64) -> String {
    let mut size = bytes as f64;
    for unit in ["", "K", "M", "G", "T", "P", "E"] {
        if size.abs() < 1024.0 {
            return format!("{size:.1}{unit}B");
        }
        size /= 1024.0;
    }
    format!("{size:.1}ZB")
}

/// All controllers.
pub(crate) async fn all(bmc: &NodeBmc) -> Result<Vec<Controller>, Error> {
    let system = bmc.read_system().await?;
    let mut controllers = Vec::new();
    for storage in bmc.storage(&system).await? {
        controllers.push(Controller::of(bmc, &storage).await?);
    }
    Ok(controllers)
}

/// All controllers as the vendor method shows them.
pub(crate) async fn summaries(bmc: &NodeBmc) -> Result<Value, Error> {
    let controllers = all(bmc).await?;
    Ok(controllers.iter().map(Controller::summary).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(readable(0), "0.0B");
        assert_eq!(readable(599_013_720_064), "557.9GB");
        assert_eq!(readable(4_000_225_165_312), "3.6TB");
        assert_eq!(readable(i64::MAX), "8.0EB");
    }
}

#[cfg(test)]
mod hostile {
    use std::sync::Arc;

    use proptest::prelude::*;
    use serde_json::Map;

    use super::*;

    const NAMES: &[&str] = &[
        "Id",
        "Name",
        "Oem",
        "Huawei",
        "DriveID",
        "FirmwareStatus",
        "SerialNumber",
        "MediaType",
        "CapacityBytes",
        "Links",
        "Drives",
        "@odata.id",
        "VolumeRaidLevel",
        "SpanNumber",
        "BootEnable",
    ];

    fn any_members() -> impl Strategy<Value = Map<String, Value>> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "(/redfish/v1/.{0,4}|.{0,6})".prop_map(Value::from),
        ];
        let tree = leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(prop::sample::select(NAMES), inner, 0..5).prop_map(
                    |map| Value::Object(
                        map.into_iter()
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect()
                    )
                ),
            ]
        });
        prop::collection::btree_map(prop::sample::select(NAMES), tree, 0..10).prop_map(|map| {
            map.into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        })
    }

    proptest! {
        /// Whatever an iBMC shows as a disk or volume is read, or refused with the place that is wrong.
        #[test]
        fn no_document_upsets_a_decoder(members in any_members()) {
            let path = ResourcePath::parse("/redfish/v1/X").unwrap();
            let document = Document::new(&Arc::new("https://bmc.example".into()), path, None, members);
            let errors = [Disk::of(document.clone()).err(), Volume::of(document).err()];
            for error in errors.into_iter().flatten() {
                prop_assert!(error.to_string().contains("/redfish/v1/X"), "{error}");
            }
        }
    }
}
