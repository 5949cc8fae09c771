//! schemas-config
