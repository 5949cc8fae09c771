//! `nodes`, whose 65 columns are more than diesel's tuples should have.
//!
//! diesel compiles its traits for tuples of up to 16, 32, 64 or 128 elements, and the time and
//! memory that takes grow with the square of the number. So `table!` declares 27 columns here, and
//! the others, which rows hold in groups ([`crate::rows`]), are declared one by one: they have
//! everything a query needs of a column, and only lack a place in `all_columns`, which nothing
//! uses.

pub use self::first::nodes::*;
pub use self::further::*;

mod first {
    diesel::table! {
        nodes (id) {
            id -> Integer,
            uuid -> Nullable<Text>,
            instance_uuid -> Nullable<Text>,
            instance_name -> Nullable<Text>,
            name -> Nullable<Text>,
            chassis_id -> Nullable<Integer>,
            driver -> Nullable<Text>,
            resource_class -> Nullable<Text>,
            reservation -> Nullable<Text>,
            conductor_affinity -> Nullable<Integer>,
            conductor_group -> Text,
            automated_clean -> Nullable<Bool>,
            protected -> Bool,
            protected_reason -> Nullable<Text>,
            owner -> Nullable<Text>,
            lessee -> Nullable<Text>,
            allocation_id -> Nullable<Integer>,
            description -> Nullable<Text>,
            retired -> Nullable<Bool>,
            retired_reason -> Nullable<Text>,
            shard -> Nullable<Text>,
            parent_node -> Nullable<Text>,
            disable_power_off -> Nullable<Bool>,
            health -> Nullable<Text>,
            version -> Nullable<Text>,
            created_at -> Nullable<Timestamp>,
            updated_at -> Nullable<Timestamp>,
        }
    }
}

/// Declares columns of `nodes` as `diesel::table!` would: one unit type each.
macro_rules! columns {
    ($($column:ident -> $sql_type:ty,)+) => {$(
        #[allow(non_camel_case_types, reason = "a column is written as in SQL")]
        #[derive(Clone, Copy, Debug, Default, diesel::query_builder::QueryId)]
        pub struct $column;

        impl Expression for $column {
            type SqlType = $sql_type;
        }

        impl Column for $column {
            type Table = table;
            const NAME: &'static str = stringify!($column);
        }

        impl<DB: Backend> QueryFragment<DB> for $column {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                if !out.should_skip_from() {
                    out.push_identifier("nodes")?;
                    out.push_sql(".");
                }
                out.push_identifier(Self::NAME)
            }
        }

        impl SelectableExpression<table> for $column {}

        impl<Source> AppearsOnTable<Source> for $column where
            Source: AppearsInFromClause<table, Count = Once>
        {
        }

        impl ValidGrouping<()> for $column {
            type IsAggregate = is_aggregate::No;
        }
    )+};
}

mod further {
    use diesel::backend::Backend;
    use diesel::expression::{
        AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
    };
    use diesel::query_builder::{AstPass, QueryFragment};
    use diesel::query_source::{AppearsInFromClause, Column, Once};
    use diesel::result::QueryResult;
    use diesel::sql_types::{Bool, Nullable, Text, Timestamp};

    use super::first::nodes::table;

    columns! {
        // How the node is.
        power_state -> Nullable<Text>,
        target_power_state -> Nullable<Text>,
        provision_state -> Nullable<Text>,
        target_provision_state -> Nullable<Text>,
        provision_updated_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        maintenance -> Nullable<Bool>,
        maintenance_reason -> Nullable<Text>,
        fault -> Nullable<Text>,
        console_enabled -> Nullable<Bool>,
        inspection_finished_at -> Nullable<Timestamp>,
        inspection_started_at -> Nullable<Timestamp>,
        boot_mode -> Nullable<Text>,
        secure_boot -> Nullable<Bool>,
        // Documents.
        instance_info -> Nullable<Text>,
        properties -> Nullable<Text>,
        driver_info -> Nullable<Text>,
        driver_internal_info -> Nullable<Text>,
        clean_step -> Nullable<Text>,
        deploy_step -> Nullable<Text>,
        service_step -> Nullable<Text>,
        raid_config -> Nullable<Text>,
        target_raid_config -> Nullable<Text>,
        extra -> Nullable<Text>,
        network_data -> Nullable<Text>,
        // Implementations of the interfaces.
        bios_interface -> Nullable<Text>,
        boot_interface -> Nullable<Text>,
        console_interface -> Nullable<Text>,
        deploy_interface -> Nullable<Text>,
        firmware_interface -> Nullable<Text>,
        inspect_interface -> Nullable<Text>,
        management_interface -> Nullable<Text>,
        network_interface -> Nullable<Text>,
        raid_interface -> Nullable<Text>,
        rescue_interface -> Nullable<Text>,
        storage_interface -> Nullable<Text>,
        power_interface -> Nullable<Text>,
        vendor_interface -> Nullable<Text>,
    }
}
