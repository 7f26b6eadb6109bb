//! Numbers as people write them, with the digits that what is said of them needs; and cells that no spreadsheet runs.

use crate::number::f64s;
use std::borrow::Cow;

/// A number with fixed decimals, thousands separated by commas and a true minus sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e15 {
        return format!("{value:.2e}").replace('-', "−");
    }
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, part) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::new();
    if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + part
}

/// A whole number with thousands separated.
pub fn count(value: u64) -> String {
    fixed(value as f64, 0)
}

/// A share as a percentage: no decimals from 10 %, one below, and never a false zero.
pub fn percent(share: f64) -> String {
    let size = (100.0 * share).abs();
    match size {
        _ if !share.is_finite() => "–".to_owned(),
        0.0 => "0%".to_owned(),
        _ if size < 0.05 => "<0.1%".to_owned(),
        _ if size < 9.95 => format!("{}%", fixed(100.0 * share, 1)),
        _ => format!("{}%", fixed(100.0 * share, 0)),
    }
}

/// A share as a percentage with two digits that matter, for shares that may be very small.
pub fn fine_percent(share: f64) -> String {
    let size = (100.0 * share).abs();
    if size == 0.0 || size >= 0.995 || !size.is_finite() {
        return percent(share);
    }
    let decimals = (1.0 - f64s::log10(size).floor()).clamp(1.0, 6.0) as usize;
    let text = fixed(100.0 * share, decimals);
    if text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) { format!("{text}%") } else { percent(share) }
}

/// A number with about three digits that matter.
pub fn plain(value: f64) -> String {
    significant(value, 3)
}

/// A difference with its sign and about three digits that matter.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", plain(value)) } else { plain(value) }
}

/// A large number rounded to three digits that matter: 118,812 as "119,000".
pub fn rounded(value: f64) -> String {
    let size = value.abs();
    if size < 1000.0 || !size.is_finite() {
        return plain(value);
    }
    let step = f64s::pow(10.0, f64s::log10(size).floor() - 2.0).round();
    fixed((value / step).round() * step, 0)
}

/// "1 firm", "2 firms".
pub fn several(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// "a", "a and b", "a, b and c".
pub fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The text with its first letter in capitals.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Digits beyond which two numbers are the same to anybody.
const MOST_DIGITS: usize = 15;

/// A number with so many digits that matter, without trailing zeros.
fn significant(value: f64, digits: usize) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return fixed(value, 0);
    }
    if size < 1e-4 {
        return format!("{value:.*e}", digits - 1).replace('-', "−");
    }
    let lead = f64s::log10(size).floor();
    let text = fixed(value, (digits as f64 - 1.0 - lead).clamp(0.0, 12.0) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The first of the ways to write `values`, one for each number of digits from `digits` on, in which every difference
/// between two of them is right to a quarter of itself, and nothing but 0 looks like 0.
fn told_apart<const N: usize>(
    values: [f64; N],
    digits: std::ops::RangeInclusive<usize>,
    write: impl Fn(f64, usize) -> String,
) -> [String; N] {
    let shows = |texts: &[String; N]| {
        let read = |i: usize| number(&texts[i]).unwrap_or(f64::NAN);
        let right = |i: usize, j: usize| {
            let true_one = values[i] - values[j];
            true_one == 0.0 || !true_one.is_finite() || (read(i) - read(j) - true_one).abs() <= true_one.abs() / 4.0
        };
        (0..N).all(|i| (values[i] == 0.0 || read(i) != 0.0) && (0..i).all(|j| right(i, j)))
    };
    let mut texts = values.map(|value| write(value, *digits.start()));
    for more in digits.skip(1) {
        if shows(&texts) {
            break;
        }
        texts = values.map(|value| write(value, more));
    }
    texts
}

/// Reads a number back that was written for people.
pub fn number(text: &str) -> Option<f64> {
    let plain: String = text.trim_end_matches('%').chars().filter(|c| *c != ',').collect();
    plain.replace('−', "-").trim_end().parse().ok()
}

/// Numbers that stand beside each other: three digits that matter, and more where it takes more to see how they differ.
pub fn beside<const N: usize>(values: [f64; N]) -> [String; N] {
    told_apart(values, 3..=MOST_DIGITS, significant)
}

/// The same with so many decimals, or more.
pub fn fixed_beside<const N: usize>(values: [f64; N], decimals: usize) -> [String; N] {
    told_apart(values, decimals..=12, fixed)
}

/// The same for differences, with their signs.
pub fn signed_beside<const N: usize>(values: [f64; N]) -> [String; N] {
    let texts = beside(values);
    std::array::from_fn(|i| if values[i] > 0.0 { format!("+{}", texts[i]) } else { texts[i].clone() })
}

/// Shares that stand beside each other as percentages.
pub fn percents<const N: usize>(shares: [f64; N]) -> [String; N] {
    let large = shares.iter().all(|share| !share.is_finite() || (100.0 * share).abs() >= 9.95);
    let write = |percent: f64, decimals: usize| match percent {
        0.0 => "0%".to_owned(),
        _ if percent.is_finite() => format!("{}%", fixed(percent, decimals)),
        _ => "–".to_owned(),
    };
    told_apart(shares.map(|share| 100.0 * share), if large { 0..=12 } else { 1..=12 }, write)
}

/// The numbers of a mean and its interval: "+3.2", "+1.1 to +5.3".
pub fn with_interval(mean: f64, low: f64, high: f64) -> (String, String) {
    if !(low.is_finite() && high.is_finite()) {
        return (signed(mean), "–".to_owned());
    }
    let [mean, low, high] = signed_beside([mean, low, high]);
    (mean, format!("{low} to {high}"))
}

/// A p value, never a false zero.
pub fn probability(p: f64) -> String {
    match p {
        p if !p.is_finite() => "–".into(),
        p if p < 0.001 => "< 0.001".into(),
        p => format!("{p:.3}"),
    }
}

/// A cell of a CSV file: text that a spreadsheet would take for a formula or a command gets an apostrophe before it, by
/// which spreadsheets know text. Numbers stay as they are.
pub fn cell(text: &str) -> Cow<'_, str> {
    let runs = |first: char| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || first.is_control();
    if text.starts_with(runs) && text.parse::<f64>().is_err() { format!("'{text}").into() } else { text.into() }
}

/// Rows of cells as people read them as CSV: numbers as programs read them, all else as text.
pub fn csv_of(rows: &[Vec<String>]) -> String {
    let plain = |text: &String| {
        let ascii: String = text.chars().filter(|c| *c != ',').collect::<String>().replace('−', "-");
        let safe = if ascii.parse::<f64>().is_ok() { ascii } else { cell(text).into_owned() };
        if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
    };
    rows.iter().map(|row| row.iter().map(plain).collect::<Vec<_>>().join(",") + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(fixed(1_234_567.0, 0), "1,234,567");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(-1234.5, 1), "−1,234.5");
        assert_eq!(fixed(f64::NAN, 1), "–");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.000_1), "<0.1%");
        assert_eq!(percent(0.034), "3.4%");
        assert_eq!(percent(0.256), "26%");
        assert_eq!(fine_percent(0.000_083), "0.0083%");
        assert_eq!(
            (fine_percent(0.034), fine_percent(0.004_2), fine_percent(0.0)),
            ("3.4%".into(), "0.42%".into(), "0%".into())
        );
        assert_eq!((fine_percent(1e-300), fine_percent(f64::NAN)), ("<0.1%".into(), "–".into()));
        assert_eq!(plain(0.012_34), "0.0123");
        assert_eq!(plain(12_345.0), "12,345");
        assert_eq!(plain(5.4), "5.4");
        assert_eq!(plain(-0.000_012), "−1.20e−5");
        assert_eq!(fixed(2e300, 3), "2.00e300");
        assert_eq!(plain(20.0), "20");
        assert_eq!((signed(2.5), signed(-2.5), signed(0.0)), ("+2.5".into(), "−2.5".into(), "0".into()));
        assert_eq!(signed(f64::NAN), "–");
        assert_eq!(
            (rounded(118_812.0), rounded(999_600.0), rounded(12.5)),
            ("119,000".into(), "1,000,000".into(), "12.5".into())
        );
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(several(1, "firm", "firms"), "1 firm");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for wrong in ["=cmd|' /C calc'!A0", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            assert_eq!(cell(wrong), format!("'{wrong}"));
        }
        for fine in ["fairs", "-2.5", "+3", "1e-5", "", "a=b", "'quoted"] {
            assert_eq!(cell(fine), fine);
        }
        let rows =
            [vec!["=1+1".to_owned(), "−4.87".into(), "1,234".into()], vec!["a, \"b\"".into(), "+1 to +2".into()]];
        assert_eq!(csv_of(&rows), "'=1+1,-4.87,1234\n\"a, \"\"b\"\"\",'+1 to +2\n");
    }

    #[test]
    fn numbers_that_differ_look_different() {
        assert_eq!(beside([0.1049, 0.1051]), ["0.1049", "0.1051"]);
        assert_eq!(signed_beside([15.21, 10.1, 20.32]), ["+15.2", "+10.1", "+20.3"]);
        assert_eq!(beside([118_812.0, 118_812.4]), ["118,812", "118,812.4"]);
        assert_eq!(beside([2.0, 2.0]), ["2", "2"]);
        assert_eq!(
            fixed_beside([0.36, 0.3612], 2),
            ["0.360", "0.361"],
            "the difference is right to a quarter of itself"
        );
        assert_eq!(percents([0.000_39, 0.001_48]), ["0.04%", "0.15%"]);
        assert_eq!(percents([0.113, 0.256]), ["11%", "26%"], "as before where that shows it");
        assert_eq!(percents([0.105_1, 0.105_4]), ["10.51%", "10.54%"]);
        assert_eq!(percents([0.0, 0.034]), ["0%", "3.4%"]);
        assert_eq!(percents([f64::NAN, 0.5]), ["–", "50%"]);
        assert_eq!(beside([3e-5, 3.001e-5]), ["3.000e−5", "3.001e−5"]);
    }
}
