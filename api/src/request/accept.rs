//! What the caller wants to read: JSON, or something we do not have.
//!
//! Source: Ironic 39.0.0 on pecan and WebOb, observed.

/// The `Accept` header, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// JSON, or anything.
    Json,
    /// Nobody knows: JSON for answers, a page for refusals.
    Unreadable,
    /// Not JSON: 406, as a page.
    Other,
}

impl Accept {
    /// Reads the header.
    pub fn parse(header: Option<&str>) -> Accept {
        let Some(header) = header.map(str::trim).filter(|header| *header != "*/*") else {
            return Accept::Json;
        };
        let mut readable = header.is_empty();
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            readable |= media.contains('/');
            if !refused && matches!(media.as_str(), "application/json" | "application/*" | "*/*") {
                return Accept::Json;
            }
        }
        if readable {
            Accept::Other
        } else {
            Accept::Unreadable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Accept;

    #[test]
    fn headers() {
        assert_eq!(Accept::parse(None), Accept::Json);
        assert_eq!(Accept::parse(Some("application/json;q=0.5")), Accept::Json);
        assert_eq!(Accept::parse(Some("text/html, */*")), Accept::Json);
        assert_eq!(Accept::parse(Some("text/html")), Accept::Other);
        assert_eq!(Accept::parse(Some("garbage")), Accept::Unreadable);
    }
}
