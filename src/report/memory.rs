//! How much memory a run takes, and whether this machine has it: what cannot fit is refused before it starts.

use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::firm::{Firm, VisibleState};
use crate::report::rows;
use crate::scenario::Scenario;
use std::mem::size_of;
use sysinfo::System;

/// Program, world, kernels and figures being drawn.
const PROGRAM: u64 = 60 << 20;
/// Ties, relations and notes of a firm on the average: one in eight exports.
const TIES: u64 = 130;
/// A table being written: batches on their way to the writing thread and a row group being compressed.
const TABLE: u64 = 12 << 20;
/// Rows a firm leaves in a year, about twice what the Belgian scenario has: panel (firm-markets), events, lives.
const PANEL: f64 = 0.6;
const EVENTS: f64 = 3.0;
const LIVES: f64 = 0.15;

/// What a run needs: a part of its own and one that grows with its firms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    /// Bytes whatever the number of firms.
    pub fixed: u64,
    /// Bytes for each firm.
    pub per_firm: f64,
    /// Firms of a run.
    pub firms: u64,
}

impl Need {
    /// Peak memory of a run with its tables, in bytes, when `threads` are used: rows of replicates that run side by side wait
    /// until it is their turn to be written.
    pub fn of(plan: &Plan, threads: usize) -> Self {
        let output = &plan.scenario.output;
        let run = &plan.scenario.run;
        let years = f64::from(run.years);
        let tables = [
            (true, LIVES * years + 1.0, size_of::<rows::Trajectory>()),
            (output.panel, PANEL * years, size_of::<rows::Panel>()),
            (output.firms, years, size_of::<rows::Firm>()),
            (output.events, EVENTS * years, size_of::<rows::Event>()),
            (output.ties, 0.2, size_of::<rows::Tie>()),
        ];
        let asked = tables.iter().filter(|table| table.0);
        let waiting: f64 = asked.clone().map(|(_, rows, size)| rows * *size as f64).sum();
        let mut need = Self::without_tables(&plan.scenario, side_by_side(plan, threads));
        need.fixed += TABLE * asked.count() as u64;
        if plan.side_by_side() {
            need.per_firm += waiting * side_by_side(plan, threads) as f64;
        }
        if output.graph {
            need.per_firm += 200.0;
        }
        need
    }

    /// The same of runs that write no tables, `at_once` of them side by side.
    pub fn without_tables(scenario: &Scenario, at_once: usize) -> Self {
        let network = &scenario.network;
        let peers = 2.0 * 4.0 * (network.offline_district + network.offline_country + network.online);
        let rows = size_of::<Firm>() as u64 + 2 * size_of::<VisibleState>() as u64 + TIES;
        let runs = at_once.max(1) as f64;
        Self { fixed: PROGRAM, per_firm: runs * (rows as f64 + peers), firms: u64::from(scenario.population.firms) }
    }

    /// All of it, in bytes.
    pub fn bytes(&self) -> u64 {
        self.fixed + (self.per_firm * self.firms as f64) as u64
    }

    /// The most firms that fit into so many bytes, to two digits.
    fn fitting(&self, bytes: u64) -> u64 {
        let most = (bytes.saturating_sub(self.fixed) as f64 / self.per_firm) as u64;
        let unit = 10_u64.pow(most.checked_ilog10().unwrap_or(0).saturating_sub(1));
        most / unit * unit
    }

    /// Refuses what this machine has no room for.
    ///
    /// # Errors
    /// The run needs more memory than is free; says how many firms fit.
    pub fn admit(&self) -> Result<(), Error> {
        available().map_or(Ok(()), |free| self.admit_in(free))
    }

    fn admit_in(&self, free: u64) -> Result<(), Error> {
        if self.bytes() <= free {
            return Ok(());
        }
        let title = format!("{} firms do not fit into memory", self.firms);
        let help = match self.fitting(free) {
            0 => "give the program more memory".to_owned(),
            most => format!(
                "about {most} firms fit (population.firms); fewer threads (-j 1) and fewer tables (output) need less for each"
            ),
        };
        let expected =
            format!("at most {}, which is what is free now; this takes about {}", size(free), size(self.bytes()));
        Err(Error::Asked(vec![Fault::setting("population.firms", title).expected(expected).help(help)]))
    }
}

/// Replicates that run at once.
fn side_by_side(plan: &Plan, threads: usize) -> usize {
    (plan.scenario.run.replicates as usize).min(threads.max(1))
}

/// Bytes in words, to a tenth.
fn size(bytes: u64) -> String {
    let mb = bytes as f64 / f64::from(1 << 20);
    if mb < 1024.0 { format!("{mb:.0} MB") } else { format!("{:.1} GB", mb / 1024.0) }
}

/// Memory that can still be had, in bytes: of the machine, of the container, of the limit on the process. Nothing if the
/// system does not tell.
fn available() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let machine = Some(system.available_memory() + system.free_swap()).filter(|bytes| *bytes > 0);
    let container = system.cgroup_limits().map(|limits| limits.free_memory + limits.free_swap);
    [machine, container, process()].into_iter().flatten().min()
}

/// What the limit on the address space of the process leaves (`ulimit -v`), where the system shows it.
fn process() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let limit: u64 = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()?;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let used: u64 =
        status.lines().find_map(|line| line.strip_prefix("VmSize:"))?.split_whitespace().next()?.parse().ok()?;
    Some(limit.saturating_sub(used << 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        let loaded = crate::scenario::Loaded::read("s.toml", text, &[]).expect("it is sound");
        Plan::new(&loaded).expect("it is sound")
    }

    #[test]
    fn tables_of_replicates_side_by_side_count() {
        let few = Need::of(&plan("population.firms = 10000\nrun.years = 30"), 2);
        let all = "population.firms = 10000\nrun.years = 30\nrun.replicates = 4\n[output]\npanel = true\nevents = true\nfirms = true";
        let many = Need::of(&plan(all), 2);
        assert!(many.bytes() > few.bytes() + (150 << 20), "{} against {}", many.bytes(), few.bytes());
        assert!(Need::of(&plan(all), 1).bytes() < many.bytes());
    }

    #[test]
    fn what_cannot_fit_is_refused_with_what_would() {
        let need = Need::of(&plan("population.firms = 50000000"), 1);
        assert!(need.admit_in(need.bytes()).is_ok());
        let Err(Error::Asked(faults)) = need.admit_in(2 << 30) else { panic!("50 million firms do not fit into 2 GB") };
        assert_eq!(faults[0].title, "50000000 firms do not fit into memory");
        let help = faults[0].help.as_deref().expect("it says what fits");
        let most: u64 = help.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a number");
        assert!(Need { firms: most, ..need }.admit_in(2 << 30).is_ok());
        assert!(Need { firms: most * 12 / 10, ..need }.admit_in(2 << 30).is_err());
    }

    #[test]
    fn a_machine_tells_what_it_has() {
        assert!(available().is_none_or(|bytes| bytes > 0));
    }
}
