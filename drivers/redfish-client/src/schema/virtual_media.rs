//! `VirtualMedia`: images attached by the BMC as drives.

use serde_json::{Map, Value, json};

use super::{action::Action, view};
use crate::{Result, extended_info::ExtendedInfo, wire_enum::wire_enum};

/// The action that attaches an image.
pub const INSERT: &str = "#VirtualMedia.InsertMedia";
/// The action that detaches it.
pub const EJECT: &str = "#VirtualMedia.EjectMedia";

wire_enum! {
    /// `MediaTypes`.
    MediaType {
        /// CD.
        Cd = "CD",
        /// DVD.
        Dvd = "DVD",
        /// Floppy.
        Floppy = "Floppy",
        /// USB stick.
        UsbStick = "USBStick",
    }
}

view! {
    /// View of one `VirtualMedia` drive.
    VirtualMedia
}

impl VirtualMedia {
    /// `Name`.
    pub fn name(&self) -> Result<Option<&str>> {
        self.document().field("Name").text()
    }

    /// `MediaTypes`, those known.
    pub fn media_types(&self) -> Result<Vec<MediaType>> {
        Ok(self
            .document()
            .field("MediaTypes")
            .texts()?
            .into_iter()
            .filter_map(MediaType::from_wire)
            .collect())
    }

    /// Whether the drive takes media of this type. A drive for DVDs takes CDs (Cisco UCS lists
    /// nothing else).
    pub fn takes(&self, wanted: MediaType) -> Result<bool> {
        let types = self.media_types()?;
        Ok(types.contains(&wanted) || (wanted == MediaType::Cd && types.contains(&MediaType::Dvd)))
    }

    /// `Image`; empty counts as none.
    pub fn image(&self) -> Result<Option<&str>> {
        Ok(self
            .document()
            .field("Image")
            .text()?
            .filter(|image| !image.is_empty()))
    }

    /// `Inserted`.
    pub fn inserted(&self) -> Result<Option<bool>> {
        self.document().field("Inserted").boolean()
    }

    /// Where to post an insertion; `None` on BMCs that want a PATCH instead.
    pub fn insert_action(&self) -> Result<Option<Action>> {
        Action::find(self.document(), INSERT)
    }

    /// Where to post an ejection; `None` on BMCs that want a PATCH instead.
    pub fn eject_action(&self) -> Result<Option<Action>> {
        Action::find(self.document(), EJECT)
    }
}

/// The body of an insertion, which some BMCs want to be longer than others.
#[derive(Debug, Clone, PartialEq)]
pub struct Insertion {
    body: Map<String, Value>,
}

/// What a BMC must say for a property to be added.
struct Completion {
    property: &'static str,
    needs: &'static [&'static str],
}

/// BMCs that refuse the short body and what they name in their refusal (sushy, observed).
const COMPLETIONS: &[Completion] = &[
    Completion {
        property: "TransferProtocolType",
        needs: &["TransferProtocolType"],
    },
    Completion {
        property: "TransferMethod",
        needs: &["TransferMethod"],
    },
    Completion {
        property: "UserName",
        needs: &["UserName", "Password"],
    },
];

impl Insertion {
    /// For the `InsertMedia` action. `Inserted` and `WriteProtected` are left at their defaults,
    /// because some BMCs refuse them.
    pub fn action(image: &str) -> Self {
        Insertion {
            body: Map::from_iter([("Image".to_owned(), json!(image))]),
        }
    }

    /// For a PATCH, which has no defaults.
    pub fn patch(image: &str) -> Value {
        json!({"Image": image, "Inserted": true, "WriteProtected": true})
    }

    /// The body to send.
    pub fn body(&self) -> Value {
        Value::Object(self.body.clone())
    }

    /// Adds what the BMC asked for when it refused the body. False if it asked for nothing new.
    pub fn complete(&mut self, refusal: &ExtendedInfo) -> bool {
        let wanted = COMPLETIONS.iter().find(|completion| {
            !self.body.contains_key(completion.property)
                && completion.needs.iter().any(|name| {
                    refusal.mentions(name)
                        || refusal.messages.iter().any(|message| {
                            message.related.iter().any(|related| related.contains(name))
                        })
                })
        });
        match wanted.map(|completion| completion.property) {
            Some("TransferProtocolType") => {
                let image = self
                    .body
                    .get("Image")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let protocol = image.split(':').next().unwrap_or_default().to_uppercase();
                self.body
                    .insert("TransferProtocolType".to_owned(), json!(protocol));
                true
            }
            Some("TransferMethod") => {
                self.body
                    .insert("TransferMethod".to_owned(), json!("Stream"));
                true
            }
            Some(_) => {
                // NVIDIA DGX wants some credentials, whatever they are.
                self.body.insert("UserName".to_owned(), json!("none"));
                self.body.insert("Password".to_owned(), json!("none"));
                true
            }
            None => false,
        }
    }
}

/// The body of an ejection by PATCH.
pub fn ejection() -> Value {
    json!({"Image": null, "Inserted": false})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_grows_by_what_the_bmc_asks_for() {
        let asks = |name: &str| {
            ExtendedInfo::decode(&json!({"error": {"@Message.ExtendedInfo": [
            {"MessageId": "Base.1.5.ActionParameterMissing", "MessageArgs": ["VirtualMedia.InsertMedia", name]}]}}))
        };
        let mut insertion = Insertion::action("https://images/boot.iso");
        assert_eq!(
            insertion.body(),
            json!({"Image": "https://images/boot.iso"})
        );
        assert!(insertion.complete(&asks("TransferProtocolType")));
        assert_eq!(insertion.body()["TransferProtocolType"], "HTTPS");
        assert!(!insertion.complete(&asks("TransferProtocolType")));
        assert!(insertion.complete(&asks("TransferMethod")));
        assert!(insertion.complete(&asks("Password")));
        assert!(!insertion.complete(&asks("Image")));
    }
}
