//! What can be updated, by the names Ironic gives it.

/// A firmware component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    /// The machine's own firmware: written while the machine starts.
    Bios,
    /// The BMC: restarts by itself.
    Bmc,
    /// A network adapter: some need a start of the machine before, some after.
    Nic,
}

/// Before the id of an adapter.
pub(super) const NIC_PREFIX: &str = "nic:";

impl Component {
    /// By its name: `bios`, `bmc`, or `nic:` with the id of the adapter.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "bios" => Some(Component::Bios),
            "bmc" => Some(Component::Bmc),
            name if name.starts_with(NIC_PREFIX) => Some(Component::Nic),
            _ => None,
        }
    }
}
