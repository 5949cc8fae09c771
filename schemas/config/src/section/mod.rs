//! One file for each `[section]`: a typed struct and its table of options.
//!
//! Names, types, limits, words, defaults and old names are those of Ironic 39.0.0 and the
//! libraries that it reads its configuration with; the tests compare them all.

pub mod agent;
pub mod agent_containers;
pub mod anaconda;
pub mod ansible;
pub mod api;
pub mod audit;
pub mod auto_discovery;
pub mod cifs;
pub mod cinder;
pub mod conductor;
pub mod console;
pub mod cors;
pub mod database;
pub(crate) mod declare;
pub mod default;
pub mod deploy;
pub mod dhcp;
pub mod disk_utils;
pub mod dnsmasq;
pub mod drac;
pub mod errors;
pub mod fake;
pub mod ferric_console;
pub mod ferric_redfish;
pub mod glance;
pub mod healthcheck;
pub mod ibmc;
pub mod inspection_rules;
pub mod inspector;
pub mod inventory;
pub mod ipmi;
pub mod ironic_networking;
pub mod json_rpc;
pub mod keystone_authtoken;
pub mod keystone_client;
pub mod keystone_credentials;
pub mod mdns;
pub mod metrics;
pub mod metrics_statsd;
pub mod neutron;
pub mod nfs;
pub mod nova;
pub mod oci;
pub mod oslo_concurrency;
pub mod oslo_messaging_notifications;
pub mod oslo_messaging_rabbit;
pub mod oslo_middleware;
pub mod oslo_policy;
pub mod pxe;
pub mod pxe_filter;
pub mod redfish;
pub mod sensor_data;
pub mod service_catalog;
pub mod swift;
pub mod vnc;

pub use declare::Section;
pub(crate) use declare::section;
