//! Names of units, sensor types and entities, in the words of `ipmitool` (IPMI 2.0 tables 43-15,
//! 42-3 and 43-13), by code.

use drivers_ipmi_client::sdr::{Unit, UnitRelation};

const UNITS: [&str; 93] = [
    "unspecified",
    "degrees C",
    "degrees F",
    "degrees K",
    "Volts",
    "Amps",
    "Watts",
    "Joules",
    "Coulombs",
    "VA",
    "Nits",
    "lumen",
    "lux",
    "Candela",
    "kPa",
    "PSI",
    "Newton",
    "CFM",
    "RPM",
    "Hz",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "mil",
    "inches",
    "feet",
    "cu in",
    "cu feet",
    "mm",
    "cm",
    "m",
    "cu cm",
    "cu m",
    "liters",
    "fluid ounce",
    "radians",
    "steradians",
    "revolutions",
    "cycles",
    "gravities",
    "ounce",
    "pound",
    "ft-lb",
    "oz-in",
    "gauss",
    "gilberts",
    "henry",
    "millihenry",
    "farad",
    "microfarad",
    "ohms",
    "siemens",
    "mole",
    "becquerel",
    "PPM",
    "reserved",
    "Decibels",
    "DbA",
    "DbC",
    "gray",
    "sievert",
    "color temp deg K",
    "bit",
    "kilobit",
    "megabit",
    "gigabit",
    "byte",
    "kilobyte",
    "megabyte",
    "gigabyte",
    "word",
    "dword",
    "qword",
    "line",
    "hit",
    "miss",
    "retry",
    "reset",
    "overflow",
    "underrun",
    "collision",
    "packets",
    "messages",
    "characters",
    "error",
    "correctable error",
    "uncorrectable error",
    "fatal error",
    "grams",
];

const SENSOR_TYPES: [&str; 45] = [
    "reserved",
    "Temperature",
    "Voltage",
    "Current",
    "Fan",
    "Physical Security",
    "Platform Security",
    "Processor",
    "Power Supply",
    "Power Unit",
    "Cooling Device",
    "Other",
    "Memory",
    "Drive Slot / Bay",
    "POST Memory Resize",
    "System Firmwares",
    "Event Logging Disabled",
    "Watchdog1",
    "System Event",
    "Critical Interrupt",
    "Button",
    "Module / Board",
    "Microcontroller",
    "Add-in Card",
    "Chassis",
    "Chip Set",
    "Other FRU",
    "Cable / Interconnect",
    "Terminator",
    "System Boot Initiated",
    "Boot Error",
    "OS Boot",
    "OS Critical Stop",
    "Slot / Connector",
    "System ACPI Power State",
    "Watchdog2",
    "Platform Alert",
    "Entity Presence",
    "Monitor ASIC",
    "LAN",
    "Management Subsys Health",
    "Battery",
    "Session Audit",
    "Version Change",
    "FRU State",
];

const ENTITIES: [&str; 67] = [
    "Unspecified",
    "Other",
    "Unknown",
    "Processor",
    "Disk or Disk Bay",
    "Peripheral Bay",
    "System Management Module",
    "System Board",
    "Memory Module",
    "Processor Module",
    "Power Supply",
    "Add-in Card",
    "Front Panel Board",
    "Back Panel Board",
    "Power System Board",
    "Drive Backplane",
    "System Internal Expansion Board",
    "Other System Board",
    "Processor Board",
    "Power Unit",
    "Power Module",
    "Power Management",
    "Chassis Back Panel Board",
    "System Chassis",
    "Sub-Chassis",
    "Other Chassis Board",
    "Disk Drive Bay",
    "Peripheral Bay",
    "Device Bay",
    "Fan Device",
    "Cooling Unit",
    "Cable/Interconnect",
    "Memory Device",
    "System Management Software",
    "BIOS",
    "Operating System",
    "System Bus",
    "Group",
    "Remote Management Device",
    "External Environment",
    "Battery",
    "Processing Blade",
    "Connectivity Switch",
    "Processor/Memory Module",
    "I/O Module",
    "Processor/IO Module",
    "Management Controller Firmware",
    "IPMI Channel",
    "PCI Bus",
    "PCI Express Bus",
    "SCSI Bus (parallel)",
    "SATA/SAS Bus",
    "Processor/Front-Side Bus",
    "Real Time Clock(RTC)",
    "Reserved",
    "Air Inlet",
    "Reserved",
    "Reserved",
    "Reserved",
    "Reserved",
    "Reserved",
    "Reserved",
    "Reserved",
    "Reserved",
    "Air Inlet",
    "Processor",
    "Baseboard/Main System Board",
];

/// Entities of PICMG, beyond the table.
const PICMG_ENTITIES: [(u8, &str); 7] = [
    (0xa0, "PICMG Front Board"),
    (0xc0, "PICMG Rear Transition Module"),
    (0xc1, "PICMG AdvancedMC Module"),
    (0xf0, "PICMG Shelf Management Controller"),
    (0xf1, "PICMG Filtration Unit"),
    (0xf2, "PICMG Shelf FRU Information"),
    (0xf3, "PICMG Alarm Panel"),
];

fn unit_name(code: u8) -> &'static str {
    UNITS.get(usize::from(code)).copied().unwrap_or("invalid")
}

/// A unit with its modifier, as it stands behind a number.
pub(super) fn unit(unit: &Unit) -> String {
    let base = unit_name(unit.base);
    let modifier = unit_name(unit.modifier);
    let percent = if unit.percent { "% " } else { "" };
    match unit.relation {
        UnitRelation::Multiplied => format!("{percent}{base}*{modifier}"),
        UnitRelation::Divided => format!("{percent}{base}/{modifier}"),
        UnitRelation::None if unit.base == 0 && unit.percent => "percent".to_owned(),
        UnitRelation::None => format!("{percent}{base}"),
    }
}

/// A sensor type.
pub(super) fn sensor_type(code: u8) -> &'static str {
    SENSOR_TYPES
        .get(usize::from(code))
        .copied()
        .unwrap_or("Unknown")
}

/// What a sensor belongs to.
pub(super) fn entity(code: u8) -> String {
    ENTITIES
        .get(usize::from(code))
        .copied()
        .or_else(|| {
            PICMG_ENTITIES
                .iter()
                .find(|row| row.0 == code)
                .map(|row| row.1)
        })
        .map_or_else(|| format!("Unknown (0x{code:02X})"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_specification() {
        assert_eq!(unit_name(18), "RPM");
        assert_eq!(unit_name(92), "grams");
        assert_eq!(unit_name(200), "invalid");
        assert_eq!(sensor_type(0x29), "Battery");
        assert_eq!(sensor_type(0x2c), "FRU State");
        assert_eq!(sensor_type(0xc0), "Unknown");
        assert_eq!(entity(0x1d), "Fan Device");
        assert_eq!(entity(0x42), "Baseboard/Main System Board");
        assert_eq!(entity(0xf3), "PICMG Alarm Panel");
    }

    #[test]
    fn units_combine() {
        let plain = Unit {
            percent: false,
            relation: UnitRelation::None,
            base: 4,
            modifier: 22,
        };
        assert_eq!(unit(&plain), "Volts");
        let divided = Unit {
            relation: UnitRelation::Divided,
            ..plain
        };
        assert_eq!(unit(&divided), "Volts/second");
        let percent = Unit {
            percent: true,
            base: 0,
            ..plain
        };
        assert_eq!(unit(&percent), "percent");
    }
}
