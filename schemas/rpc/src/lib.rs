//! schemas-rpc
