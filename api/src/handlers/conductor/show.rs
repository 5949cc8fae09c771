//! `GET /v1/conductors/{hostname}`

use schemas_model::Fault;
use schemas_rest::ident;
use schemas_rest::types::conductor::{ConductorResource, ConductorView};

use crate::handlers::Answered;
use crate::request::Call;

/// One conductor.
pub async fn show(call: &Call) -> Answered {
    let hostname = call.path("hostname");
    if !ident::is_host_port(hostname) {
        return Err(Fault::invalid_parameter(format!(
            "Expected host name for hostname: {hostname}"
        )));
    }
    let access = call.authorise()?;
    let conductor = access.db().conductor_by_hostname(hostname).await?;
    let view = ConductorView {
        conductor: &conductor,
        alive: access
            .db()
            .conductor_is_alive(&conductor, access.ring().presence),
    };
    Ok(call.one(&call.one_selection::<ConductorResource>()?, &view))
}
