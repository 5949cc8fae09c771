//! Which sequence numbers may still arrive (IPMI 2.0 §6.12.13–14).

/// A sliding window of 32 numbers behind the highest one seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    highest: u32,
    /// Bit `n`: `highest - n` was seen.
    seen: u32,
}

impl Window {
    /// Expects `first` next; nothing below it was ever valid.
    pub const fn expecting(first: u32) -> Self {
        Window {
            highest: first.wrapping_sub(1),
            seen: u32::MAX,
        }
    }

    /// Takes `sequence` if it was not seen and is not too old. Call it only for packets whose
    /// integrity code was verified: it moves the window.
    pub fn accept(&mut self, sequence: u32) -> bool {
        let ahead = sequence.wrapping_sub(self.highest);
        if ahead == 0 {
            return false;
        }
        if ahead <= u32::MAX / 2 {
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = sequence;
            return true;
        }
        let behind = self.highest.wrapping_sub(sequence);
        let Some(bit) = 1u32.checked_shl(behind) else {
            return false;
        };
        if self.seen & bit != 0 {
            return false;
        }
        self.seen |= bit;
        true
    }
}

/// Session sequence numbers of what we send: never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter(u32);

impl Counter {
    /// Starts with `first`.
    pub const fn starting_at(first: u32) -> Self {
        Counter(first)
    }

    /// The number of the next packet.
    pub fn take(&mut self) -> u32 {
        let current = self.0.max(1);
        self.0 = current.wrapping_add(1);
        current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_once_each() {
        let mut window = Window::expecting(1);
        assert!(!window.accept(0));
        assert!(window.accept(1));
        assert!(!window.accept(1));
        assert!(window.accept(2));
    }

    #[test]
    fn late_packets_are_taken_once_within_the_window() {
        let mut window = Window::expecting(1);
        assert!(window.accept(40));
        assert!(window.accept(9));
        assert!(!window.accept(9));
        assert!(!window.accept(8), "32 behind is too old");
        assert!(window.accept(39));
    }

    #[test]
    fn a_long_gap_forgets_the_past() {
        let mut window = Window::expecting(1);
        assert!(window.accept(1));
        assert!(window.accept(1000));
        assert!(!window.accept(1));
        assert!(window.accept(999));
    }

    #[test]
    fn numbers_wrap() {
        let mut window = Window::expecting(u32::MAX);
        assert!(window.accept(u32::MAX));
        assert!(window.accept(1));
        assert!(!window.accept(u32::MAX));
        let mut counter = Counter::starting_at(u32::MAX);
        assert_eq!((counter.take(), counter.take()), (u32::MAX, 1));
    }
}
