//! Values of `driver_info` as users write them: numbers as numbers or text, yes and no as words.

use serde_json::Value;

/// A whole number, from JSON or from text in decimal, hexadecimal (`0x`) or octal (leading `0`)
/// notation: what `ipmitool` accepts on its command line.
pub(crate) fn parse(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => parse_text(text.trim()),
        _ => None,
    }
}

fn parse_text(text: &str) -> Option<u64> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        u64::from_str_radix(hex, 16).ok()
    } else if text.len() > 1 && text.starts_with('0') {
        u64::from_str_radix(text, 8).ok()
    } else {
        text.parse().ok()
    }
}

/// A network port, 0–65535, as a number or decimal text.
pub(crate) fn parse_port(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(whole) => whole.try_into().ok(),
            // Python cuts what stands behind the point.
            None => number
                .as_f64()
                .map(f64::trunc)
                .filter(|whole| (0.0..=f64::from(u16::MAX)).contains(whole))
                .and_then(|whole| format!("{whole:.0}").parse().ok()),
        },
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether a value means yes; everything unknown means no (oslo's words).
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_u64() == Some(1),
        Value::String(text) => matches!(
            text.trim().to_ascii_lowercase().as_str(),
            "1" | "t" | "true" | "on" | "y" | "yes"
        ),
        _ => false,
    }
}

/// A value as Python, and so Ironic, writes it.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_come_in_every_notation() {
        for value in [
            json!(114),
            json!("114"),
            json!("0x72"),
            json!("0162"),
            json!(" 0X72 "),
        ] {
            assert_eq!(parse(&value), Some(114), "{value}");
        }
        for value in [
            json!("x"),
            json!(""),
            json!(-1),
            json!(1.5),
            json!(null),
            json!("0x"),
        ] {
            assert_eq!(parse(&value), None, "{value}");
        }
    }

    #[test]
    fn ports_are_sixteen_bits() {
        assert_eq!(parse_port(&json!("623")), Some(623));
        assert_eq!(parse_port(&json!(65535)), Some(65535));
        assert_eq!(parse_port(&json!(623.9)), Some(623));
        assert_eq!(parse_port(&json!(-1.5)), None);
        assert_eq!(parse_port(&json!("65536")), None);
        assert_eq!(parse_port(&json!("abc")), None);
    }

    #[test]
    fn words_for_yes() {
        for value in [
            json!(true),
            json!("True"),
            json!("yes"),
            json!(1),
            json!("on"),
        ] {
            assert!(is_true(&value), "{value}");
        }
        for value in [
            json!(false),
            json!("maybe"),
            json!(null),
            json!(0),
            json!(2),
        ] {
            assert!(!is_true(&value), "{value}");
        }
    }
}
