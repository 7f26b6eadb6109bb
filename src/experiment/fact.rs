//! The published facts a population is held against: a table of the project, or one that a user brings.
//!
//! One row is one checked number, or one pattern of several. A row says which statistic it is about, for whom, and
//! which values are accepted; adding a fact that uses an existing statistic takes one row and no code.

use crate::error::{Error, Fault, Source, nearest};
use crate::observe::panel::Population;
use crate::observe::statistic::{Options, STATISTICS, Statistic};
use crate::read::{self, Faults, Row, Table};
use crate::world::{code_of, meant, members};
use std::path::Path;
use std::sync::Arc;

/// Name of the project's own table.
pub const TABLE: &str = "data/facts.csv";
const TEXT: &str = include_str!("../../data/facts.csv");

/// Columns of the table, in order.
const COLUMNS: [&str; 15] = [
    "id",
    "label",
    "population",
    "sample",
    "home",
    "statistic",
    "options",
    "parts",
    "published",
    "low",
    "high",
    "pattern",
    "evidence",
    "source",
    "note",
];

/// A pattern several numbers have to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Each is larger than the one before.
    Rising,
    /// Each is smaller than the one before.
    Falling,
    /// The slope falls from one pair to the next; the parts are positions on a line, such as years.
    Concave,
}

impl Pattern {
    const WORDS: [(Self, &'static str); 3] =
        [(Self::Rising, "rising"), (Self::Falling, "falling"), (Self::Concave, "concave")];

    /// The word used in the table.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|known| known.0 == self).expect("every pattern has a word").1
    }

    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|known| known.1 == word).map(|known| known.0)
    }

    /// By how much the pattern holds: above 0 if it does, NaN where a value is missing. `parts` name the values.
    pub fn margin(self, parts: &[String], values: &[f64]) -> f64 {
        if values.iter().any(|value| value.is_nan()) {
            return f64::NAN;
        }
        let least = |steps: Vec<f64>| steps.into_iter().fold(f64::INFINITY, f64::min);
        match self {
            Self::Rising => least(values.windows(2).map(|pair| pair[1] - pair[0]).collect()),
            Self::Falling => least(values.windows(2).map(|pair| pair[0] - pair[1]).collect()),
            Self::Concave => {
                let at: Vec<f64> = parts.iter().map(|part| part.parse().unwrap_or(f64::NAN)).collect();
                let slopes: Vec<f64> =
                    (1..values.len()).map(|i| (values[i] - values[i - 1]) / (at[i] - at[i - 1])).collect();
                least(slopes.windows(2).map(|pair| pair[0] - pair[1]).collect())
            }
        }
    }

    /// The margin as a share of the largest value (of the steepest slope, for a concave row): a number near 0 to 1 that
    /// changes smoothly, whatever the unit; above 0 if the pattern holds.
    pub fn evenness(self, parts: &[String], values: &[f64]) -> f64 {
        let largest = |values: &[f64]| values.iter().fold(f64::MIN_POSITIVE, |most, value| most.max(value.abs()));
        let scale = match self {
            Self::Rising | Self::Falling => largest(values),
            Self::Concave => {
                let at: Vec<f64> = parts.iter().map(|part| part.parse().unwrap_or(f64::NAN)).collect();
                let slope = |i: usize| (values[i] - values[i - 1]) / (at[i] - at[i - 1]);
                largest(&(1..values.len()).map(slope).collect::<Vec<_>>())
            }
        };
        self.margin(parts, values) / scale
    }
}

/// Whose firms a fact is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Homes {
    /// The homes of the scenario.
    Own,
    /// Many homes, pooled.
    Many,
}

/// A published number.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Where, or what it is.
    pub label: String,
    pub value: f64,
}

/// One checked number, or one pattern.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The fact it belongs to, such as `C3`.
    pub id: String,
    pub label: String,
    pub population: Population,
    pub homes: Homes,
    /// The homes it is judged for, by code or bloc; none if no home has a better one. For others it is context.
    pub published_for: Vec<String>,
    pub statistic: &'static Statistic,
    pub options: Options,
    /// The parts of the statistic it is about: one with a band, or several with a pattern.
    pub parts: Vec<String>,
    pub published: Vec<Published>,
    /// Smallest and largest value accepted; none for a pattern.
    pub band: Option<(f64, f64)>,
    pub pattern: Option<Pattern>,
    /// How sure the published values are: R read in the source, R-own computed from its data, K+ recalled and to be
    /// re-checked, judgment.
    pub evidence: String,
    pub source: String,
    /// What the comparison cannot do, or "".
    pub note: String,
}

impl Fact {
    /// Is it judged for a population of these homes, and not only shown?
    pub fn judges<'a>(&self, homes: impl IntoIterator<Item = &'a str>) -> bool {
        let within = |word: &String, home: &str| word == home || members(word).iter().any(|member| member == home);
        let judged = |home: &str| self.published_for.iter().any(|word| within(word, home));
        self.published_for.is_empty() || homes.into_iter().all(judged)
    }
}

/// The project's own facts.
///
/// # Panics
/// When the table is wrong, which a test rules out.
pub fn facts() -> Vec<Fact> {
    parse(TABLE, TEXT).unwrap_or_else(|faults| panic!("{}", Error::Asked(faults)))
}

/// The BLAKE3 hash of the project's own table.
pub fn hash() -> String {
    blake3::hash(TEXT.as_bytes()).to_hex().to_string()
}

/// A table of facts that a user brought.
#[derive(Clone, Debug)]
pub struct Own {
    pub facts: Vec<Fact>,
    /// The text as it was read, and the BLAKE3 hash of its bytes.
    pub text: String,
    pub hash: String,
    /// What is odd about it, such as columns that nothing reads.
    pub told: Vec<Fault>,
}

/// Facts from a user's file.
///
/// # Errors
/// The file cannot be read, or every fault in it.
pub fn load(path: &Path) -> Result<Own, Error> {
    let read = read::text(path, &path.display().to_string(), read::TABLE)
        .map_err(|fault| fault.help(format!("facts are a table with the columns of {TABLE}")))?;
    let (facts, told) = of(read.source.clone()).map_err(Error::Asked)?;
    Ok(Own { facts, text: read.source.text.clone(), hash: read.hash, told })
}

/// Reads facts from a text.
///
/// # Errors
/// Every fault found, with its place.
pub fn parse(name: &str, text: &str) -> Result<Vec<Fact>, Vec<Fault>> {
    of(Arc::new(Source { name: name.to_owned(), text: text.to_owned() })).map(|(facts, _)| facts)
}

/// The facts of a text, and what is odd about it.
fn of(source: Arc<Source>) -> Result<(Vec<Fact>, Vec<Fault>), Vec<Fault>> {
    let (name, mut faults, mut facts) = (source.name.clone(), Faults::default(), Vec::new());
    let Some(table) = Table::of(source, &mut faults) else { return Err(faults.take(&name)) };
    let columns: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|column| match NEEDED.contains(column) {
            true => table.require(&[column], &format!("the {column} of a fact"), &mut faults),
            false => table.column(&[column], &mut faults),
        })
        .collect();
    table.unread(&columns.iter().flatten().copied().collect::<Vec<_>>(), &COLUMNS, &mut faults);
    if NEEDED.iter().all(|needed| COLUMNS.iter().zip(&columns).any(|(column, at)| column == needed && at.is_some())) {
        for row in table.rows() {
            match (Entry { table: &table, columns: &columns, row }).fact() {
                Ok(fact) => facts.push(fact),
                Err(wrong) => wrong.into_iter().for_each(|fault| faults.push(fault)),
            }
        }
    }
    if !faults.any() && facts.is_empty() {
        faults.push(Fault::new(format!("{name} holds no facts")).expected("a header, then one row a fact"));
    }
    if faults.any() { Err(faults.take(&name)) } else { Ok((facts, faults.take(&name))) }
}

/// Columns without which a row says nothing; the others may be left out.
const NEEDED: [&str; 6] = ["id", "label", "population", "sample", "statistic", "parts"];

/// A row being read.
struct Entry<'a> {
    table: &'a Table,
    /// Where each of [`COLUMNS`] stands in the table.
    columns: &'a [Option<usize>],
    row: Row<'a>,
}

impl Entry<'_> {
    fn place(&self, column: &str) -> Option<usize> {
        let at = COLUMNS.iter().position(|known| *known == column).expect("the column exists");
        self.columns[at]
    }

    /// A fault of the cell in a column, or of the row if there is no such column.
    fn fault_at(&self, column: &str, title: impl Into<String>) -> Fault {
        match self.place(column) {
            Some(at) => self.table.fault(&self.row.cells[at], title),
            None => self.table.fault_of_row(&self.row, title),
        }
    }

    fn fault(&self, title: impl Into<String>) -> Fault {
        self.table.fault_of_row(&self.row, title)
    }

    fn cell(&self, column: &str) -> &str {
        self.place(column).map_or("", |at| self.row.cells[at].text.as_ref())
    }

    fn fact(&self) -> Result<Fact, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut take = |result: Result<(), Fault>| faults.extend(result.err());
        take(self.named("id"));
        take(self.named("label"));
        let population = Population::of(self.cell("population"));
        let words: Vec<&str> = Population::WORDS.iter().map(|known| known.1).collect();
        take(self.known("population", population.is_some(), &words));
        let homes = match self.cell("sample") {
            "scenario" => Some(Homes::Own),
            "pooled" => Some(Homes::Many),
            _ => None,
        };
        take(self.known("sample", homes.is_some(), &["scenario", "pooled"]));
        let statistic = Statistic::of(self.cell("statistic"));
        let names: Vec<&str> = STATISTICS.iter().map(|statistic| statistic.name).collect();
        take(self.known("statistic", statistic.is_some(), &names));
        let pattern = Pattern::of(self.cell("pattern"));
        let patterns: Vec<&str> = Pattern::WORDS.iter().map(|known| known.1).collect();
        take(self.known("pattern", pattern.is_some() || self.cell("pattern").is_empty(), &patterns));
        let (published, band, published_for) = (self.published(), self.band(), self.published_for());
        let options = statistic.map(|statistic| self.options(statistic));
        let parts = statistic.map(|statistic| self.parts(statistic, pattern));
        for wrong in [
            published_for.as_ref().err(),
            published.as_ref().err(),
            band.as_ref().err(),
            options.as_ref().and_then(|options| options.as_ref().err()),
            parts.as_ref().and_then(|parts| parts.as_ref().err()),
        ] {
            faults.extend(wrong.cloned());
        }
        if band.as_ref().is_ok_and(|band| band.is_some() == pattern.is_some()) && faults.is_empty() {
            faults.push(self.fault("a row states either a band or a pattern").expected("low and high, or pattern"));
        }
        let (Some(population), Some(homes), Some(statistic)) = (population, homes, statistic) else {
            return Err(faults);
        };
        let (Ok(published), Ok(band), Ok(published_for)) = (published, band, published_for) else {
            return Err(faults);
        };
        let (Some(Ok(options)), Some(Ok(parts))) = (options, parts) else { return Err(faults) };
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Fact {
            id: self.cell("id").to_owned(),
            label: self.cell("label").to_owned(),
            population,
            homes,
            published_for,
            statistic,
            options,
            parts,
            published,
            band,
            pattern,
            evidence: self.cell("evidence").to_owned(),
            source: self.cell("source").to_owned(),
            note: self.cell("note").to_owned(),
        })
    }

    fn named(&self, column: &str) -> Result<(), Fault> {
        if self.cell(column).is_empty() {
            Err(self.fault_at(column, format!("a fact needs a {column}")))
        } else {
            Ok(())
        }
    }

    fn known(&self, column: &str, known: bool, words: &[&str]) -> Result<(), Fault> {
        if known {
            return Ok(());
        }
        let word = self.cell(column);
        let fault =
            self.fault_at(column, format!("`{word}` is no {column}")).expected(format!("one of {}", words.join(", ")));
        Err(match nearest(word, words.iter().copied()) {
            Some(meant) => fault.help(format!("did you mean `{meant}`?")),
            None => fault,
        })
    }

    /// Codes of countries and names of blocs separated by semicolons.
    fn published_for(&self) -> Result<Vec<String>, Fault> {
        let words = self.cell("home").split(';').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                if code_of(word).as_deref() == Some(word) || !members(word).is_empty() {
                    return Ok(word.to_owned());
                }
                let fault = self.fault_at("home", format!("`{word}` is no home"));
                let fault = fault.expected("codes of countries or names of blocs, such as BEL or EU; OECD");
                Err(match meant(word) {
                    Some(meant) => fault.help(meant),
                    None => fault,
                })
            })
            .collect()
    }

    /// Texts that end in a number, such as `Brazil 0.39`, separated by semicolons.
    fn published(&self) -> Result<Vec<Published>, Fault> {
        let items = self.cell("published").split(';').map(str::trim).filter(|item| !item.is_empty());
        items
            .map(|item| {
                let (label, value) = item.rsplit_once(' ').unwrap_or(("", item));
                match value.parse::<f64>() {
                    Ok(value) if value.is_finite() => Ok(Published { label: label.trim().to_owned(), value }),
                    _ => Err(self
                        .fault_at("published", format!("`{item}` does not end in a number"))
                        .expected("published values such as Brazil 0.39; Mexico 0.71")),
                }
            })
            .collect()
    }

    fn band(&self) -> Result<Option<(f64, f64)>, Fault> {
        let (low, high) = (self.cell("low"), self.cell("high"));
        if low.is_empty() && high.is_empty() {
            return Ok(None);
        }
        match (low.parse::<f64>(), high.parse::<f64>()) {
            (Ok(low), Ok(high)) if low.is_finite() && high.is_finite() && low < high => Ok(Some((low, high))),
            _ => Err(self
                .fault_at("low", format!("`{low}` to `{high}` is no band"))
                .expected("two numbers, low below high")),
        }
    }

    /// `name=value` pairs separated by semicolons.
    fn options(&self, statistic: &Statistic) -> Result<Options, Fault> {
        let known: Vec<&str> = statistic.options.iter().map(|option| option.0).collect();
        let items = self.cell("options").split(';').map(str::trim).filter(|item| !item.is_empty());
        items
            .map(|item| {
                let (name, value) = item.split_once('=').unwrap_or((item, ""));
                match value.trim().parse::<f64>() {
                    Ok(value) if value.is_finite() && known.contains(&name.trim()) => {
                        Ok((name.trim().to_owned(), value))
                    }
                    _ => Err(self
                        .fault_at("options", format!("`{item}` is no option of {}", statistic.name))
                        .expected(if known.is_empty() {
                            "none".to_owned()
                        } else {
                            format!("{}=number", known.join("=number; "))
                        })),
                }
            })
            .collect()
    }

    fn parts(&self, statistic: &Statistic, pattern: Option<Pattern>) -> Result<Vec<String>, Fault> {
        let parts: Vec<String> =
            self.cell("parts").split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        if let Some(unknown) = parts.iter().find(|part| !statistic.has(part)) {
            return Err(self
                .fault_at("parts", format!("`{unknown}` is no part of {}", statistic.name))
                .expected(format!("one of {}", statistic.parts.join(", "))));
        }
        let enough = match pattern {
            None => parts.len() == 1,
            Some(Pattern::Rising | Pattern::Falling) => parts.len() >= 2,
            Some(Pattern::Concave) => parts.len() >= 3,
        };
        if enough {
            Ok(parts)
        } else {
            let expected = "one part with a band, two or more with a pattern, three or more with concave";
            Err(self.fault_at("parts", format!("{} parts do not fit", parts.len())).expected(expected))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "id,label,population,sample,home,statistic,options,parts,published,low,high,pattern,evidence,source,note\n";

    fn faults(row: &str) -> Vec<String> {
        match parse("t.csv", &format!("{HEADER}{row}\n")) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.title).collect(),
        }
    }

    #[test]
    fn the_projects_table_is_sound_and_covers_its_facts() {
        let facts = facts();
        let mut ids: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
        ids.dedup();
        let expected: Vec<String> = (1..=20).map(|number| format!("C{number}")).collect();
        assert_eq!(ids, expected);
        for fact in &facts {
            assert!(!fact.evidence.is_empty() && !fact.source.is_empty(), "{} {}", fact.id, fact.label);
        }
    }

    #[test]
    fn every_column_is_described() {
        let described = include_str!("../../data/columns.csv");
        for column in COLUMNS {
            assert!(described.contains(&format!("\nfacts.csv,{column},")), "{column} has no description");
        }
    }

    #[test]
    fn a_row_is_all_a_fact_takes() {
        let row = "X1,mine,CUS,scenario,,market_count,,1,Here 0.5; There 0.6,0.4,0.7,,R,me,\n";
        let facts = parse("t.csv", &format!("{HEADER}{row}")).expect("it is sound");
        assert_eq!((facts[0].band, facts[0].published[1].value), (Some((0.4, 0.7)), 0.6));
        assert_eq!(facts[0].published[0].label, "Here");
    }

    #[test]
    fn columns_are_found_by_name_in_any_dialect_and_what_nobody_reads_is_told() {
        let text = "High;low;ID;Label;Population;Sample;Statistic;Parts;Remark\n0.7;0.4;X1;mine;CUS;scenario;market_count;1;x\n";
        let source = Arc::new(Source { name: "t.csv".to_owned(), text: text.to_owned() });
        let (facts, told) = of(source).expect("it is sound");
        assert_eq!((facts[0].id.as_str(), facts[0].band), ("X1", Some((0.4, 0.7))));
        assert_eq!(told[0].title, "nothing reads the column `Remark`");
        let missing = parse("t.csv", "id,label\nX1,mine\n").expect_err("columns are missing");
        assert_eq!(missing.len(), 4, "{missing:?}");
    }

    #[test]
    fn every_fault_is_told_with_what_was_meant() {
        assert_eq!(
            faults("X1,mine,CSU,here,,market_cuont,,1,Here,0.7,0.4,up,R,me,"),
            [
                "`CSU` is no population",
                "`here` is no sample",
                "`market_cuont` is no statistic",
                "`up` is no pattern",
                "`Here` does not end in a number",
                "`0.7` to `0.4` is no band",
            ]
        );
        assert_eq!(faults("X1,mine,CUS,scenario,,turnover,dead=1,1,,,,rising,R,me,").len(), 2);
        assert_eq!(
            faults("X1,mine,CUS,scenario,,turnover,,entry,,,,,R,me,"),
            ["a row states either a band or a pattern"]
        );
        assert_eq!(faults("X1,mine").len(), 1);
        assert_eq!(faults("X1,mine,CUS,scenario,,turnover,,entry,,0.1,0.2,rising,R,me,"), ["1 parts do not fit"]);
        assert!(
            parse("t.csv", "a,b\n1,2\n").is_err() && parse("t.csv", HEADER).is_err() && parse("t.csv", "").is_err()
        );
    }

    #[test]
    fn a_fact_is_judged_for_the_homes_it_was_published_for() {
        let row = |home: &str| format!("X1,mine,CUS,scenario,{home},market_count,,1,Here 0.5,0.4,0.7,,R,me,");
        let judged = |home: &str, homes: &[&str]| {
            let facts = parse("t.csv", &format!("{HEADER}{}\n", row(home))).expect("it is sound");
            facts[0].judges(homes.iter().copied())
        };
        assert!(judged("", &["TZA"]) && judged("BEL", &["BEL"]) && !judged("BEL", &["FRA"]));
        assert!(judged("EU; OECD", &["BEL", "CHL"]) && !judged("EU; OECD", &["BEL", "HND"]));
        assert_eq!(faults(&row("BEL; EUU")), ["`EUU` is no home"]);
        assert_eq!(faults(&row("Belgium")), ["`Belgium` is no home"]);
    }

    #[test]
    fn margins_by_hand() {
        let parts = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let three = parts(&["2019", "2021", "2022"]);
        assert!((Pattern::Rising.margin(&three, &[0.1, 0.3, 0.35]) - 0.05).abs() < 1e-12);
        assert!(Pattern::Falling.margin(&three, &[3.0, 2.0, 2.0]) <= 0.0);
        assert!((Pattern::Concave.margin(&three, &[0.5, 0.6, 0.63]) - 0.02).abs() < 1e-12);
        assert!(Pattern::Concave.margin(&three, &[0.5, f64::NAN, 0.63]).is_nan());
    }
}
