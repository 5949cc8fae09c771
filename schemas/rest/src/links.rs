//! Links between resources.

/// One link of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub href: String,
    /// What it leads to: `self`, `bookmark`, `describedby`.
    pub rel: &'static str,
    /// The media type, where one is told.
    pub media_type: Option<&'static str>,
}

impl Link {
    /// The resource itself; `path` is below `/v1/`.
    pub fn own(base: &str, path: std::fmt::Arguments<'_>) -> Link {
        Link {
            href: format!("{base}/v1/{path}"),
            rel: "self",
            media_type: None,
        }
    }

    /// The resource without a version in its address.
    pub fn bookmark(base: &str, path: std::fmt::Arguments<'_>) -> Link {
        Link {
            href: format!("{base}/{path}"),
            rel: "bookmark",
            media_type: None,
        }
    }
}

/// The address of a resource for a `Location` header; `path` is below `/v1/`.
pub fn location(base: &str, path: std::fmt::Arguments<'_>) -> String {
    format!("{base}/v1/{path}")
}
