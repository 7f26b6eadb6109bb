//! The flag `--threads`, the same of every verb that simulates.

use clap::Args;
use fondaco::error::Error;

/// How many threads a verb uses.
#[derive(Args, Clone, Debug, Default)]
pub struct ThreadArgs {
    /// Threads used; as many as there are cores if not given. Results do not depend on it
    #[arg(short = 'j', long, value_name = "NUMBER", env = "FONDACO_THREADS")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl ThreadArgs {
    /// As many as asked for, else as many as there are cores.
    pub fn wanted(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
        self.threads.map_or_else(cores, usize::from)
    }
}

/// Starts the threads of the program.
///
/// # Errors
/// The system gives none.
pub fn start(threads: usize) -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().map_err(|error| Error::Failed(format!("could not start {threads} threads: {error}")))
}
