//! The tables of Ironic 39.0.0 at alembic head `9fb44677ef15`, as diesel sees them.
//!
//! Columns are always named in statements: their order differs between created and migrated schemas.

pub mod nodes;

diesel::table! {
    chassis (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        extra -> Nullable<Text>,
        description -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    ports (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        address -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        extra -> Nullable<Text>,
        local_link_connection -> Nullable<Text>,
        portgroup_id -> Nullable<Integer>,
        pxe_enabled -> Nullable<Bool>,
        internal_info -> Nullable<Text>,
        physical_network -> Nullable<Text>,
        is_smartnic -> Nullable<Bool>,
        name -> Nullable<Text>,
        description -> Nullable<Text>,
        vendor -> Nullable<Text>,
        category -> Nullable<Text>,
        available_for_dynamic_portgroup -> Bool,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    portgroups (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        name -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        address -> Nullable<Text>,
        extra -> Nullable<Text>,
        internal_info -> Nullable<Text>,
        standalone_ports_supported -> Nullable<Bool>,
        mode -> Nullable<Text>,
        properties -> Nullable<Text>,
        physical_network -> Nullable<Text>,
        category -> Nullable<Text>,
        dynamic_portgroup -> Nullable<Bool>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    volume_connectors (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        #[sql_name = "type"]
        type_ -> Nullable<Text>,
        connector_id -> Nullable<Text>,
        extra -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    volume_targets (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        volume_type -> Nullable<Text>,
        properties -> Nullable<Text>,
        boot_index -> Nullable<Integer>,
        volume_id -> Nullable<Text>,
        extra -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    node_traits (node_id, trait_) {
        node_id -> Integer,
        #[sql_name = "trait"]
        trait_ -> Text,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    node_tags (node_id, tag) {
        node_id -> Integer,
        tag -> Text,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    node_history (id) {
        id -> Integer,
        uuid -> Text,
        conductor -> Nullable<Text>,
        event_type -> Nullable<Text>,
        severity -> Nullable<Text>,
        event -> Nullable<Text>,
        user -> Nullable<Text>,
        project -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        state -> Nullable<Text>,
        target_provision_state -> Nullable<Text>,
        duration_seconds -> Nullable<Integer>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    node_inventory (id) {
        id -> Integer,
        inventory_data -> Nullable<Text>,
        plugin_data -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bios_settings (node_id, name) {
        node_id -> Integer,
        name -> Text,
        value -> Nullable<Text>,
        attribute_type -> Nullable<Text>,
        allowable_values -> Nullable<Text>,
        lower_bound -> Nullable<BigInt>,
        max_length -> Nullable<Integer>,
        min_length -> Nullable<Integer>,
        read_only -> Nullable<Bool>,
        reset_required -> Nullable<Bool>,
        unique -> Nullable<Bool>,
        upper_bound -> Nullable<BigInt>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    firmware_information (id) {
        id -> Integer,
        node_id -> Integer,
        component -> Text,
        initial_version -> Text,
        current_version -> Nullable<Text>,
        last_version_flashed -> Nullable<Text>,
        vendor -> Nullable<Text>,
        model -> Nullable<Text>,
        serial_number -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    allocations (id) {
        id -> Integer,
        uuid -> Text,
        name -> Nullable<Text>,
        node_id -> Nullable<Integer>,
        state -> Text,
        owner -> Nullable<Text>,
        last_error -> Nullable<Text>,
        resource_class -> Nullable<Text>,
        traits -> Nullable<Text>,
        candidate_nodes -> Nullable<Text>,
        extra -> Nullable<Text>,
        conductor_affinity -> Nullable<Integer>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    conductors (id) {
        id -> Integer,
        hostname -> Text,
        drivers -> Nullable<Text>,
        online -> Nullable<Bool>,
        conductor_group -> Text,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    conductor_hardware_interfaces (id) {
        id -> Integer,
        conductor_id -> Integer,
        hardware_type -> Text,
        interface_type -> Text,
        interface_name -> Text,
        default -> Bool,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    deploy_templates (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        name -> Text,
        extra -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    deploy_template_steps (id) {
        id -> Integer,
        deploy_template_id -> Integer,
        interface -> Text,
        step -> Text,
        args -> Text,
        priority -> Integer,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    runbooks (id) {
        id -> Integer,
        uuid -> Nullable<Text>,
        name -> Text,
        description -> Nullable<Text>,
        public -> Nullable<Bool>,
        owner -> Nullable<Text>,
        disable_ramdisk -> Nullable<Bool>,
        extra -> Nullable<Text>,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    runbook_steps (id) {
        id -> Integer,
        runbook_id -> Integer,
        interface -> Text,
        step -> Text,
        args -> Text,
        order -> Integer,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    runbook_traits (runbook_id, trait_) {
        runbook_id -> Integer,
        #[sql_name = "trait"]
        trait_ -> Text,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    inspection_rules (id) {
        id -> Integer,
        uuid -> Text,
        priority -> Integer,
        description -> Nullable<Text>,
        scope -> Nullable<Text>,
        sensitive -> Nullable<Bool>,
        phase -> Nullable<Text>,
        conditions -> Nullable<Text>,
        actions -> Text,
        version -> Nullable<Text>,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    alembic_version (version_num) {
        version_num -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    alembic_version,
    allocations,
    bios_settings,
    chassis,
    conductor_hardware_interfaces,
    conductors,
    deploy_template_steps,
    deploy_templates,
    firmware_information,
    inspection_rules,
    node_history,
    node_inventory,
    node_tags,
    node_traits,
    nodes,
    portgroups,
    ports,
    runbook_steps,
    runbook_traits,
    runbooks,
    volume_connectors,
    volume_targets,
);

diesel::joinable!(conductor_hardware_interfaces -> conductors (conductor_id));
diesel::joinable!(ports -> nodes (node_id));
diesel::joinable!(portgroups -> nodes (node_id));
diesel::joinable!(volume_connectors -> nodes (node_id));
diesel::joinable!(volume_targets -> nodes (node_id));
