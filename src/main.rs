//! `ferric`: the one executable.
//!
//! Without arguments it is the whole service in one process on SQLite; `ferric api` and
//! `ferric conductor` are its halves for a cluster; `ferric dbsync`, `ferric status` and
//! `ferric bmc` are the tools beside them. Under upstream's names (`ironic`, `ironic-api`, ...) it behaves as those.
//!
//! Invariants
//! * the exit status is 0 on a clean stop, 1 when something failed, 2 for unusable arguments or configuration;
//!   `dbsync` and `status upgrade check` have those of upstream's programs beside them;
//! * what stops a start is one sentence on standard error that says what to do.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod authentication;
mod banner;
mod bmc;
mod cli;
mod consoles;
mod database;
mod dbsync;
#[cfg(test)]
mod invariants;
mod json_rpc;
mod log_arguments;
mod logging;
mod messaging;
mod notifications;
mod program;
mod service;
mod settings;
mod signals;
mod status;
mod terminal;

use std::process::ExitCode;

use cli::{Arguments, Command};

/// glibc's allocator keeps an arena for every few threads and gives little of it back.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::parse_as(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let failed = usage.use_stderr();
            terminal::write_usage(&usage);
            return if failed {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let settings = match settings::load(&arguments) {
        Ok(settings) => settings,
        Err(why) => {
            terminal::write_error(&why);
            return ExitCode::from(2);
        }
    };
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        terminal::write_error("TLS could not be initialised");
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(why) => {
            terminal::write_error(&format!("no threads can be started: {why}"));
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.command.unwrap_or(Command::AllInOne) {
            Command::AllInOne => serve(settings, service::Parts::Both).await,
            Command::Api => serve(settings, service::Parts::Api).await,
            Command::Conductor => serve(settings, service::Parts::Conductor).await,
            Command::Dbsync(operation) => dbsync::run(&settings, operation).await,
            Command::Status(what) => status::run(&settings, what).await,
            Command::Bmc(arguments) => {
                let done = bmc::run(&settings, *arguments).await;
                done.map(|()| ExitCode::SUCCESS)
            }
        }
    });
    match outcome {
        Ok(code) => code,
        Err(why) => {
            terminal::write_error(&why);
            ExitCode::FAILURE
        }
    }
}

async fn serve(settings: settings::Settings, parts: service::Parts) -> Result<ExitCode, String> {
    let ended = service::run(settings, parts).await;
    ended.map(|()| ExitCode::SUCCESS)
}
