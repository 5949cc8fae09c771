//! Failures as Ironic names them: ONE table of exception classes with HTTP code and parent.
//!
//! A [`Fault`] is what crosses a process boundary (REST body, RPC failure, `last_error`). Inside a
//! crate, errors are typed enums; each has one conversion to `Fault` at its boundary.
//! Source of the table: Ironic 39.0.0, `ironic.common.exception` as observed on the wire.

use std::borrow::Cow;

/// A word that is not in one of the closed lists of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is not a known {what}")]
pub struct UnknownWord {
    /// The list that was consulted, e.g. "provision state".
    pub what: &'static str,
    /// The word that was given.
    pub word: String,
}

macro_rules! classes {
    ($($name:ident = $code:literal < $parent:ident,)+) => {
        /// An exception class of Ironic: its name, HTTP code and parent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are Ironic's and say all there is to say")]
        pub enum Class { $($name,)+ }

        impl Class {
            /// Every class, in alphabetical order.
            pub const ALL: &'static [Class] = &[$(Class::$name,)+];

            /// The class name as it travels over RPC.
            pub const fn name(self) -> &'static str {
                match self { $(Class::$name => stringify!($name),)+ }
            }

            /// The HTTP status the REST API answers with (400–599).
            pub const fn code(self) -> u16 {
                match self { $(Class::$name => $code,)+ }
            }

            /// The class it inherits from; the roots name themselves.
            pub const fn parent(self) -> Class {
                match self { $(Class::$name => Class::$parent,)+ }
            }

            /// Looks a class up by its wire name.
            pub fn from_name(name: &str) -> Option<Class> {
                match name { $(stringify!($name) => Some(Class::$name),)+ _ => None }
            }
        }
    };
}

classes! {
    AgentAPIError = 500 < IronicException,
    AgentCommandTimeout = 500 < IronicException,
    AgentConnectionFailed = 500 < IronicException,
    AgentInProgress = 500 < IronicException,
    AllocationAlreadyExists = 409 < Conflict,
    AllocationDuplicateName = 409 < Conflict,
    AllocationFailed = 500 < IronicException,
    AllocationNotFound = 404 < NotFound,
    BIOSSettingAlreadyExists = 409 < Conflict,
    BIOSSettingListNotFound = 404 < NotFound,
    BIOSSettingNotFound = 404 < NotFound,
    BadRequest = 400 < IronicException,
    BootModeNotAllowed = 400 < Invalid,
    CatalogNotFound = 500 < IronicException,
    ChassisAlreadyExists = 409 < Conflict,
    ChassisNotEmpty = 400 < Invalid,
    ChassisNotFound = 404 < NotFound,
    ChildNodeLocked = 409 < Conflict,
    ClientSideError = 500 < ClientSideError,
    CommunicationError = 500 < IronicException,
    ConcurrentActionLimit = 503 < TemporaryFailure,
    ConductorAlreadyRegistered = 500 < IronicException,
    ConductorHardwareInterfacesAlreadyRegistered = 500 < IronicException,
    ConductorNotFound = 404 < NotFound,
    ConfigDriveRegenerationFailure = 500 < IronicException,
    ConfigInvalid = 500 < IronicException,
    ConfigNotFound = 500 < IronicException,
    Conflict = 409 < IronicException,
    ConsoleContainerError = 500 < IronicException,
    ConsoleError = 500 < IronicException,
    ConsoleSubprocessFailed = 500 < ConsoleError,
    DHCPLoadError = 500 < IronicException,
    DatabaseVersionTooOld = 500 < IronicException,
    DeployTemplateAlreadyExists = 409 < Conflict,
    DeployTemplateDuplicateName = 409 < Conflict,
    DeployTemplateNotFound = 404 < NotFound,
    DirectoryNotWritable = 500 < IronicException,
    DracOperationError = 500 < DriverOperationError,
    DriverLoadError = 500 < IronicException,
    DriverNotFound = 404 < NotFound,
    DriverNotFoundInEntrypoint = 404 < DriverNotFound,
    DriverOperationError = 500 < IronicException,
    Duplicate = 500 < IronicException,
    DuplicateName = 409 < Conflict,
    DuplicateNodeOnLookup = 404 < NodeNotFound,
    ExclusiveLockRequired = 403 < NotAuthorized,
    FailedToCleanDHCPOpts = 500 < IronicException,
    FailedToGetIPAddressOnPort = 500 < IronicException,
    FailedToGetSensorData = 500 < IronicException,
    FailedToParseSensorData = 500 < IronicException,
    FailedToUpdateDHCPOptOnPort = 500 < IronicException,
    FailedToUpdateMacOnPort = 500 < IronicException,
    FileSystemNotSupported = 500 < IronicException,
    FirmwareComponentAlreadyExists = 409 < Conflict,
    FirmwareComponentNotFound = 404 < NotFound,
    GlanceConnectionFailed = 500 < IronicException,
    HTTPForbidden = 403 < NotAuthorized,
    HTTPNotFound = 404 < IronicException,
    HardwareInspectionFailure = 500 < IronicException,
    IPMIFailure = 500 < IronicException,
    ImageChecksumAlgorithmFailure = 500 < InvalidImage,
    ImageChecksumError = 500 < InvalidImage,
    ImageChecksumFileReadFailure = 503 < InvalidImage,
    ImageChecksumURLNotSupported = 500 < InvalidImage,
    ImageConvertFailed = 500 < IronicException,
    ImageCreationFailed = 500 < IronicException,
    ImageDownloadFailed = 500 < IronicException,
    ImageHostRateLimitFailure = 503 < TemporaryFailure,
    ImageMatchFailure = 500 < InvalidImage,
    ImageNotAuthorized = 403 < NotAuthorized,
    ImageNotFound = 404 < NotFound,
    ImageRefValidationFailed = 500 < IronicException,
    ImageServiceAuthenticationRequired = 500 < ImageUnacceptable,
    ImageUnacceptable = 500 < IronicException,
    ImageUploadFailed = 500 < IronicException,
    IncompatibleInterface = 400 < InvalidParameterValue,
    IncompleteLookup = 400 < Invalid,
    IncorrectConfiguration = 500 < IronicException,
    InputFileError = 500 < IronicException,
    InspectionRuleAlreadyExists = 409 < Conflict,
    InspectionRuleExecutionFailure = 500 < HardwareInspectionFailure,
    InspectionRuleNotFound = 404 < NotFound,
    InspectionRuleValidationFailure = 500 < IronicException,
    InstanceAssociated = 409 < Conflict,
    InstanceDeployFailure = 500 < IronicException,
    InstanceNotFound = 404 < NotFound,
    InstanceRescueFailure = 500 < IronicException,
    InstanceUnrescueFailure = 500 < IronicException,
    InsufficientDiskSpace = 500 < IronicException,
    InsufficientMemory = 500 < IronicException,
    InterfaceNotFoundInEntrypoint = 400 < InvalidParameterValue,
    Invalid = 400 < IronicException,
    InvalidConductorGroup = 400 < Invalid,
    InvalidContent = 400 < Invalid,
    InvalidDatapathID = 400 < Invalid,
    InvalidDeployTemplate = 400 < Invalid,
    InvalidEndpoint = 500 < IronicException,
    InvalidIPAddress = 500 < IronicException,
    InvalidIPv4Address = 500 < IronicException,
    InvalidIdentity = 400 < Invalid,
    InvalidImage = 500 < ImageUnacceptable,
    InvalidImageRef = 400 < InvalidParameterValue,
    InvalidInput = 500 < ClientSideError,
    InvalidKickstartFile = 400 < Invalid,
    InvalidKickstartTemplate = 400 < Invalid,
    InvalidMAC = 400 < Invalid,
    InvalidMetricConfig = 400 < Invalid,
    InvalidName = 400 < Invalid,
    InvalidNodeInventory = 400 < Invalid,
    InvalidParameterValue = 400 < Invalid,
    InvalidRunbook = 400 < Invalid,
    InvalidState = 409 < Conflict,
    InvalidStateRequested = 400 < Invalid,
    InvalidSwitchID = 400 < Invalid,
    InvalidUUID = 400 < Invalid,
    InvalidUuidOrName = 400 < Invalid,
    IronicException = 500 < IronicException,
    KeystoneFailure = 500 < IronicException,
    KeystoneUnauthorized = 500 < IronicException,
    MACAlreadyExists = 409 < Conflict,
    MalformedRequestURI = 400 < Invalid,
    MetricsNotSupported = 500 < IronicException,
    MissingParameterValue = 400 < InvalidParameterValue,
    NetworkError = 500 < IronicException,
    NoConsolePid = 500 < ConsoleError,
    NoDriversLoaded = 500 < IronicException,
    NoFreeConductorWorker = 503 < TemporaryFailure,
    NoFreeIPMITerminalPorts = 503 < TemporaryFailure,
    NoFreePhysicalPorts = 400 < Invalid,
    NoValidDefaultForInterface = 400 < InvalidParameterValue,
    NoValidHost = 404 < NotFound,
    NodeAlreadyExists = 409 < Conflict,
    NodeAssociated = 409 < InvalidState,
    NodeCleaningFailure = 500 < IronicException,
    NodeConsoleNotEnabled = 400 < Invalid,
    NodeHistoryNotFound = 404 < NotFound,
    NodeInMaintenance = 400 < Invalid,
    NodeInventoryAlreadyExists = 409 < Conflict,
    NodeInventoryNotFound = 404 < NotFound,
    NodeIsRetired = 400 < Invalid,
    NodeLocked = 409 < Conflict,
    NodeMaintenanceFailure = 400 < Invalid,
    NodeNotFound = 404 < NotFound,
    NodeNotLocked = 400 < Invalid,
    NodeProtected = 403 < HTTPForbidden,
    NodeServicingFailure = 500 < IronicException,
    NodeTagNotFound = 500 < IronicException,
    NodeTraitNotFound = 404 < NotFound,
    NodeVerifyFailure = 500 < IronicException,
    NotAcceptable = 406 < IronicException,
    NotAuthorized = 403 < IronicException,
    NotFound = 404 < IronicException,
    NotificationPayloadError = 500 < IronicException,
    NotificationSchemaKeyError = 500 < IronicException,
    NotificationSchemaObjectError = 500 < IronicException,
    OciImageNotSpecific = 500 < InvalidImage,
    OciImageTagNotFound = 404 < ImageNotFound,
    OperationNotPermitted = 403 < NotAuthorized,
    ParentNodeLocked = 409 < Conflict,
    PasswordFileFailedToCreate = 500 < IronicException,
    PatchError = 400 < Invalid,
    PathNotFound = 500 < IronicException,
    PortAlreadyExists = 409 < Conflict,
    PortDuplicateName = 409 < Conflict,
    PortNotFound = 404 < NotFound,
    PortgroupAlreadyExists = 409 < Conflict,
    PortgroupDuplicateName = 409 < Conflict,
    PortgroupMACAlreadyExists = 409 < Conflict,
    PortgroupNotEmpty = 400 < Invalid,
    PortgroupNotFound = 404 < NotFound,
    PortgroupPhysnetInconsistent = 500 < IronicException,
    PowerStateFailure = 409 < InvalidState,
    RFBAuthHandshakeFailed = 500 < IronicException,
    RFBAuthNoAvailableScheme = 500 < IronicException,
    RedfishConnectionError = 500 < RedfishError,
    RedfishError = 500 < DriverOperationError,
    RuleActionExecutionFailure = 500 < InspectionRuleExecutionFailure,
    RuleConditionCheckFailure = 500 < InspectionRuleExecutionFailure,
    RunbookAlreadyExists = 409 < Conflict,
    RunbookDuplicateName = 409 < Conflict,
    RunbookNotFound = 404 < NotFound,
    RunbookTraitNotFound = 404 < NotFound,
    SNMPFailure = 500 < DriverOperationError,
    SecurityProxyNegotiationFailed = 500 < IronicException,
    ServiceLookupFailure = 500 < IronicException,
    ServiceRegistrationFailure = 500 < IronicException,
    ServiceUnavailable = 500 < IronicException,
    StepNotAllowed = 400 < Invalid,
    StorageError = 500 < IronicException,
    SwiftObjectNotFoundError = 500 < SwiftOperationError,
    SwiftObjectStillExists = 500 < IronicException,
    SwiftOperationError = 500 < IronicException,
    SwitchNotFound = 404 < NotFound,
    TBNAttributeRetrievalException = 500 < TraitBasedNetworkingException,
    TBNComparatorCollectionTypeMismatch = 500 < TraitBasedNetworkingException,
    TBNComparatorPrefixMatchTypeMismatch = 500 < TraitBasedNetworkingException,
    TBNNoPortMatchesFound = 500 < TraitBasedNetworkingException,
    TBNNoTraitsApplicableToNode = 500 < TraitBasedNetworkingException,
    TemporaryFailure = 503 < IronicException,
    TraitBasedNetworkingException = 500 < IronicException,
    Unauthorized = 401 < IronicException,
    UnknownArgument = 500 < ClientSideError,
    UnknownAttribute = 500 < ClientSideError,
    UnsupportedDriverExtension = 400 < Invalid,
    UnsupportedHardwareFeature = 400 < Invalid,
    VendorPassthruException = 500 < IronicException,
    VifAlreadyAttached = 409 < Conflict,
    VifInvalidForAttach = 409 < Conflict,
    VifNotAttached = 400 < Invalid,
    VolumeConnectorAlreadyExists = 409 < Conflict,
    VolumeConnectorNotFound = 404 < NotFound,
    VolumeConnectorTypeAndIdAlreadyExists = 409 < Conflict,
    VolumeTargetAlreadyExists = 409 < Conflict,
    VolumeTargetBootIndexAlreadyExists = 409 < Conflict,
    VolumeTargetNotFound = 404 < NotFound,
}

impl Class {
    /// Whether `self` is `ancestor` or inherits from it.
    pub fn is_a(self, ancestor: Class) -> bool {
        let mut class = self;
        loop {
            if class == ancestor {
                return true;
            }
            let parent = class.parent();
            if parent == class {
                return false;
            }
            class = parent;
        }
    }
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A failure on its way to an operator: class, public text, and the HTTP code if it was overridden.
///
/// The message must be readable alone at 3 a.m.: which node, which BMC, what was tried, what to do.
/// It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What kind of failure, in Ironic's vocabulary.
    pub class: Class,
    /// The public text.
    pub message: Cow<'static, str>,
    /// An HTTP status that differs from the class's own (seen for vendor passthru and BMC calls).
    pub code_override: Option<u16>,
}

impl Fault {
    /// A fault of `class` with its usual HTTP code.
    pub fn new(class: Class, message: impl Into<Cow<'static, str>>) -> Self {
        Fault {
            class,
            message: message.into(),
            code_override: None,
        }
    }

    /// The same fault answered with another HTTP status.
    #[must_use]
    pub fn with_code(mut self, code: u16) -> Self {
        self.code_override = Some(code);
        self
    }

    /// The HTTP status to answer with.
    pub fn code(&self) -> u16 {
        self.code_override.unwrap_or(self.class.code())
    }

    /// Whether the fault's class is `ancestor` or inherits from it.
    pub fn is_a(&self, ancestor: Class) -> bool {
        self.class.is_a(ancestor)
    }
}

/// Short constructors for the classes that are raised all over the place.
macro_rules! shorthands {
    ($($(#[$meta:meta])* $function:ident => $class:ident;)+) => {
        impl Fault {
            $($(#[$meta])*
            pub fn $function(message: impl Into<Cow<'static, str>>) -> Self {
                Fault::new(Class::$class, message)
            })+
        }
    };
}

shorthands! {
    /// 400: a value that does not fit.
    invalid_parameter => InvalidParameterValue;
    /// 400: a value that is needed and absent.
    missing_parameter => MissingParameterValue;
    /// 400: well-formed but not allowed.
    invalid => Invalid;
    /// 400: the verb does not fit the node's state.
    invalid_state_requested => InvalidStateRequested;
    /// 400: the driver has no such function.
    unsupported => UnsupportedDriverExtension;
    /// 404: no such thing.
    not_found => NotFound;
    /// 409: clashes with what is.
    conflict => Conflict;
    /// 409: somebody else holds the node.
    node_locked => NodeLocked;
    /// 503: try again later.
    temporary => TemporaryFailure;
    /// 500: a failure without a class of its own.
    internal => IronicException;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inheritance_follows_the_table() {
        assert!(Class::MissingParameterValue.is_a(Class::Invalid));
        assert!(Class::NodeAssociated.is_a(Class::Conflict));
        assert!(!Class::NodeNotFound.is_a(Class::Conflict));
    }

    #[test]
    fn names_round_trip() {
        for class in Class::ALL {
            assert_eq!(Class::from_name(class.name()), Some(*class));
            assert!((400..600).contains(&class.code()), "{class}");
        }
    }

    #[test]
    fn the_code_can_be_overridden() {
        assert_eq!(Fault::node_locked("x").code(), 409);
        assert_eq!(Fault::internal("x").with_code(502).code(), 502);
    }
}
