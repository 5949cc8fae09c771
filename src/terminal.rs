//! What the executable itself says to a person: plain text, colour only on a terminal.

use std::io::{IsTerminal, Write};

/// One sentence on standard error that says why the program ends.
pub(crate) fn write_error(why: &str) {
    let mut out = std::io::stderr().lock();
    let (red, plain) = if std::io::stderr().is_terminal() {
        ("\x1b[31m", "\x1b[0m")
    } else {
        ("", "")
    };
    // Nothing can be done when even this fails.
    let _ = writeln!(out, "{red}ferric: {why}{plain}");
}

/// Lines on standard output.
///
/// # Errors
/// When nobody reads them.
pub(crate) fn write_lines(lines: &[String]) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    lines
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
        .and_then(|()| out.flush())
        .map_err(|why| format!("standard output is closed: {why}"))
}

/// clap's help, version or complaint.
pub(crate) fn write_usage(usage: &clap::Error) {
    let _ = usage.print();
}

/// A table with a rule below its head, columns as wide as needed.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> Vec<String> {
    let widths: Vec<usize> = (0..N)
        .map(|column| {
            let longest = rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0);
            longest.max(head[column].chars().count())
        })
        .collect();
    let line = |cells: &[&str]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines = vec![line(&head), rule.join("  ")];
    lines.extend(
        rows.iter()
            .map(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>())),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up() {
        let rows = [
            ["a".to_owned(), "x".to_owned()],
            ["long one".to_owned(), "y".to_owned()],
        ];
        assert_eq!(
            table(["Name", "V"], &rows),
            ["Name      V", "--------  -", "a         x", "long one  y"]
        );
    }
}
