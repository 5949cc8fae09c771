//! THE microversion list, and the negotiation of one of them.
//!
//! Every other table (operations, fields, parameters, verbs) names a row of this list as its
//! `since`; this file is the only one that compares numbers.
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.versions`.

/// The major version; there is only one.
pub const MAJOR: u16 = 1;

macro_rules! microversions {
    ($($minor:literal $name:ident $reason:literal;)+) => {
        /// A row of the microversion list: what became possible with it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each row carries its reason")]
        #[repr(u16)]
        pub enum Feature { $($name = $minor,)+ }

        impl Feature {
            /// Every microversion, oldest first.
            pub const ALL: &'static [Feature] = &[$(Feature::$name,)+];

            /// What the microversion brought.
            pub const fn reason(self) -> &'static str {
                match self { $(Feature::$name => $reason,)+ }
            }
        }
    };
}

microversions! {
    1   InitialVersion                    "what Kilo's first release offered";
    2   AvailableState                    "new state `available` instead of null";
    3   DriverInternalInfo                "node field driver_internal_info";
    4   ManageableState                   "verbs manage and provide";
    5   NodeName                          "node names";
    6   InspectState                      "inspection: verb and timestamps";
    7   NodeClean                         "node field clean_step";
    8   FetchingSubsetOfFields            "choice of fields in answers";
    9   ProvisionStateFilter              "nodes by provision_state";
    10  UnrestrictedNodeName              "node names of any unreserved characters";
    11  EnrollState                       "new nodes start in enroll";
    12  RaidConfig                        "RAID configuration";
    13  AbortVerb                         "verb abort";
    14  LinksNodestatesDriverproperties   "links to states and driver properties";
    15  ManualClean                       "manual cleaning";
    16  DriverFilter                      "nodes by driver";
    17  AdoptVerb                         "verb adopt";
    18  PortInternalInfo                  "port field internal_info";
    19  PortAdvancedNetFields             "port fields pxe_enabled and local_link_connection";
    20  NetworkInterface                  "node field network_interface";
    21  ResourceClass                     "node field resource_class";
    22  LookupHeartbeat                   "lookup and heartbeat";
    23  Portgroups                        "port groups";
    24  PortgroupsSubcontrollers          "port groups of a node, ports of a port group";
    25  UnsetChassisUuid                  "a node can leave its chassis";
    26  PortgroupModeProperties           "port group fields mode and properties";
    27  SoftPowerOff                      "soft power off and reboot, power timeout";
    28  VifsSubcontroller                 "VIFs of a node";
    29  InjectNmi                         "inject NMI";
    30  DynamicDrivers                    "dynamic drivers";
    31  DynamicInterfaces                 "interface fields of nodes";
    32  Volume                            "remote volumes";
    33  StorageInterface                  "storage interface";
    34  PortPhysicalNetwork               "port field physical_network";
    35  RebuildConfigDrive                "rebuild with a configdrive";
    36  AgentVersionHeartbeat             "agent_version in heartbeats";
    37  NodeTraits                        "node traits";
    38  RescueInterface                   "rescue";
    39  InspectWait                       "state `inspect wait` is shown";
    40  BiosInterface                     "BIOS settings";
    41  InspectionAbort                   "abort of an inspection";
    42  Fault                             "node field fault";
    43  EnableDetailQuery                 "detail= on lists";
    44  NodeDeployStep                    "node field deploy_step";
    45  ResetInterfaces                   "reset_interfaces when the driver changes";
    46  NodeConductorGroup                "conductor groups";
    47  NodeAutomatedClean                "node field automated_clean";
    48  NodeProtected                     "protected nodes";
    49  Conductors                        "conductors";
    50  NodeOwner                         "node field owner";
    51  NodeDescription                   "node field description";
    52  Allocation                        "allocations";
    53  PortSmartnic                      "port field is_smartnic";
    54  Events                            "events";
    55  DeployTemplates                   "deploy templates";
    56  BuildConfigdrive                  "configdrive built from JSON";
    57  AllocationUpdate                  "allocation update";
    58  AllocationBackfill                "allocation backfill";
    59  ConfigdriveVendorData             "vendor_data in configdrives";
    60  AllocationOwner                   "allocation field owner";
    61  NodeRetired                       "retired nodes";
    62  AgentToken                        "agent tokens";
    63  Indicators                        "indicators";
    64  LocalLinkConnectionNetworkType    "network_type in local_link_connection";
    65  NodeLessee                        "node field lessee";
    66  NodeNetworkData                   "node field network_data";
    67  NodeVifAttachPort                 "choice of the port a VIF is attached to";
    68  HeartbeatVerifyCa                 "agent_verify_ca in heartbeats";
    69  DeploySteps                       "deploy_steps at provisioning";
    70  CleanDisableRamdisk               "disable_ramdisk for cleaning";
    71  RbacScopes                        "scopes in policies";
    72  HeartbeatStatus                   "agent_status in heartbeats";
    73  DeployUndeployVerbs               "verbs deploy and undeploy";
    74  BiosRegistry                      "BIOS attribute registry";
    75  NodeBootMode                      "node fields boot_mode and secure_boot";
    76  NodeChangeBootMode                "change of boot mode and secure boot";
    77  DriverFieldsSelector              "choice of fields of drivers";
    78  NodeHistory                       "node history";
    79  AllocationNodeName                "allocations by node name";
    80  ProjectCreateDeleteNode           "projects create and delete their own nodes";
    81  NodeInventory                     "node inventory";
    82  NodeShard                         "shards";
    83  ParentChildNodes                  "parent and child nodes";
    84  ContinueInspection                "continue_inspection";
    85  UnholdVerb                        "verb unhold";
    86  FirmwareInterface                 "firmware interface and components";
    87  Service                           "verb service";
    88  PortName                          "port field name";
    89  AttachDetachVmedia                "virtual media attach and detach";
    90  OvnVtep                           "OVN VTEP keys in local_link_connection";
    91  DotJson                           "no .json suffixes any more";
    92  Runbooks                          "runbooks";
    93  GetVmedia                         "virtual media read";
    94  PortNodename                      "port creation by node name";
    95  DisablePowerOff                   "node field disable_power_off";
    96  InspectionRules                   "inspection rules";
    97  PortDescription                   "port field description";
    98  SupportSpecialCharInAttributes    "escaped characters in patch paths";
    99  PortPortgroupConductorGroupFilter "ports and port groups by conductor group";
    100 PortVendor                        "port field vendor";
    101 PortCategory                      "port field category";
    102 PortgroupPhysicalNetwork          "port group field physical_network";
    103 PortgroupCategory                 "port group field category";
    104 NodeInstanceName                  "node field instance_name";
    105 RemoveOvnVtep                     "OVN VTEP keys withdrawn";
    106 PortgroupShard                    "port groups by shard";
    107 RequestIdHeader                   "X-OpenStack-Request-Id in answers";
    108 ServiceDisableRamdisk             "disable_ramdisk for servicing";
    109 NodeHealth                        "node field health";
    110 DeploywaitAbort                   "abort of a waiting deployment";
    111 DynamicPortgroup                  "dynamic port groups";
    112 RunbookTraits                     "runbook traits and descriptions";
    113 NodeHistoryProject                "project in node history";
    114 FirmwareIdentity                  "vendor, model and serial number of firmware components";
    115 NodeHistoryFields                 "state and duration in node history";
}

impl Feature {
    /// The minor number, 1–115.
    pub const fn minor(self) -> u16 {
        self as u16
    }
}

impl std::fmt::Display for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{MAJOR}.{}", self.minor())
    }
}

/// The microversion a request is answered at; always one of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u16);

impl Version {
    /// The oldest.
    pub const MIN: Version = Version(Feature::ALL[0].minor());
    /// The newest.
    pub const MAX: Version = Version(Feature::ALL[Feature::ALL.len() - 1].minor());

    /// All of them, the oldest first.
    pub fn every() -> impl Iterator<Item = Version> {
        (Version::MIN.0..=Version::MAX.0).map(Version)
    }

    /// The version that brought a feature.
    pub const fn of(feature: Feature) -> Version {
        Version(feature.minor())
    }

    /// Whether a feature exists at this version.
    pub const fn allows(self, feature: Feature) -> bool {
        self.0 >= feature.minor()
    }

    /// Whether this is the very first version.
    pub const fn is_first(self) -> bool {
        self.0 == Version::MIN.0
    }

    /// The minor number, 1–115.
    pub const fn minor(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{MAJOR}.{}", self.0)
    }
}

/// Response header naming the version a request was answered at; also the older request header.
pub const VERSION_HEADER: &str = "X-OpenStack-Ironic-API-Version";
/// Response header naming the oldest version.
pub const MIN_HEADER: &str = "X-OpenStack-Ironic-API-Minimum-Version";
/// Response header naming the newest version.
pub const MAX_HEADER: &str = "X-OpenStack-Ironic-API-Maximum-Version";
/// The request header all OpenStack services share; it beats [`VERSION_HEADER`].
pub const STANDARD_HEADER: &str = "OpenStack-API-Version";

/// Why no version could be agreed on. Both are answered with 406.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// The header is not `major.minor`. Answered without version headers.
    #[error("Invalid value for {VERSION_HEADER} header")]
    Malformed,
    /// Well-formed, but not in the list. Answered with the range in headers. Pages repeat the
    /// text, so it is the reference's word for word.
    #[error(
        "{}. The supported version range is: [{}, {}].",
        out_of_range(asked, *other_major),
        Version::MIN,
        Version::MAX
    )]
    OutOfRange {
        /// What was asked for, normalised.
        asked: String,
        /// Whether even the major version is another.
        other_major: bool,
    },
}

fn out_of_range(asked: &str, other_major: bool) -> String {
    if other_major {
        format!(
            "Mutually exclusive versions requested. Version {asked} requested but not supported by this service"
        )
    } else {
        format!(
            "Version {asked} was requested but the minor version is not supported by this service"
        )
    }
}

/// The minor number of [`VERSION_HEADER`] alone, whatever its major: what is decided before
/// versions are negotiated looks no further.
pub fn legacy_minor(header: &str) -> Option<i64> {
    let (_, minor) = header.split_once('.')?;
    python_int(minor).ok()
}

/// Agrees on a version from the values of [`STANDARD_HEADER`] and [`VERSION_HEADER`].
///
/// Accepts what Python's `int()` accepts in either half (blanks, signs, leading zeros), `latest`
/// in any case, the last item of a comma list; nothing or an empty header means the oldest.
///
/// # Errors
/// [`Unacceptable`] when the value is malformed or outside the list.
pub fn negotiate(standard: Option<&str>, legacy: Option<&str>) -> Result<Version, Unacceptable> {
    let asked = standard
        .and_then(ours)
        .or_else(|| legacy.map(|value| value.rsplit(',').next().unwrap_or(value).trim()))
        .unwrap_or("");
    if asked.is_empty() {
        return Ok(Version::MIN);
    }
    if asked.eq_ignore_ascii_case("latest") {
        return Ok(Version::MAX);
    }
    let (major, minor) = asked.split_once('.').ok_or(Unacceptable::Malformed)?;
    let (major, minor) = (python_int(major)?, python_int(minor)?);
    let listed = u16::try_from(minor).ok().filter(|minor| {
        major == i64::from(MAJOR) && Feature::ALL.iter().any(|f| f.minor() == *minor)
    });
    listed.map(Version).ok_or_else(|| Unacceptable::OutOfRange {
        asked: format!("{major}.{minor}"),
        other_major: major != i64::from(MAJOR),
    })
}

/// The last item of the shared header that is addressed to this service type.
fn ours(header: &str) -> Option<&str> {
    header.rsplit(',').find_map(|item| {
        let (service, version) = item.trim().split_once(char::is_whitespace)?;
        service
            .eq_ignore_ascii_case("baremetal")
            .then_some(version.trim())
            .filter(|version| !version.is_empty())
    })
}

fn python_int(text: &str) -> Result<i64, Unacceptable> {
    crate::params::python_integer(text.trim()).ok_or(Unacceptable::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_no_gaps() {
        for (index, feature) in Feature::ALL.iter().enumerate() {
            assert_eq!(usize::from(feature.minor()), index + 1);
            assert!(!feature.reason().is_empty());
        }
        assert_eq!(Version::MAX.to_string(), "1.115");
    }

    #[test]
    fn headers_as_clients_send_them() {
        let legacy = |value| negotiate(None, Some(value)).map(Version::minor);
        assert_eq!(negotiate(None, None), Ok(Version::MIN));
        assert_eq!(legacy(""), Ok(1));
        assert_eq!(legacy("Latest"), Ok(115));
        assert_eq!(legacy(" 1.5"), Ok(5));
        assert_eq!(legacy("1.01"), Ok(1));
        assert_eq!(legacy("1.+5"), Ok(5));
        assert_eq!(legacy("1.1_5"), Ok(15));
        assert_eq!(legacy("1.5,1.6"), Ok(6));
        assert_eq!(
            negotiate(Some("compute 2.1, baremetal 1.50"), Some("1.20")).map(Version::minor),
            Ok(50)
        );
    }

    #[test]
    fn headers_that_are_refused() {
        for value in [
            "1", "abc", "1.", ".5", ".", "1.1.1", "v1.5", "1.5e1", "None", "1.1_", "1._1",
        ] {
            assert_eq!(
                negotiate(None, Some(value)),
                Err(Unacceptable::Malformed),
                "{value}"
            );
        }
        for value in [
            "0.9",
            "1_0.5",
            "1.0",
            "1.116",
            "2.1",
            "1.-5",
            "1.99999999999999999999",
        ] {
            assert!(
                matches!(
                    negotiate(None, Some(value)),
                    Err(Unacceptable::OutOfRange { .. })
                ),
                "{value}"
            );
        }
    }
}
