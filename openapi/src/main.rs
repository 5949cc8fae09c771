//! `openapi generate` writes the OpenAPI document of the whole API; `openapi check` fails when the
//! committed one differs.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Writes or checks the committed OpenAPI document.
#[derive(Parser)]
struct Arguments {
    /// What to do.
    what: What,
    /// The document.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/bare-metal.json"))]
    file: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Write the document.
    Generate,
    /// Compare it with what would be written.
    Check,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{path}: {source}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the document cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "{path} differs from the tables in line {line}: run `cargo run -p openapi -- generate` and look at the difference"
    )]
    Differs { path: PathBuf, line: usize },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing can be done when standard error is closed.
            let _ = writeln!(std::io::stderr(), "openapi: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.file;
    let file_failure = |source| Failure::File {
        path: path.clone(),
        source,
    };
    let wanted = serde_json::to_string_pretty(&schemas_rest::document::generate(None))? + "\n";
    match arguments.what {
        What::Generate => std::fs::write(path, wanted).map_err(file_failure),
        What::Check => {
            let committed = std::fs::read_to_string(path).map_err(file_failure)?;
            if committed == wanted {
                return Ok(());
            }
            let same = committed
                .lines()
                .zip(wanted.lines())
                .take_while(|(a, b)| a == b)
                .count();
            Err(Failure::Differs {
                path: path.clone(),
                line: same + 1,
            })
        }
    }
}
