//! Members of JSON objects by path.

use serde_json::{Map, Value};

/// The parts of a path into a field: `/extra/rack/row`, or `extra.rack.row`.
pub fn parts(path: &str) -> Vec<String> {
    if path.contains('/') {
        path.trim_matches('/')
            .split('/')
            .map(str::to_owned)
            .collect()
    } else {
        path.split('.').map(str::to_owned).collect()
    }
}

/// The parts of a path into plugin data: `a.b.c`, or a list of keys.
pub fn keys(path: &Value) -> Option<Vec<String>> {
    match path {
        Value::String(path) => Some(path.split('.').map(str::to_owned).collect()),
        Value::Array(keys) if !keys.is_empty() => keys
            .iter()
            .map(|key| key.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// The object that holds the last part of a path, made on the way, and the last part.
///
/// # Errors
/// When something on the way is no object.
pub fn holder<'v, 'p>(
    root: &'v mut Value,
    path: &'p [String],
) -> Result<(&'v mut Map<String, Value>, &'p str), String> {
    let (last, way) = path.split_last().ok_or("the path is empty")?;
    let mut current = root;
    for part in way {
        current = object(current, part)?
            .entry(part.clone())
            .or_insert_with(|| Value::Object(Map::new()));
    }
    Ok((object(current, last)?, last))
}

fn object<'v>(value: &'v mut Value, part: &str) -> Result<&'v mut Map<String, Value>, String> {
    value
        .as_object_mut()
        .ok_or_else(|| format!("there is no object to hold '{part}'"))
}

/// Sets a member, making objects on the way.
///
/// # Errors
/// When something on the way is no object.
pub fn set(root: &mut Value, path: &[String], value: Value) -> Result<(), String> {
    let (holder, last) = holder(root, path)?;
    holder.insert(last.to_owned(), value);
    Ok(())
}

/// Appends to a list, made when it is not there; with `unique` only what is not in it.
///
/// # Errors
/// When there is something else than a list.
pub fn extend(list: &mut Value, value: Value, unique: bool) -> Result<(), String> {
    let Value::Array(items) = list else {
        return Err("what is there is no list".to_owned());
    };
    if !unique || !items.iter().any(|item| super::python::equal(item, &value)) {
        items.push(value);
    }
    Ok(())
}

/// Removes a member.
///
/// # Errors
/// When it is not there.
pub fn remove(root: &mut Value, path: &[String]) -> Result<(), String> {
    let (last, way) = path.split_last().ok_or("the path is empty")?;
    let mut current = root;
    for part in way {
        current = current
            .get_mut(part.as_str())
            .ok_or_else(|| format!("'{part}' is not there"))?;
    }
    object(current, last)?
        .shift_remove(last)
        .map(|_| ())
        .ok_or_else(|| format!("'{last}' is not there"))
}

/// Removes a member as plugin data lose theirs: an object that would be left empty goes with it,
/// save the outermost, which keeps its last member. Whether the member was there.
pub fn unset(root: &mut Value, path: &[String]) -> bool {
    let Some((last, way)) = path.split_last() else {
        return false;
    };
    let mut current = &*root;
    for part in way {
        match current.get(part) {
            Some(next) if current.is_object() => current = next,
            _ => return false,
        }
    }
    match current.as_object() {
        Some(members) if members.contains_key(last) => {
            let only = members.len() == 1;
            let doomed = if only { way } else { path };
            // Removing what was just seen cannot fail; the empty path is the outermost object.
            doomed.is_empty() || remove(root, doomed).is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_are_made_on_the_way() {
        let mut root = json!({"extra": {}, "name": "n"});
        set(&mut root, &parts("/extra/rack/row"), json!(1)).unwrap();
        assert_eq!(root["extra"], json!({"rack": {"row": 1}}));
        assert!(set(&mut root, &parts("name.x"), json!(1)).is_err());
    }

    #[test]
    fn members_are_removed() {
        let mut root = json!({"a": {"b": 1}});
        assert!(remove(&mut root, &parts("a.c")).is_err());
        remove(&mut root, &parts("a.b")).unwrap();
        assert_eq!(root, json!({"a": {}}));
    }

    #[test]
    fn unsetting_leaves_no_empty_object() {
        let path = |path: &str| keys(&json!(path)).unwrap();
        let mut root = json!({"a": {"b": {"c": 1}}, "x": 1});
        assert!(unset(&mut root, &path("a.b.c")));
        assert_eq!(root, json!({"a": {}, "x": 1}));
        assert!(!unset(&mut root, &path("a.b.c")));
        assert!(unset(&mut root, &path("x")));
        assert_eq!(root, json!({"a": {}}));
        assert!(unset(&mut root, &path("a")));
        assert_eq!(root, json!({"a": {}}));
    }

    #[test]
    fn lists_grow() {
        let mut list = json!([1]);
        extend(&mut list, json!(1.0), true).unwrap();
        extend(&mut list, json!(2), true).unwrap();
        assert_eq!(list, json!([1, 2]));
        assert!(extend(&mut json!("x"), json!(1), false).is_err());
    }
}
