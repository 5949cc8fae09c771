//! drivers-agent
