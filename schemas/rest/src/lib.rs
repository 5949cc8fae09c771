//! The REST API as data: microversions, operations, fields, and what follows from them.
//!
//! Pure: no I/O, no HTTP library. The `api` crate feeds it method, path, headers and body, and
//! sends what it writes.
//!
//! Map
//! * [`versions`] – THE microversion list and its negotiation; the only place that compares numbers;
//! * [`operations`] – THE API table; [`operations::route`] finds a request's row in it;
//! * [`types`] – a table of fields per resource; [`field`] says what a row can hold;
//! * [`params`], [`page`], [`validate`], [`patch`], [`schema`], [`ident`], [`traits`], [`verbs`], [`configdrive`], [`vmedia`],
//!   [`limits`] – requests;
//! * [`document`] – the OpenAPI document of all that;
//! * [`shape`], [`out`], [`links`], [`mask`], [`fault`] – answers.
//!
//! # How to add a resource
//! 1. `versions.rs`: the row of the microversion that brings it, if it is new.
//! 2. `operations/<group>.rs`: a [`operations::Family`] with a row per operation: id, method, path
//!    below the family, policy rule; then `.whole()` when the body is one document, `.params()`,
//!    `.gate()`, `.success()`, `.surplus("fields")` on the show row. Ids go to `operations/id.rs`.
//! 3. `types/<resource>.rs`: a unit struct that implements [`field::Resource`]. `View` is what
//!    answers are written from (the model, and UUIDs that were looked up), `Model` what requests
//!    change, `SHORT` the fields of a plain list. A row per field:
//!    `Field::shown(name, json type, |view, out| ...)` and, as needed, `.since(Feature)`,
//!    `.accept(Set::Both, TEXT.length(0, 255), |model, value| ...)` when requests may set it,
//!    `.resolved(Set::Both, UUID)` when the handler turns the value into something else,
//!    `.required()`, `.ungated()` (no 406 on create), `.unselectable()`, `.unsortable()`,
//!    `.always()` (links). `Field::hidden` for what requests may say and answers do not.
//! 4. In `api`: a file per verb in `handlers/<resource>/`, and a line per operation in the map of
//!    handlers. A handler reads: `let access = call.authorise()?` (or `.authorise_node(ident)`);
//!    list: `Selection::<R>::of_list(..)`, `Page::of::<R>(..)`, store call, `call.list(..)`;
//!    create: `validate::create::<R>(body)`, `validate::gate::<R>(..)`, `validate::store::<R>(..)`;
//!    patch: `Patch::parse`, `.check_fields::<R>()`, `.gate::<R>(version)`, then
//!    `types::document::<R>(&view)`, `.apply(..)`, `validate::patched::<R>(..)`,
//!    `validate::store_changes::<R>(..)`; show: `Selection::<R>::of_one(..).write(&view, out)`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod configdrive;
pub mod document;
pub mod fault;
pub mod field;
pub mod ident;
pub mod limits;
pub mod links;
pub mod operations;
pub mod out;
pub mod page;
pub mod params;
pub mod patch;
pub mod schema;
pub mod shape;
pub mod traits;
pub mod types;
pub mod validate;
pub mod verbs;
pub mod versions;
pub mod vmedia;

pub use field::Resource;
pub use operations::{Operation, OperationId};
pub use out::Out;
pub use params::Arguments;
pub use patch::Patch;
pub use schemas_model::mask;
pub use shape::Selection;
pub use versions::{Feature, Version};
