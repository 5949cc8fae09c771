//! `/swagger-ui/`: the OpenAPI document as a page, at a microversion of choice.
//!
//! All it consists of is inside this executable: it works without the internet. `swagger-ui-bundle.js`
//! and `swagger-ui.css` are those of `swagger-ui-dist` 5.35.0, under the Apache licence beside them.

use actix_web::HttpResponse;

/// Where the page is; its parts are below.
const PATH: &str = "/swagger-ui";

/// Scripts, styles and requests of our own only. Swagger UI writes style attributes and has its icons in its styles.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A part of the page.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    body: &'static [u8],
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

macro_rules! asset {
    ($name:literal, $file:literal, $media_type:ident) => {
        Asset {
            name: $name,
            media_type: $media_type,
            body: include_bytes!(concat!("../assets/swagger-ui/", $file)),
        }
    };
}

const ASSETS: &[Asset] = &[
    asset!("", "page.html", HTML),
    asset!("page.css", "page.css", STYLE),
    asset!("page.js", "page.js", SCRIPT),
    asset!("swagger-ui.css", "swagger-ui.css", STYLE),
    asset!("swagger-ui-bundle.js", "swagger-ui-bundle.js", SCRIPT),
    asset!(
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui-bundle.js.LICENSE.txt",
        TEXT
    ),
    asset!("swagger-ui.LICENSE", "swagger-ui.LICENSE", TEXT),
    asset!("swagger-ui.NOTICE", "swagger-ui.NOTICE", TEXT),
];

/// The page or a part of it; `None` when the path is another's.
pub fn answer(path: &str) -> Option<HttpResponse> {
    let name = match path.strip_prefix(PATH)? {
        "" => {
            let mut redirect = HttpResponse::PermanentRedirect();
            return Some(redirect.insert_header(("Location", "swagger-ui/")).finish());
        }
        below => below.strip_prefix('/')?,
    };
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some(
        HttpResponse::Ok()
            .content_type(asset.media_type)
            .insert_header(("Cache-Control", "max-age=3600"))
            .insert_header(("Content-Security-Policy", POLICY))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("X-Frame-Options", "DENY"))
            .insert_header(("Referrer-Policy", "no-referrer"))
            .body(asset.body),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an attribute of the page refers to.
    fn referred(page: &str) -> impl Iterator<Item = &str> {
        page.split(['"', '\''])
            .filter(|text| text.ends_with(".css") || text.ends_with(".js"))
    }

    #[test]
    fn the_page_has_all_its_parts_and_asks_nobody_else() {
        let page = std::str::from_utf8(ASSETS[0].body).unwrap();
        assert!(referred(page).count() >= 4);
        for name in referred(page) {
            let answer = answer(&format!("{PATH}/{name}")).unwrap();
            assert_eq!(answer.status(), 200, "{name}");
        }
        assert!(!page.contains("://"));
    }

    #[test]
    fn other_paths_are_left_to_others() {
        let redirect = answer(PATH).unwrap();
        assert_eq!(redirect.headers().get("Location").unwrap(), "swagger-ui/");
        for path in ["/swagger-uix", "/swagger-ui/nosuch", "/v1/swagger-ui/", "/"] {
            assert!(answer(path).is_none(), "{path}");
        }
    }
}
