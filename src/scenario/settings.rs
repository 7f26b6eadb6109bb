//! How long, how often and from which seed to run, and what to keep of it.

use crate::error::Fault;
use crate::param::FilePath;
use crate::params;

params! {
    /// The run: how long, how often, from which seed.
    pub struct Run at "run" {
        /// Name shown in reports and figures; when empty, the name of the scenario file.
        name: String = "", "", "", "presentation only";
        /// Seed of every random number; the same scenario and seed give the same result on any number of threads.
        seed: i64 = 1 in 0 ..= 9007199254740991.0, "", "", "arbitrary; at most 2^53 - 1, which JSON keeps exact";
        /// Years observed, after the burn-in.
        years: u32 = 40 in 1 ..= 1000, "", "year", "covers the data of 1995 to 2024 and a decade after";
        /// Years simulated before the first observed one, so that firms, ties and markets have a history.
        burn_in: u32 = 25 in 0 ..= 1000, "", "year", "assumption, swept 10–50";
        /// State that a run begins with instead of its burn-in, or of the part of it that the state holds; one saved from a simulation of the same firms and world. Nothing is simulated before it.
        from: FilePath = "", "", "", "none";
        /// Calendar year of the first observed year.
        start: i64 = 1995 in 1800 ..= 2200, "", "year", "first year of the country data";
        /// Runs that differ only in the seed, for statements about chance.
        replicates: u32 = 1 in 1 ..= 100000, "", "1", "choice; 50 or more for comparisons";
        /// Whether the identities of the model are verified in every quarter, at some cost in time.
        checks: bool = false, "", "", "switch";
    }
}

crate::choice! {
    /// How figures look.
    pub enum FigureStyle {
        Report = "report",
        Plain = "plain",
    }
}

params! {
    /// What a run writes, and where.
    pub struct OutputSettings at "output" {
        /// Folder the results are written into, relative to the working directory.
        folder: String = "output", "", "", "choice";
        /// Whether the panel is written: one row for each firm, market and year with exports.
        panel: bool = false, "", "", "switch";
        /// Whether the table of firms is written: one row for each firm and year.
        firms: bool = false, "", "", "switch";
        /// Whether the record of events is written: pursuits, entries, stages, exits, incidents, SNS use, births, failures.
        events: bool = false, "", "", "switch";
        /// Whether the table of ties is written: one row for each tie of the last observed quarter.
        ties: bool = false, "", "", "switch";
        /// Whether every table is written as CSV too, beside Parquet.
        csv: bool = false, "", "", "switch";
        /// Whether figures are drawn.
        figures: bool = true, "", "", "switch";
        /// How figures look: "report" has the finding as its title; "plain" is for journals, with neither title nor caption in the drawing, a width in millimetres, and PDF beside SVG and PNG.
        figure_style: FigureStyle = "report", "", "", "choice";
        /// Width of figures in the plain style; a figure that has no room in it is drawn wider.
        figure_width: f64 = 174.0 in 60.0 ..= 300.0, "", "mm", "choice; most journals have columns of 84 mm and pages of 174 mm";
        /// Figures drawn, by the names of their files without ending, such as ["trajectory", "map"]; all when empty.
        figure_names: Vec<String> = "", "", "", "choice";
        /// Whether the social graph of the first replicate is written as GraphML and edge lists, with its statistics; large.
        graph: bool = false, "", "", "switch";
        /// Calendar years at whose end the social graph is written, such as ["2005", "2024"]; the last year when empty.
        graph_years: Vec<String> = "", "", "year", "choice";
        /// Firms from which shortest paths are measured for the statistics of the graph; all firms when there are no more.
        graph_sources: u32 = 200 in 1 ..= 1000000000.0, "", "firms", "choice; the cost rises with this times the number of ties";
    }
}

impl OutputSettings {
    /// The calendar years at whose end the social graph is written, in order; none when it is not asked for.
    ///
    /// # Errors
    /// Every entry of `output.graph_years` that is no observed year of `run`, or named twice.
    pub fn graph_dates(&self, run: &Run) -> Result<Vec<i32>, Vec<Fault>> {
        let (first, last) = (run.start, run.start + i64::from(run.years) - 1);
        let mut faults = Vec::new();
        let mut years = Vec::new();
        let mut fault = |title: String| {
            faults.push(
                Fault::setting("output.graph_years", title)
                    .expected(format!("calendar years from {first} to {last}, each once"))
                    .help(
                        "write years in quotes, such as [\"2005\", \"2024\"]; leave the list empty for the last year",
                    ),
            );
        };
        for (i, text) in self.graph_years.iter().enumerate() {
            match text.trim().parse::<i64>() {
                Err(_) => fault(format!("{text:?} is not a year (number {})", i + 1)),
                Ok(year) if !(first..=last).contains(&year) => {
                    fault(format!("{year} is not among the observed years (number {})", i + 1));
                }
                Ok(year) if years.contains(&(year as i32)) => {
                    fault(format!("{year} is named twice (number {})", i + 1))
                }
                Ok(year) => years.push(year as i32),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        years.sort_unstable();
        Ok(match (self.graph, years.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => vec![last as i32],
            (true, false) => years,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(years: &[&str], on: bool) -> Result<Vec<i32>, Vec<Fault>> {
        let output = OutputSettings {
            graph: on,
            graph_years: years.iter().map(|&year| year.to_owned()).collect(),
            ..OutputSettings::default()
        };
        output.graph_dates(&Run { start: 2001, years: 10, ..Run::default() })
    }

    #[test]
    fn the_graph_is_written_in_the_years_named_or_in_the_last_one() {
        assert_eq!(dates(&["2010", " 2001"], true), Ok(vec![2001, 2010]));
        assert_eq!(dates(&[], true), Ok(vec![2010]));
        assert_eq!((dates(&[], false), dates(&["2005"], false)), (Ok(vec![]), Ok(vec![])));
    }

    #[test]
    fn every_bad_year_is_a_fault_even_while_the_graph_is_off() {
        for on in [true, false] {
            let faults = dates(&["2000", "2011", "soon", "2005", "2005", "-1", ""], on).unwrap_err();
            let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
            assert_eq!(
                titles,
                [
                    "2000 is not among the observed years (number 1)",
                    "2011 is not among the observed years (number 2)",
                    "\"soon\" is not a year (number 3)",
                    "2005 is named twice (number 5)",
                    "-1 is not among the observed years (number 6)",
                    "\"\" is not a year (number 7)",
                ]
            );
            assert_eq!(faults[0].label, "calendar years from 2001 to 2010, each once");
        }
    }
}
