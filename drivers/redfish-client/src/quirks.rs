//! What makes some vendors' BMCs differ, as data.

use crate::schema::boot::BootTarget;

/// The peculiarities of one vendor that operations take into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quirks {
    /// How the vendor is recognised.
    pub vendor: Vendor,
    /// Target, enabled and mode must be sent together, also when they don't change.
    pub whole_boot_request: bool,
    /// `BootSourceOverrideEnabled` must be sent with a target also when it doesn't change; other
    /// BMCs refuse just that.
    pub always_send_enabled: bool,
    /// Changing the boot device resets the boot mode, which must be set again.
    pub boot_mode_follows: bool,
    /// A boot target to use instead of another, where the BMC lists it.
    pub instead: Option<(BootTarget, BootTarget)>,
}

/// A vendor by its name in the node's properties or in the system's `Manufacturer`, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// The name is this.
    Is(&'static str),
    /// The name contains this.
    Has(&'static str),
    /// Everyone else.
    Any,
}

const PLAIN: Quirks = Quirks {
    vendor: Vendor::Any,
    whole_boot_request: false,
    always_send_enabled: false,
    boot_mode_follows: false,
    instead: None,
};

const fn whole(vendor: &'static str) -> Quirks {
    Quirks {
        vendor: Vendor::Has(vendor),
        whole_boot_request: true,
        ..PLAIN
    }
}

/// The table; the first match counts. Facts from Ironic 39.0.0 and sushy, observed.
const TABLE: &[Quirks] = &[
    whole("american megatrends international"),
    whole("ami"),
    whole("asrockrack"),
    whole("redfish_compatible"),
    // iBMC takes the boot mode only together with target and duration.
    whole("huawei"),
    Quirks {
        vendor: Vendor::Is("supermicro"),
        always_send_enabled: true,
        boot_mode_follows: true,
        // Virtual media are a "USB CD"; booting from "Cd" fails.
        instead: Some((BootTarget::Cd, BootTarget::UsbCd)),
        ..PLAIN
    },
    PLAIN,
];

impl Quirks {
    /// All rows, the one for everyone else last.
    pub const fn table() -> &'static [Quirks] {
        TABLE
    }

    /// The row for a vendor's name; without a name, the plain one.
    pub fn of(vendor: Option<&str>) -> Self {
        let name = vendor.unwrap_or_default().to_lowercase();
        let matches = |row: &&Quirks| match row.vendor {
            Vendor::Is(known) => name == known,
            Vendor::Has(part) => name.contains(part),
            Vendor::Any => true,
        };
        TABLE.iter().find(matches).copied().unwrap_or(PLAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_are_recognised() {
        assert!(Quirks::of(Some("American Megatrends International LLC")).whole_boot_request);
        assert!(Quirks::of(Some("Supermicro")).always_send_enabled);
        assert!(!Quirks::of(Some("Supermicro Inc")).always_send_enabled);
        assert_eq!(Quirks::of(Some("Dell Inc.")), PLAIN);
        assert_eq!(Quirks::of(None), PLAIN);
    }
}
