//! drivers-redfish-client
