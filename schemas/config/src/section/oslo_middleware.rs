//! `[oslo_middleware]`.

use crate::section::section;

section! {
    /// `[oslo_middleware]`: proxies before the API.
    OsloMiddleware;

    /// Trust the `Forwarded` and `X-Forwarded-*` headers.
    enable_proxy_headers_parsing: bool = false;
    /// File with user names and bcrypt hashes.
    http_basic_auth_user_file: String = "/etc/htpasswd";
    /// Largest request body, in bytes.
    max_request_body_size: i64 = 114688;
}
