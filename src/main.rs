//! The command line of fondaco.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
