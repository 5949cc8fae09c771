//! drivers-ipmi-client
