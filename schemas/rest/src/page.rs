//! Pages of lists: limit, marker, order, and the link to the next page.

use schemas_model::{Class, Fault};

use crate::field::Resource;
use crate::params::Arguments;
use crate::shape::check_names;
use crate::versions::Version;

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// The word of `sort_dir`.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Ascending => "asc",
            Direction::Descending => "desc",
        }
    }
}

/// A page that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Most rows; at least 1.
    pub limit: u32,
    /// The resource after which the page starts: its key.
    pub marker: Option<String>,
    /// The field it is sorted by; `id` stands for the order of creation.
    pub sort_key: String,
    /// Whether that field orders nothing; refused by the list, after what else it does not find.
    pub unsortable: bool,
    /// Which way.
    pub direction: Direction,
}

impl Page {
    /// Reads `limit`, `marker`, `sort_key` and `sort_dir`; `max_limit` is `[api]max_limit`.
    ///
    /// # Errors
    /// 406 for a sort key that is newer than the version, 400 for anything else that is wrong.
    pub fn of<R: Resource>(
        arguments: &Arguments,
        version: Version,
        max_limit: u32,
    ) -> Result<Page, Fault> {
        let page = Page::unchecked(arguments, max_limit, "id");
        check_names::<R>(
            std::slice::from_ref(&page.as_ref().map_or_else(
                |_| arguments.text("sort_key").unwrap_or("id").to_owned(),
                |page| page.sort_key.clone(),
            )),
            version,
        )?;
        let mut page = page?;
        page.unsortable = R::field(&page.sort_key).is_some_and(|field| !field.sortable);
        Ok(page)
    }

    /// The same without a look at the table of fields.
    ///
    /// # Errors
    /// 400 for a limit below 1 or an unknown direction.
    pub fn unchecked(
        arguments: &Arguments,
        max_limit: u32,
        default_key: &str,
    ) -> Result<Page, Fault> {
        let limit = match arguments.integer("limit") {
            None => max_limit,
            Some(limit) if limit <= 0 => {
                return Err(client_error("Limit must be positive"));
            }
            Some(limit) => u32::try_from(limit).unwrap_or(u32::MAX).min(max_limit),
        };
        let direction = match arguments.text("sort_dir") {
            None | Some("asc") => Direction::Ascending,
            Some("desc") => Direction::Descending,
            Some(other) => {
                return Err(client_error(format!(
                    "Invalid sort direction: {other}. Acceptable values are 'asc' or 'desc'"
                )));
            }
        };
        Ok(Page {
            limit,
            marker: arguments.text("marker").map(str::to_owned),
            sort_key: arguments.text("sort_key").unwrap_or(default_key).to_owned(),
            unsortable: false,
            direction,
        })
    }

    /// The link to the next page, if this one of `count` rows is full. `path` is below `/v1/`,
    /// `extra` the parameters it repeats, in order; the order is put before them.
    pub fn next(
        &self,
        base: &str,
        path: &str,
        count: usize,
        last_key: Option<&str>,
        extra: &[(&str, String)],
    ) -> Option<String> {
        let last_key = last_key.filter(|_| count > 0 && count == self.limit as usize)?;
        let mut link = format!(
            "{base}/v1/{path}?sort_key={}&sort_dir={}&",
            self.sort_key,
            self.direction.word()
        );
        for (name, value) in extra {
            link.push_str(&format!("{name}={value}&"));
        }
        link.push_str(&format!("limit={}&marker={last_key}", self.limit));
        Some(link)
    }
}

/// Python's way to print a boolean, as `next` links have it.
pub fn python_boolean(flag: bool) -> String {
    if flag { "True" } else { "False" }.to_owned()
}

fn client_error(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(Class::ClientSideError, message).with_code(400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{OperationId, operations};
    use crate::params::{check, parse_query};
    use crate::types::node::NodeResource;

    fn page(query: &str, version: Version) -> Result<Page, u16> {
        let list = operations().find(|(_, op)| op.id == OperationId::NodeList);
        let arguments = check(list.unwrap().1, parse_query(query)).unwrap();
        Page::of::<NodeResource>(&arguments, version, 1000).map_err(|fault| fault.code())
    }

    #[test]
    fn what_orders_nothing_is_refused_by_the_list_only() {
        let unsortable = |query| page(query, Version::MAX).map(|page| page.unsortable);
        assert_eq!(unsortable("sort_key=properties"), Ok(true));
        assert_eq!(
            unsortable("sort_key=name&marker=6eacbcd8-3b3d-4b5e-9b5a-0d3a1f3b5c11"),
            Ok(false)
        );
        assert_eq!(unsortable("limit=1"), Ok(false));
    }

    #[test]
    fn what_is_wrong_at_once() {
        assert_eq!(page("limit=0", Version::MAX), Err(400));
        assert_eq!(page("sort_key=owner&limit=0", Version::MIN), Err(406));
    }
}
