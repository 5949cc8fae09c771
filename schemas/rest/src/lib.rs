//! schemas-rest
