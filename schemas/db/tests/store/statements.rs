//! How many statements a list takes: as many for many rows as for a few.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use schemas_db::{
    AllocationFilter, Backend, Database, InspectionRuleFilter, NodeFilter, Page, PortFilter,
    PortgroupFilter, RunbookFilter, Shown, VolumeFilter,
};
use schemas_model::ids::NodeId;
use schemas_model::{Node, Uuid};

use crate::backends::Empty;
use crate::{
    allocation, bios_and_firmware, chassis, conductor, deploy_template, history_and_inventory,
    inspection_rule, port, portgroup, runbook, volume,
};

/// Rows of each collection, at first and in the end.
const FEW: u8 = 10;
const MANY: u8 = 200;

/// Statements by the URL of their connection; other tests have databases of their own.
static COUNTS: LazyLock<Mutex<HashMap<String, u64>>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Counter {
    url: String,
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.url)
            }
            // A new connection's settings are none of a list's statements.
            InstrumentationEvent::StartQuery { query, .. }
                if !query.to_string().starts_with("PRAGMA") =>
            {
                let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
                *counts.entry(self.url.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// All statements so far on a database.
fn statements(database: &Empty) -> u64 {
    let counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    counts
        .iter()
        .filter(|(url, _)| url.contains(database.address()))
        .map(|(_, count)| count)
        .sum()
}

/// Adds rows to every collection: `first..last` are their numbers. What belongs to a node goes to
/// `parent`, or to the first one.
async fn fill(db: &Database, mut parent: Option<NodeId>, first: u8, last: u8) -> NodeId {
    for number in first..last {
        let name = format!("n-{number}");
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.name = Some(name.clone());
        let node = db.node_insert(&node).await.unwrap().id;
        db.node_traits_set(node, &["CUSTOM_A".into(), "CUSTOM_B".into()])
            .await
            .unwrap();
        let of = *parent.get_or_insert(node);
        db.port_insert(&port::port(node, number)).await.unwrap();
        db.portgroup_insert(&portgroup::portgroup(node, &name))
            .await
            .unwrap();
        let mut connector = volume::connector(node);
        connector.connector_id.push_str(&name);
        db.volume_connector_insert(&connector).await.unwrap();
        db.volume_target_insert(&volume::target(node, i32::from(number)))
            .await
            .unwrap();
        db.chassis_insert(&chassis::chassis(&name)).await.unwrap();
        db.allocation_insert(&allocation::allocation(&name))
            .await
            .unwrap();
        db.deploy_template_insert(&deploy_template::template(&format!("CUSTOM_{number}")))
            .await
            .unwrap();
        db.runbook_insert(&runbook::runbook(&format!("CUSTOM_R{number}")))
            .await
            .unwrap();
        db.inspection_rule_insert(&inspection_rule::rule())
            .await
            .unwrap();
        db.conductor_register(&conductor::registration(&name), false)
            .await
            .unwrap();
        db.node_history_insert(&history_and_inventory::entry(of, "it happened"))
            .await
            .unwrap();
    }
    let parent = parent.unwrap();
    let settings: Vec<_> = (0..last)
        .map(|number| bios_and_firmware::setting(parent, &format!("s-{number}"), "1"))
        .collect();
    db.bios_setting_sync(parent, &settings).await.unwrap();
    for number in first..last {
        let mut component = bios_and_firmware::component(parent, "1");
        component.component = format!("nic:{number}");
        db.firmware_component_put(&component).await.unwrap();
    }
    parent
}

/// Runs every list; how many statements and rows each took.
async fn lists(db: &Database, database: &Empty, node: NodeId) -> Vec<(&'static str, u64, usize)> {
    let page = Page::all();
    // As the API asks for a short list: what belongs to the rows is not shown.
    let short = Page {
        bare: true,
        shown: Shown::Only(vec!["uuid", "name"]),
        ..Page::all()
    };
    let mut taken = Vec::new();
    macro_rules! list {
        ($($name:literal: $rows:expr;)+) => {$(
            let before = statements(database);
            let rows = $rows.await.unwrap().len();
            taken.push(($name, statements(database) - before, rows));
        )+};
    }
    list! {
        "nodes": db.node_list(&NodeFilter::default(), &page);
        "nodes in short": db.node_summary_list(&NodeFilter::default(), &page);
        "nodes in brief": db.node_brief_list(&NodeFilter::default(), &page);
        "ports": db.port_list(&PortFilter::default(), &page);
        "ports in short": db.port_list(&PortFilter::default(), &short);
        "port groups": db.portgroup_list(&PortgroupFilter::default(), &page);
        "volume connectors": db.volume_connector_list(&VolumeFilter::default(), &page);
        "volume targets": db.volume_target_list(&VolumeFilter::default(), &page);
        "chassis": db.chassis_list(&page);
        "allocations": db.allocation_list(&AllocationFilter::default(), &page);
        "deploy templates": db.deploy_template_list(&page);
        "runbooks": db.runbook_list(&RunbookFilter::default(), &page);
        "runbooks in short": db.runbook_list(&RunbookFilter::default(), &short);
        "inspection rules": db.inspection_rule_list(&InspectionRuleFilter::default(), &page);
        "conductors": db.conductor_list(&page);
        "history": db.node_history_list(node, &page);
        "BIOS settings": db.bios_setting_list(node, Shown::Everything);
        "firmware": db.firmware_component_list(node);
        "shards": db.shard_list();
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_takes_as_many_statements_for_many_rows_as_for_few() {
    // Before this test's own connections; those of others are counted under other names.
    set_default_instrumentation(|| Some(Box::<Counter>::default())).unwrap();
    let database = Empty::on(Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();

    let node = fill(&db, None, 0, FEW).await;
    let few = lists(&db, &database, node).await;
    fill(&db, Some(node), FEW, MANY).await;
    let many = lists(&db, &database, node).await;

    for ((name, before, rows_before), (_, after, rows_after)) in few.iter().zip(&many) {
        assert_eq!(before, after, "{name}: statements grew with the rows");
        assert!((1..=3).contains(after), "{name}: {after} statements");
        assert!(
            *name == "shards"
                || (*rows_before == usize::from(FEW) && *rows_after == usize::from(MANY)),
            "{name}: {rows_before} and {rows_after} rows"
        );
    }
}
