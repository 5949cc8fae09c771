//! schemas-db
