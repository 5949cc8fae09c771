//! A configuration that can be replaced while many hold it.
//!
//! Everything in a process holds the same [`Config`] and reads an option when it needs it, so that a
//! reload is seen at once and nobody has to be told. Each reload adds a generation of values; earlier
//! ones stay where they are, because somebody may be reading them. A generation is made only when
//! something changed, and there are at most [`MAX_GENERATIONS`].

use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use crate::config::Values;

/// How often the values of a process can change.
pub const MAX_GENERATIONS: usize = 1000;

/// A whole configuration: its sections are fields of [`Values`], which this stands for.
#[derive(Debug)]
pub struct Config {
    first: Generation,
}

#[derive(Debug)]
struct Generation {
    values: Values,
    next: OnceLock<Box<Generation>>,
}

/// The values were replaced too often; a restart is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the configuration was changed {MAX_GENERATIONS} times; a restart is needed")]
pub struct TooManyChanges;

impl Config {
    /// Gives everybody who holds this configuration the values of another one.
    ///
    /// # Errors
    /// [`TooManyChanges`], and the values stay as they are.
    pub fn replace(&self, other: Config) -> Result<(), TooManyChanges> {
        let mut next = Box::new(Generation::from(other.clone_values()));
        let mut last = &self.first;
        for _ in 0..MAX_GENERATIONS {
            while let Some(newer) = last.next.get() {
                last = newer;
            }
            if self.generations() >= MAX_GENERATIONS {
                break;
            }
            // Lost only against another reload, which this one then follows.
            match last.next.set(next) {
                Ok(()) => return Ok(()),
                Err(refused) => next = refused,
            }
        }
        Err(TooManyChanges)
    }

    fn clone_values(&self) -> Values {
        Values::clone(self)
    }

    fn generations(&self) -> usize {
        let chain = std::iter::successors(Some(&self.first), |generation| {
            generation.next.get().map(|next| &**next)
        });
        chain.count()
    }
}

impl From<Values> for Generation {
    fn from(values: Values) -> Self {
        Generation {
            values,
            next: OnceLock::new(),
        }
    }
}

impl From<Values> for Config {
    fn from(values: Values) -> Self {
        Config {
            first: Generation::from(values),
        }
    }
}

/// A copy of the values of now, which later reloads do not change.
impl Clone for Config {
    fn clone(&self) -> Self {
        Config::from(self.clone_values())
    }
}

impl Deref for Config {
    type Target = Values;

    fn deref(&self) -> &Values {
        let mut last = &self.first;
        while let Some(newer) = last.next.get() {
            last = newer;
        }
        &last.values
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Values {
        let mut last = &mut self.first;
        while last.next.get().is_some() {
            match last.next.get_mut() {
                Some(newer) => last = newer,
                None => break,
            }
        }
        &mut last.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::source::Sources;

    fn config(host: &str) -> Config {
        let sources = Sources::new(Machine::detect()).set("DEFAULT", "host", host);
        Config::load(sources).unwrap().0
    }

    #[test]
    fn everybody_sees_the_newest_values() {
        let mut held = config("a");
        let copy = held.clone();
        let before = &held.default;
        held.replace(config("b")).unwrap();
        assert_eq!((&*before.host, &*held.default.host), ("a", "b"));
        held.replace(config("c")).unwrap();
        assert_eq!(held.default.host, "c");
        assert_eq!(held.clone().default.host, "c");
        assert_eq!(copy.default.host, "a");
        held.default.debug = true;
        assert!(held.default.debug && held.default.host == "c");
    }

    #[test]
    fn changes_are_bounded() {
        let (held, other) = (config("a"), config("b"));
        let replaced = (0..MAX_GENERATIONS + 5).filter(|_| held.replace(other.clone()).is_ok());
        assert_eq!(replaced.count(), MAX_GENERATIONS - 1);
        assert_eq!(held.default.host, "b");
    }
}
