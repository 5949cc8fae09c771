//! Remote volumes: connectors and targets, which differ in their fields only. What they have in
//! common is written once, over [`kind::Kind`].

pub mod beside;
pub mod connector;
pub mod create;
pub mod delete;
pub mod kind;
pub mod list;
pub mod root;
pub mod show;
pub mod target;
pub mod update;
