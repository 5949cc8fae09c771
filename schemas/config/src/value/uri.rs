//! http and https URLs.

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// An http or https URL, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uri(String);

impl std::ops::Deref for Uri {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Uri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl OptionValue for Uri {
    const KIND: Kind = Kind::URI;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        let url = url::Url::parse(text).map_err(|_| ValueProblem::NotUrl)?;
        let written_out = text.contains("://") && !text.contains(char::is_whitespace);
        if written_out && url.has_host() && matches!(url.scheme(), "http" | "https") {
            Ok(Uri(text.to_owned()))
        } else {
            Err(ValueProblem::NotUrl)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_with_a_host() {
        let row = OptionRow::new("x", Kind::URI, None, "");
        for good in [
            "http://10.0.0.1:8080",
            "https://host/path/",
            "http://[::1]:80/",
        ] {
            assert_eq!(Uri::parse(good, &row).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "host:80",
            "/path",
            "ftp://host/",
            "http:host",
            "http://",
            "http://a b/",
        ] {
            assert_eq!(Uri::parse(bad, &row), Err(ValueProblem::NotUrl), "{bad}");
        }
    }
}
