//! The checks before an upgrade: those of Ironic 39.0.0, under its names and with its outcomes.

use std::path::Path;
use std::sync::Arc;

use drivers_registry::{Catalog, Registry, RegistryError};
use schemas_config::Config;
use schemas_db::Database;
use schemas_db::schema::{NodeWord, OwnerMismatch};
use schemas_model::interface::InterfaceKind;
use serde_json::{Value, json};

use crate::settings::Settings;

/// What the outcomes are listed under (oslo.upgradecheck).
const TITLE: &str = "Upgrade Check Results";
/// Longest line of a check's details (characters).
const WIDTH: usize = 60;

/// How a check ended; the numbers are oslo.upgradecheck's, and the worst is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Nothing was found.
    Success = 0,
    /// Something should be seen to.
    Warning = 1,
    /// The upgrade must not be made.
    Failure = 2,
}

/// One check.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    pub(super) details: Option<String>,
}

impl Check {
    /// Successful without `details`.
    fn new(name: &'static str, otherwise: Outcome, details: Option<String>) -> Self {
        Check {
            name,
            outcome: details.as_ref().map_or(Outcome::Success, |_| otherwise),
            details,
        }
    }
}

/// Makes all checks.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn run(settings: &Settings, database: &Database) -> Result<Vec<Check>, String> {
    let objects = match database.adopt().await {
        Ok(()) => super::objects(database).await?,
        Err(why) => Some(why.to_string()),
    };
    let usable = objects.is_none() || database.adopt().await.is_ok();
    let mut checks = vec![Check::new("Object versions", Outcome::Failure, objects)];
    // What is not a database of Ironic's has nothing else to look at.
    let details = if usable {
        Found::of(database).await?
    } else {
        Found::default()
    };
    checks.push(Check::new(
        "Database Index Status",
        Outcome::Warning,
        details.indexes,
    ));
    checks.push(Check::new(
        "MySQL UTF8MB4 Encoding Check",
        Outcome::Warning,
        details.encoding,
    ));
    checks.push(Check::new(
        "Policy File JSON to YAML Migration",
        Outcome::Failure,
        json_policy(settings),
    ));
    checks.push(hardware(settings, database, usable).await?);
    checks.push(Check::new(
        "Mismatch between Child and Parent Owners",
        Outcome::Warning,
        details.owners,
    ));
    Ok(checks)
}

/// What the database has to say.
#[derive(Default)]
struct Found {
    indexes: Option<String>,
    encoding: Option<String>,
    owners: Option<String>,
}

impl Found {
    async fn of(database: &Database) -> Result<Self, String> {
        let missing = database.missing_indexes().await.map_err(text)?;
        let table = database.mysql_table().await.map_err(text)?;
        let owners = database.owner_mismatches().await.map_err(text)?;
        let encoding = table.into_iter().flat_map(|table| {
            let text = (!table.is_utf8mb4)
                .then_some("the table allocations does not keep its text as utf8mb4");
            let engine =
                (!table.is_innodb).then_some("the table allocations is not one of InnoDB's");
            text.into_iter().chain(engine)
        });
        Ok(Found {
            indexes: sentence(
                "the table nodes lacks indexes that make its lists fast: ",
                ", ",
                missing.into_iter().map(str::to_owned),
            ),
            encoding: sentence("", "; ", encoding.map(str::to_owned)),
            owners: sentence(
                "some nodes have another owner than their parents:\n",
                "\n",
                owners.iter().map(mismatch),
            ),
        })
    }
}

/// The names of what is enabled.
struct Enabled {
    hardware: Vec<&'static str>,
    interfaces: Vec<(InterfaceKind, &'static str)>,
}

impl Enabled {
    fn of(config: &Config) -> Result<Self, RegistryError> {
        let registry = Registry::new(Arc::new(config.clone()), Catalog::all())?;
        let mut enabled = Enabled {
            hardware: Vec::new(),
            interfaces: Vec::new(),
        };
        for hardware in registry.hardware_types() {
            enabled.hardware.push(hardware.name);
            for kind in InterfaceKind::ALL {
                let names = registry.enabled_interfaces(hardware, *kind).into_iter();
                enabled.interfaces.extend(names.map(|name| (*kind, name)));
            }
        }
        Ok(enabled)
    }

    fn has(&self, kind: Option<InterfaceKind>, word: &str) -> bool {
        match kind {
            None => self.hardware.contains(&word),
            Some(kind) => self
                .interfaces
                .iter()
                .any(|(of, name)| *of == kind && *name == word),
        }
    }
}

/// Whether what is enabled can be, and nodes use nothing else.
async fn hardware(settings: &Settings, database: &Database, usable: bool) -> Result<Check, String> {
    const NAME: &str = "Hardware Types and Interfaces Check";
    let enabled = match Enabled::of(&settings.config) {
        Ok(enabled) => enabled,
        Err(why) => return Ok(Check::new(NAME, Outcome::Failure, Some(why.to_string()))),
    };
    let words = if usable {
        let known = move |kind: Option<InterfaceKind>, word: &str| enabled.has(kind, word);
        database.unknown_words(known).await.map_err(text)?
    } else {
        Vec::new()
    };
    let details = sentence("", ". ", words.iter().map(unknown));
    Ok(Check::new(NAME, Outcome::Warning, details))
}

fn text(why: schemas_db::DbError) -> String {
    why.to_string()
}

/// What was found, in a row; none when nothing was.
fn sentence(beginning: &str, between: &str, found: impl Iterator<Item = String>) -> Option<String> {
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| format!("{beginning}{}", found.join(between)))
}

fn unknown(found: &NodeWord) -> String {
    match found.kind {
        None => format!(
            "node {} has the driver {}, which is not enabled",
            found.node, found.word
        ),
        Some(kind) => format!(
            "node {} has the {kind} interface {}, which is not enabled",
            found.node, found.word
        ),
    }
}

fn mismatch(found: &OwnerMismatch) -> String {
    let name = |owner: &Option<String>| owner.clone().unwrap_or_else(|| "nobody".to_owned());
    format!(
        "- {} belongs to {}, its parent {} to {}",
        found.child,
        name(&found.child_owner),
        found.parent,
        name(&found.parent_owner)
    )
}

/// A policy file in the format that is not read any more.
fn json_policy(settings: &Settings) -> Option<String> {
    let name = Path::new(&settings.config.oslo_policy.policy_file);
    let path = settings
        .directories
        .iter()
        .map(|directory| directory.join(name))
        .find(|path| path.exists())?;
    let text = std::fs::read_to_string(&path).ok()?;
    serde_json::from_str::<Value>(&text).is_ok().then(|| {
        format!(
            "the policy file {} is JSON: write it as YAML",
            path.display()
        )
    })
}

/// For machines, as `--json` prints it.
pub(super) fn as_json(checks: &[Check]) -> Value {
    let rows: Vec<Value> = checks
        .iter()
        .map(|check| {
            json!({
                "check": check.name,
                "result": check.outcome as u8,
                "details": check.details,
            })
        })
        .collect();
    json!({"name": TITLE, "checks": rows})
}

/// For people: a box for each check.
pub(super) fn as_table(checks: &[Check]) -> Vec<String> {
    let boxes: Vec<Vec<String>> = checks
        .iter()
        .map(|check| {
            let details = check.details.as_deref().unwrap_or("None");
            let mut lines = vec![
                format!("Check: {}", check.name),
                format!("Result: {:?}", check.outcome),
            ];
            let mut details = wrapped(details).into_iter();
            lines.push(format!("Details: {}", details.next().unwrap_or_default()));
            lines.extend(details);
            lines
        })
        .collect();
    let title = vec![TITLE.to_owned()];
    let boxes: Vec<&Vec<String>> = std::iter::once(&title).chain(&boxes).collect();
    let lines = boxes.iter().flat_map(|lines| lines.iter());
    let width = lines.map(|line| line.chars().count()).max().unwrap_or(0);
    let rule = format!("+{}+", "-".repeat(width + 2));
    let mut table = vec![rule.clone()];
    for lines in boxes {
        table.extend(lines.iter().map(|line| format!("| {line:width$} |")));
        table.push(rule.clone());
    }
    table
}

/// Words on lines of bounded length; what a line does not end is indented.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_for_each_check() {
        let checks = [
            Check::new("Good", Outcome::Failure, None),
            Check::new(
                "Bad",
                Outcome::Warning,
                Some("it is ".to_owned() + &"long ".repeat(12)),
            ),
        ];
        let table = as_table(&checks);
        assert_eq!(
            table[1].trim_end_matches([' ', '|']),
            "| Upgrade Check Results"
        );
        assert!(
            table
                .iter()
                .all(|line| line.chars().count() == table[0].len())
        );
        let text = table.join("\n");
        for part in [
            "| Check: Good",
            "| Result: Success",
            "| Details: None",
            "| Result: Warning",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(
            as_json(&checks[..1]),
            json!({"name": TITLE, "checks": [{"check": "Good", "result": 0, "details": null}]})
        );
        assert!(Outcome::Failure > Outcome::Warning && Outcome::Warning > Outcome::Success);
    }
}
