//! The schema: made as Ironic makes it, recognised when Ironic made it, refused when it is another.
//!
//! The databases that Ironic left behind are in `tempest-compat/database` (created at once, with
//! content) and in `tests/data` (migrated step by step).

use schemas_db::schema::{HEAD, SchemaError, Upgrade};
use schemas_db::{
    AllocationFilter, Backend, Children, Database, DbError, InspectionRuleFilter, NodeFilter, Page,
    PortFilter, PortgroupFilter, RunbookFilter, Shown, VolumeFilter,
};

use crate::backends::Empty;

const CREATED: &[(Backend, &str)] = &[
    (
        Backend::Sqlite,
        include_str!("../../../../tempest-compat/database/populated-sqlite.sql"),
    ),
    (
        Backend::Postgresql,
        include_str!("../../../../tempest-compat/database/populated-postgresql.sql"),
    ),
    (
        Backend::Mysql,
        include_str!("../../../../tempest-compat/database/populated-mariadb.sql"),
    ),
];

const MIGRATED: &[(Backend, &str)] = &[
    (
        Backend::Postgresql,
        include_str!("../data/migrated-postgresql.sql"),
    ),
    (Backend::Mysql, include_str!("../data/migrated-mariadb.sql")),
];

/// Databases that can be tested here, with the dump loaded.
fn loaded(dumps: &[(Backend, &str)]) -> Vec<Empty> {
    let mut databases = Vec::new();
    for (backend, dump) in dumps {
        if let Some(database) = Empty::on(*backend) {
            // A dump is not in the order of its foreign keys.
            let order_is_free = match backend {
                Backend::Sqlite => "PRAGMA foreign_keys = OFF;",
                Backend::Mysql => "SET FOREIGN_KEY_CHECKS = 0;",
                Backend::Postgresql => "",
            };
            database.execute(&format!("{order_is_free}{dump}"));
            databases.push(database);
        }
    }
    databases
}

/// What a schema consists of, without the order of columns.
fn facts(database: &Empty) -> Vec<String> {
    let statements: &[&str] = match database.backend {
        Backend::Sqlite => &[
            "SELECT m.name || '.' || p.name || ' ' || p.type || ' ' || p.\"notnull\" || ' ' || \
             COALESCE(p.dflt_value, '-') || ' ' || p.pk AS fact \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
            "SELECT m.name || ' ' || CASE l.origin WHEN 'c' THEN l.name ELSE l.origin END || ' ' \
             || l.\"unique\" || ' ' || GROUP_CONCAT(i.name) AS fact \
             FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i \
             WHERE m.type = 'table' GROUP BY m.name, l.name",
            "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" AS fact \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        ],
        Backend::Postgresql => &[
            "SELECT CONCAT_WS(' ', table_name, column_name, data_type, \
             character_maximum_length, is_nullable, column_default) AS fact \
             FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT indexdef AS fact FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT CONCAT_WS(' ', conrelid::regclass, conname, contype, \
             pg_get_constraintdef(oid)) AS fact \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
        ],
        Backend::Mysql => &[
            "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, \
             column_default, extra) AS fact \
             FROM information_schema.columns WHERE table_schema = DATABASE()",
            "SELECT CONCAT_WS(' ', table_name, index_name, non_unique, \
             GROUP_CONCAT(column_name ORDER BY seq_in_index)) AS fact \
             FROM information_schema.statistics WHERE table_schema = DATABASE() \
             GROUP BY table_name, index_name, non_unique",
            "SELECT CONCAT_WS(' ', table_name, constraint_name, column_name, \
             referenced_table_name, referenced_column_name) AS fact \
             FROM information_schema.key_column_usage WHERE table_schema = DATABASE()",
        ],
    };
    statements
        .iter()
        .flat_map(|statement| database.facts(statement))
        .collect()
}

#[tokio::test]
async fn the_created_schema_is_ironics() {
    for ironics in loaded(CREATED) {
        let ours = Empty::on(ironics.backend).unwrap();
        ours.connect().await.create_schema().await.unwrap();
        let (ironics, ours) = (facts(&ironics), facts(&ours));
        assert!(ironics.len() > 200, "{}", ironics.len());
        let missing: Vec<_> = ironics.iter().filter(|fact| !ours.contains(fact)).collect();
        let added: Vec<_> = ours.iter().filter(|fact| !ironics.contains(fact)).collect();
        assert!(
            missing.is_empty() && added.is_empty(),
            "missing {missing:#?}, added {added:#?}"
        );
    }
}

#[tokio::test]
async fn what_ironic_created_or_migrated_is_adopted() {
    for dumps in [CREATED, MIGRATED] {
        for database in loaded(dumps) {
            let db = database.connect().await;
            db.adopt().await.unwrap();
            assert_eq!(db.upgrade().await.unwrap(), Upgrade::AtHead);
            assert_eq!(db.schema_version().await.unwrap().as_deref(), Some(HEAD));
            let error = db.create_schema().await.unwrap_err();
            assert!(matches!(error, DbError::Schema(SchemaError::Exists { .. })));
            read_everything(&db).await;
        }
    }
}

#[tokio::test]
async fn what_ironic_stored_is_read() {
    for database in loaded(CREATED) {
        let db = database.connect().await;
        let nodes = read_everything(&db).await;
        assert_eq!(nodes, 21, "{}", database.backend);
        // Everything is at its latest version; one runbook was made without traits.
        let done = db.online_data_migrations(0).await.unwrap();
        let counts: Vec<_> = done.iter().map(|m| (m.total, m.migrated)).collect();
        assert_eq!(counts, [(0, 0), (1, 1), (0, 0)], "{}", database.backend);
    }
}

/// Reads every resource; how many nodes there are.
async fn read_everything(db: &Database) -> usize {
    let all = Page::all();
    let filter = NodeFilter {
        children: Children::Included,
        ..NodeFilter::default()
    };
    let nodes = db.node_list(&filter, &all).await.unwrap();
    for node in &nodes {
        assert_eq!(db.node_by_uuid(&node.uuid).await.unwrap(), *node);
        db.bios_setting_list(node.id, Shown::Everything)
            .await
            .unwrap();
        db.firmware_component_list(node.id).await.unwrap();
        for entry in db.node_history_list(node.id, &all).await.unwrap() {
            assert_eq!(db.node_history_by_uuid(&entry.uuid).await.unwrap(), entry);
        }
        match db.node_inventory(node.id).await {
            Ok(_) | Err(DbError::NotFound { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    db.node_brief_list(&filter, &all).await.unwrap();
    db.port_list(&PortFilter::default(), &all).await.unwrap();
    db.portgroup_list(&PortgroupFilter::default(), &all)
        .await
        .unwrap();
    db.chassis_list(&all).await.unwrap();
    db.volume_connector_list(&VolumeFilter::default(), &all)
        .await
        .unwrap();
    db.volume_target_list(&VolumeFilter::default(), &all)
        .await
        .unwrap();
    db.allocation_list(&AllocationFilter::default(), &all)
        .await
        .unwrap();
    db.deploy_template_list(&all).await.unwrap();
    db.runbook_list(&RunbookFilter::default(), &all)
        .await
        .unwrap();
    db.inspection_rule_list(&InspectionRuleFilter::default(), &all)
        .await
        .unwrap();
    for conductor in db.conductor_list(&all).await.unwrap() {
        db.conductor_interface_list(conductor.id).await.unwrap();
    }
    nodes.len()
}

#[tokio::test]
async fn other_schemas_are_refused_with_what_to_do() {
    for backend in Backend::ALL {
        let Some(database) = Empty::on(*backend) else {
            continue;
        };
        let db = database.connect().await;
        let refusal = async || db.adopt().await.unwrap_err().to_string();
        assert!(refusal().await.contains("create_schema"));
        assert_eq!(db.upgrade().await.unwrap(), Upgrade::Created);
        db.create_or_adopt().await.unwrap();

        database.execute("ALTER TABLE nodes DROP COLUMN health");
        assert!(refusal().await.contains("column nodes.health"));
        db.stamp("163040c5513f").await.unwrap();
        assert_eq!(
            db.schema_version().await.unwrap().as_deref(),
            Some("163040c5513f")
        );
        assert!(refusal().await.contains("163040c5513f"));
        assert!(matches!(
            db.upgrade().await.unwrap_err(),
            DbError::Schema(SchemaError::OtherRevision { .. })
        ));
        database.execute("DROP TABLE alembic_version");
        assert!(refusal().await.contains("stamp"));
        assert!(matches!(
            db.upgrade().await.unwrap_err(),
            DbError::Schema(SchemaError::Unversioned)
        ));
        db.stamp("head").await.unwrap();
        assert!(refusal().await.contains("nodes.health"));
        for wrong in ["", "tail", "9fb", "163040c5513", "9FB44677EF15"] {
            for outcome in [db.stamp(wrong).await, db.upgrade_to(wrong).await.map(drop)] {
                assert!(
                    matches!(
                        outcome,
                        Err(DbError::Schema(SchemaError::UnknownRevision { .. }))
                    ),
                    "{wrong}"
                );
            }
        }
        db.upgrade_to("9fb4").await.unwrap();
        db.stamp("base").await.unwrap();
        assert_eq!(db.schema_version().await.unwrap(), None);
    }
}
