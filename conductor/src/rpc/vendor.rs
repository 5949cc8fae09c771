//! Vendor methods of nodes and of hardware types.

use std::sync::Arc;

use drivers_interface::{HttpMethod, Scope, Task, Vendor, VendorMethod};
use schemas_model::{Fault, Object};
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{
    DriverVendorPassthru, GetDriverVendorPassthruMethods, GetNodeVendorPassthruMethods,
    VendorPassthru, VendorResponse,
};
use serde_json::{Map, Value, json};

use crate::core::Core;
use crate::flow::Work;
use crate::flow::work::start;
use crate::task::Patience;
use crate::workers::Lane;

fn find(
    vendor: &dyn Vendor,
    scope: Scope,
    method: &str,
    http_method: &str,
) -> Result<(&'static VendorMethod, HttpMethod), Fault> {
    let row = vendor
        .methods()
        .iter()
        .find(|row| row.scope == scope && row.name == method)
        .ok_or_else(|| Fault::invalid_parameter(format!("No handler for method {method}")))?;
    let http_method = HttpMethod::parse(http_method)
        .filter(|http_method| row.http_methods.contains(http_method))
        .ok_or_else(|| {
            Fault::invalid_parameter(format!(
                "The method {method} does not support HTTP {}",
                http_method.to_ascii_uppercase()
            ))
        })?;
    Ok((row, http_method))
}

fn info_object(info: Value) -> Object {
    match info {
        Value::Object(members) => members.into(),
        _ => Object::default(),
    }
}

fn response(row: &VendorMethod, value: Value) -> VendorResponse {
    VendorResponse {
        value,
        r#async: row.r#async,
        attach: row.attach,
    }
}

pub async fn vendor_passthru(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: VendorPassthru,
) -> Result<VendorResponse, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    let vendor = task.interfaces().vendor.clone();
    let (row, http_method) = find(
        &*vendor,
        Scope::Node,
        &request.driver_method,
        &request.http_method,
    )?;
    if row.require_exclusive_lock {
        task.upgrade(Patience::Usual).await?;
    }
    let info = info_object(request.info);
    if let Err(fault) = vendor.validate_method(&task, row.name, &info).await {
        return task.finish(Err(fault)).await;
    }
    if !row.r#async {
        let value = vendor.call(&mut task, row.name, http_method, &info).await;
        if task.is_exclusive() && value.is_ok() {
            task.save().await?;
        }
        return task.finish(value.map(|value| response(row, value))).await;
    }
    match core.workers.place(Lane::Request) {
        Ok(place) => {
            let method = row.name.to_owned();
            start(
                place,
                task,
                Work::Vendor {
                    method,
                    http_method,
                    info,
                },
            );
            Ok(response(row, Value::Null))
        }
        Err(fault) => task.finish(Err(fault)).await,
    }
}

pub async fn driver_vendor_passthru(
    core: &Arc<Core>,
    _: &Arc<RequestContext>,
    request: DriverVendorPassthru,
) -> Result<VendorResponse, Fault> {
    let vendor = core.registry.default_vendor(&request.driver_name)?;
    let (row, http_method) = find(
        &*vendor,
        Scope::Driver,
        &request.driver_method,
        &request.http_method,
    )?;
    let info = info_object(request.info);
    if !row.r#async {
        let value = vendor.driver_call(row.name, http_method, &info).await?;
        return Ok(response(row, value));
    }
    let place = core.workers.place(Lane::Request)?;
    core.workers.run(place, async move {
        if let Err(fault) = vendor.driver_call(row.name, http_method, &info).await {
            tracing::error!(method = row.name, error = %fault, "a vendor method of a driver failed");
        }
    });
    Ok(response(row, Value::Null))
}

fn shown(vendor: &dyn Vendor, scope: Scope) -> Map<String, Value> {
    vendor
        .methods()
        .iter()
        .filter(|row| row.scope == scope)
        .map(|row| {
            let http_methods: Vec<_> = row.http_methods.iter().map(|m| m.as_str()).collect();
            let mut about = json!({
                "http_methods": http_methods,
                "description": row.description,
                "async": row.r#async,
                "attach": row.attach,
            });
            if scope == Scope::Node {
                about["require_exclusive_lock"] = row.require_exclusive_lock.into();
            }
            (row.name.to_owned(), about)
        })
        .collect()
}

pub async fn get_node_vendor_passthru_methods(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetNodeVendorPassthruMethods,
) -> Result<Map<String, Value>, Fault> {
    let task = core.shared(context, &request.node_id).await?;
    Ok(shown(&*task.interfaces().vendor, Scope::Node))
}

pub async fn get_driver_vendor_passthru_methods(
    core: &Arc<Core>,
    _: &Arc<RequestContext>,
    request: GetDriverVendorPassthruMethods,
) -> Result<Map<String, Value>, Fault> {
    let vendor = core.registry.default_vendor(&request.driver_name)?;
    Ok(shown(&*vendor, Scope::Driver))
}
