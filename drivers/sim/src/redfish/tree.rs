//! The resources of one BMC by path, and their versions.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use super::model::{ETags, Model};

/// Resources by path, without a slash at the end. Clones share what neither changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    resources: BTreeMap<Arc<str>, Arc<Value>>,
    /// Changes of a resource since the start; absent is none.
    versions: HashMap<String, u64>,
}

impl Tree {
    pub(super) fn get(&self, path: &str) -> Option<&Value> {
        self.resources.get(path).map(|resource| &**resource)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(|path| &**path)
    }

    /// Adds or replaces a resource, with its `@odata.id`.
    pub(super) fn put(&mut self, model: &Model, path: &str, kind: &str, body: Value) {
        let mut resource = model.link(path);
        merge(&mut resource, &json!({ "@odata.type": format!("#{kind}") }));
        merge(&mut resource, &body);
        self.touch(path);
        self.resources.insert(path.into(), Arc::new(resource));
    }

    /// Adds a collection.
    pub(super) fn put_collection(
        &mut self,
        model: &Model,
        path: &str,
        kind: &str,
        members: &[String],
    ) {
        let links: Vec<Value> = members.iter().map(|member| model.link(member)).collect();
        let name = kind.split('.').next().unwrap_or(kind);
        let body = json!({
            "Name": name,
            "Members@odata.count": links.len(),
            "Members": links,
        });
        self.put(model, path, &format!("{name}.{name}"), body);
    }

    /// Merges members into a resource; false if there is none.
    pub(super) fn change(&mut self, path: &str, patch: &Value) -> bool {
        let Some(resource) = self.resources.get_mut(path) else {
            return false;
        };
        merge(Arc::make_mut(resource), patch);
        self.touch(path);
        true
    }

    /// Replaces what a JSON pointer names.
    pub(super) fn set(&mut self, path: &str, pointer: &str, value: Value) {
        if let Some(resource) = self.resources.get_mut(path)
            && let Some(member) = Arc::make_mut(resource).pointer_mut(pointer)
        {
            *member = value;
            self.touch(path);
        }
    }

    /// Adds a member to a collection.
    pub(super) fn join(&mut self, model: &Model, collection: &str, member: &str) {
        self.members(collection, |members| members.push(model.link(member)));
    }

    /// Removes a resource, what lies below it, and the references of collections.
    pub(super) fn remove(&mut self, path: &str) -> bool {
        let below = format!("{path}/");
        let before = self.resources.len();
        self.resources
            .retain(|key, _| &**key != path && !key.starts_with(&below));
        if let Some((collection, _)) = path.rsplit_once('/') {
            self.members(collection, |members| {
                members.retain(|member| {
                    member["@odata.id"]
                        .as_str()
                        .is_none_or(|link| link.trim_end_matches('/') != path)
                });
            });
        }
        self.resources.len() < before
    }

    fn members(&mut self, collection: &str, change: impl FnOnce(&mut Vec<Value>)) {
        let Some(resource) = self.resources.get_mut(collection) else {
            return;
        };
        let resource = Arc::make_mut(resource);
        if let Some(members) = resource.get_mut("Members").and_then(Value::as_array_mut) {
            change(members);
            let count = members.len();
            merge(resource, &json!({ "Members@odata.count": count }));
            self.touch(collection);
        }
    }

    /// Gives a resource another ETag, as a change of it does.
    pub(super) fn touch(&mut self, path: &str) {
        *self.versions.entry(path.to_owned()).or_default() += 1;
    }

    /// The ETag of a resource.
    pub(super) fn etag(&self, model: &Model, path: &str) -> Option<String> {
        let version = self.versions.get(path).copied().unwrap_or_default();
        match model.etags {
            ETags::None => None,
            ETags::Strong => Some(format!("\"{version}\"")),
            ETags::Weak => Some(format!("W/\"{version}\"")),
        }
    }
}

/// JSON merge patch, without removal.
pub(super) fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{GENERIC, HPE};
    use super::*;

    #[test]
    fn removal_takes_what_lies_below_and_the_reference() {
        let mut tree = Tree::default();
        tree.put_collection(
            &HPE,
            "/c",
            "VolumeCollection",
            &["/c/1".into(), "/c/10".into()],
        );
        for path in ["/c/1", "/c/1/x", "/c/10"] {
            tree.put(&HPE, path, "Volume.v1_0_0.Volume", json!({}));
        }
        assert!(tree.remove("/c/1"));
        assert!(!tree.remove("/c/1"));
        let paths: Vec<_> = tree.paths().collect();
        assert_eq!(paths, ["/c", "/c/10"]);
        assert_eq!(
            tree.get("/c").unwrap()["Members"],
            json!([{"@odata.id": "/c/10/"}])
        );
        assert_eq!(tree.get("/c").unwrap()["Members@odata.count"], 1);
    }

    #[test]
    fn every_change_is_another_version() {
        let mut tree = Tree::default();
        tree.put(&GENERIC, "/s", "X", json!({"a": {"b": 1}}));
        let first = tree.etag(&GENERIC, "/s");
        assert!(tree.change("/s", &json!({"a": {"c": 2}})));
        assert_ne!(tree.etag(&GENERIC, "/s"), first);
        assert_eq!(tree.get("/s").unwrap()["a"], json!({"b": 1, "c": 2}));
        assert!(!tree.change("/none", &json!({})));
    }
}
