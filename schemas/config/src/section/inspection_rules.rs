//! `[inspection_rules]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// Whether inspection rules see secrets.
    pub enum MaskSecrets {
        /// Never unmasked.
        Always = "always",
        /// Always unmasked.
        Never = "never",
        /// Only rules that are marked sensitive.
        Sensitive = "sensitive",
    }
}

section! {
    /// `[inspection_rules]`: rules that run on inspection data.
    InspectionRules;

    /// YAML file with rules that cannot be changed by the API.
    built_in_rules: Option<String>, mutable;
    /// Whether rules see secrets.
    mask_secrets: MaskSecrets = "always";
}
