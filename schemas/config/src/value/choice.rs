//! Options that take one word of a closed list.

/// Defines an enum for an option whose values are a closed list of words. With `(any case)` the
/// words are taken in any case. A row may allow fewer words than the enum has.
///
/// ```ignore
/// choice! {
///     /// What to eat.
///     pub enum Fruit {
///         /// Green or red.
///         Apple = "apple",
///         /// Always yellow.
///         Pear = "pear",
///     }
/// }
/// assert_eq!(Fruit::Apple.as_str(), "apple");
/// ```
macro_rules! choice {
    (
        $(#[$about:meta])+
        pub enum $name:ident $(($any_case:ident case))? {
            $($(#[$doc:meta])+ $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])+ $variant),+
        }

        impl $name {
            /// The word as in a file.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::value::OptionValue for $name {
            const KIND: $crate::row::Kind = $crate::row::Kind::String;
            const CHOICES: &'static [&'static str] = &[$($word),+];

            fn parse(
                text: &str,
                row: &$crate::row::OptionRow,
            ) -> Result<Self, $crate::error::ValueProblem> {
                let any_case = concat!($(stringify!($any_case))?) == "any";
                $(
                    let same = text == $word || (any_case && text.eq_ignore_ascii_case($word));
                    if same && row.choices.contains(&$word) {
                        return Ok($name::$variant);
                    }
                )+
                Err($crate::error::ValueProblem::NotAChoice(row.choices))
            }
        }
    };
}
pub(crate) use choice;

choice! {
    /// The lowest TLS version to speak.
    pub enum TlsVersion {
        /// TLS 1.1 (only for old BMCs; our TLS library does not speak it).
        V1_1 = "1.1",
        /// TLS 1.2.
        V1_2 = "1.2",
        /// TLS 1.3.
        V1_3 = "1.3",
    }
}
