//! The `[fake]*_delay` options: `"3"` sleeps three seconds, `"1,10"` somewhere between, mostly near the first.

use std::time::Duration;

/// Sleeps as the option says; text that is no range sleeps not at all.
pub(crate) async fn pause(option: &str) {
    let chosen = choose(option, rand::random::<f64>());
    if !chosen.is_zero() {
        tokio::time::sleep(chosen).await;
    }
}

/// The delay for a random number in `[0, 1)`: triangular between the two bounds with its peak at the first.
fn choose(option: &str, random: f64) -> Duration {
    let mut bounds = option
        .splitn(2, ',')
        .map(|bound| bound.trim().parse::<u32>().map_or(0.0, f64::from));
    let earliest = bounds.next().unwrap_or(0.0);
    let latest = bounds.next().unwrap_or(earliest).max(earliest);
    Duration::from_secs_f64(latest - (latest - earliest) * (1.0 - random).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_exact() {
        assert_eq!(choose("3", 0.7), Duration::from_secs(3));
        assert_eq!(choose("0", 0.7), Duration::ZERO);
        assert_eq!(choose("", 0.7), Duration::ZERO);
    }

    #[test]
    fn a_range_leans_to_its_start() {
        assert_eq!(choose("1,10", 0.0), Duration::from_secs(1));
        let middle = choose("1,10", 0.5).as_secs_f64();
        assert!((1.0..5.5).contains(&middle), "{middle}");
        assert!(choose("1,10", 0.999_999).as_secs_f64() <= 10.0);
    }
}
