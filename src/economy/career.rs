//! Careers: the exporting years of every firm, kept only where there are any.

use crate::firm::NONE;

/// One year in which a firm exported at least the reporting threshold (years without a record are zero).
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// One year of a firm's career and the row of the year before, so that careers need no memory of their own.
#[derive(Clone, Copy, Debug)]
pub struct CareerYear {
    pub record: YearRecord,
    pub before: u32,
}

/// The careers of the firms of a chunk: linked rows, reused when a firm is gone.
#[derive(Clone, Debug, Default)]
pub struct Careers {
    rows: Vec<CareerYear>,
    free: Vec<u32>,
}

impl Careers {
    /// Adds a year to the career that ends in row `latest`; returns the new latest row.
    pub fn add(&mut self, latest: u32, record: YearRecord) -> u32 {
        let year = CareerYear { record, before: latest };
        if let Some(row) = self.free.pop() {
            self.rows[row as usize] = year;
            return row;
        }
        if self.rows.len() == self.rows.capacity() {
            self.rows.reserve_exact(self.rows.len() / 8 + 32);
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
            years.push(year.record);
            row = year.before;
        }
        years.reverse();
    }

    /// Gives the rows of a finished career back.
    pub fn release(&mut self, latest: u32) {
        let mut row = latest;
        while row != NONE {
            self.free.push(row);
            row = self.rows[row as usize].before;
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<CareerYear>() + self.free.capacity() * 4
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
    }
}
