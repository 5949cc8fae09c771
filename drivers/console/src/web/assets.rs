//! THE list of what the page consists of, all inside this executable: it works without the internet.
//!
//! `xterm.js` and `xterm.css` are those of `@xterm/xterm` 6.0.0, under the MIT licence beside them.

/// A file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asset {
    name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) body: &'static [u8],
}

/// The page.
pub(super) const PAGE: &str = include_str!("../../assets/terminal.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

const ASSETS: &[Asset] = &[
    Asset {
        name: "terminal.css",
        media_type: STYLE,
        body: include_bytes!("../../assets/terminal.css"),
    },
    Asset {
        name: "terminal.js",
        media_type: SCRIPT,
        body: include_bytes!("../../assets/terminal.js"),
    },
    Asset {
        name: "xterm.css",
        media_type: STYLE,
        body: include_bytes!("../../assets/xterm.css"),
    },
    Asset {
        name: "xterm.js",
        media_type: SCRIPT,
        body: include_bytes!("../../assets/xterm.js"),
    },
    Asset {
        name: "xterm.LICENSE",
        media_type: "text/plain; charset=utf-8",
        body: include_bytes!("../../assets/xterm.LICENSE"),
    },
];

/// The file of this name.
pub(super) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}
