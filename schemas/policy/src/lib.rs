//! schemas-policy
