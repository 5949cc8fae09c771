//! `%(name)s` in the value of a check.

/// Replaces `%(name)s` by what `lookup` says and `%%` by `%`. `None` when a name is unknown or the
/// text has another `%`, which Python's formatting would refuse: the check then denies.
pub(crate) fn interpolate<'a>(
    text: &str,
    lookup: impl Fn(&str) -> Option<&'a str>,
) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (name, after) = after.strip_prefix('(')?.split_once(')')?;
        out.push_str(lookup(name)?);
        rest = after.strip_prefix('s')?;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_formats() {
        let lookup = |name: &str| (name == "node.owner").then_some("p1");
        for (text, expected) in [
            ("admin", Some("admin")),
            ("%(node.owner)s", Some("p1")),
            ("a-%(node.owner)s-b", Some("a-p1-b")),
            ("100%%", Some("100%")),
            ("%(unknown)s", None),
            ("%(node.owner)d", None),
            ("%s", None),
            ("%(node.owner", None),
            ("50%", None),
        ] {
            assert_eq!(interpolate(text, lookup).as_deref(), expected, "{text}");
        }
    }
}
