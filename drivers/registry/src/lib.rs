//! drivers-registry
