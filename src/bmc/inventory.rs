//! `fru`: who made the machine and its parts.

use chrono::{DateTime, Duration};
use drivers_ipmi_client::fru::{Board, Chassis, Inventory, Product};
use drivers_ipmi_client::{Error, Operation};
use serde_json::{Map, Value, json};

use super::report::{Report, printable};
use crate::terminal;

/// 1996-01-01 00:00 UTC, from which boards count their minutes.
const EPOCH: i64 = 820_454_400;

/// Names of fields with their values, empty ones left out.
type Fields = Vec<(&'static str, String)>;

/// Reads an inventory.
pub(super) async fn read(bmc: &mut Operation, device: u8) -> Result<Report, Error> {
    let inventory = bmc.inventory(device).await?;
    let areas = areas(&inventory);
    let rows: Vec<[String; 3]> = areas
        .iter()
        .flat_map(|(area, fields)| {
            fields.iter().map(|(field, value)| {
                let label = field.replace('_', " ");
                [(*area).to_owned(), label, printable(value)]
            })
        })
        .collect();
    let json: Map<String, Value> = areas
        .into_iter()
        .map(|(area, fields)| {
            let fields: Map<String, Value> = fields
                .into_iter()
                .map(|(field, value)| (field.to_owned(), json!(value)))
                .collect();
            (area.to_owned(), Value::Object(fields))
        })
        .collect();
    let lines = if rows.is_empty() {
        vec!["no area of this inventory can be read".to_owned()]
    } else {
        terminal::table(["Area", "Field", "Value"], &rows)
    };
    Ok(Report {
        lines,
        json: Value::Object(json),
    })
}

/// The areas that there are.
fn areas(inventory: &Inventory) -> Vec<(&'static str, Fields)> {
    let Inventory {
        chassis,
        board,
        product,
    } = inventory;
    [
        ("chassis", chassis.as_ref().map(of_chassis)),
        ("board", board.as_ref().map(of_board)),
        ("product", product.as_ref().map(of_product)),
    ]
    .into_iter()
    .filter_map(|(area, fields)| {
        let told = fields?.into_iter().filter(|(_, value)| !value.is_empty());
        Some((area, told.collect()))
    })
    .collect()
}

fn of_chassis(chassis: &Chassis) -> Fields {
    vec![
        ("type", chassis.kind.to_string()),
        ("part_number", chassis.part_number.clone()),
        ("serial_number", chassis.serial_number.clone()),
        ("extra", extra(&chassis.extra)),
    ]
}

fn of_board(board: &Board) -> Fields {
    vec![
        ("manufactured", date(board.made)),
        ("manufacturer", board.manufacturer.clone()),
        ("product", board.product.clone()),
        ("serial_number", board.serial_number.clone()),
        ("part_number", board.part_number.clone()),
        ("extra", extra(&board.extra)),
    ]
}

fn of_product(product: &Product) -> Fields {
    vec![
        ("manufacturer", product.manufacturer.clone()),
        ("name", product.name.clone()),
        ("part_number", product.part_number.clone()),
        ("version", product.version.clone()),
        ("serial_number", product.serial_number.clone()),
        ("asset_tag", product.asset_tag.clone()),
        ("extra", extra(&product.extra)),
    ]
}

fn extra(fields: &[String]) -> String {
    let told = fields.iter().filter(|field| !field.is_empty());
    told.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The day and minute, empty if not told.
fn date(minutes: u32) -> String {
    if minutes == 0 {
        return String::new();
    }
    DateTime::from_timestamp(EPOCH, 0)
        .and_then(|epoch| epoch.checked_add_signed(Duration::minutes(i64::from(minutes))))
        .map(|date| date.format("%Y-%m-%dT%H:%MZ").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn minutes_count_from_1996() {
        assert_eq!(date(0), "");
        assert_eq!(date(1), "1996-01-01T00:01Z");
        assert_eq!(date(0x00ff_ffff), "2027-11-24T20:15Z");
    }
}
