//! `[mdns]`.

use std::collections::BTreeMap;

use crate::section::section;
use crate::value::Quoted;

section! {
    /// `[mdns]`: announcing the API by multicast DNS.
    Mdns;

    /// Addresses to announce on; all when unset.
    interfaces: Option<Vec<String>>;
    /// How often a service is looked for.
    lookup_attempts: u64 = 3, min(1.0);
    /// Further parameters to announce.
    params: BTreeMap<String, Quoted> = "";
    /// How often announcing is tried.
    registration_attempts: u64 = 5, min(1.0);
}
