//! `[healthcheck]`.

use crate::section::section;

section! {
    /// `[healthcheck]`: the `/healthcheck` page.
    Healthcheck;

    /// Networks that may ask; all when unset.
    allowed_source_ranges: Vec<String> = "";
    /// Further checks.
    backends: Vec<String> = "";
    /// Tell details.
    detailed: bool = false;
    /// File whose existence makes the service unavailable.
    disable_by_file_path: Option<String>;
    /// Files, by port, whose existence makes the service unavailable.
    disable_by_file_paths: Vec<String> = "";
    /// Files that must exist.
    enable_by_file_paths: Vec<String> = "";
    /// Serve the page, to everybody.
    enabled: bool = false;
    /// Do not answer what came through a proxy.
    ignore_proxied_requests: bool = false;
}
