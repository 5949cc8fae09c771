//! `[disk_utils]`.

use crate::section::section;

section! {
    /// `[disk_utils]`: working with image files.
    DiskUtils;

    /// How often a conversion is tried.
    image_convert_attempts: i64 = 3;
    /// Memory for a conversion, in MiB.
    image_convert_memory_limit: i64 = 2048;
}
