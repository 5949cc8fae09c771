//! What comes back from a call.

use schemas_model::{Allocation, Node, Port, Portgroup, VolumeConnector, VolumeTarget};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::objects::Versioned;
use crate::objects::release::Pin;
use crate::wire::{Mismatch, Wire, kind};

/// The result of any method. Objects stay typed; everything else is JSON from the driver to the API.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named after what they hold")]
pub enum Reply {
    /// Nothing but "it is done" (or "it has begun").
    None,
    Json(Value),
    Node(Box<Versioned<Node>>),
    Port(Box<Versioned<Port>>),
    Portgroup(Box<Versioned<Portgroup>>),
    Allocation(Box<Versioned<Allocation>>),
    VolumeConnector(Box<Versioned<VolumeConnector>>),
    VolumeTarget(Box<Versioned<VolumeTarget>>),
}

impl Reply {
    /// The JSON form, with objects in the versions of the pinned release.
    pub fn to_wire(&self, pin: Pin) -> Value {
        match self {
            Reply::None => Value::Null,
            Reply::Json(value) => value.clone(),
            Reply::Node(object) => object.to_wire_pinned(pin),
            Reply::Port(object) => object.to_wire_pinned(pin),
            Reply::Portgroup(object) => object.to_wire_pinned(pin),
            Reply::Allocation(object) => object.to_wire_pinned(pin),
            Reply::VolumeConnector(object) => object.to_wire_pinned(pin),
            Reply::VolumeTarget(object) => object.to_wire_pinned(pin),
        }
    }
}

/// The reply type of one method.
///
/// Handlers end with `.into_reply()`; callers get the type itself.
pub trait Answer: Sized + Send {
    /// As the reply of any method.
    fn into_reply(self) -> Reply;

    /// Out of the reply of any method; `None` when it is of another type.
    fn from_reply(reply: Reply) -> Option<Self>;

    /// Out of the JSON form.
    ///
    /// # Errors
    /// [`Mismatch`] when the value does not fit.
    fn from_wire(value: Value) -> Result<Self, Mismatch>;
}

impl Answer for () {
    fn into_reply(self) -> Reply {
        Reply::None
    }
    fn from_reply(_: Reply) -> Option<Self> {
        Some(())
    }
    fn from_wire(_: Value) -> Result<Self, Mismatch> {
        Ok(())
    }
}

macro_rules! objects {
    ($($name:ident),+) => {$(
        impl Answer for Box<Versioned<$name>> {
            fn into_reply(self) -> Reply {
                Reply::$name(self)
            }
            fn from_reply(reply: Reply) -> Option<Self> {
                match reply {
                    Reply::$name(object) => Some(object),
                    _ => None,
                }
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                Wire::from_wire(value)
            }
        }
    )+};
}
objects!(
    Node,
    Port,
    Portgroup,
    Allocation,
    VolumeConnector,
    VolumeTarget
);

macro_rules! json {
    ($($type:ty),+) => {$(
        impl Answer for $type {
            fn into_reply(self) -> Reply {
                Reply::Json(Wire::to_wire(&self))
            }
            fn from_reply(reply: Reply) -> Option<Self> {
                match reply {
                    Reply::Json(value) => Wire::from_wire(value).ok(),
                    _ => None,
                }
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                Wire::from_wire(value)
            }
        }
    )+};
}
json!(Value, Map<String, Value>, Vec<String>, Vec<Value>, String, BootDevice, VendorResponse);

/// What a node boots from next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootDevice {
    /// The device, if known.
    pub boot_device: Option<String>,
    /// Whether it stays after the next boot, if known.
    pub persistent: Option<bool>,
}

/// What a vendor method answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VendorResponse {
    /// The method's result.
    #[serde(rename = "return")]
    pub value: Value,
    /// Whether the method goes on in the background.
    pub r#async: bool,
    /// Whether the result is a file for download.
    pub attach: bool,
}

macro_rules! by_serde {
    ($($type:ty: $expected:literal),+) => {$(
        impl Wire for $type {
            fn to_wire(&self) -> Value {
                serde_json::to_value(self).unwrap_or_default()
            }
            fn from_wire(value: Value) -> Result<Self, Mismatch> {
                let got = kind(&value);
                serde_json::from_value(value).map_err(|_| Mismatch::Type { expected: $expected, got })
            }
        }
    )+};
}
by_serde!(BootDevice: "a boot device and its persistence", VendorResponse: "a vendor response");
