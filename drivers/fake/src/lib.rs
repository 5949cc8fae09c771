//! drivers-fake
