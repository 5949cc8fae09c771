//! The statements that create the schema.

use super::definition::{HEAD, TABLES};
use super::table::{Column, Kind, Table};
use crate::backend::Backend;

/// Every statement, in order.
pub(crate) fn statements(backend: Backend) -> Vec<String> {
    let mut statements: Vec<String> = TABLES.iter().map(|t| create_table(t, backend)).collect();
    for table in TABLES {
        for (name, columns) in table.indexes {
            statements.push(format!(
                "CREATE INDEX {name} ON {} ({})",
                table.name,
                quoted(columns, backend)
            ));
        }
    }
    statements.push(format!(
        "INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')"
    ));
    statements
}

fn create_table(table: &Table, backend: Backend) -> String {
    let mut parts: Vec<String> = table.columns.iter().map(|c| column(c, backend)).collect();
    let key = quoted(table.primary_key, backend);
    parts.push(if table.name == "alembic_version" {
        // The one primary key that has a name; alembic gives it.
        format!("CONSTRAINT alembic_version_pkc PRIMARY KEY ({key})")
    } else {
        format!("PRIMARY KEY ({key})")
    });
    for (name, columns) in table.unique {
        parts.push(format!(
            "CONSTRAINT {name} UNIQUE ({})",
            quoted(columns, backend)
        ));
    }
    for reference in table.references {
        let name = reference
            .name
            .map_or_else(String::new, |name| format!("CONSTRAINT {name} "));
        parts.push(format!(
            "{name}FOREIGN KEY ({}) REFERENCES {} (id)",
            reference.column, reference.table
        ));
    }
    let engine = if backend == Backend::Mysql {
        " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
    } else {
        ""
    };
    format!(
        "CREATE TABLE {} (\n    {}\n){engine}",
        table.name,
        parts.join(",\n    ")
    )
}

fn column(column: &Column, backend: Backend) -> String {
    let mut text = format!(
        "{} {}",
        quote(column.name, backend),
        column.kind.as_sql(backend)
    );
    if let Some(default) = column.default {
        text.push_str(" DEFAULT ");
        text.push_str(default.as_sql(backend));
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if column.kind == Kind::Serial && backend == Backend::Mysql {
        text.push_str(" AUTO_INCREMENT");
    }
    text
}

fn quote(name: &str, backend: Backend) -> String {
    match backend {
        Backend::Mysql => format!("`{name}`"),
        Backend::Postgresql | Backend::Sqlite => format!("\"{name}\""),
    }
}

fn quoted(names: &[&str], backend: Backend) -> String {
    let names: Vec<String> = names.iter().map(|name| quote(name, backend)).collect();
    names.join(", ")
}
