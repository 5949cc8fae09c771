//! THE conversion of failures to HTTP.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemas_model::Fault;
use schemas_rest::fault::{self, Asked, Refusal};

use crate::request::accept::Accept;

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub enum Failure {
    /// An operation failed, or one of its parameters was wrong.
    Fault(Fault),
    /// No operation was reached.
    Refusal(Refusal),
    /// 405, with the methods there are.
    MethodNotAllowed(Vec<&'static str>),
    /// The body is too large or too deep: status and text.
    Body(u16, &'static str),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Failure::Fault(fault)
    }
}

impl Failure {
    /// The answer, without version headers.
    pub fn response(&self, accept: Accept, asked: &Asked<'_>) -> HttpResponse {
        let status =
            |code: u16| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let page = |refusal: &Refusal| refusal.body(accept.page, asked);
        match self {
            Failure::Fault(problem) => {
                if problem.code() >= 500 {
                    tracing::error!(class = %problem.class, "{}", problem.message);
                }
                HttpResponse::build(status(problem.code()))
                    .content_type(fault::CONTENT_TYPE)
                    .body(fault::body(problem))
            }
            Failure::Refusal(refusal) => HttpResponse::build(status(refusal.status))
                .content_type(fault::CONTENT_TYPE)
                .body(page(refusal)),
            Failure::MethodNotAllowed(methods) => HttpResponse::MethodNotAllowed()
                .content_type(fault::CONTENT_TYPE)
                .insert_header(("Allow", methods.join(", ")))
                .body(page(&Refusal::new(405, ""))),
            Failure::Body(code, text) => HttpResponse::build(status(*code))
                .content_type(fault::CONTENT_TYPE)
                .body(fault::flat(text)),
        }
    }
}
