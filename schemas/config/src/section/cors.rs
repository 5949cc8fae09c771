//! `[cors]`.

use crate::section::section;

section! {
    /// `[cors]`: browsers that come from elsewhere.
    Cors;

    /// Let browsers send credentials.
    allow_credentials: bool = true;
    /// Headers that browsers may send.
    allow_headers: Vec<String> = "";
    /// Methods that browsers may use.
    allow_methods: Vec<String> = "OPTIONS,GET,HEAD,POST,PUT,DELETE,TRACE,PATCH";
    /// Origins that are let in; none when unset.
    allowed_origin: Option<Vec<String>>;
    /// Headers that browsers may read.
    expose_headers: Vec<String> = "";
    /// Seconds for which browsers may keep the permission.
    max_age: i64 = 3600;
}
