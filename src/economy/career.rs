//! Careers: the exporting years of every firm, kept only where there are any.

use crate::firm::NONE;
use serde::{Deserialize, Serialize};

/// One year in which a firm exported at least the reporting threshold (years without a record are zero).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearRecord {
    /// Years since the start of the simulation, the burn-in included.
    pub year: u16,
    pub markets: u8,
    pub regions: u8,
    /// Highest stage of any market.
    pub stage: u8,
    /// Foreign over total sales, 0 … 1.
    pub fsts: f32,
    /// Share of foreign sales outside the home region, 0 … 1.
    pub extra_regional: f32,
}

/// One year of a firm's career and the row of the year before, so that careers need no memory of their own: sixteen
/// bytes, regions and stage sharing one.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct CareerYear {
    fsts: f32,
    extra_regional: f32,
    before: u32,
    year: u16,
    markets: u8,
    /// Regions in the low six bits, the stage in the high two.
    regions_stage: u8,
}

impl CareerYear {
    fn new(record: &YearRecord, before: u32) -> Self {
        debug_assert!(record.regions < 64 && record.stage < 4, "{record:?} fits its bits");
        let YearRecord { year, markets, regions, stage, fsts, extra_regional } = *record;
        Self { fsts, extra_regional, before, year, markets, regions_stage: regions & 63 | stage << 6 }
    }

    fn record(&self) -> YearRecord {
        YearRecord {
            year: self.year,
            markets: self.markets,
            regions: self.regions_stage & 63,
            stage: self.regions_stage >> 6,
            fsts: self.fsts,
            extra_regional: self.extra_regional,
        }
    }
}

/// The careers of the firms of a chunk: linked rows, reused when a firm is gone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Careers {
    rows: Vec<CareerYear>,
    /// The first row that may be used again, or [`NONE`]; the others follow as the years of a career do.
    free: u32,
}

impl Default for Careers {
    fn default() -> Self {
        Self { rows: Vec::new(), free: NONE }
    }
}

impl Careers {
    /// Adds a year to the career that ends in row `latest`; returns the new latest row.
    pub fn add(&mut self, latest: u32, record: YearRecord) -> u32 {
        let year = CareerYear::new(&record, latest);
        if self.free != NONE {
            let row = self.free;
            self.free = self.rows[row as usize].before;
            self.rows[row as usize] = year;
            return row;
        }
        if self.rows.len() == self.rows.capacity() {
            self.rows.reserve_exact(self.rows.len() / 16 + 32);
        }
        self.rows.push(year);
        (self.rows.len() - 1) as u32
    }

    /// Writes the career that ends in row `latest` into `years`, oldest first.
    pub fn read(&self, latest: u32, years: &mut Vec<YearRecord>) {
        years.clear();
        let mut row = latest;
        while row != NONE {
            let year = self.rows[row as usize];
            years.push(year.record());
            row = year.before;
        }
        years.reverse();
    }

    /// Gives the rows of a finished career back.
    pub fn release(&mut self, latest: u32) {
        let mut row = latest;
        while row != NONE {
            let before = self.rows[row as usize].before;
            self.rows[row as usize].before = self.free;
            self.free = row;
            row = before;
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<CareerYear>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn careers_are_read_in_order_and_their_rows_reused() {
        let mut careers = Careers::default();
        let record = |year| YearRecord { year, markets: 1, regions: 1, stage: 0, fsts: 0.1, extra_regional: 0.0 };
        let a = careers.add(NONE, record(1));
        let b = careers.add(NONE, record(2));
        let a = careers.add(a, record(3));
        let mut years = Vec::new();
        careers.read(a, &mut years);
        assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [1, 3]);
        careers.release(a);
        let b = careers.add(b, record(4));
        careers.read(b, &mut years);
        assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(careers.rows.len(), 3, "the rows of a finished career are used again");
        let full = YearRecord { year: 9, markets: 207, regions: 22, stage: 3, fsts: 0.4, extra_regional: 0.9 };
        let c = careers.add(NONE, full);
        careers.read(c, &mut years);
        assert_eq!((years[0], size_of::<CareerYear>()), (full, 16));
    }
}
