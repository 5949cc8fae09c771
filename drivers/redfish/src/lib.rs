//! drivers-redfish
