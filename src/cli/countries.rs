//! `fondaco countries`: which countries the data know, and what a home country sees of them.

use clap::Args;

/// List the countries of the data, or the distances of all markets from one of them
#[derive(Args, Debug)]
pub struct CountriesArgs {
    /// Home country as an ISO 3166 code of three letters, such as BEL; without one, all countries are listed
    #[arg(value_name = "HOME")]
    pub home: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
