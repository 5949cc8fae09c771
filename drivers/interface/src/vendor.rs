//! Everything else a vendor offers, by method name.

use async_trait::async_trait;
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::{Interface, Task, unsupported};

/// An HTTP method a vendor method may be called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "HTTP's own")]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl HttpMethod {
    /// Upper case.
    pub const fn as_str(self) -> &'static str {
        match self {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Patch => "PATCH",
            HttpMethod::Delete => "DELETE",
        }
    }

    /// From any case.
    pub fn parse(word: &str) -> Option<Self> {
        [
            HttpMethod::Get,
            HttpMethod::Post,
            HttpMethod::Put,
            HttpMethod::Patch,
            HttpMethod::Delete,
        ]
        .into_iter()
        .find(|m| m.as_str().eq_ignore_ascii_case(word))
    }
}

/// What a vendor method works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One node.
    Node,
    /// The driver as a whole.
    Driver,
}

/// A row of a vendor interface's method table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VendorMethod {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Node or driver.
    pub scope: Scope,
    /// How it may be called.
    pub http_methods: &'static [HttpMethod],
    /// Whether the caller gets 202 at once, and no result.
    pub r#async: bool,
    /// Whether the result is sent as a file.
    pub attach: bool,
    /// Whether the node is held exclusively meanwhile.
    pub require_exclusive_lock: bool,
}

/// Vendor methods.
#[async_trait]
pub trait Vendor: Interface {
    /// THE table of methods.
    fn methods(&self) -> &'static [VendorMethod] {
        &[]
    }

    /// Checks the arguments of a node method before it is accepted.
    ///
    /// # Errors
    /// `MissingParameterValue`, `InvalidParameterValue`.
    async fn validate_method(
        &self,
        task: &dyn Task,
        method: &str,
        info: &Object,
    ) -> Result<(), Fault> {
        let _ = (method, info);
        self.validate(task).await
    }

    /// Calls a node method.
    ///
    /// # Errors
    /// The method's own, or unsupported.
    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        http_method: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        let _ = (http_method, info);
        Err(unsupported(self, task, method))
    }

    /// Calls a driver method.
    ///
    /// # Errors
    /// The method's own, or unsupported.
    async fn driver_call(
        &self,
        method: &str,
        http_method: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        let _ = (http_method, info);
        Err(Fault::unsupported(format!(
            "The vendor interface '{}' has no driver method '{method}'.",
            self.name()
        )))
    }
}
