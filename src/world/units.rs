//! Units: whether numbers that a user brings are of the size of the data set's, and what would make them so.

use crate::error::Fault;
use crate::read::{Cell, Faults, Table};

/// A column is plausible if its median is within this factor of the data set's.
const NEAR: f64 = 5.0;
/// A factor is offered if it brings the median as near as this.
const MENDED: f64 = 3.0;
/// A single value this many times larger or smaller than the data set's is told.
const ODD: f64 = 20.0;
/// Odd values that are named; the others are counted.
const NAMED: usize = 3;

/// A number stated, the data set's, and whose it is.
pub(crate) struct Compared {
    pub stated: f64,
    pub known: f64,
    pub whose: String,
}

impl Compared {
    fn ratio(&self) -> f64 {
        self.stated / self.known
    }
}

/// Median; the geometric mean of the middle two, as sizes are compared.
pub(crate) fn median(mut ratios: Vec<f64>) -> Option<f64> {
    ratios.sort_by(f64::total_cmp);
    let n = ratios.len();
    (n > 0).then(|| (ratios[(n - 1) / 2] * ratios[n / 2]).sqrt())
}

/// Warns if a column is not of the data set's size: all of it if one of the factors (with the unit it suggests) mends it,
/// else the values that are far off.
pub(crate) fn check(table: &Table, head: &Cell, values: &[Compared], factors: &[(f64, &str)], faults: &mut Faults) {
    let Some(middle) = median(values.iter().map(Compared::ratio).filter(|ratio| *ratio > 0.0).collect()) else {
        return;
    };
    let within = |ratio: f64, factor: f64| (1.0 / factor..=factor).contains(&ratio);
    let mend = factors.iter().find(|(factor, _)| within(middle * factor, MENDED));
    if let Some((factor, unit)) = mend.filter(|_| !within(middle, NEAR)) {
        let example = &values[0];
        let size = if *factor > 1.0 { "small" } else { "large" };
        let title = format!(
            "`{}` looks too {size}: {} for {}, where the data set has {}",
            head.text,
            written(example.stated),
            example.whose,
            written(example.known)
        );
        let help = format!("{unit}? Multiply the column by {}", written(*factor));
        faults.push(table.fault(head, title).expected("compared by the median").help(help).warning());
        return;
    }
    let odd: Vec<&Compared> = values.iter().filter(|value| !within(value.ratio(), ODD)).collect();
    if odd.is_empty() {
        return;
    }
    let name = |value: &&Compared| format!("{} {} ({})", value.whose, written(value.stated), written(value.known));
    let mut names: Vec<String> = odd.iter().take(NAMED).map(name).collect();
    if odd.len() > NAMED {
        names.push(format!("{} more", odd.len() - NAMED));
    }
    let title = format!(
        "{} of {} values of `{}` are more than twenty times off the data set's: {}",
        odd.len(),
        values.len(),
        head.text,
        names.join(", ")
    );
    let fault: Fault = table.fault(head, title).expected("in brackets, the data set's");
    faults.push(fault.help("are they in another unit?").warning());
}

/// A number with commas between thousands, to three digits where it has decimals.
fn written(x: f64) -> String {
    if x.abs() < 1000.0 {
        let digits = if x.abs() < 1.0 { 3 } else { 1 };
        let text = format!("{x:.digits$}");
        return if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    }
    let whole = format!("{:.0}", x.abs());
    let groups: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).expect("digits")).collect();
    format!("{}{}", if x < 0.0 { "-" } else { "" }, groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(values: &[(f64, f64)]) -> Vec<String> {
        let mut faults = Faults::default();
        let table = Table::parse("t.csv", "iso3,x\nBEL,1\n", &mut faults).unwrap();
        let compare = |(stated, known): &(f64, f64)| Compared { stated: *stated, known: *known, whose: "BEL".into() };
        let values: Vec<Compared> = values.iter().map(compare).collect();
        let factors = [(1e3, "in thousands"), (1e6, "in millions")];
        check(&table, &table.header()[1], &values, &factors, &mut faults);
        faults.take("t.csv").iter().map(|f| format!("{} | {}", f.title, f.help.clone().unwrap())).collect()
    }

    #[test]
    fn the_factor_that_mends_a_column_is_told_once() {
        assert_eq!(
            told(&[(11.7, 12_000_000.0), (68.2, 68_000_000.0)]),
            [
                "`x` looks too small: 11.7 for BEL, where the data set has 12,000,000 | in millions? Multiply the column by 1,000,000"
            ]
        );
        assert_eq!(told(&[(11.0, 10.0), (4.0, 1.0), (0.3, 1.0)]), [""; 0]);
    }

    #[test]
    fn single_values_far_off_are_named() {
        assert_eq!(
            told(&[(1.0, 1.0), (2.0, 2.0), (0.001, 2.0)]),
            [
                "1 of 3 values of `x` are more than twenty times off the data set's: BEL 0.001 (2) | are they in another unit?"
            ]
        );
        assert_eq!(told(&[(0.0, 1.0), (1.0, 1.0)]).len(), 1);
        assert_eq!(told(&[(0.0, 1.0)]), [""; 0]);
    }
}
