//! What the caller wants to read: answers are JSON, refusals of routing also come as a page.
//!
//! Source: Ironic 39.0.0 on pecan and WebOb, observed: the two read the header differently. pecan
//! writes JSON for who likes it better than text of either kind, WebOb whatever it then offers.

use schemas_rest::fault::Page;

/// The `Accept` header, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Whether answers in JSON are acceptable; else 406.
    pub json: bool,
    /// As what a refusal of routing comes.
    pub page: Page,
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const PLAIN: &str = "text/plain";

impl Accept {
    /// Reads the header.
    pub fn parse(header: Option<&str>) -> Accept {
        let Some(header) = header.filter(|header| *header != "*/*") else {
            return Accept {
                json: true,
                page: Page::Json,
            };
        };
        let Some(ranges) = ranges(header) else {
            // Nobody knows what it means, so anything goes.
            return Accept {
                json: true,
                page: Page::Html,
            };
        };
        let [json, html, plain] = [JSON, HTML, PLAIN].map(|media| quality(&ranges, media));
        Accept {
            json: header.is_empty() || json > 0 || header.starts_with(JSON),
            page: if json > html.max(plain) {
                Page::Json
            } else if html > 0 && html >= json {
                Page::Html
            } else if json > 0 {
                Page::PageInJson
            } else {
                Page::Text
            },
        }
    }
}

/// The media ranges with their qualities in thousandths; `None` when it is no such header.
fn ranges(header: &str) -> Option<Vec<(String, u32)>> {
    header
        .split(',')
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next()?.to_ascii_lowercase();
            let (kind, name) = media.split_once('/')?;
            if kind.is_empty() || name.is_empty() {
                return None;
            }
            let mut quality = 1.0;
            for part in parts.filter(|part| !part.is_empty()) {
                quality = match part.strip_prefix("q=") {
                    Some(text) => text.parse::<f64>().ok()?,
                    // Nothing is offered with parameters.
                    None => 0.0,
                };
            }
            Some((media.clone(), (quality * 1000.0) as u32))
        })
        .collect()
}

/// The quality of a media type: that of the most specific range it is in.
fn quality(ranges: &[(String, u32)], media: &str) -> u32 {
    let any_of_kind = format!("{}/*", media.split('/').next().unwrap_or_default());
    [media, any_of_kind.as_str(), "*/*"]
        .iter()
        .find_map(|wanted| ranges.iter().find(|(range, _)| range == wanted))
        .map_or(0, |(_, quality)| *quality)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_header_is_read(header in ".{0,60}", likely in "(text|application|[*])/(html|json|plain|[*])(;q=[0-9.e-]{0,5}|;[a-z=]{0,4})?(, ?[a-z*/;=]{0,12}){0,3}") {
            for header in [header, likely] {
                let accept = Accept::parse(Some(&header));
                prop_assert!(accept.json || accept.page != Page::Json, "{header}");
            }
        }
    }

    #[test]
    fn headers() {
        for (header, json, page) in [
            (None, true, Page::Json),
            (Some("*/*"), true, Page::Json),
            (Some("application/json;q=0.5"), true, Page::Json),
            (Some("text/html, */*"), true, Page::Html),
            (Some("text/html;q=0.2, application/json"), true, Page::Json),
            (Some("application/json, text/html"), true, Page::Html),
            (Some("application/json;q=0"), true, Page::Text),
            (Some("application/json; charset=utf-8"), true, Page::Text),
            (Some("*/*;q=0.1"), true, Page::Html),
            (Some("application/json, text/plain"), true, Page::PageInJson),
            (
                Some("text/plain, application/json;q=0.1"),
                true,
                Page::PageInJson,
            ),
            (Some("text/html"), false, Page::Html),
            (Some("text/*"), false, Page::Html),
            (Some("application/xml"), false, Page::Text),
            (Some(""), true, Page::Text),
            (Some("garbage"), true, Page::Html),
        ] {
            assert_eq!(Accept::parse(header), Accept { json, page }, "{header:?}");
        }
    }
}
