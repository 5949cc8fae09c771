//! drivers-ipmi
