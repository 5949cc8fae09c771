//! Whatever a policy file contains, reading it ends, and what is not understood denies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use schemas_policy::{Check, Credentials, Enforcer, Options, Rule, Target, file};

proptest! {
    #[test]
    fn any_file(text in "(.|\n){0,300}") {
        if let Ok(overrides) = file::parse(&text) {
            let (enforcer, _) = Enforcer::new(&Options::default(), overrides);
            let _ = enforcer.check(Rule::NodeGet, &Credentials::default(), &Target::default());
        }
    }

    #[test]
    fn any_check(words in proptest::collection::vec(
        "(\\(|\\)|not|and|or|@|!|role:[a-z%()s]{0,8}|rule:[a-z_]{0,8}|[a-z'.]{0,6}:[a-z%()]{0,6})",
        0..30,
    )) {
        let _ = Check::parse(&words.join(" "));
    }

    /// A check that is understood is still understood, and the same, in parentheses.
    #[test]
    fn parentheses_change_nothing(words in proptest::collection::vec("role:[a-z]{1,3}", 1..6)) {
        let text = words.join(" or ");
        prop_assert_eq!(Check::parse(&text), Check::parse(&format!("(({text}))")));
    }
}
