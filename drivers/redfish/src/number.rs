//! Numbers as BMCs send them: whole ones without a fraction.

use serde_json::{Value, json};

/// The number in JSON; null if there is none.
pub(crate) fn whole(value: Option<f64>) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        // Exact: the fraction is zero and the size fits.
        Some(value) if value.fract() == 0.0 && value.abs() < EXACT => Value::from(value as i64),
        value => json!(value),
    }
}
