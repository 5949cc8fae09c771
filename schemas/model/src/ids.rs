//! Identifiers. Database ids are numbers that never leave the cluster; UUIDs are what people use.

use crate::error::UnknownWord;

macro_rules! database_ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i32);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

database_ids! {
    /// `nodes.id`
    NodeId;
    /// `chassis.id`
    ChassisId;
    /// `ports.id`
    PortId;
    /// `portgroups.id`
    PortgroupId;
    /// `conductors.id`
    ConductorId;
    /// `allocations.id`
    AllocationId;
    /// `deploy_templates.id`
    DeployTemplateId;
    /// `runbooks.id`
    RunbookId;
    /// `inspection_rules.id`
    InspectionRuleId;
    /// `volume_connectors.id`
    VolumeConnectorId;
    /// `volume_targets.id`
    VolumeTargetId;
}

/// A UUID exactly as it was given.
///
/// Ironic stores and shows the text a client sent (upper case, no hyphens), so the text is kept;
/// [`Uuid::parse`] accepts what `oslo_utils.uuidutils.is_uuid_like` accepts. Equality is textual,
/// as it is in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(Box<str>);

impl Uuid {
    /// A new random (version 4) UUID in canonical form.
    pub fn random() -> Self {
        Uuid(uuid::Uuid::new_v4().to_string().into())
    }

    /// Accepts UUID-like text: hex digits with or without hyphens, any case, optionally in braces
    /// or after `urn:uuid:`.
    ///
    /// # Errors
    /// [`UnknownWord`] when the text is not UUID-like.
    pub fn parse(text: &str) -> Result<Self, UnknownWord> {
        if Self::is_like(text) {
            Ok(Uuid(text.into()))
        } else {
            Err(UnknownWord {
                what: "UUID",
                word: text.to_owned(),
            })
        }
    }

    /// Whether the text would be accepted by [`Uuid::parse`].
    pub fn is_like(text: &str) -> bool {
        let stripped = text.replace("urn:", "").replace("uuid:", "");
        let stripped = stripped.trim_matches(|c| c == '{' || c == '}');
        let digits = stripped.bytes().filter(|b| *b != b'-');
        let mut count = 0;
        for digit in digits {
            if !digit.is_ascii_hexdigit() {
                return false;
            }
            count += 1;
        }
        count == 32
    }

    /// Wraps text that a database or a peer already holds as a UUID; not checked.
    pub fn from_stored(text: String) -> Self {
        Uuid(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Uuid {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl AsRef<str> for Uuid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for Uuid {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Uuid {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Uuid::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Uuid;

    #[test]
    fn uuid_like_text() {
        assert!(Uuid::is_like("1be26c0b-03f2-4d2e-ae87-c02d7f33c123"));
        assert!(Uuid::is_like("1BE26C0B03F24D2EAE87C02D7F33C123"));
        assert!(!Uuid::is_like("1be26c0b-03f2-4d2e-ae87-c02d7f33c12"));
        assert!(!Uuid::is_like("1be26c0b-03f2-4d2e-ae87-c02d7f33c12g"));
        assert!(!Uuid::is_like(""));
    }

    #[test]
    fn random_uuids_are_uuid_like_and_differ() {
        let (a, b) = (Uuid::random(), Uuid::random());
        assert!(Uuid::is_like(a.as_str()));
        assert_ne!(a, b);
    }
}
