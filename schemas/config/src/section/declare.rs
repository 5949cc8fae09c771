//! The macro that every section's table is written with.

use crate::reader::Reader;
use crate::row::OptionRow;

/// A typed section, and the table that it is read by.
pub trait Section: Sized {
    /// What the section is about.
    const ABOUT: &'static str;
    /// Its own options, in the order of the file.
    const ROWS: &'static [OptionRow];
    /// The tables of options that it shares with other sections.
    const SHARED: &'static [&'static [OptionRow]] = &[];
    /// Defaults of shared options that differ here: name and text.
    const DEFAULTS: &'static [(&'static str, &'static str)] = &[];

    /// Reads all options; `None` when one of them is wrong, which the reader has noted.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

/// Declares a section: a struct with a typed field for each option, and the one table that
/// parsing, defaults, known names, old names, reload and the dump are derived from.
///
/// A row is a doc line, `name: Type`, the default (left out when unset), then what else applies:
/// `min(..)`, `max(..)`, `choices(..)`, `formerly(..)`, `mutable`, `to_be_removed`, `fact(..)`.
/// The default is a literal as it would stand in a file, so it may have `$references`. The kind,
/// the allowed words, secrecy and repetition follow from the type.
///
/// ```ignore
/// section! {
///     /// The kitchen.
///     Kitchen;
///
///     /// Seconds to boil an egg.
///     boil_time: u64 = 300, min(0.0), mutable;
///     /// Where the spoons are.
///     spoons: Vec<String> = "left,right", formerly(&[(Some("drawer"), "spoons")]);
///     /// Who cooks; nobody when unset.
///     cook: Option<String>;
/// }
/// ```
///
/// A section that shares options with others names the structs of those after its own name, each
/// with the defaults that differ: `Kitchen, water: Plumbing { pressure = "3" };`.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $name:ident $(, $field:ident: $shared:ty { $($changed:ident = $text:literal),* $(,)? })*;
        $(
            $(#[doc = $doc:literal])+
            $option:ident: $ty:ty $(= $default:literal)?
            $(, $trait_:ident $(($($argument:expr),*))?)*;
        )*
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub struct $name {
            $(
                $(#[doc = $doc])+
                pub $option: $ty,
            )*
            $(
                /// The options shared with other sections.
                pub $field: $shared,
            )*
        }

        impl $crate::section::Section for $name {
            const ABOUT: &'static str = concat!($($about),+).trim_ascii();

            const ROWS: &'static [$crate::row::OptionRow] = &[
                $(
                    $crate::row::OptionRow::new(
                        stringify!($option),
                        <$ty as $crate::value::OptionValue>::KIND,
                        $crate::section::declare::default_text!($($default)?),
                        concat!($($doc),+).trim_ascii(),
                    )
                    .typed(
                        <$ty as $crate::value::OptionValue>::CHOICES,
                        <$ty as $crate::value::OptionValue>::SECRET,
                        <$ty as $crate::value::OptionValue>::MULTI,
                    )
                    $(.$trait_($($($argument),*)?))*
                ),*
            ];

            const SHARED: &'static [&'static [$crate::row::OptionRow]] =
                &[$(<$shared as $crate::section::Section>::ROWS),*];

            const DEFAULTS: &'static [(&'static str, &'static str)] =
                &[$($((stringify!($changed), $text),)*)*];

            fn read(reader: &mut $crate::reader::Reader<'_>) -> Option<Self> {
                let mut _rows = Self::ROWS.iter();
                $(let $option: Option<$ty> = reader.value(_rows.next()?);)*
                $(let $field = <$shared as $crate::section::Section>::read(reader);)*
                Some($name { $($option: $option?,)* $($field: $field?,)* })
            }
        }
    };
}

/// The text of a row's default: `Some("10")` for `10`, `None` for nothing.
macro_rules! default_text {
    () => {
        None
    };
    ($default:literal) => {
        Some(concat!($default))
    };
}

pub(crate) use default_text;
pub(crate) use section;
