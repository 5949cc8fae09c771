//! `[oci]`.

use crate::section::section;

section! {
    /// `[oci]`: images in container registries.
    Oci;

    /// File with credentials of registries, as of `docker login`.
    authentication_config: Option<String>, mutable;
    /// Talk to registries without TLS when they offer none (unsafe).
    permit_fallback_to_http_transport: bool = false;
    /// Registries that hand downloads over to other hosts.
    secure_cdn_registries: Vec<String> =
        "registry.redhat.io,registry.access.redhat.com,docker.io,registry-1.docker.io";
    /// Whether registries' certificates are verified: a boolean or a CA file.
    verify_ca: Option<String>, mutable;
}
