//! Actions: what a rule does to a node whose data meet its conditions.

use super::Signature;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What a rule does.
    pub enum Action("inspection rule action") {
        /// Fails the inspection.
        Fail = "fail",
        /// Writes a log message.
        Log = "log",
        /// Sets a field of the node, or a member of one.
        SetAttribute = "set-attribute",
        /// Appends to a list in the node.
        ExtendAttribute = "extend-attribute",
        /// Removes a member of a field of the node.
        DelAttribute = "del-attribute",
        /// Sets a capability.
        SetCapability = "set-capability",
        /// Removes a capability.
        UnsetCapability = "unset-capability",
        /// Adds a trait.
        AddTrait = "add-trait",
        /// Removes a trait.
        RemoveTrait = "remove-trait",
        /// Sets a member of the plugin data.
        SetPluginData = "set-plugin-data",
        /// Appends to a list in the plugin data.
        ExtendPluginData = "extend-plugin-data",
        /// Removes a member of the plugin data.
        UnsetPluginData = "unset-plugin-data",
        /// Sets a field of a port, or a member of one.
        SetPortAttribute = "set-port-attribute",
        /// Appends to a list in a port.
        ExtendPortAttribute = "extend-port-attribute",
        /// Removes a member of a field of a port.
        DelPortAttribute = "del-port-attribute",
        /// Requests a URL.
        ApiCall = "api-call",
    }
}

impl Action {
    /// The arguments.
    pub const fn signature(self) -> Signature {
        match self {
            Action::Fail => Signature::new(&["msg"], &[]),
            Action::Log => Signature::new(&["msg"], &["level"]),
            Action::SetAttribute => Signature::new(&["path", "value"], &[]),
            Action::ExtendAttribute => Signature::new(&["path", "value"], &["unique"]),
            Action::DelAttribute => Signature::new(&["path"], &[]),
            Action::SetCapability => Signature::new(&["name", "value"], &[]),
            Action::UnsetCapability | Action::AddTrait | Action::RemoveTrait => {
                Signature::new(&["name"], &[])
            }
            Action::SetPluginData => Signature::new(&["path", "value", PLUGIN_DATA], &[]),
            Action::ExtendPluginData => {
                Signature::new(&["path", "value", PLUGIN_DATA], &["unique"])
            }
            Action::UnsetPluginData => Signature::new(&["path", PLUGIN_DATA], &[]),
            Action::SetPortAttribute => Signature::new(&["port_id", "path", "value"], &[]),
            Action::ExtendPortAttribute => {
                Signature::new(&["port_id", "path", "value"], &["unique"])
            }
            Action::DelPortAttribute => Signature::new(&["port_id", "path"], &[]),
            Action::ApiCall => Signature::new(
                &["url"],
                &["headers", "proxies", "timeout", "retries", "backoff_factor"],
            ),
        }
    }

    /// The arguments in which `{inventory[...]}` and the like are filled in outside loops.
    pub const fn interpolated(self) -> &'static [&'static str] {
        match self {
            Action::Log => &["msg"],
            Action::SetAttribute
            | Action::ExtendAttribute
            | Action::SetCapability
            | Action::SetPluginData
            | Action::ExtendPluginData
            | Action::SetPortAttribute
            | Action::ExtendPortAttribute => &["value"],
            Action::ApiCall => &["url"],
            _ => &[],
        }
    }

    /// Whether the plugin data are among its arguments; the engine puts them there.
    pub const fn takes_plugin_data(self) -> bool {
        matches!(
            self,
            Action::SetPluginData | Action::ExtendPluginData | Action::UnsetPluginData
        )
    }
}

/// The argument that nobody writes and everybody sees.
pub(super) const PLUGIN_DATA: &str = "plugin_data";
