//! drivers-interface
